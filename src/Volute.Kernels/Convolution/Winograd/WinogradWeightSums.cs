using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Sums of some weights at the nodes: [node][tap of depth][output channel][input channel], rows padded to whole vectors.</summary>
internal readonly unsafe struct WinogradPiece(float* sums, int firstOutput, int outputs, int firstInput, int inputs, int row, long step)
{
    public readonly float* Sums = sums;
    public readonly int FirstOutput = firstOutput, Outputs = outputs, FirstInput = firstInput, Inputs = inputs;

    /// <summary>Steps between output channels.</summary>
    public readonly int Row = row;

    /// <summary>Steps between nodes.</summary>
    public readonly long Step = step;

    /// <summary>All weights of a group.</summary>
    public static WinogradPiece Whole(in WinogradWeightPass pass, float* sums)
        => new(sums, 0, pass.Problem.GroupOutputs, 0, pass.Problem.GroupInputs, pass.InputRow, pass.SumStep);
}

/// <summary>The second step for a block: the products of a node for one tap of depth and two vectors of input channels join its sum. Rows are output channels.</summary>
internal unsafe struct WinogradWeightSums<L> : IChunks where L : struct, ILanes<L, float>
{
    public WinogradWeightPass Pass;
    public WinogradSpan Span;
    public float* InputNodes, OutputNodes;
    public WinogradPiece Piece;
    public int FirstInput;

    /// <summary>Whether the block is the first: its sums begin at zero.</summary>
    public bool Begins;

    private readonly int LaneBlocks => (Piece.Inputs - 1) / (2 * L.Count) + 1;

    /// <summary>All chunks of the block.</summary>
    public readonly int ChunkCount => Pass.Nodes * Pass.Problem.Window.Depth.Kernel * LaneBlocks;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        float* zeros = stackalloc float[2 * L.Count];
        new Span<float>(zeros, 2 * L.Count).Clear();
        (int rest, int block) = Math.DivRem(chunk, LaneBlocks);
        var (node, tap) = Math.DivRem(rest, Pass.Problem.Window.Depth.Kernel);
        if (!Pass.Uses(node))
            return;
        int outputs = Piece.Outputs, lane = block * 2 * L.Count;
        int columns = Math.Min(2 * L.Count, (Piece.Inputs - lane + L.Count - 1) / L.Count * L.Count);
        float* sum = Piece.Sums + node * Piece.Step + (long)tap * outputs * Piece.Row + lane;
        // The planes whose tap lies inside the input lie behind each other in both maps: one run of tiles.
        var (first, end) = Pass.Problem.Window.Depth.OutputsInside(tap, Pass.Problem.Input.Depth, Pass.Problem.Output.Depth);
        (first, end) = (Math.Max(first, Span.FirstPlane), Math.Min(end, Span.EndPlane));
        if (first >= end)
        {
            for (int row = 0; row < outputs && Begins; row++)
                new Span<float>(sum + (long)row * Piece.Row, columns).Clear();
            return;
        }
        int tiles = Span.EndTile - Span.FirstTile, run = (end - first) * tiles;
        long input = Pass.Problem.Window.Depth.Position(first, tap) - FirstInput;
        float* a = OutputNodes + node * Pass.OutputStep + (long)(first - Span.FirstPlane) * tiles * Pass.OutputRow + Piece.FirstOutput;
        float* b = InputNodes + node * Pass.InputStep + input * tiles * Pass.InputRow + Piece.FirstInput + lane;
        Tile tile = new()
        {
            Start = zeros,
            ARow = 1,
            AStep = Pass.OutputRow,
            BStep = Pass.InputRow,
            BVector = L.Count,
            CRow = Piece.Row,
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
            tile.Add = r > 0 || !Begins;
            tile.B = b + (long)begin * Pass.InputRow;
            for (int part = 0; part < parts; part++)
            {
                int row = Gather.Part(outputs, part, parts);
                tile.A = a + (long)begin * Pass.OutputRow + row;
                tile.C = sum + (long)row * Piece.Row;
                // The first tiles bring what they will read at the next node: lines of the inputs, then those of the outputs that no other block brings.
                WeightFetch next = part < 2
                    ? new(tile.B + Pass.InputStep, 0, 0, Pass.InputRow, (columns - 1) / Tile.Line + 1, dense: false)
                    : new(a + (long)begin * Pass.OutputRow + Pass.OutputStep, 0, 0, Pass.OutputRow, (outputs - 1) / Tile.Line + 1, dense: false);
                if (next.Take(ref tile, part < 2 ? part : part - 2 + (parts - 2) * block))
                    tile.Compute<L, FetchingForm>(Gather.Part(outputs, part + 1, parts) - row);
                else
                    tile.Compute<L, SpreadForm>(Gather.Part(outputs, part + 1, parts) - row);
            }
        }
    }
}

