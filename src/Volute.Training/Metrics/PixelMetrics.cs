namespace Volute.Training;

/// <summary>What counting pixels gives: Dice, IoU, precision, recall, pixel accuracy, volume errors and misses.</summary>
/// <param name="settings">The classes.</param>
/// <param name="cases">The cases so far, which the evaluator adds.</param>
internal sealed class PixelMetrics(SegmentationSettings settings, IReadOnlyList<SegmentedCase> cases) : IMetricGroup
{
    public IReadOnlyList<Metric> Metrics { get; } =
    [
        Metric.Dice, Metric.Iou, Metric.DicePooled, Metric.IouPooled, Accuracy(settings), Metric.PixelErrorPlain,
        Metric.Precision, Metric.Recall, Metric.VolumeError, Metric.Missed,
    ];

    public IReadOnlyList<Metric> ClassMetrics { get; } = [Metric.Dice, Metric.Iou, Metric.Precision, Metric.Recall, Metric.DicePooled, Metric.IouPooled];

    private static Metric Accuracy(SegmentationSettings settings) => !settings.AreRegions ? Metric.PixelAccuracy
        : Metric.PixelAccuracy with { Definition = "Pixels with the right one of the single labels ÷ all labelled pixels, all cases together; not applicable where the values written for regions do not tell all labels apart." };

    /// <summary>The row of a case whose pixels were counted.</summary>
    public SegmentedCase Row(string name, string? group, Confusion confusion, double pixelVolume, double? pixelError)
    {
        ClassCounts[] counts = [.. settings.Sets.Select(confusion.Of)];
        (long right, long compared) = settings.ComparesLabels ? (confusion.Right, confusion.Total) : (0, 0);
        return new SegmentedCase(new CaseScore
        {
            Name = name,
            Group = group,
            PixelAccuracy = compared > 0 ? (double)right / compared : double.NaN,
            Dice = Scores.Mean([.. settings.Foreground.Select(c => counts[c].Dice)]),
            Iou = Scores.Mean([.. settings.Foreground.Select(c => counts[c].Iou)]),
            PixelError = pixelError,
            PerClass = [.. counts.Select((k, c) => new CaseClassScore(settings.Classes[c], k.Dice, k.Iou, k.Precision, k.Recall, k.Reference, k.Predicted,
                ClassMeans.VolumeErrorOf(k, pixelVolume)))],
        }, counts, pixelVolume, right, compared);
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
        long right = 0, compared = 0;
        for (int i = 0; i < weights.Length; i++)
            (right, compared) = (right + weights[i] * cases[i].Right, compared + weights[i] * cases[i].Compared);
        double accuracy = compared > 0 ? (double)right / compared : double.NaN;
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
