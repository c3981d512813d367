using System.Numerics.Tensors;

namespace Volute.Training;

/// <summary>
/// The changes of an image's values: blur and noise as the optics and the sensor make them, then brightness, contrast, resolution and gamma.
/// </summary>
internal static class Intensity
{
    // Of changes that need not happen to all channels (nnU-Net).
    private const double ChannelShare = 0.5;

    /// <summary>
    /// Changes image [C, D, H, W]; <paramref name="deviations"/> holds the dataset's standard deviation of each channel in the image's units.
    /// </summary>
    public static void Change(AugmentationOptions options, Span<float> image, ReadOnlySpan<int> size, ReadOnlySpan<float> deviations,
        ref SeededRandom random)
    {
        int channels = deviations.Length, volume = image.Length / channels;
        double[] amounts = new double[channels];
        if (Draw(options.Blur, options, isFactor: false, ChannelShare, amounts, ref random))
            for (int c = 0; c < channels; c++)
                if (amounts[c] > 0)
                    AxisFilter.Blur(image.Slice(c * volume, volume), size, amounts[c]);
        if (options.Noise.Draw(ref random, out double deviation))
            Add(image, deviation, deviations, ref random);
        if (options.NoiseVariance.Draw(ref random, out double variance))
            Add(image, Math.Sqrt(variance), deviations, ref random);
        if (Draw(options.Brightness, options, isFactor: false, 1, amounts, ref random))
            for (int c = 0; c < channels; c++)
                TensorPrimitives.Add(image.Slice(c * volume, volume), (float)(amounts[c] * deviations[c]), image.Slice(c * volume, volume));
        if (Draw(options.BrightnessFactor, options, isFactor: true, 1, amounts, ref random))
            for (int c = 0; c < channels; c++)
                TensorPrimitives.Multiply(image.Slice(c * volume, volume), (float)amounts[c], image.Slice(c * volume, volume));
        if (Draw(options.Contrast, options, isFactor: true, 1, amounts, ref random))
            for (int c = 0; c < channels; c++)
                Stretch(image.Slice(c * volume, volume), (float)amounts[c], options.KeepStatistics);
        if (Draw(options.LowResolution, options, isFactor: false, ChannelShare, amounts, ref random))
            for (int c = 0; c < channels; c++)
                if (amounts[c] > 0)
                    AxisFilter.Apply(image.Slice(c * volume, volume), size, options.InPlane ? null : AxisFilter.LowResolution(size[0], amounts[c]),
                        AxisFilter.LowResolution(size[1], amounts[c]), AxisFilter.LowResolution(size[2], amounts[c]));
        if (Draw(options.InvertedGamma, options, isFactor: true, 1, amounts, ref random))
            for (int c = 0; c < channels; c++)
                Bend(image.Slice(c * volume, volume), (float)amounts[c], isInverted: true, options.KeepStatistics);
        if (Draw(options.Gamma, options, isFactor: true, 1, amounts, ref random))
            for (int c = 0; c < channels; c++)
                Bend(image.Slice(c * volume, volume), (float)amounts[c], isInverted: false, options.KeepStatistics);
    }

    /// <summary>
    /// Whether a change happens, and its amount for each channel: one for all, or one each, 0 where the channel takes no part (all take part where they
    /// change alike).
    /// </summary>
    private static bool Draw(Chance chance, AugmentationOptions options, bool isFactor, double share, Span<double> amounts, ref SeededRandom random)
    {
        if (!random.Happens(chance.Probability))
            return false;
        for (int c = 0; c < amounts.Length; c++)
            amounts[c] = c > 0 && !options.PerChannel ? amounts[0]
                : options.PerChannel && share < 1 && !random.Happens(share) ? 0
                : isFactor ? chance.Factor(ref random) : chance.Amount(ref random);
        return true;
    }

    /// <summary>x ← x + noise · deviation of the channel.</summary>
    private static void Add(Span<float> image, double noise, ReadOnlySpan<float> deviations, ref SeededRandom random)
    {
        int volume = image.Length / deviations.Length;
        for (int c = 0; c < deviations.Length; c++)
        {
            double deviation = noise * deviations[c];
            foreach (ref float value in image.Slice(c * volume, volume))
                value += (float)(deviation * random.Normal());
        }
    }

    /// <summary>x ← mean + factor · (x − mean), held within the channel's range where <paramref name="isHeld"/>.</summary>
    private static void Stretch(Span<float> channel, float factor, bool isHeld)
    {
        float mean = (float)Mean(channel), min = isHeld ? TensorPrimitives.Min(channel) : 0, max = isHeld ? TensorPrimitives.Max(channel) : 0;
        TensorPrimitives.Subtract(channel, mean, channel);
        TensorPrimitives.Multiply(channel, factor, channel);
        TensorPrimitives.Add(channel, mean, channel);
        if (isHeld && min <= max)
            TensorPrimitives.Clamp(channel, min, max, channel);
    }

    /// <summary>
    /// x ← min + (max − min) · ((x − min) / (max − min))^gamma; inverted, the same of −x, and the sign turned back. Then mean and deviation are those from
    /// before where <paramref name="isHeld"/>.
    /// </summary>
    private static void Bend(Span<float> channel, float gamma, bool isInverted, bool isHeld)
    {
        float min = TensorPrimitives.Min(channel), max = TensorPrimitives.Max(channel), range = max - min;
        if (!(range > 0))
            return;
        (double mean, double deviation) = isHeld ? Statistics(channel) : default;
        float origin = isInverted ? max : min, scale = isInverted ? -range : range;
        TensorPrimitives.Subtract(channel, origin, channel);
        TensorPrimitives.Divide(channel, scale, channel);
        TensorPrimitives.Pow(channel, gamma, channel);
        TensorPrimitives.Multiply(channel, scale, channel);
        TensorPrimitives.Add(channel, origin, channel);
        if (!isHeld)
            return;
        (double bent, double spread) = Statistics(channel);
        float factor = (float)(deviation / Math.Max(spread, 1e-8));
        TensorPrimitives.Subtract(channel, (float)bent, channel);
        TensorPrimitives.Multiply(channel, factor, channel);
        TensorPrimitives.Add(channel, (float)mean, channel);
    }

    private static (double Mean, double Deviation) Statistics(ReadOnlySpan<float> values)
    {
        double mean = Mean(values), a = 0, b = 0;
        int i = 0;
        for (; i + 1 < values.Length; i += 2)
        {
            a += (values[i] - mean) * (values[i] - mean);
            b += (values[i + 1] - mean) * (values[i + 1] - mean);
        }
        if (i < values.Length)
            a += (values[i] - mean) * (values[i] - mean);
        return (mean, Math.Sqrt((a + b) / values.Length));
    }

    /// <summary>In four sums, so that no addition waits for the one before it, and whose order is the same on every machine.</summary>
    private static double Mean(ReadOnlySpan<float> values)
    {
        double a = 0, b = 0, c = 0, d = 0;
        int i = 0;
        for (; i + 3 < values.Length; i += 4)
        {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < values.Length; i++)
            a += values[i];
        return (a + b + (c + d)) / values.Length;
    }
}
