using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The weight pass of one group: a chunk is one part of the blocks.</summary>
internal unsafe struct WinogradWeightParts<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradWeightPass Pass;

    /// <summary>Channel 0 of the group, of the first position that the phase meets.</summary>
    public float* X, Dy;

    /// <summary>Sums of all parts, and behind them the nodes of a block where there is one part; those alone where sums live in cache.</summary>
    public float* Sums;

    public float* Dw;

    public readonly void Run(int chunk)
    {
        var problem = Pass.Problem;
        float* input = Pass.Parts > 1 ? Scratch.Get(Pass.BlockCount) : Pass.IsWide ? Sums : Sums + Pass.SumCount, output = input + Pass.Nodes * Pass.InputStep;
        int first = Gather.Part(Pass.Blocks, chunk, Pass.Parts), end = Gather.Part(Pass.Blocks, chunk + 1, Pass.Parts);
        for (int block = first; block < end; block++)
        {
            WinogradSpan span = Pass.Block(block);
            var (firstInput, endInput) = problem.Window.Depth.InputsRead(span.FirstPlane, span.EndPlane, problem.Input.Depth);
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
                    TilesHigh = Pass.TilesHigh,
                    TilesWide = Pass.TilesWide,
                    IsFar = WinogradGrid.AreFar(problem),
                    Row = Pass.InputRow,
                    NodeStep = Pass.InputStep,
                },
                Output = new()
                {
                    Map = Dy + span.Image * problem.OutputStrides.Batch,
                    Strides = problem.OutputStrides,
                    Extent = problem.Output,
                    Channels = problem.GroupOutputs,
                    TilesHigh = Pass.TilesHigh,
                    TilesWide = Pass.TilesWide,
                    IsFar = WinogradGrid.AreFar(problem),
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
                Piece = WinogradPiece.Whole(Pass, Sums + chunk * Pass.SumCount),
                FirstInput = firstInput,
                Begins = block == first,
            };
            if (Pass.IsWide)
            {
                WinogradWeightPieces<L, TH, TW> pieces = new() { Products = products, Dw = Dw };
                Team.Run(pieces.ChunkCount, ref pieces);
                continue;
            }
            // Within a part this runs on its thread alone; a single part leaves the team free.
            Team.Run(products.ChunkCount, ref products);
        }
    }
}
