namespace Volute.Training;

/// <summary>What the scores [classes, pixels] of one pixel say.</summary>
internal static class PixelScores
{
    /// <summary>The class of the largest score, the first of equal ones.</summary>
    public static int Best(ReadOnlySpan<float> scores, int pixel, int pixels, int classes)
    {
        int best = 0;
        for (int c = 1; c < classes; c++)
            if (scores[c * pixels + pixel] > scores[best * pixels + pixel])
                best = c;
        return best;
    }

    /// <summary>Turns the scores into probabilities, exp(sᵢ − s) / Σ exp(sⱼ − s) with the largest score s.</summary>
    public static void Soften(Span<float> scores, int pixel, int pixels, int classes, int best)
    {
        float largest = scores[best * pixels + pixel];
        double sum = 0;
        for (int c = 0; c < classes; c++)
            sum += Math.Exp(scores[c * pixels + pixel] - largest);
        for (int c = 0; c < classes; c++)
            scores[c * pixels + pixel] = (float)(Math.Exp(scores[c * pixels + pixel] - largest) / sum);
    }
}
