namespace Volute.Training;

/// <summary>The changes of an image's values: blur and noise as the optics and the sensor make them, then brightness, contrast and gamma.</summary>
internal static class Intensity
{
    /// <summary>
    /// Changes image [C, D, H, W]; <paramref name="deviations"/> holds the dataset's standard deviation of each channel in the image's units.
    /// </summary>
    public static void Change(AugmentationOptions options, Span<float> image, ReadOnlySpan<int> size, ReadOnlySpan<float> deviations,
        ref SeededRandom random)
    {
        bool blurs = options.Blur.Draw(ref random, out double radius), noisy = options.Noise.Draw(ref random, out double noise);
        bool shifts = options.Brightness.Draw(ref random, out double brightness), stretches = options.Contrast.Draw(ref random, out double contrast);
        bool bends = options.Gamma.Draw(ref random, out double gamma);
        int volume = size[0] * size[1] * size[2];
        for (int c = 0; c < deviations.Length; c++)
        {
            Span<float> channel = image.Slice(c * volume, volume);
            if (blurs && radius > 0)
                GaussianBlur.Apply(channel, size, radius);
            if (noisy)
                foreach (ref float value in channel)
                    value += (float)(noise * deviations[c] * random.Normal());
            if (shifts)
                foreach (ref float value in channel)
                    value += (float)(brightness * deviations[c]);
            if (stretches)
                Stretch(channel, (float)contrast);
            if (bends)
                Bend(channel, (float)gamma);
        }
    }

    /// <summary>x ← mean + factor · (x − mean).</summary>
    private static void Stretch(Span<float> channel, float factor)
    {
        double sum = 0;
        foreach (float value in channel)
            sum += value;
        float mean = (float)(sum / channel.Length);
        foreach (ref float value in channel)
            value = mean + factor * (value - mean);
    }

    /// <summary>x ← min + (max − min) · ((x − min) / (max − min))^gamma.</summary>
    private static void Bend(Span<float> channel, float gamma)
    {
        float min = float.PositiveInfinity, max = float.NegativeInfinity;
        foreach (float value in channel)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        float range = max - min;
        if (!(range > 0))
            return;
        foreach (ref float value in channel)
            value = min + range * MathF.Pow((value - min) / range, gamma);
    }
}
