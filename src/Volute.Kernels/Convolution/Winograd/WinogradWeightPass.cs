using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The weight pass by F(m, r), the gradient of the output pass by the same transforms: dw = Gᵀ [Σ over tiles of (A dy Aᵀ) ⊙ (Bᵀ x B)] G.
/// </summary>
/// <remarks>
/// Tiles are taken in blocks by the problem's shape. Of a block, all tiles go to their nodes; then the products of each node join its sum,
/// [node][tap of depth][output channel][input channel]. Where sums are small the blocks are shared out in parts, each a chunk with sums of its own, which
/// are joined in order at the end: what a thread has taken to nodes stays in its cache. Where they are large the team works on one block after the other;
/// and if the map is small besides, one block is all, and a chunk takes a piece of the sums from the first product to dw while it is in cache.
/// </remarks>
internal readonly struct WinogradWeightPass
{
    /// <summary>The most tiles whose products are summed in registers before they join the sum.</summary>
    public const int MostRun = 192;

    /// <summary>Channels of a piece of the weights, and vectors of them: its sums at 36 nodes fill half of a second cache.</summary>
    public const int PieceOutputs = 56, PieceInputVectors = 8;

    // Nodes of a block, in elements, for one thread and for the team; the least tiles for which the sums are read and written; tiles of a transforming
    // chunk; bytes of sums up to which there are many or some parts.
    private const int ThreadElements = 250_000, TeamElements = 1_500_000, LeastTiles = 32, ChunkTiles = 24, SmallSums = 1 << 20, MediumSums = 3 << 20;

    // Nodes of the whole map, in elements, up to which it is small.
    private const long WideNodes = 16 << 20;

    /// <summary>The pass at stride 1.</summary>
    public readonly ConvolutionProblem Problem;

    /// <summary>Which taps of the whole window it is for.</summary>
    public readonly WinogradWeightPhase Phase;

    public readonly Extent Tiles;
    public readonly WinogradTiles TilesHigh, TilesWide;
    public readonly int Nodes, InputRow, OutputRow, Planes, BlockTiles, DepthBlocks, TileBlocks, Parts;

    /// <summary>Whether one block is all tiles and sums live in cache alone.</summary>
    public readonly bool IsWide;

    private readonly int _nodesWide;

    public WinogradWeightPass(in ConvolutionProblem whole, in WinogradWeightPhase phase, WinogradSize high, WinogradSize wide)
    {
        ConvolutionProblem problem = phase.Of(whole);
        (Problem, Phase, Nodes) = (problem, phase, high.Nodes * wide.Nodes);
        (UsedHigh, UsedWide, _nodesWide) = (high.UsedNodes(phase.High.Taps), wide.UsedNodes(phase.Wide.Taps), wide.Nodes);
        TilesHigh = new(problem.Output.Height, high.Outputs, problem.Window.Height.Dilation);
        TilesWide = new(problem.Output.Width, wide.Outputs, problem.Window.Width.Dilation);
        Tiles = new(problem.Output.Depth, TilesHigh.Count, TilesWide.Count);
        (InputRow, OutputRow) = (WinogradGrid.Row(problem.GroupInputs), WinogradGrid.Row(problem.GroupOutputs));
        long sums = Nodes * SumStep * sizeof(float);
        Parts = sums <= SmallSums ? 8 : sums <= MediumSums ? 4 : 1;
        int plane = Tiles.Height * Tiles.Width, tiles = Math.Max(LeastTiles, (Parts > 1 ? ThreadElements : TeamElements) / (Nodes * (InputRow + OutputRow)));
        int planes = Math.Min(problem.Output.Depth, Math.Max(problem.Window.Depth.Kernel > 1 ? 8 : 1, tiles / plane));
        (Planes, BlockTiles) = (problem.Output.Depth, plane);
        IsWide = problem.Batch == 1 && Parts == 1 && BlockCount <= WideNodes;
        DepthBlocks = IsWide ? 1 : (problem.Output.Depth - 1) / planes + 1;
        TileBlocks = IsWide ? 1 : Math.Max(1, (int)((long)plane * planes / tiles));
        Planes = (problem.Output.Depth - 1) / DepthBlocks + 1;
        BlockTiles = (plane - 1) / TileBlocks + 1;
        Parts = Math.Min(Parts, Blocks);
    }

    /// <summary>Nodes that the taps of the phase have products at (<see cref="WinogradSize.UsedNodes"/>).</summary>
    public int UsedNodes => UsedHigh * UsedWide;

    /// <summary>Whether a node is one of them.</summary>
    public bool Uses(int node) => node / _nodesWide < UsedHigh && node % _nodesWide < UsedWide;

    private int UsedHigh { get; }

    private int UsedWide { get; }

    /// <summary>Blocks of tiles.</summary>
    public int Blocks => checked(Problem.Batch * DepthBlocks * TileBlocks);

    /// <summary>The most planes of x that the planes of a block read.</summary>
    public int InputPlanes => (int)Math.Min(Problem.Input.Depth, Planes - 1 + Problem.Window.Depth.Reach);

    /// <summary>Steps between the nodes of x.</summary>
    public long InputStep => WinogradGrid.NodeStep((long)InputPlanes * BlockTiles, InputRow);

    /// <summary>Steps between the nodes of dy.</summary>
    public long OutputStep => WinogradGrid.NodeStep((long)Planes * BlockTiles, OutputRow);

    /// <summary>Steps between the nodes of the sums.</summary>
    public long SumStep => WinogradGrid.NodeStep((long)Problem.Window.Depth.Kernel * Problem.GroupOutputs, InputRow);

    /// <summary>Elements of the sums of one part.</summary>
    public long SumCount => Nodes * SumStep;

    /// <summary>Elements of the nodes of a block.</summary>
    public long BlockCount => Nodes * (InputStep + OutputStep);

    /// <summary>Elements of memory: sums, and nodes of a block where the team shares one.</summary>
    public long Count => IsWide ? BlockCount : Parts * SumCount + (Parts == 1 ? BlockCount : 0);

    /// <summary>Vectors of a tile that the pieces of the weights read in all, of one node.</summary>
    public long PieceReads
    {
        get
        {
            int inputs = (Problem.GroupInputs - 1) / Isa.Lanes + 1, outputs = (Problem.GroupOutputs - 1) / Isa.Lanes + 1;
            return (long)outputs * ((inputs - 1) / PieceInputVectors + 1) + (long)inputs * ((Problem.GroupOutputs - 1) / PieceOutputs + 1);
        }
    }

    /// <summary>Chunks that take one plane's tiles of a block to their nodes.</summary>
    public int TileParts => (BlockTiles - 1) / ChunkTiles + 1;

    /// <summary>The image, planes and tiles of a block.</summary>
    public WinogradSpan Block(int block)
    {
        (block, int tile) = Math.DivRem(block, TileBlocks);
        var (image, plane) = Math.DivRem(block, DepthBlocks);
        int tiles = Tiles.Height * Tiles.Width;
        return new(image, 0, Gather.Part(Tiles.Depth, plane, DepthBlocks), Gather.Part(Tiles.Depth, plane + 1, DepthBlocks),
            Gather.Part(tiles, tile, TileBlocks), Gather.Part(tiles, tile + 1, TileBlocks), 0, 0);
    }
}
