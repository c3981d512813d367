namespace Volute.Kernels;

/// <summary>
/// The geometry of the weight pass where every channel meets only itself, dw[c, k] = Σ over positions p of dy[p, c] · x[p·stride + k·dilation − pad, c].
/// Rows of positions are cut into parts by the problem's shape; each part has sums of its own, and they are joined in order.
/// </summary>
internal readonly struct DepthwiseWeightPass
{
    // Chunks wanted; the least multiply-adds of one, and positions for each tap; the most memory for the parts' sums.
    private const int Chunks = 64, LeastWork = 1 << 17, TapPositions = 8, SumBytes = 8 << 20;

    // Columns of a strip; positions of a tile, after which sums in registers are joined with those in memory; elements that a strip should not read more of,
    // for the first cache, and vectors that it takes nevertheless: what lies side by side is fetched the faster the longer it is.
    private const int StripColumns = 14, TilePositions = 56, CacheElements = 6 << 10, SideBySide = 10;

    public readonly ConvolutionProblem Problem;
    public readonly ChannelVectors Vectors;

    /// <summary>Parts of the rows, and of the vectors; rows of a tile; strips of columns.</summary>
    public readonly int RowParts, VectorParts, TileRows, Strips;

    /// <summary>Elements of the sums of a vector, [tap][lane], and of a part, [vector][tap][lane].</summary>
    public readonly long VectorCount, PartCount;

    public DepthwiseWeightPass(in ConvolutionProblem problem)
    {
        (Problem, Vectors) = (problem, new(problem.Groups));
        VectorCount = (long)problem.Window.Taps * Vectors.Lanes;
        PartCount = Vectors.Count * VectorCount;
        Strips = (problem.Output.Width - 1) / StripColumns + 1;
        TileRows = Math.Max(1, TilePositions * Strips / problem.Output.Width);
        int columns = (problem.Output.Width - 1) / Strips * problem.Window.Width.Stride + problem.Window.Width.Kernel;
        double read = (double)problem.Window.Depth.Kernel * problem.Window.Height.Kernel * columns * Vectors.Lanes;
        VectorParts = (Vectors.Count - 1) / Math.Max(SideBySide, (int)(CacheElements / read)) + 1;
        double chunks = Math.Min(Chunks, problem.Multiplies / (double)LeastWork), positions = (double)Rows * problem.Output.Width;
        double parts = Math.Min(positions / TapPositions / problem.Window.Taps, SumBytes / sizeof(float) / (double)PartCount);
        RowParts = (int)Math.Clamp(Math.Min(chunks / VectorParts, parts), 1, Rows);
        // Whole planes where there is work for them.
        int height = problem.Output.Height, planes = (Rows / RowParts + height / 2) / height;
        if (planes > 0)
            RowParts = Math.Max(1, Rows / (planes * height));
    }

    /// <summary>Rows of positions: (image, depth, height).</summary>
    public int Rows => checked(Problem.Batch * Problem.Output.Depth * Problem.Output.Height);

    /// <summary>All chunks.</summary>
    public int ChunkCount => RowParts * VectorParts;

    /// <summary>Elements of all sums.</summary>
    public long SumCount => RowParts * PartCount;
}
