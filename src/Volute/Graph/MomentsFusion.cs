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

    // So many times the moments of the parts the map must be: parts of few positions cost more than they save (depthwise on maps of 7 x 7).
    private const long LeastRatio = 8;

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

    /// <summary>Whether moments are over all positions of a map that a convolution makes, and cheaper from there.</summary>
    private static bool CanMake(Draft draft, int map, MomentsOver over)
    {
        if (map < 0 || draft[map] is not (Convolution or ConvolutionInputGradient or ConvolutionChain))
            return false;
        Spec made = draft.Output(map);
        int channels = made.Shape[1];
        if (made.Type != ElementType.Float32 || made.Shape.Elements == 0 || channels < LeastChannels || over.Axes.Contains(1) || over.Kept(made.Shape).Elements != channels)
            return false;
        Spec[] inputs = [.. draft.Inputs(map).Select(draft.SpecOf)];
        int parts = draft[map] is ConvolutionChain chain ? chain.Convolution.Parts(inputs[..chain.ConvolutionInputs], made) : ((ConvolutionOperator)draft[map]!).Parts(inputs, made);
        return LeastRatio * parts * MomentParts.Length(channels) <= made.Shape.Elements;
    }
}
