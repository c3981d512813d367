namespace Volute.Kernels;

/// <summary>The output or the input pass of channels that meet only themselves: a chunk is some rows of positions times a block of channels.</summary>
/// <remarks>Taps outside the given map are left out: a row is cut where its positions begin or cease to meet a tap.</remarks>
internal unsafe struct DepthwiseChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public DepthwisePass Pass;
    public float* Given, Sought;

    /// <summary>Weights as <see cref="DepthwisePacking"/> lays them.</summary>
    public float* Weight;

    /// <summary>One number a channel, or null.</summary>
    public float* Bias;

    public Epilogue Epilogue;

    public readonly void Run(int chunk)
    {
        Gather gather = Pass.Gather;
        ChunkSpan span = gather.Chunk(chunk);
        for (int block = span.FirstBlock; block < span.EndBlock; block++)
        {
            int first = block * gather.BlockColumns;
            DepthwiseTile tile = new() { Channels = Math.Min(gather.BlockColumns, Pass.Vectors.Channels - first), Start = Bias == null ? null : Bias + first };
            for (int row = span.FirstRow; row < span.EndRow; row++)
                RunRow(ref tile, span, first, row);
        }
        if (!Epilogue.IsNone)
            gather.Apply(Epilogue, Sought, span);
    }

    /// <summary>A row of every phase: those of the width axis interleave, and so a row is written at once.</summary>
    private readonly void RunRow(ref DepthwiseTile tile, in ChunkSpan span, int channel, int row)
    {
        var (rest, h) = Math.DivRem(row, Pass.Gather.HeightRows);
        var (n, d) = Math.DivRem(rest, Pass.Gather.DepthRows);
        MapStrides given = Pass.Gather.GivenStrides, sought = Pass.Gather.SoughtStrides;
        foreach (ref readonly var depth in Pass.Gather.Depth.AsSpan())
            foreach (ref readonly var height in Pass.Gather.Height.AsSpan())
            {
                if (d >= depth.Positions || h >= height.Positions)
                    continue;
                var (firstD, endD) = depth.Window.TapsInside(d, Pass.Gather.Given.Depth);
                var (firstH, endH) = height.Window.TapsInside(h, Pass.Gather.Given.Height);
                (tile.Depth, tile.Height) = (endD - firstD, endH - firstH);
                tile.TapHeight = (nint)(height.Window.Dilation * given.Height);
                tile.TapDepth = (nint)(depth.Window.Dilation * given.Depth);
                float* a = Given + channel + given.Offset(n, depth.Window.Position(d, firstD), height.Window.Position(h, firstH));
                float* c = Sought + channel + sought.Offset(n, depth.First + (long)d * depth.Step, height.First + (long)h * height.Step);
                for (int phase = 0; phase < Pass.Runs.Length; phase++)
                {
                    ref readonly var width = ref Pass.Gather.Width[phase];
                    tile.WeightHeight = width.Window.Kernel * L.Count;
                    tile.WeightDepth = height.Window.Kernel * tile.WeightHeight;
                    tile.WeightVector = depth.Window.Kernel * tile.WeightDepth;
                    float* b = Weight + Pass.PackedOffset(depth, height, width, channel / L.Count) + firstD * tile.WeightDepth + firstH * tile.WeightHeight;
                    RunColumns(ref tile, span, width, Pass.Runs[phase], a, b, c + width.First * sought.Width);
                }
            }
    }

    private readonly void RunColumns(ref DepthwiseTile tile, in ChunkSpan span, in GatherAxis width, ColumnRun[] runs, float* a, float* b, float* c)
    {
        long given = Pass.Gather.GivenStrides.Width;
        tile.Column = (nint)(width.Window.Stride * given);
        tile.TapWidth = (nint)(width.Window.Dilation * given);
        tile.SoughtColumn = (nint)(width.Step * Pass.Gather.SoughtStrides.Width);
        foreach (var run in runs)
        {
            int first = Math.Max(run.First, span.FirstColumn), count = Math.Min(run.End, span.EndColumn) - first;
            int tiles = (count + DepthwiseTile.MaxColumns - 1) / DepthwiseTile.MaxColumns;
            tile.Width = run.EndTap - run.FirstTap;
            tile.Weight = b + run.FirstTap * L.Count;
            for (int i = 0; i < tiles; i++)
            {
                int column = first + Gather.Part(count, i, tiles), end = first + Gather.Part(count, i + 1, tiles);
                tile.Given = a + width.Window.Position(column, run.FirstTap) * given;
                tile.Sought = c + column * tile.SoughtColumn;
                tile.Compute<L>(end - column);
            }
        }
    }
}
