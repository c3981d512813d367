namespace Volute.Training;

/// <summary>Collects predicted masks and computes Dice, IoU, precision, recall, pixel accuracy, pixel error and volume error with intervals.</summary>
public sealed class SegmentationEvaluator
{
    private static readonly Metric[] metrics =
    [
        Metric.Dice, Metric.Iou, Metric.DicePooled, Metric.IouPooled, Metric.PixelAccuracy, Metric.PixelErrorPlain,
        Metric.Precision, Metric.Recall, Metric.VolumeError, Metric.Missed,
    ];

    private static readonly string[] perClass =
        [Metric.Dice.Name, Metric.Iou.Name, Metric.Precision.Name, Metric.Recall.Name, Metric.DicePooled.Name, Metric.IouPooled.Name];

    private readonly string[] classes;
    private readonly int[] foreground;
    private readonly int? ignore, background;
    private readonly int positive;
    private readonly string unit;
    private readonly Confusion pooled;
    private readonly ThresholdCurve curve = new();
    private readonly List<SegmentedCase> cases = [];
    private bool probable;

    /// <summary>Starts with no case.</summary>
    /// <param name="classNames">The classes in the order of their numbers, from 0.</param>
    /// <param name="ignore">The label of pixels that are not labelled: they count nowhere.</param>
    /// <param name="background">The class that means are taken without; null where all classes are of interest.</param>
    /// <param name="positive">The class that probabilities are of, for the pixel error of ISBI.</param>
    /// <param name="volumeUnit">What <c>pixelVolume</c> is measured in: px, mm³, ha.</param>
    /// <exception cref="InvalidArgumentException">No class, or background or positive is none of them.</exception>
    public SegmentationEvaluator(IReadOnlyList<string> classNames, int? ignore = null, int? background = 0, int positive = 1, string volumeUnit = "px")
    {
        ArgumentNullException.ThrowIfNull(classNames);
        classes = [.. classNames];
        pooled = new Confusion(classes.Length);
        if (background is { } b && (uint)b >= (uint)classes.Length)
            throw new InvalidArgumentException($"background {b} is none of the {classes.Length} classes; give null where there is none");
        foreground = [.. Enumerable.Range(0, classes.Length).Where(c => c != background)];
        this.ignore = ignore;
        this.background = background;
        this.positive = positive;
        unit = volumeUnit;
    }

    /// <summary>The pixels counted so far.</summary>
    public Confusion Confusion => pooled;

