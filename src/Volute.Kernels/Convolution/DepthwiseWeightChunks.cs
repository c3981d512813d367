namespace Volute.Kernels;

/// <summary>The weight pass of channels that meet only themselves: a chunk adds up a part of the rows for a part of the vectors.</summary>
internal unsafe struct DepthwiseWeightChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public DepthwiseWeightPass Pass;
    public float* X, Dy;

    /// <summary>The sums of all parts, one behind the other.</summary>
    public float* Sums;

    public readonly void Run(int chunk)
    {
        var problem = Pass.Problem;
        var (vectorPart, rowPart) = Math.DivRem(chunk, Pass.RowParts);
        int first = Gather.Part(Pass.Vectors.Count, vectorPart, Pass.VectorParts), end = Gather.Part(Pass.Vectors.Count, vectorPart + 1, Pass.VectorParts);
        int channel = Pass.Vectors[first];
        float* sums = Sums + rowPart * Pass.PartCount + first * Pass.VectorCount;
        new Span<float>(sums, checked((int)((end - first) * Pass.VectorCount))).Clear();
        DepthwiseWeightTile tile = new()
        {
            Channels = Pass.Vectors[end - 1] + L.Count - channel,
            XColumn = (nint)(problem.Window.Width.Stride * problem.InputStrides.Width),
            XRow = (nint)(problem.Window.Height.Stride * problem.InputStrides.Height),
            DyColumn = (nint)problem.OutputStrides.Width,
            DyRow = (nint)problem.OutputStrides.Height,
            TapWidth = (nint)(problem.Window.Width.Dilation * problem.InputStrides.Width),
            TapHeight = (nint)(problem.Window.Height.Dilation * problem.InputStrides.Height),
            SumVector = (nint)Pass.VectorCount,
            Given = problem.Input.Width,
            Stride = problem.Window.Width.Stride,
            Dilation = problem.Window.Width.Dilation,
            SumHeight = problem.Window.Width.Kernel * L.Count,
        };
        int firstRow = Gather.Part(Pass.Rows, rowPart, Pass.RowParts), endRow = Gather.Part(Pass.Rows, rowPart + 1, Pass.RowParts);
        for (int strip = 0; strip < Pass.Strips; strip++)
        {
            int column = Gather.Part(problem.Output.Width, strip, Pass.Strips);
            tile.Columns = Gather.Part(problem.Output.Width, strip + 1, Pass.Strips) - column;
            for (int row = firstRow; row < endRow; row += tile.Rows)
                AddRows(ref tile, X + channel, Dy + channel, sums, row, endRow, column);
        }
    }

    /// <summary>A strip of columns of some rows from <paramref name="row"/> on that meet the same taps of the height axis.</summary>
    private readonly void AddRows(ref DepthwiseWeightTile tile, float* input, float* output, float* sums, int row, int endRow, int column)
    {
        var problem = Pass.Problem;
        var (depth, height) = (problem.Window.Depth, problem.Window.Height);
        var (plane, h) = Math.DivRem(row, problem.Output.Height);
        var (n, d) = Math.DivRem(plane, problem.Output.Depth);
        var (firstD, endD) = depth.TapsInside(d, problem.Input.Depth);
        var (firstH, endH) = height.TapsInside(h, problem.Input.Height);
        int inside = Math.Min(h + endRow - row, height.OutputsInside(height.Kernel - 1, problem.Input.Height, problem.Output.Height).End);
        tile.Rows = endH - firstH == height.Kernel ? Math.Min(Pass.TileRows, inside - h) : 1;
        tile.Dy = output + problem.OutputStrides.Offset(n, d, h, column);
        for (int kd = firstD; kd < endD; kd++)
        {
            long x = problem.InputStrides.Offset(n, depth.Position(d, kd), height.Position(h, firstH), problem.Window.Width.Position(column, 0));
            AddTaps(ref tile, endH - firstH, column, input + x, sums + (kd * height.Kernel + firstH) * tile.SumHeight);
        }
    }

    /// <summary>The columns of a strip for <paramref name="height"/> kernel rows, so many taps at once as a tile takes.</summary>
    private readonly void AddTaps(ref DepthwiseWeightTile tile, int height, int column, float* x, float* sum)
    {
        var window = Pass.Problem.Window.Width;
        int groups = (window.Kernel - 1) / DepthwiseWeightTile.MaxTaps + 1, parts = (height + DepthwiseWeightTile.MaxTaps - 1) / DepthwiseWeightTile.MaxTaps;
        var (vertical, far) = (Pass.Problem.Window.Height, Gather.AreFar(Pass.Problem));
        for (int group = 0; group < groups; group++)
        {
            int tap = Gather.Part(window.Kernel, group, groups), taps = Gather.Part(window.Kernel, group + 1, groups) - tap;
            SetColumns(ref tile, window.Position(column, tap), taps);
            tile.ReadColumns = DepthwiseTile.ColumnsRead(window, tile.Columns);
            for (int part = 0; part < parts; part++)
            {
                int row = Gather.Part(height, part, parts);
                tile.X = x + tap * tile.TapWidth + row * tile.TapHeight;
                tile.Sum = sum + tap * L.Count + row * tile.SumHeight;
                // The last taps of the height axis are the first to meet a row.
                tile.NewRows = !far || group > 0 || part < parts - 1 ? 0 : vertical.Dilation == 1 ? Math.Min(vertical.Stride, height - row) : 1;
                tile.Compute<L>(Gather.Part(height, part + 1, parts) - row, taps);
            }
        }
    }

    /// <summary>What the loop of a tile runs over, for some taps of which the first meets <paramref name="position"/> in column 0.</summary>
    private static void SetColumns(ref DepthwiseWeightTile tile, long position, int taps)
    {
        tile.FirstPosition = position;
        TapRange first = TapRange.Of(position, tile.Stride, tile.Given);
        if (tile.Stride == tile.Dilation)
        {
            // Column k of x is met by tap t of column k − t of dy.
            tile.First = Math.Clamp(first.First, 0, tile.Columns + taps - 1);
            tile.End = Math.Clamp(first.First + first.Count, tile.First, tile.Columns + taps - 1);
            tile.FirstInside = Math.Clamp(taps - 1, tile.First, tile.End);
            tile.EndInside = Math.Clamp(tile.Columns, tile.FirstInside, tile.End);
            return;
        }
        TapRange last = TapRange.Of(position + (taps - 1L) * tile.Dilation, tile.Stride, tile.Given);
        (tile.First, tile.End) = (0, tile.Columns);
        tile.FirstInside = Math.Clamp(first.First, 0, tile.Columns);
        tile.EndInside = Math.Clamp(last.First + last.Count, tile.FirstInside, tile.Columns);
    }
}
