namespace Volute.Training;

/// <summary>Whether the label is among the k most probable classes.</summary>
public static class TopK
{
    /// <summary>
    /// rank = number of classes that are more probable than <paramref name="label"/>, classes of equal probability counted in their order:
    /// 0 for the first choice. The label is among the k most probable exactly if rank &lt; k.
    /// </summary>
    /// <exception cref="InvalidArgumentException">The label is no class, or a probability is NaN.</exception>
    public static int Rank(ReadOnlySpan<float> probabilities, int label)
    {
        if ((uint)label >= (uint)probabilities.Length)
            throw new InvalidArgumentException($"label {label} is none of the {probabilities.Length} classes that have a probability");
        float own = probabilities[label];
        int rank = 0;
        for (int c = 0; c < probabilities.Length; c++)
        {
            if (float.IsNaN(probabilities[c]))
                throw new InvalidArgumentException($"the probability of class {c} is NaN: the model has diverged");
            if (probabilities[c] > own || probabilities[c] == own && c < label)
                rank++;
        }
        return rank;
    }
}
