namespace Volute.Kernels;

/// <summary>
/// The geometry of the weight pass, dw[(g,o), k, i] = Σ over positions p of dy[p, (g,o)] · x[p·stride + k·dilation − pad, (g,i)]:
/// which channels the lanes hold, and how positions and weights are cut into chunks.
/// </summary>
/// <remarks>
/// The rows of a tile are the other channels: those of one tap, or with few of them the run of channels of all taps of a kernel's row. Positions are
/// cut into parts by the problem's shape; each part has a sum of its own, and the sums are joined in order. A unit of weights is a rectangle of
/// channels for a kernel row: what it multiplies of both maps, block by block of positions, stays in the second cache.
/// </remarks>
internal readonly struct WeightPass
{
    // Positions summed in registers before they join the rest, and the least of a part; channels of a unit on either side, at most and where chunks are few.
    private const int BlockPositions = 240, PartPositions = 1024, UnitChannels = 256, LeastUnitChannels = 64;

    // Chunks wanted, and where fewer are too few; the least multiply-adds of one; the most memory for the parts' sums.
    private const int Chunks = 32, FewChunks = 16, LeastWork = 1 << 19, SumBytes = 8 << 20;

    public readonly ConvolutionProblem Problem;
    public readonly bool LanesAreInputs, TapsJoin;
    public readonly int Groups, Rows, Lanes, RowParts, LaneParts;
    public readonly int BlockDepth, BlockHeight, BlockWidth, Parts;
    private readonly int _depthBlocks, _heightBlocks, _widthBlocks, _unitChunks;

    public WeightPass(in ConvolutionProblem problem)
    {
        Problem = problem;
        Groups = problem.Groups;
        int inputs = problem.GroupInputs, outputs = problem.GroupOutputs;
        var window = problem.Window;
        bool touch = problem.Groups == 1 && window.Width.Dilation == 1 && inputs < Isa.Lanes && window.Width.Kernel > 1;
        LanesAreInputs = 1.1 * Filled(inputs, outputs) >= Filled(outputs, touch ? inputs * window.Width.Kernel : inputs);
        TapsJoin = touch && !LanesAreInputs;
        (Rows, Lanes) = LanesAreInputs ? (outputs, inputs) : (inputs, outputs);

        var (depth, height, width) = problem.Output;
        (_widthBlocks, BlockWidth) = Cut(width, BlockPositions);
        (_heightBlocks, BlockHeight) = Cut(height, BlockPositions / BlockWidth);
        (_depthBlocks, BlockDepth) = Cut(depth, _heightBlocks > 1 ? 1 : BlockPositions / (BlockWidth * height));
        double work = problem.Multiplies / (double)LeastWork, parts = Math.Min(work, problem.Batch * (double)problem.Output.Count / PartPositions);
        Parts = (int)Math.Max(1, Math.Min(Math.Min(Math.Min(Blocks, Chunks), parts), SumBytes / sizeof(float) / (double)Count));
        for (int channels = UnitChannels; channels >= LeastUnitChannels; channels /= 2)
        {
            RowParts = TapsJoin ? 1 : (Rows - 1) / channels + 1;
            LaneParts = (Lanes - 1) / channels + 1;
            _unitChunks = (int)Math.Max(1, Math.Min(Math.Min(Units, (Chunks - 1) / Parts + 1), work / Parts));
            if (ChunkCount >= Math.Min(FewChunks, work))
                break;
        }
    }

    /// <summary>Weights in all.</summary>
    public long Count => (long)Problem.OutputChannels * Problem.Window.Taps * Problem.GroupInputs;

    /// <summary>Blocks of positions.</summary>
    public int Blocks => checked(Problem.Batch * _depthBlocks * _heightBlocks * _widthBlocks);

    /// <summary>Units of weights: (group, part of the rows, part of the lanes, kernel row), the last fastest.</summary>
    public int Units => checked(Groups * RowParts * LaneParts * Problem.Window.Depth.Kernel * Problem.Window.Height.Kernel);

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

    /// <summary>The rectangle of channels and the kernel row of a unit.</summary>
    public WeightUnit Unit(int unit)
    {
        (int rest, int kh) = Math.DivRem(unit, Problem.Window.Height.Kernel);
        (rest, int kd) = Math.DivRem(rest, Problem.Window.Depth.Kernel);
        (rest, int lanePart) = Math.DivRem(rest, LaneParts);
        (int group, int rowPart) = Math.DivRem(rest, RowParts);
        var (row, endRow) = (Gather.Part(Rows, rowPart, RowParts), Gather.Part(Rows, rowPart + 1, RowParts));
        // Parts of lanes are of whole tiles.
        int tile = 2 * Isa.Lanes, tiles = (Lanes - 1) / tile + 1;
        var (lane, endLane) = (Gather.Part(tiles, lanePart, LaneParts) * tile, Math.Min(Lanes, Gather.Part(tiles, lanePart + 1, LaneParts) * tile));
        return new(group, kd, kh, row, endRow - row, lane, endLane - lane);
    }

    /// <summary>The positions of a block.</summary>
    public WeightBlock Block(int block)
    {
        var (rest, w) = Math.DivRem(block, _widthBlocks);
        (rest, int h) = Math.DivRem(rest, _heightBlocks);
        var (n, d) = Math.DivRem(rest, _depthBlocks);
        var (depth, height, width) = (d * BlockDepth, h * BlockHeight, w * BlockWidth);
        return new(n, depth, height, width, Math.Min(BlockDepth, Problem.Output.Depth - depth), Math.Min(BlockHeight, Problem.Output.Height - height),
            Math.Min(BlockWidth, Problem.Output.Width - width));
    }

    /// <summary>The most rows and lanes of a unit.</summary>
    public int MostRows => (Rows - 1) / RowParts + 1;

    /// <inheritdoc cref="MostRows"/>
    public int MostLanes => Math.Min(Lanes, ((Lanes - 1) / (2 * Isa.Lanes) / LaneParts + 1) * 2 * Isa.Lanes);

    /// <summary>Channels of x and of dy that a unit multiplies, from the first of all groups on.</summary>
    public (int Input, int Inputs, int Output, int Outputs) Channels(in WeightUnit unit)
    {
        int input = unit.Group * Problem.GroupInputs, output = unit.Group * Problem.GroupOutputs;
        return LanesAreInputs ? (input + unit.FirstLane, unit.LaneCount, output + unit.FirstRow, unit.RowCount)
            : (input + unit.FirstRow, unit.RowCount, output + unit.FirstLane, unit.LaneCount);
    }

    /// <summary>The share of the multiply-add units at work; it does not grow with the extents.</summary>
    public double Share => Filled(Lanes, TapsJoin ? Rows * Problem.Window.Width.Kernel : Rows);

    /// <summary>Nearly equal pieces of at most <paramref name="most"/>, or of one.</summary>
    private static (int Pieces, int Size) Cut(int count, int most)
    {
        int pieces = (count - 1) / Math.Max(1, most) + 1, size = (count - 1) / pieces + 1;
        return ((count - 1) / size + 1, size);
    }

    /// <summary>The share for so many lanes and rows: lanes that are filled, and accumulators enough to hide the latency.</summary>
    private static double Filled(int lanes, int rows)
    {
        int vectors = (lanes - 1) / Isa.Lanes + 1;
        return (double)lanes / (vectors * Isa.Lanes) * Math.Min(1, rows * Math.Min(vectors, 2) / 8.0);
    }
}

/// <summary>Kernel row (KernelDepth, KernelHeight) of some rows and lanes of a group.</summary>
internal readonly record struct WeightUnit(int Group, int KernelDepth, int KernelHeight, int FirstRow, int RowCount, int FirstLane, int LaneCount);

/// <summary>Positions of dy: an image, where they begin, and how many they are along each axis.</summary>
internal readonly record struct WeightBlock(int Image, int Depth, int Height, int Width, int Depths, int Heights, int Widths);
