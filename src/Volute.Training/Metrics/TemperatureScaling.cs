namespace Volute.Training;

/// <summary>
/// softmax(z / T): one number T that makes a network as sure as it is right (Guo et al., On Calibration of Modern Neural Networks, 2017). It changes
/// no decision, for the largest score stays the largest.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>The largest T that is looked for; the smallest is 1 ÷ this.</summary>
    public const double Limit = 100;

    /// <summary>
    /// argmin over T of −mean log softmax(z / T)[label]. In 1/T the loss is convex, so that the minimum is where its slope, mean (E[z] − z[label]),
    /// is zero: found by Newton's method within an interval that closes around it.
    /// </summary>
    /// <param name="logits">Scores (or logarithms of probabilities), row after row of <paramref name="classes"/>.</param>
    /// <param name="labels">The right class of each row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <returns>T, from 1 ÷ <see cref="Limit"/> to <see cref="Limit"/>; 1 where no T is better than another.</returns>
    /// <exception cref="InvalidArgumentException">No row, not one label for each row, a label that is no class, or a score that is not finite.</exception>
    public static double Fit(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes)
    {
        if (classes < 1 || labels.IsEmpty || (long)labels.Length * classes != logits.Length)
            throw new InvalidArgumentException($"temperature scaling needs at least one row of {classes} scores and a label for each row, got {logits.Length} scores and {labels.Length} labels");
        foreach (int label in labels)
            if ((uint)label >= (uint)classes)
                throw new InvalidArgumentException($"label {label} is none of the {classes} classes (0 to {classes - 1})");
        foreach (float z in logits)
            if (!float.IsFinite(z))
                throw new InvalidArgumentException($"temperature scaling needs finite scores, got {z}");
        double low = 1 / Limit, high = Limit, inverse = 1;
        var (slope, curvature) = Slope(logits, labels, classes, inverse);
        if (slope == 0 && curvature == 0)
            return 1;
        if (Slope(logits, labels, classes, low).First >= 0)
            return Limit;
        if (Slope(logits, labels, classes, high).First <= 0)
            return 1 / Limit;
        while (slope != 0 && high - low > 1e-13 * high)
        {
            (low, high) = slope < 0 ? (inverse, high) : (low, inverse);
            double next = inverse - slope / curvature;
            if (!(next > low && next < high))
                next = (low + high) / 2;
            if (Math.Abs(next - inverse) <= 1e-14 * inverse)
                break;
            inverse = next;
            (slope, curvature) = Slope(logits, labels, classes, inverse);
        }
        return 1 / inverse;
    }

    /// <summary>probabilities[c] = exp(z[c] / T) ÷ ∑ exp(z / T).</summary>
    public static void Apply(ReadOnlySpan<float> logits, double temperature, Span<double> probabilities)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float z in logits)
            largest = Math.Max(largest, z / temperature);
        for (int c = 0; c < logits.Length; c++)
            sum += probabilities[c] = Math.Exp(logits[c] / temperature - largest);
        for (int c = 0; c < logits.Length; c++)
            probabilities[c] /= sum;
    }

    /// <summary>The first and second derivative of the loss by 1/T: mean (E[z] − z[label]) and mean (E[z²] − E[z]²).</summary>
    private static (double First, double Second) Slope(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes, double inverse)
    {
        double[] p = new double[classes];
        double first = 0, second = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> z = logits.Slice(i * classes, classes);
            Apply(z, 1 / inverse, p);
            double mean = 0, variance = 0;
            for (int c = 0; c < classes; c++)
                mean += p[c] * z[c];
            for (int c = 0; c < classes; c++)
                variance += p[c] * (z[c] - mean) * (z[c] - mean);
            first += mean - z[labels[i]];
            second += variance;
        }
        return (first / labels.Length, second / labels.Length);
    }
}
