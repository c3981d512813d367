using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The weight pass by F(m, 3), the gradient of the output pass by the same transforms: dw = Gᵀ [Σ over tiles of (A dy Aᵀ) ⊙ (Bᵀ x B)] G.
/// </summary>
/// <remarks>
/// Tiles are taken in blocks by the problem's shape. Of a block, all tiles go to their nodes; then the products of each node join its sum,
/// [node][tap of depth][output channel][input channel]; every sum belongs to one chunk, and blocks follow each other in order.
/// </remarks>
internal readonly struct WinogradWeightPass
{
    // Nodes of a block, in elements; the least tiles for which the sums are read and written; tiles summed in registers; tiles of a transforming chunk.
    private const int BlockElements = 1_500_000, LeastTiles = 64, RunTiles = 192, ChunkTiles = 24;

    public readonly ConvolutionProblem Problem;
    public readonly Extent Tiles;
    public readonly int Nodes, InputRow, OutputRow, Planes, BlockTiles, DepthBlocks, TileBlocks;

    public WinogradWeightPass(in ConvolutionProblem problem, int heightOutputs, int widthOutputs, int nodes)
    {
        (Problem, Nodes) = (problem, nodes);
        Tiles = new(problem.Output.Depth, (problem.Output.Height - 1) / heightOutputs + 1, (problem.Output.Width - 1) / widthOutputs + 1);
        (InputRow, OutputRow) = (WinogradGrid.Row(problem.GroupInputs), WinogradGrid.Row(problem.GroupOutputs));
        int plane = Tiles.Height * Tiles.Width, tiles = Math.Max(LeastTiles, BlockElements / (nodes * (InputRow + OutputRow)));
        int planes = Math.Min(problem.Output.Depth, Math.Max(problem.Window.Depth.Kernel > 1 ? 8 : 1, tiles / plane));
        DepthBlocks = (problem.Output.Depth - 1) / planes + 1;
        TileBlocks = Math.Max(1, (int)((long)plane * planes / tiles));
        Planes = (problem.Output.Depth - 1) / DepthBlocks + 1;
        BlockTiles = (plane - 1) / TileBlocks + 1;
    }

    /// <summary>Blocks of tiles.</summary>
    public int Blocks => checked(Problem.Batch * DepthBlocks * TileBlocks);

    /// <summary>The most planes of x that the planes of a block read.</summary>
    public int InputPlanes => (int)Math.Min(Problem.Input.Depth, Planes - 1 + Problem.Window.Depth.Reach);

    /// <summary>Steps between the nodes of x, of dy, and of the sums.</summary>
    public long InputStep => WinogradGrid.NodeStep((long)InputPlanes * BlockTiles, InputRow);

    /// <summary>Steps between the nodes of dy.</summary>
    public long OutputStep => WinogradGrid.NodeStep((long)Planes * BlockTiles, OutputRow);

    /// <summary>Steps between the nodes of the sums.</summary>
    public long SumStep => WinogradGrid.NodeStep((long)Problem.Window.Depth.Kernel * Problem.GroupOutputs, InputRow);

    /// <summary>Elements of memory: nodes of a block and sums.</summary>
    public long Count => Nodes * (InputStep + OutputStep + SumStep);

    /// <summary>Chunks that take one plane's tiles of a block to their nodes.</summary>
    public int TileParts => (BlockTiles - 1) / ChunkTiles + 1;

    /// <summary>The most tiles whose products are summed before they join the sum.</summary>
    public static int MostRun => RunTiles;

    /// <summary>The image, planes and tiles of a block.</summary>
    public WinogradSpan Block(int block)
    {
        (block, int tile) = Math.DivRem(block, TileBlocks);
        var (image, plane) = Math.DivRem(block, DepthBlocks);
        int tiles = Tiles.Height * Tiles.Width;
        return new(image, 0, Gather.Part(Tiles.Depth, plane, DepthBlocks), Gather.Part(Tiles.Depth, plane + 1, DepthBlocks),
            Gather.Part(tiles, tile, TileBlocks), Gather.Part(tiles, tile + 1, TileBlocks), 0, 0);
    }

    /// <summary>The planes of x that the planes of a block read.</summary>
    public (int First, int End) InputPlanesOf(in WinogradSpan span)
    {
        var depth = Problem.Window.Depth;
        int first = (int)Math.Clamp(depth.Position(span.FirstPlane, 0), 0, Problem.Input.Depth);
        return (first, (int)Math.Clamp(depth.Position(span.EndPlane - 1, depth.Kernel - 1) + 1, first, Problem.Input.Depth));
    }
}

/// <summary>The first step for a block: planes of x, then planes of dy, each in some parts, to their nodes.</summary>
internal unsafe struct WinogradWeightNodes<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradWeightPass Pass;
    public WinogradSpan Span;
    public WinogradPatches<L, TH, TW, GivenSide> Input;
    public WinogradPatches<L, TH, TW, GradientSide> Output;
    public float* InputNodes, OutputNodes;
    public int FirstInput, EndInput;

    /// <summary>All chunks of the block.</summary>
    public readonly int ChunkCount => (EndInput - FirstInput + Span.EndPlane - Span.FirstPlane) * Pass.TileParts;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        var (plane, part) = Math.DivRem(chunk, Pass.TileParts);
        int tiles = Span.EndTile - Span.FirstTile, skipped = Gather.Part(tiles, part, Pass.TileParts);
        int first = Span.FirstTile + skipped, end = Span.FirstTile + Gather.Part(tiles, part + 1, Pass.TileParts);
        if (plane < EndInput - FirstInput)
        {
            Input.Transform(FirstInput + plane, first, end, InputNodes + ((long)plane * tiles + skipped) * Input.Row, between);
            return;
        }
        plane -= EndInput - FirstInput;
        Output.Transform(Span.FirstPlane + plane, first, end, OutputNodes + ((long)plane * tiles + skipped) * Output.Row, between);
    }
}

