using System.Runtime.CompilerServices;

namespace Volute.Kernels;

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
