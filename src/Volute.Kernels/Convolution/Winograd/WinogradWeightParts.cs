using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The weight pass of one group: a chunk is one part of the blocks.</summary>
internal unsafe struct WinogradWeightParts<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradWeightPass Pass;

    /// <summary>Channel 0 of the group.</summary>
    public float* X, Dy;

    /// <summary>Sums of all parts, and behind them the nodes of a block where there is one part.</summary>
    public float* Sums;

    public readonly void Run(int chunk)
    {
        var problem = Pass.Problem;
        float* input = Pass.Parts > 1 ? Scratch.Get(Pass.BlockCount) : Sums + Pass.SumCount, output = input + Pass.Nodes * Pass.InputStep;
        int first = Gather.Part(Pass.Blocks, chunk, Pass.Parts), end = Gather.Part(Pass.Blocks, chunk + 1, Pass.Parts);
        for (int block = first; block < end; block++)
        {
            WinogradSpan span = Pass.Block(block);
            var (firstInput, endInput) = Pass.InputPlanesOf(span);
            WinogradWeightNodes<L, TH, TW> nodes = new()
            {
                Pass = Pass,
                Span = span,
                InputNodes = input,
                OutputNodes = output,
                FirstInput = firstInput,
                EndInput = endInput,
                Input = new()
                {
                    Map = X + span.Image * problem.InputStrides.Batch,
                    Strides = problem.InputStrides,
                    Extent = problem.Input,
                    Channels = problem.GroupInputs,
                    PadHeight = problem.Window.Height.PadBegin,
                    PadWidth = problem.Window.Width.PadBegin,
                    TilesWidth = Pass.Tiles.Width,
                    Row = Pass.InputRow,
                    NodeStep = Pass.InputStep,
                },
                Output = new()
                {
                    Map = Dy + span.Image * problem.OutputStrides.Batch,
                    Strides = problem.OutputStrides,
                    Extent = problem.Output,
                    Channels = problem.GroupOutputs,
                    TilesWidth = Pass.Tiles.Width,
                    Row = Pass.OutputRow,
                    NodeStep = Pass.OutputStep,
                },
            };
            Team.Run(nodes.ChunkCount, ref nodes);
            WinogradWeightSums<L> products = new()
            {
                Pass = Pass,
                Span = span,
                InputNodes = input,
                OutputNodes = output,
                Sums = Sums + chunk * Pass.SumCount,
                FirstInput = firstInput,
                Begins = block == first,
            };
            // Within a part this runs on its thread alone; a single part leaves the team free.
            Team.Run(products.ChunkCount, ref products);
        }
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

/// <summary>The last step: the sums of the parts are joined, and Gᵀ sum G goes to dw. A chunk is one output channel.</summary>
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
            for (int part = 1; part < Pass.Parts; part++)
                for (int node = 0; node < Pass.Nodes; node++)
                    Join(source + node * Pass.SumStep, source + part * Pass.SumCount + node * Pass.SumStep);
            for (int c = 0; c < inputs; c += L.Count)
                WinogradTransform.Run<L, TH, TW, TapGradientSide>(source + c, from, target + c, to, between, Math.Min(L.Count, inputs - c), null);
        }
    }
    /// <summary>Rows of sums are padded to whole vectors.</summary>
    private readonly void Join(float* sum, float* other)
    {
        for (int c = 0; c < Pass.Problem.GroupInputs; c += L.Count)
            L.Store(L.Load(sum + c) + L.Load(other + c), sum + c);
    }
}
