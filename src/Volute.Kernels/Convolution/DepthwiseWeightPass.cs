namespace Volute.Kernels;

/// <summary>Taps FirstTap and those after it of the width axis, whose sums are taken together, and the positions where each meets x (taps counted from FirstTap).</summary>
internal readonly record struct TapGroup(int FirstTap, ColumnRun[] Runs);

/// <summary>
/// The geometry of the weight pass where every channel meets only itself, dw[c, k] = Σ over positions p of dy[p, c] · x[p·stride + k·dilation − pad, c].
/// Rows of positions are cut into parts by the problem's shape; each part has sums of its own, and they are joined in order.
/// </summary>
internal readonly struct DepthwiseWeightPass
{
    // Chunks wanted; the least multiply-adds of one; the most memory for the parts' sums.
    private const int Chunks = 64, LeastWork = 1 << 17, SumBytes = 8 << 20;

    public readonly ConvolutionProblem Problem;
    public readonly ChannelVectors Vectors;

    /// <summary>The taps of the width axis.</summary>
    public readonly TapGroup[] TapGroups;

    /// <summary>Parts of the rows, and of the vectors.</summary>
    public readonly int RowParts, VectorParts;

    public DepthwiseWeightPass(in ConvolutionProblem problem)
    {
        (Problem, Vectors) = (problem, new(problem.Groups));
        var window = problem.Window.Width;
        int groups = (window.Kernel - 1) / DepthwiseWeightTile.MaxWidth + 1;
        TapGroups = new TapGroup[groups];
        for (int i = 0; i < groups; i++)
        {
            int first = Gather.Part(window.Kernel, i, groups), taps = Gather.Part(window.Kernel, i + 1, groups) - first;
            // Padding may be negative here: the first tap of the group looks further right.
            WindowAxis some = window with { Kernel = taps, PadBegin = window.PadBegin - first * window.Dilation };
            TapGroups[i] = new(first, ColumnRun.Cut(some, problem.Input.Width, problem.Output.Width));
        }
        double work = problem.Multiplies / (double)LeastWork;
        RowParts = (int)Math.Clamp(Math.Min(Math.Min(work, Chunks), SumBytes / sizeof(float) / (double)PartCount), 1, Rows);
        VectorParts = (int)Math.Clamp(Math.Min(work, Chunks) / RowParts, 1, Vectors.Count);
    }

    /// <summary>Rows of positions: (image, depth, height).</summary>
    public int Rows => checked(Problem.Batch * Problem.Output.Depth * Problem.Output.Height);

    /// <summary>All chunks.</summary>
    public int ChunkCount => RowParts * VectorParts;

    /// <summary>Elements of a vector's sums, [tap][lane].</summary>
    public long VectorCount => (long)Problem.Window.Taps * Vectors.Lanes;

    /// <summary>Elements of a part's sums, [vector][tap][lane].</summary>
    public long PartCount => Vectors.Count * VectorCount;

    /// <summary>Elements of all sums.</summary>
    public long SumCount => RowParts * PartCount;
}
