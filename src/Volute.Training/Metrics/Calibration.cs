namespace Volute.Training;

/// <summary>Answers whose confidence lies in one of fifteen equal parts of 0 to 1.</summary>
/// <param name="From">The confidence they are above.</param>
/// <param name="To">The largest confidence.</param>
/// <param name="Count">How many.</param>
/// <param name="Confidence">The mean of their largest probabilities; NaN where there is none.</param>
/// <param name="Accuracy">The share of them that is right; NaN where there is none.</param>
public sealed record ReliabilityBin(double From, double To, long Count, double? Confidence, double? Accuracy);

/// <summary>Whether a model is as sure as it is right.</summary>
/// <param name="Ece">∑ count ÷ all · |accuracy − confidence| over the bins.</param>
/// <param name="Temperature">The T of softmax(z / T) that gives the labels the largest likelihood.</param>
/// <param name="EceScaled">The same with that temperature, of the answers that T was found on.</param>
/// <param name="Answers">How many answers (pixels, pictures) <paramref name="Ece"/> is over.</param>
/// <param name="Sampled">How many of them, drawn evenly, T was found on.</param>
/// <param name="Bins">The reliability table behind <paramref name="Ece"/>.</param>
public sealed record CalibrationScore(double? Ece, double? Temperature, double? EceScaled, long Answers, long Sampled, IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>Enters the numbers under their metrics.</summary>
    internal IReadOnlyList<Metric> AddTo(Dictionary<string, double?> metrics)
    {
        metrics[Metric.Ece.Name] = Ece;
        metrics[Metric.EceScaled.Name] = EceScaled;
        metrics[Metric.Temperature.Name] = Temperature;
        return [Metric.Ece, Metric.EceScaled, Metric.Temperature];
    }
}

/// <summary>Collects probabilities with their labels: all of them in bins, and a bounded number, drawn by a hash of their position, to find a temperature on.</summary>
internal sealed class Calibration
{
    // Logarithms of probabilities that are kept; 8 MiB.
    private const int MaxKept = 1 << 21;

    private readonly int classes;
    private readonly ReliabilityBins bins = new();
    private readonly double[] row;
    private List<(ulong Draw, int Label)> labels = [];
    private List<float> logits = [];
    private ulong seen, limit = ulong.MaxValue;

    public Calibration(int classes)
    {
        this.classes = classes;
        row = new double[classes];
    }

    /// <summary>Counts one answer.</summary>
    /// <param name="probabilities">The probability of each class.</param>
    /// <param name="label">The right class.</param>
    /// <param name="smallest">What smaller probabilities are taken for when logarithms are needed: what was rounded to 0 was not impossible.</param>
    public void Add(ReadOnlySpan<float> probabilities, int label, double smallest = 1e-30)
    {
        for (int c = 0; c < classes; c++)
            row[c] = probabilities[c];
        bins.Add(row, label);
        ulong draw = new SeededRandom(seen++).Next();
        if (draw > limit)
            return;
        labels.Add((draw, label));
        foreach (double p in row)
            logits.Add((float)Math.Log(Math.Max(p, smallest)));
        if (logits.Count + classes > MaxKept && labels.Count > 1)
            Halve();
    }

    /// <summary>The score of all answers so far; null where there is none.</summary>
    public CalibrationScore? Score()
    {
        if (labels.Count == 0)
            return null;
        float[] z = [.. logits];
        double temperature = TemperatureScaling.Fit(z, [.. labels.Select(l => l.Label)], classes);
        ReliabilityBins scaled = new();
        for (int i = 0; i < labels.Count; i++)
        {
            TemperatureScaling.Apply(z.AsSpan(i * classes, classes), temperature, row);
            scaled.Add(row, labels[i].Label);
        }
        return new CalibrationScore(bins.Error, temperature, scaled.Error, (long)seen, labels.Count, bins.Rows);
    }

    /// <summary>Keeps those whose draw is in the lower half; from now on only such are taken.</summary>
    private void Halve()
    {
        limit /= 2;
        List<(ulong, int)> keptLabels = [];
        List<float> keptLogits = [];
        for (int i = 0; i < labels.Count; i++)
            if (labels[i].Draw <= limit)
            {
                keptLabels.Add(labels[i]);
                keptLogits.AddRange(logits.Slice(i * classes, classes));
            }
        (labels, logits) = (keptLabels, keptLogits);
    }
}