/// <summary>The second step for a block: the products of a node for one tap of depth and two vectors of input channels join its sum. Rows are output channels.</summary>
internal unsafe struct WinogradWeightSums<L> : IChunks where L : struct, ILanes<L, float>
{
    public WinogradWeightPass Pass;
    public WinogradSpan Span;
    public float* InputNodes, OutputNodes, Sums;
    public int FirstInput;

    /// <summary>Whether the block is the first: its sums begin at zero.</summary>
    public bool Begins;

    private readonly int LaneBlocks => (Pass.Problem.GroupInputs - 1) / (2 * L.Count) + 1;

    /// <summary>All chunks of the block.</summary>
    public readonly int ChunkCount => Pass.Nodes * Pass.Problem.Window.Depth.Kernel * LaneBlocks;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        float* scratch = stackalloc float[Tile.MaxRows * 2 * L.Count];
        (int rest, int block) = Math.DivRem(chunk, LaneBlocks);
        var (node, tap) = Math.DivRem(rest, Pass.Problem.Window.Depth.Kernel);
        int outputs = Pass.Problem.GroupOutputs, lane = block * 2 * L.Count;
        int columns = Math.Min(2 * L.Count, (Pass.Problem.GroupInputs - lane + L.Count - 1) / L.Count * L.Count);
        float* sum = Sums + node * Pass.SumStep + (long)tap * outputs * Pass.InputRow + lane;
        if (Begins)
        {
            for (int row = 0; row < outputs; row++)
                new Span<float>(sum + (long)row * Pass.InputRow, columns).Clear();
        }
        // The planes whose tap lies inside the input lie behind each other in both maps: one run of tiles.
        var (first, end) = Pass.Problem.Window.Depth.OutputsInside(tap, Pass.Problem.Input.Depth, Pass.Problem.Output.Depth);
        (first, end) = (Math.Max(first, Span.FirstPlane), Math.Min(end, Span.EndPlane));
        if (first >= end)
            return;
        int tiles = Span.EndTile - Span.FirstTile, run = (end - first) * tiles;
        long input = Pass.Problem.Window.Depth.Position(first, tap) - FirstInput;
        float* a = OutputNodes + node * Pass.OutputStep + (long)(first - Span.FirstPlane) * tiles * Pass.OutputRow;
        float* b = InputNodes + node * Pass.InputStep + input * tiles * Pass.InputRow + lane;
        Tile tile = new()
        {
            Scratch = scratch,
            Add = true,
            ARow = 1,
            AStep = Pass.OutputRow,
            BStep = Pass.InputRow,
            BVector = L.Count,
            CRow = Pass.InputRow,
            Columns = columns,
            Depth = 1,
            Height = 1,
            Width = 1,
        };
        int most = Tile.RowsFor(columns > L.Count ? 2 : 1, tile.ARow), parts = (outputs - 1) / most + 1, runs = (run - 1) / WinogradWeightPass.MostRun + 1;
        for (int r = 0; r < runs; r++)
        {
            int begin = Gather.Part(run, r, runs);
            tile.Run = Gather.Part(run, r + 1, runs) - begin;
            tile.B = b + (long)begin * Pass.InputRow;
            for (int part = 0; part < parts; part++)
            {
                int row = Gather.Part(outputs, part, parts);
                tile.A = a + (long)begin * Pass.OutputRow + row;
                tile.C = sum + (long)row * Pass.InputRow;
                tile.Compute<L, SpreadForm>(Gather.Part(outputs, part + 1, parts) - row);
            }
        }
    }
}

/// <summary>The last step: Gᵀ sum G, to dw. A chunk is one output channel.</summary>
internal unsafe struct WinogradWeightTaps<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradWeightPass Pass;
    public float* Sums, Dw;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        nint* from = stackalloc nint[WinogradTransform.MostEntries], to = stackalloc nint[WinogradTransform.MostEntries];
        int inputs = Pass.Problem.GroupInputs, taps = TH.Taps * TW.Taps, depth = Pass.Problem.Window.Depth.Kernel;
        for (int i = 0; i < Pass.Nodes; i++)
            from[i] = (nint)(i * Pass.SumStep);
        for (int i = 0; i < taps; i++)
            to[i] = i * inputs;
        for (int d = 0; d < depth; d++)
        {
            float* source = Sums + ((long)d * Pass.Problem.GroupOutputs + chunk) * Pass.InputRow, target = Dw + ((long)chunk * depth + d) * taps * inputs;
            for (int c = 0; c < inputs; c += L.Count)
                WinogradTransform.Run<L, TH, TW, TapGradientSide>(source + c, from, target + c, to, between, Math.Min(L.Count, inputs - c), null);
        }
    }
}
