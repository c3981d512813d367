namespace Volute.Kernels;

/// <summary>
/// The geometry of the weight pass of small groups. A vector's lanes hold the output channels (g, o) of as many groups as fill it, and for each turn j the
/// input channel (o + j) mod inputs of its group is brought to lane (g, o): then every channel meets only itself, as in a depthwise convolution of
/// two vectors of channels, and sum j of a tap is a vector of weights.
/// </summary>
internal readonly struct GroupWeightPass
{
    // The positions of a block times its turns; the least positions of a part; chunks wanted; the least multiply-adds of one; the most memory for the parts' sums.
    private const int BlockElements = 256, PartPositions = 1024, Chunks = 64, LeastWork = 1 << 19, SumBytes = 8 << 20;

    public readonly ConvolutionProblem Problem;

    /// <summary>Lanes of a vector, groups of one, and pairs of vectors.</summary>
    public readonly int Lanes, GroupsPerVector, Pairs;

    /// <summary>Input channels of a group.</summary>
    public readonly int Turns;

    /// <summary>Output columns taken together, and the parts into which the rows of x are cut.</summary>
    public readonly int BlockWidth, Parts;

    public GroupWeightPass(in ConvolutionProblem problem)
    {
        (Problem, Lanes, Turns) = (problem, Isa.Lanes, problem.GroupInputs);
        GroupsPerVector = Math.Min(Lanes / problem.GroupOutputs, problem.Groups);
        Pairs = (problem.Groups - 1) / (2 * GroupsPerVector) + 1;
        int width = problem.Output.Width, blocks = (width - 1) / Math.Max(8, BlockElements / Turns) + 1;
        BlockWidth = (width - 1) / blocks + 1;
        double parts = Math.Min((double)Chunks / Pairs, problem.Multiplies / (double)LeastWork / Pairs);
        parts = Math.Min(parts, Math.Min(problem.Batch * (double)problem.Output.Count / PartPositions, SumBytes / sizeof(float) / (double)(Pairs * UnitCount)));
        Parts = (int)Math.Clamp(parts, 1, Rows);
    }

    /// <summary>Rows of x: (image, depth, height).</summary>
    public int Rows => checked(Problem.Batch * Problem.Input.Depth * Problem.Input.Height);

    /// <summary>Elements of the sums of a pair of vectors: [tap][turn][lane of two vectors].</summary>
    public long UnitCount => (long)Problem.Window.Taps * Turns * 2 * Lanes;

    /// <summary>Elements of all sums: [part][pair][tap][turn][lane].</summary>
    public long SumCount => Parts * Pairs * UnitCount;

    /// <summary>Input columns that a block of output columns reads at most.</summary>
    public long ReadWidth => (BlockWidth - 1L) * Problem.Window.Width.Stride + Problem.Window.Width.Reach;

    /// <summary>The input channel that turn <paramref name="turn"/> brings to output channel <paramref name="output"/>, both counted in their group.</summary>
    public int InputOf(int turn, int output) => (output + turn) % Turns;
}