    /// <summary>Counts one case.</summary>
    /// <param name="name">The case, for lists and messages.</param>
    /// <param name="predictions">The predicted class of each pixel.</param>
    /// <param name="labels">The reference class of each pixel, in the same order.</param>
    /// <param name="probabilities">The probability of the positive class per pixel, or nothing.</param>
    /// <param name="pixelVolume">The volume (or area) of a pixel.</param>
    /// <param name="group">Cases of one group (patient, scene) are drawn together when intervals are estimated.</param>
    /// <exception cref="InvalidArgumentException">Lengths differ, or a value is no class or no probability.</exception>
    public void Add(string name, ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities = default,
        double pixelVolume = 1, string? group = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!(pixelVolume > 0 && double.IsFinite(pixelVolume)))
            throw new InvalidArgumentException($"{name}: the volume of a pixel must be above 0, got {pixelVolume}");
        Confusion confusion = new(classes.Length);
        confusion.Add(predictions, labels, ignore, name);
        ThresholdCurve? own = null;
        if (!probabilities.IsEmpty)
        {
            if ((uint)positive >= (uint)classes.Length)
                throw new InvalidArgumentException($"probabilities are of class {positive}, which is none of the {classes.Length} classes");
            own = new ThresholdCurve();
            own.Add(probabilities, labels, positive, ignore, name);
            curve.Add(own);
            probable = true;
        }
        pooled.Add(confusion);
        ClassCounts[] counts = [.. Enumerable.Range(0, classes.Length).Select(confusion.Of)];
        cases.Add(new SegmentedCase(new CaseScore
        {
            Name = name,
            Group = group,
            PixelAccuracy = confusion.Accuracy,
            Dice = Scores.Mean([.. foreground.Select(c => counts[c].Dice)]),
            Iou = Scores.Mean([.. foreground.Select(c => counts[c].Iou)]),
            PixelError = own?.PixelError,
            PerClass = [.. counts.Select((k, c) => new CaseClassScore(classes[c], k.Dice, k.Iou, k.Precision, k.Recall, k.Reference, k.Predicted,
                ClassMeans.VolumeErrorOf(k, pixelVolume)))],
        }, counts, pixelVolume));
    }

    /// <summary>The document of all cases so far.</summary>
    /// <param name="rounds">How often the bootstrap draws; 0 for no intervals.</param>
    /// <param name="seed">The bootstrap's seed.</param>
    public Evaluation Evaluate(int rounds = 1000, int seed = 0)
    {
        string[] groups = [.. cases.Select((c, i) => c.Score.Group ?? $"\0{i}")];
        Scores scores = Scores.Of(metrics, perClass, classes.Length, groups, Compute, rounds, seed);
        // How many are missed grows with the number of cases: an interval would say nothing about other cases.
        scores.Intervals.Remove(Metric.Missed.Name);
        Dictionary<string, string> definitions = metrics.ToDictionary(m => m.Name, m => m.Definition);
        if (probable)
        {
            scores.Metrics[Metric.PixelError.Name] = curve.PixelError;
            definitions[Metric.PixelError.Name] = $"{Metric.PixelError.Definition} The class looked for is '{classes[positive]}'.";
        }
        return new Evaluation
        {
            Cases = cases.Count,
            Task = "segmentation",
            Headline = Metric.Dice.Name,
            Background = background,
            VolumeUnit = unit,
            Metrics = scores.Metrics,
            Intervals = scores.Intervals,
            PerClass = [.. classes.Select((name, c) => OfClass(name, c, scores.ClassIntervals[c]))],
            Confusion = pooled.ToRows(),
            PerCase = [.. cases.Select(c => c.Score)],
            Definitions = definitions,
        };
    }

    private ClassScore OfClass(string name, int c, Dictionary<string, Interval> intervals)
    {
        int[] once = new int[cases.Count];
        Array.Fill(once, 1);
        ClassMeans means = ClassMeans.Of(c, cases, once);
        return new ClassScore
        {
            Name = name,
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
            Intervals = intervals,
        };
    }

    /// <summary>First the metrics, then the scores of each class, of cases counted <paramref name="weights"/> times.</summary>
    private void Compute(ReadOnlySpan<int> weights, Span<double> values)
    {
        ClassMeans[] means = new ClassMeans[classes.Length];
        for (int c = 0; c < means.Length; c++)
            means[c] = ClassMeans.Of(c, cases, weights);
        double Mean(Func<ClassMeans, double> score) => Scores.Mean([.. foreground.Select(c => score(means[c]))]);
        long total = means.Sum(m => m.Pooled.Reference);
        double accuracy = total > 0 ? (double)means.Sum(m => m.Pooled.TruePositives) / total : double.NaN;
        ReadOnlySpan<double> ofMetrics =
        [
            Mean(m => m.Dice), Mean(m => m.Iou), Mean(m => m.Pooled.Dice), Mean(m => m.Pooled.Iou), accuracy, 1 - accuracy,
            Mean(m => m.Precision), Mean(m => m.Recall), Mean(m => m.RelativeVolumeError), foreground.Sum(c => means[c].Missed),
        ];
        ofMetrics.CopyTo(values);
        for (int c = 0; c < means.Length; c++)
        {
            ClassMeans m = means[c];
            ReadOnlySpan<double> ofClass = [m.Dice, m.Iou, m.Precision, m.Recall, m.Pooled.Dice, m.Pooled.Iou];
            ofClass.CopyTo(values[(metrics.Length + c * perClass.Length)..]);
        }
    }
}
