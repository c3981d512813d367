namespace Volute.Training;

/// <summary>What the scores [outputs, pixels] of one pixel say: one class, or the regions that it belongs to.</summary>
/// <param name="outputs">Scores of a pixel.</param>
/// <param name="regions">The regions that scores are of; null: they are of classes.</param>
internal sealed class PixelScores(int outputs, RegionLabels? regions)
{
    /// <summary>What the network of a recipe puts out.</summary>
    public static PixelScores Of(Recipe recipe) => new(recipe.Outputs, RegionLabels.Of(recipe));

    /// <summary>Scores of a pixel.</summary>
    public int Outputs => outputs;

    /// <summary>What probabilities are of a pixel that the network never sees: surely of the first class, or of no region.</summary>
    public float UnseenFirst => regions is null ? 1 : 0;

    /// <summary>The class of the largest score, the first of equal ones; of regions the class that is written for them.</summary>
    public int Class(ReadOnlySpan<float> scores, int pixel, int pixels)
    {
        if (regions is not null)
            return regions.Written(scores, pixel, pixels);
        int best = 0;
        for (int c = 1; c < outputs; c++)
            if (scores[c * pixels + pixel] > scores[best * pixels + pixel])
                best = c;
        return best;
    }

    /// <summary>
    /// Turns the scores into probabilities: exp(sᵢ − s) / Σ exp(sⱼ − s) with the largest score s, for one class holds; 1 / (1 + exp(−sᵢ)) of regions, each by
    /// itself.
    /// </summary>
    public void Soften(Span<float> scores, int pixel, int pixels)
    {
        for (int r = 0; r < regions?.Count; r++)
            scores[r * pixels + pixel] = (float)(1 / (1 + Math.Exp(-scores[r * pixels + pixel])));
        if (regions is not null)
            return;
        float largest = scores[Class(scores, pixel, pixels) * pixels + pixel];
        double sum = 0;
        for (int c = 0; c < outputs; c++)
            sum += Math.Exp(scores[c * pixels + pixel] - largest);
        for (int c = 0; c < outputs; c++)
            scores[c * pixels + pixel] = (float)(Math.Exp(scores[c * pixels + pixel] - largest) / sum);
    }
}