/// <summary>The last step: the sums of the parts are joined, and Gᵀ sum G goes to dw. A chunk is one output channel of the piece.</summary>
internal unsafe struct WinogradWeightTaps<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradWeightPass Pass;
    public WinogradPiece Piece;
    public float* Dw;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        nint* from = stackalloc nint[WinogradTransform.MostEntries], to = stackalloc nint[WinogradTransform.MostEntries];
        float* nowhere = stackalloc float[L.Count];
        bool* lacks = stackalloc bool[WinogradTransform.MostEntries];
        bool lacking = false;
        int inputs = Pass.Problem.GroupInputs, depth = Pass.Problem.Window.Depth.Kernel;
        for (int i = 0; i < Pass.Nodes; i++)
            from[i] = (nint)(i * Piece.Step);
        for (int d = 0; d < depth; d++)
        {
            float* source = Piece.Sums + ((long)d * Piece.Outputs + chunk) * Piece.Row;
            float* target = Dw + (long)(Piece.FirstOutput + chunk) * Pass.Phase.Taps * inputs + Piece.FirstInput;
            for (int part = 1; part < Pass.Parts; part++)
                for (int node = 0; node < Pass.Nodes; node++)
                    Join(source + node * Piece.Step, source + part * Pass.SumCount + node * Piece.Step);
            for (int i = 0; i < TH.Taps * TW.Taps; i++)
            {
                int tap = Pass.Phase.Tap(d, i / TW.Taps, i % TW.Taps);
                (to[i], lacks[i]) = ((nint)tap * inputs, tap < 0);
                lacking |= tap < 0;
            }
            for (int c = 0; c < Piece.Inputs; c += L.Count)
            {
                // Taps that the phase lacks go nowhere.
                for (int i = 0; lacking && i < TH.Taps * TW.Taps; i++)
                {
                    if (lacks[i])
                        to[i] = (nint)(nowhere - (target + c));
                }
                WinogradTransform.Run<L, TH, TW, TapGradientSide>(source + c, from, target + c, to, between, Math.Min(L.Count, Piece.Inputs - c), null);
            }
        }
    }

    /// <summary>Rows of sums are padded to whole vectors.</summary>
    private readonly void Join(float* sum, float* other)
    {
        for (int c = 0; c < Piece.Inputs; c += L.Count)
            L.Store(L.Load(sum + c) + L.Load(other + c), sum + c);
    }
}

/// <summary>The second and the last step where sums live in cache alone: a chunk is a piece of the weights.</summary>
internal unsafe struct WinogradWeightPieces<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradWeightSums<L> Products;
    public float* Dw;

    private readonly int OutputParts => (Products.Piece.Outputs - 1) / WinogradWeightPass.PieceOutputs + 1;

    private readonly int InputParts => (Products.Piece.Inputs - 1) / (WinogradWeightPass.PieceInputVectors * L.Count) + 1;

    public readonly int ChunkCount => OutputParts * InputParts;

    public readonly void Run(int chunk)
    {
        WinogradWeightPass pass = Products.Pass;
        var (output, input) = Math.DivRem(chunk, InputParts);
        int first = Gather.Part(Products.Piece.Outputs, output, OutputParts), end = Gather.Part(Products.Piece.Outputs, output + 1, OutputParts);
        int firstInput = input * WinogradWeightPass.PieceInputVectors * L.Count, inputs = Math.Min(WinogradWeightPass.PieceInputVectors * L.Count, Products.Piece.Inputs - firstInput);
        int row = WinogradGrid.Row(inputs);
        long step = WinogradGrid.NodeStep((long)pass.Problem.Window.Depth.Kernel * (end - first), row);
        WinogradWeightSums<L> products = Products;
        products.Piece = new(Scratch.Get(pass.Nodes * step), first, end - first, firstInput, inputs, row, step);
        for (int i = 0; i < products.ChunkCount; i++)
            products.Run(i);
        WinogradWeightTaps<L, TH, TW> taps = new() { Pass = pass, Piece = products.Piece, Dw = Dw };
        for (int i = 0; i < end - first; i++)
            taps.Run(i);
    }
}
