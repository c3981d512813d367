using Volute.Kernels;

namespace Volute;

/// <summary>The moments of a convolution's result come from its chunks, which have it in cache: batch normalization does not read the whole map for them.</summary>
/// <remarks>
/// Both ways join eight positions at a time in float32 and those in float64: errors have the same bound, about 16 roundings of √(mean² + variance) times
/// the deviation. It comes when it is known what is computed twice: a convolution that is computed again is rid of its moments.
/// </remarks>
internal static class MomentsFusion
{
    // Fewer channels than fill a register are joined no faster from cache than whole rows of positions from memory: measured, a draw at 8.
    private const int LeastChannels = 16;

    /// <summary>Rewrites the draft.</summary>
    /// <returns>The order of the steps, with further results behind their makers.</returns>
    public static int[] Run(Draft draft, int[] order)
    {
        Dictionary<int, int> parts = []; // of a convolution, the further result
        foreach (int number in order)
        {
            if (draft[number] is not MomentsOver over || !CanMake(draft, draft.Inputs(number)[0], over))
                continue;
            int maker = draft.Inputs(number)[0], origin = draft.Origin(maker);
            if (!parts.TryGetValue(maker, out int further))
            {
                int[] inputs = draft.Inputs(maker);
                ConvolutionChain chain = draft[maker] as ConvolutionChain ?? new((ConvolutionOperator)draft[maker]!, inputs.Length, [], []);
                draft.Replace(maker, chain with { MakesMoments = true }, inputs, origin);
                // How many parts there are is known with the kernel.
                parts[maker] = further = draft.Add(new FurtherResult(0), [maker], new Spec([0], ElementType.Float32), origin);
            }
            draft.Replace(number, new MomentsOfParts(), [further], draft.Origin(number));
        }
        return [.. order.SelectMany(number => parts.TryGetValue(number, out int further) ? [number, further] : (int[])[number])];
    }

    /// <summary>Whether moments are over all positions of a map that a convolution makes.</summary>
    private static bool CanMake(Draft draft, int map, MomentsOver over)
        => map >= 0 && draft[map] is Convolution or ConvolutionInputGradient or ConvolutionChain
            && draft.Output(map) is { Type: ElementType.Float32 } made && made.Shape.Elements > 0 && made.Shape[1] >= LeastChannels
            && over.Kept(made.Shape).Elements == made.Shape[1] && !over.Axes.Contains(1);
}
