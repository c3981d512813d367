namespace Volute.Kernels;

/// <summary>The output or the input pass of channels that meet only themselves: a chunk is some rows of positions times some blocks of channels.</summary>
/// <remarks>A block of channels goes down the rows of a plane in strips as wide as a tile, so that what neighbouring rows share is read from cache.</remarks>
internal unsafe struct DepthwiseChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public DepthwisePass Pass;
    public float* Given, Sought;

    /// <summary>Weights as <see cref="DepthwisePacking"/> lays them.</summary>
    public float* Weight;

    /// <summary>One number a channel, or null.</summary>
    public float* Bias;

    /// <summary>What tiles do to their results; the epilogue does the rest.</summary>
    public NormRows Norm;

    public Epilogue Epilogue;

    public readonly void Run(int chunk)
    {
        ChunkSpan span = Pass.Gather.Chunk(chunk);
        int columns = span.EndColumn - span.FirstColumn, strips = (columns - 1) / DepthwiseTile.MaxColumns + 1;
        for (int block = span.FirstBlock; block < span.EndBlock; block++)
        {
            int channel = block * Pass.Gather.BlockColumns;
            DepthwiseTile tile = new()
            {
                Channels = Math.Min(Pass.Gather.BlockColumns, Pass.Vectors.Channels - channel),
                Start = Bias == null ? null : Bias + channel,
                Norm = Norm.IsNone ? default : Norm.From(channel),
            };
            for (int row = span.FirstRow, end; row < span.EndRow; row = end)
            {
                var (plane, h) = Math.DivRem(row, Pass.Gather.HeightRows);
                end = Math.Min(span.EndRow, row - h + Pass.Gather.HeightRows);
                for (int i = 0; i < strips; i++)
                {
                    int first = span.FirstColumn + Gather.Part(columns, i, strips), last = span.FirstColumn + Gather.Part(columns, i + 1, strips);
                    RunStrip(ref tile, plane, h, h + end - row, first, last, channel);
                }
            }
        }
        Pass.Gather.End<L>(Epilogue, Sought, span);
    }

    /// <summary>Rows and columns of one plane, of every phase.</summary>
    private readonly void RunStrip(ref DepthwiseTile tile, int plane, int firstRow, int endRow, int firstColumn, int endColumn, int channel)
    {
        var (n, d) = Math.DivRem(plane, Pass.Gather.DepthRows);
        MapStrides given = Pass.Gather.GivenStrides, sought = Pass.Gather.SoughtStrides;
        foreach (ref readonly var depth in Pass.Gather.Depth.AsSpan())
        {
            if (d >= depth.Positions)
                continue;
            var (firstD, endD) = depth.Window.TapsInside(d, Pass.Gather.Given.Depth);
            tile.Depth = endD - firstD;
            tile.TapDepth = (nint)(depth.Window.Dilation * given.Depth);
            foreach (ref readonly var height in Pass.Gather.Height.AsSpan())
                foreach (ref readonly var width in Pass.Gather.Width.AsSpan())
                {
                    int end = Math.Min(endColumn, width.Positions);
                    if (firstColumn >= end)
                        continue;
                    SetColumns(ref tile, width, firstColumn, end);
                    tile.WeightHeight = width.Window.Kernel * L.Count;
                    tile.WeightDepth = height.Window.Kernel * tile.WeightHeight;
                    tile.WeightVector = depth.Window.Kernel * tile.WeightDepth;
                    float* a = Given + channel + given.Offset(n, depth.Window.Position(d, firstD), 0, width.Window.Position(firstColumn, 0));
                    float* b = Weight + Pass.PackedOffset(depth, height, width, channel / L.Count) + firstD * tile.WeightDepth;
                    float* c = Sought + channel + sought.Offset(n, depth.First + (long)d * depth.Step, height.First, width.First + (long)firstColumn * width.Step);
                    RunRows(ref tile, height, a, b, c, firstRow, Math.Min(endRow, height.Positions), end - firstColumn);
                }
        }
    }

    private readonly void SetColumns(ref DepthwiseTile tile, in GatherAxis width, int first, int end)
    {
        var (window, given) = (width.Window, Pass.Gather.Given.Width);
        tile.Column = (nint)(window.Stride * Pass.Gather.GivenStrides.Width);
        tile.TapWidth = (nint)(window.Dilation * Pass.Gather.GivenStrides.Width);
        tile.SoughtColumn = (nint)(width.Step * Pass.Gather.SoughtStrides.Width);
        tile.Width = window.Kernel;
        tile.Slides = window.Stride == window.Dilation;
        tile.ReadColumns = DepthwiseTile.ColumnsRead(window, end - first);
        tile.Ranges = null;
        if (window.Kernel == 0 || (window.Position(first, 0) >= 0 && window.Position(end - 1, window.Kernel - 1) < given))
            return;
        tile.Ranges = (TapRange*)Scratch.Get(2L * window.Kernel);
        for (int tap = 0; tap < window.Kernel; tap++)
            tile.Ranges[tap] = TapRange.Of(window.Position(first, tap), window.Stride, given);
    }

    /// <summary>The rows of a strip: those that meet all taps of the height axis together, the others one by one.</summary>
    private readonly void RunRows(ref DepthwiseTile tile, in GatherAxis height, float* a, float* b, float* c, int firstRow, int endRow, int columns)
    {
        var (window, given) = (height.Window, Pass.Gather.Given.Height);
        tile.Row = (nint)(window.Stride * Pass.Gather.GivenStrides.Height);
        tile.SoughtRow = (nint)(height.Step * Pass.Gather.SoughtStrides.Height);
        tile.TapHeight = (nint)(window.Dilation * Pass.Gather.GivenStrides.Height);
        tile.NewRows = !Pass.Gather.IsFar ? 0 : window.Dilation == 1 ? Math.Min(window.Stride, window.Kernel) : 1;
        int inside = window.Kernel == 0 ? height.Positions : window.OutputsInside(window.Kernel - 1, given, height.Positions).End;
        for (int row = firstRow; row < endRow; row += tile.Rows)
        {
            var (first, end) = window.TapsInside(row, given);
            tile.Height = end - first;
            tile.Rows = tile.Height == window.Kernel ? Math.Min(endRow, inside) - row : 1;
            tile.Given = a + window.Position(row, first) * Pass.Gather.GivenStrides.Height;
            tile.Weight = b + first * tile.WeightHeight;
            tile.Sought = c + row * tile.SoughtRow;
            tile.Compute<L>(columns);
        }
    }
}
