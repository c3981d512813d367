namespace Volute.Training;

/// <summary>
/// The mean and standard deviation of each channel over all pixels of a dataset: (x − mean) / deviation has mean 0 and deviation 1.
/// </summary>
/// <param name="Mean">Per channel, in the units of <see cref="Sample.Image"/>.</param>
/// <param name="Deviation">Per channel, > 0: 1 where a channel is constant.</param>
public sealed record Standardization(double[] Mean, double[] Deviation)
{
    /// <summary>Per channel, values that smaller ones are raised to first; null: none.</summary>
    public double[]? Low { get; init; }

    /// <summary>Per channel, values that larger ones are lowered to first; null: none.</summary>
    public double[]? High { get; init; }

    /// <summary>Standardizes image [C, …] in place. A value that is missing, NaN, becomes 0: the mean.</summary>
    /// <exception cref="ShapeException">The image has not <see cref="Mean"/>.Length channels.</exception>
    public void Apply(Span<float> image, int channels)
    {
        if (channels != Mean.Length)
            throw new ShapeException($"the standardization is of {Mean.Length} channels, the image has {channels}");
        int length = image.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            float mean = (float)Mean[c], factor = (float)(1 / Deviation[c]);
            float low = Low is null ? float.NegativeInfinity : (float)Low[c], high = High is null ? float.PositiveInfinity : (float)High[c];
            foreach (ref float value in image.Slice(c * length, length))
                value = float.IsNaN(value) ? 0 : (Math.Clamp(value, low, high) - mean) * factor;
        }
    }
}

/// <summary>Mean and squared deviations of one channel; two are joined without loss (Chan, Golub, LeVeque 1983).</summary>
internal readonly record struct Moments(long Count, double Mean, double Squares)
{
    /// <summary>The moments of the values that are there: NaN is none.</summary>
    public static Moments Of(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        long count = 0;
        foreach (float value in values)
        {
            if (float.IsNaN(value))
                continue;
            sum += value;
            count++;
        }
        double mean = count == 0 ? 0 : sum / count;
        foreach (float value in values)
            squares += float.IsNaN(value) ? 0 : (value - mean) * (value - mean);
        return new Moments(count, mean, squares);
    }

    public static Moments operator +(Moments a, Moments b)
    {
        if (a.Count == 0 || b.Count == 0)
            return a.Count == 0 ? b : a;
        long count = a.Count + b.Count;
        double difference = b.Mean - a.Mean;
        return new Moments(count, a.Mean + difference * b.Count / count, a.Squares + b.Squares + difference * difference * a.Count * b.Count / count);
    }

    /// <summary>The standardization by these moments of each channel.</summary>
    public static Standardization Standardize(IReadOnlyList<Moments> channels) => new(
        [.. channels.Select(m => m.Mean)],
        [.. channels.Select(m => m.Squares > 0 ? Math.Sqrt(m.Squares / m.Count) : 1)]);
}
