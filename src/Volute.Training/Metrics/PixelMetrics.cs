namespace Volute.Training;

/// <summary>What counting pixels gives: Dice, IoU, precision, recall, pixel accuracy, volume errors and misses.</summary>
/// <param name="settings">The classes.</param>
/// <param name="cases">The cases so far, which the evaluator adds.</param>
internal sealed class PixelMetrics(SegmentationSettings settings, IReadOnlyList<SegmentedCase> cases) : IMetricGroup
{
    public IReadOnlyList<Metric> Metrics { get; } =
    [
        Metric.Dice, Metric.Iou, Metric.DicePooled, Metric.IouPooled, Metric.PixelAccuracy, Metric.PixelErrorPlain,
        Metric.Precision, Metric.Recall, Metric.VolumeError, Metric.Missed,
    ];

    public IReadOnlyList<Metric> ClassMetrics { get; } = [Metric.Dice, Metric.Iou, Metric.Precision, Metric.Recall, Metric.DicePooled, Metric.IouPooled];

    /// <summary>The row of a case whose pixels were counted.</summary>
    public SegmentedCase Row(string name, string? group, Confusion confusion, double pixelVolume, double? pixelError)
    {
        ClassCounts[] counts = [.. Enumerable.Range(0, settings.Classes.Length).Select(confusion.Of)];
        return new SegmentedCase(new CaseScore
        {
            Name = name,
            Group = group,
            PixelAccuracy = confusion.Accuracy,
            Dice = Scores.Mean([.. settings.Foreground.Select(c => counts[c].Dice)]),
            Iou = Scores.Mean([.. settings.Foreground.Select(c => counts[c].Iou)]),
            PixelError = pixelError,
            PerClass = [.. counts.Select((k, c) => new CaseClassScore(settings.Classes[c], k.Dice, k.Iou, k.Precision, k.Recall, k.Reference, k.Predicted,
                ClassMeans.VolumeErrorOf(k, pixelVolume)))],
        }, counts, pixelVolume);
    }

    public void Compute(ReadOnlySpan<int> weights, Span<double> metrics, Span<double> classMetrics)
    {
        ClassMeans[] means = new ClassMeans[settings.Classes.Length];
        for (int c = 0; c < means.Length; c++)
        {
            ClassMeans m = means[c] = ClassMeans.Of(c, cases, weights);
            ReadOnlySpan<double> ofClass = [m.Dice, m.Iou, m.Precision, m.Recall, m.Pooled.Dice, m.Pooled.Iou];
            ofClass.CopyTo(classMetrics[(c * ofClass.Length)..]);
        }
        double Mean(Func<ClassMeans, double> score) => Scores.Mean([.. settings.Foreground.Select(c => score(means[c]))]);
        long total = means.Sum(m => m.Pooled.Reference);
        double accuracy = total > 0 ? (double)means.Sum(m => m.Pooled.TruePositives) / total : double.NaN;
        ReadOnlySpan<double> values =
        [
            Mean(m => m.Dice), Mean(m => m.Iou), Mean(m => m.Pooled.Dice), Mean(m => m.Pooled.Iou), accuracy, 1 - accuracy,
            Mean(m => m.Precision), Mean(m => m.Recall), Mean(m => m.RelativeVolumeError), settings.Foreground.Sum(c => means[c].Missed),
        ];
        values.CopyTo(metrics);
    }

    public ClassScore Describe(ClassScore score, int c)
    {
        ClassMeans means = ClassMeans.Of(c, cases, [.. Enumerable.Repeat(1, cases.Count)]);
        return score with
        {
            Reference = means.Pooled.Reference,
            Predicted = means.Pooled.Predicted,
            Cases = (int)means.Applicable,
            NotApplicable = cases.Count - (int)means.Applicable,
            Missed = (int)means.Missed,
            Dice = means.Dice,
            Iou = means.Iou,
            Precision = means.Precision,
            Recall = means.Recall,
            DicePooled = means.Pooled.Dice,
            IouPooled = means.Pooled.Iou,
            VolumeError = means.VolumeError,
            VolumeErrorAbsolute = means.VolumeErrorAbsolute,
        };
    }
}
