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
            DyColumn = (nint)problem.OutputStrides.Width,
            TapWidth = (nint)(problem.Window.Width.Dilation * problem.InputStrides.Width),
            TapHeight = (nint)(problem.Window.Height.Dilation * problem.InputStrides.Height),
            SumVector = (nint)Pass.VectorCount,
            SumHeight = problem.Window.Width.Kernel * L.Count,
            Rows = 1,
        };
        int endRow = Gather.Part(Pass.Rows, rowPart + 1, Pass.RowParts);
        for (int row = Gather.Part(Pass.Rows, rowPart, Pass.RowParts); row < endRow; row++)
            AddRow(ref tile, X + channel, Dy + channel, sums, row);
    }

    private readonly void AddRow(ref DepthwiseWeightTile tile, float* input, float* output, float* sums, int row)
    {
        var problem = Pass.Problem;
        var (depth, height) = (problem.Window.Depth, problem.Window.Height);
        var (rest, h) = Math.DivRem(row, problem.Output.Height);
        var (n, d) = Math.DivRem(rest, problem.Output.Depth);
        var (firstD, endD) = depth.TapsInside(d, problem.Input.Depth);
        var (firstH, endH) = height.TapsInside(h, problem.Input.Height);
        float* dy = output + problem.OutputStrides.Offset(n, d, h);
        for (int kd = firstD; kd < endD; kd++)
        {
            float* x = input + problem.InputStrides.Offset(n, depth.Position(d, kd), height.Position(h, firstH));
            float* sum = sums + (kd * height.Kernel + firstH) * tile.SumHeight;
            foreach (var group in Pass.TapGroups)
                AddTaps(ref tile, group, endH - firstH, x, dy, sum + group.FirstTap * L.Count);
        }
    }

    /// <summary>The positions of a row for <paramref name="height"/> taps of the height axis and a group of the width axis.</summary>
    private readonly void AddTaps(ref DepthwiseWeightTile tile, in TapGroup group, int height, float* x, float* dy, float* sum)
    {
        var window = Pass.Problem.Window.Width;
        foreach (var run in group.Runs)
        {
            int width = run.EndTap - run.FirstTap;
            if (width == 0)
                continue;
            tile.Columns = run.End - run.First;
            tile.Dy = dy + run.First * tile.DyColumn;
            float* given = x + window.Position(run.First, group.FirstTap + run.FirstTap) * Pass.Problem.InputStrides.Width, to = sum + run.FirstTap * L.Count;
            for (int tap = 0, taps; tap < height; tap += taps)
            {
                taps = Math.Min(height - tap, DepthwiseWeightTile.HeightFor(width));
                tile.X = given + tap * tile.TapHeight;
                tile.Sum = to + tap * tile.SumHeight;
                tile.Compute<L>(taps, width);
            }
        }
    }
}
