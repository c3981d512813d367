using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The geometry of the weight pass, dw[(g,o), k, i] = Σ over positions p of dy[p, (g,o)] · x[p·stride + k·dilation − pad, (g,i)]:
/// which channels the lanes hold, and how positions and weights are cut into chunks.
/// </summary>
/// <remarks>
/// The rows of a tile are the other channels: those of one tap, or with few of them the run of channels of all taps of a kernel's row. Positions are cut into parts by the problem's shape; each part has a sum of its own, and the sums are joined in order.
/// </remarks>
internal readonly struct WeightPass
{
    // Positions summed in registers before they join the rest, and the least of a part; rows of a unit; chunks wanted; the most memory for the parts' sums.
    private const int BlockPositions = 192, PartPositions = 1024, UnitRows = 112, Chunks = 64, LeastWork = 1 << 19, SumBytes = 8 << 20;

    public readonly ConvolutionProblem Problem;
    public readonly bool LanesAreInputs, TapsJoin;
    public readonly int Groups, Rows, Lanes, LaneBlocks, RowParts, BlockLanes;
    public readonly int BlockDepth, BlockHeight, BlockWidth, Parts;
    private readonly int _depthBlocks, _heightBlocks, _widthBlocks, _unitChunks;

    public WeightPass(in ConvolutionProblem problem)
    {
        Problem = problem;
        Groups = problem.Groups;
        BlockLanes = 2 * Isa.Lanes;
        int inputs = problem.GroupInputs, outputs = problem.GroupOutputs;
        var window = problem.Window;
        bool touch = problem.Groups == 1 && window.Width.Dilation == 1 && problem.InputStrides.Width == inputs && inputs < Isa.Lanes;
        LanesAreInputs = 1.1 * Filled(inputs, outputs) >= Filled(outputs, touch ? inputs * window.Width.Kernel : inputs);
        TapsJoin = touch && !LanesAreInputs;
        (Rows, Lanes) = LanesAreInputs ? (outputs, inputs) : (inputs, outputs);
        LaneBlocks = (Lanes - 1) / BlockLanes + 1;
        RowParts = TapsJoin ? 1 : (Rows - 1) / UnitRows + 1;

        var (depth, height, width) = problem.Output;
        _widthBlocks = (width - 1) / (BlockPositions * 4 / 3) + 1;
        BlockWidth = (width - 1) / _widthBlocks + 1;
        BlockHeight = Math.Clamp(BlockPositions / BlockWidth, 1, height);
        BlockDepth = BlockHeight < height ? 1 : Math.Clamp(BlockPositions / (BlockWidth * height), 1, depth);
        _heightBlocks = (height - 1) / BlockHeight + 1;
        _depthBlocks = (depth - 1) / BlockDepth + 1;
        double work = problem.Multiplies / (double)LeastWork;
        double parts = Math.Min(work, problem.Batch * (double)problem.Output.Count / PartPositions);
        Parts = (int)Math.Max(1, Math.Min(Math.Min(Blocks, Chunks), Math.Min(parts, SumBytes / sizeof(float) / (double)Count)));
        _unitChunks = (int)Math.Max(1, Math.Min(Math.Min(Units, (Chunks - 1) / Parts + 1), work / Parts));
    }

    /// <summary>Weights in all.</summary>
    public long Count => (long)Problem.OutputChannels * Problem.Window.Taps * Problem.GroupInputs;

    /// <summary>Blocks of positions.</summary>
    public int Blocks => checked(Problem.Batch * _depthBlocks * _heightBlocks * _widthBlocks);

    /// <summary>Units of weights: (group, part of the rows, block of lanes, kernel row), the last fastest.</summary>
    public int Units => checked(Groups * RowParts * LaneBlocks * Problem.Window.Depth.Kernel * Problem.Window.Height.Kernel);

    /// <summary>All chunks: a part of the positions times some units.</summary>
    public int ChunkCount => Parts * _unitChunks;

    /// <summary>Whether a sum lies as dw does, [(g,o)][k][i]; else it is [g][k][i][o], to be transposed when the sums are joined.</summary>
    public bool InPlace => LanesAreInputs;

    /// <summary>Elements of the sums that wait to be joined.</summary>
    public long PartialCount => Parts == 1 && InPlace ? 0 : Parts * Count;

    /// <summary>The part, its blocks and the units of a chunk.</summary>
    public (int Part, int FirstBlock, int EndBlock, int FirstUnit, int EndUnit) Chunk(int chunk)
    {
        var (part, units) = Math.DivRem(chunk, _unitChunks);
        return (part, Gather.Part(Blocks, part, Parts), Gather.Part(Blocks, part + 1, Parts),
            Gather.Part(Units, units, _unitChunks), Gather.Part(Units, units + 1, _unitChunks));
    }

    /// <summary>The positions of a block: its image and where it begins.</summary>
    public (int Image, int Depth, int Height, int Width) Block(int block)
    {
        var (rest, w) = Math.DivRem(block, _widthBlocks);
        (rest, int h) = Math.DivRem(rest, _heightBlocks);
        var (n, d) = Math.DivRem(rest, _depthBlocks);
        return (n, d * BlockDepth, h * BlockHeight, w * BlockWidth);
    }

    /// <summary>The share of the multiply-add units at work; it does not grow with the extents.</summary>
    public double Share => Filled(Lanes, TapsJoin ? Rows * Problem.Window.Width.Kernel : Rows, 6);

    /// <summary>The share for so many lanes and rows: lanes that are filled, and accumulators enough to hide the latency.</summary>
    private static double Filled(int lanes, int rows, double accumulators = 8)
    {
        int vectors = (lanes - 1) / Isa.Lanes + 1;
        return (double)lanes / (vectors * Isa.Lanes) * Math.Min(1, rows * Math.Min(vectors, 2) / accumulators);
    }
}
