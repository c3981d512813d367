namespace Volute.Training;

/// <summary>
/// Collects predicted masks and computes scores with intervals: of pixels always; of surfaces, objects and partitions where it is known where the
/// pixels lie; of probabilities where there are some. Each case is measured when it is added and then let go; while it is measured that takes, beside the
/// maps given, about 10 bytes for each pixel of the box around one class (0.8 GB for a class that fills 512 × 512 × 300 voxels).
/// </summary>
public sealed class SegmentationEvaluator
{
    private readonly SegmentationSettings settings;
    private readonly string unit;
    private readonly PixelMetrics pixels;
    private readonly IMeasuredGroup[] groups;
    private readonly Calibration? calibration;
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
    /// <param name="distanceUnit">What the spacing of grids is measured in; the tolerance of NSD is 2 px or 1 of another unit.</param>
    /// <param name="measures">What to measure beyond counting pixels.</param>
    /// <exception cref="InvalidArgumentException">No class, or background or positive is none of them.</exception>
    public SegmentationEvaluator(IReadOnlyList<string> classNames, int? ignore = null, int? background = 0, int positive = 1, string volumeUnit = "px",
        string distanceUnit = "px", SegmentationMeasures measures = SegmentationMeasures.All)
        : this(SegmentationSettings.OfClasses(classNames, background, ignore, positive, distanceUnit), volumeUnit, measures)
    {
    }

    /// <summary>Starts with no case. Of regions no partition is measured, and no probability: none of several that hold together is the surest.</summary>
    internal SegmentationEvaluator(SegmentationSettings settings, string volumeUnit = "px", SegmentationMeasures measures = SegmentationMeasures.All)
    {
        pooled = new Confusion(settings.Labels.Length);
        if (settings.Background is { } b && (uint)b >= (uint)settings.Classes.Length)
            throw new InvalidArgumentException($"background {b} is none of the {settings.Classes.Length} classes; give null where there is none");
        (this.settings, unit) = (settings, volumeUnit);
        if (settings.AreRegions)
            measures &= ~(SegmentationMeasures.Partitions | SegmentationMeasures.Calibration);
        pixels = new PixelMetrics(settings, cases);
        List<IMeasuredGroup> measured = [];
        if (measures.HasFlag(SegmentationMeasures.Surfaces))
            measured.Add(new SurfaceMetrics(settings));
        if (measures.HasFlag(SegmentationMeasures.Objects))
            measured.Add(new ObjectMetrics(settings));
        if (measures.HasFlag(SegmentationMeasures.Partitions))
            measured.Add(new PartitionMetrics(settings));
        groups = [.. measured];
        calibration = measures.HasFlag(SegmentationMeasures.Calibration) ? new Calibration(settings.Classes.Length) : null;
    }

    /// <summary>The pixels counted so far, label by label.</summary>
    public Confusion Confusion => pooled;

    /// <summary>Counts one case.</summary>
    /// <param name="name">The case, for lists and messages.</param>
    /// <param name="predictions">The predicted class of each pixel.</param>
    /// <param name="labels">The reference class of each pixel, in the same order.</param>
    /// <param name="probabilities">The probability of each class, [classes, pixels]; or of the positive class, [pixels]; or nothing.</param>
    /// <param name="pixelVolume">The volume (or area) of a pixel; left out, that of <paramref name="grid"/>, or 1.</param>
    /// <param name="group">Cases of one group (patient, scene) are drawn together when intervals are estimated.</param>
    /// <param name="grid">Where the pixels lie; without it surfaces, objects and partitions are not measured.</param>
    /// <exception cref="InvalidArgumentException">Lengths differ, or a value is no class or no probability.</exception>
    public void Add(string name, ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities = default,
        double? pixelVolume = null, string? group = null, PixelGrid? grid = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        double volume = pixelVolume ?? grid?.PixelVolume ?? 1;
        if (!(volume > 0 && double.IsFinite(volume)))
            throw new InvalidArgumentException($"{name}: the volume of a pixel must be above 0, got {volume}");
        if (grid != null && grid.Pixels != labels.Length)
            throw new InvalidArgumentException($"{name}: a grid of {string.Join(" x ", grid.Sizes.ToArray())} pixels for {labels.Length} labels; both need the same size");
        Confusion confusion = new(settings.Labels.Length);
        confusion.Add(predictions, labels, settings.Ignore, name);
        ReadOnlySpan<float> looked = OfPositive(probabilities, labels, name);
        ThresholdCurve? own = null;
        if (!probabilities.IsEmpty)
        {
            own = new ThresholdCurve();
            own.Add(looked, labels, settings.Positive, settings.Ignore, name);
            curve.Add(own);
            probable = true;
            Calibrate(probabilities, labels);
        }
        CaseMaps maps = new() { Predictions = predictions, Labels = labels, Probabilities = looked, Grid = grid };
        foreach (IMeasuredGroup measured in groups)
            measured.Add(maps);
        pooled.Add(confusion);
        cases.Add(pixels.Row(name, group, confusion, volume, own?.PixelError));
    }

    /// <summary>Counts one case whose pixels were compared before; nothing else is measured of it.</summary>
    internal void Add(string name, Confusion confusion, double pixelVolume, string? group)
    {
        pooled.Add(confusion);
        cases.Add(pixels.Row(name, group, confusion, pixelVolume, null));
    }

    /// <summary>The document of all cases so far.</summary>
    /// <param name="rounds">How often the bootstrap draws; 0 for no intervals.</param>
    /// <param name="seed">The bootstrap's seed.</param>
    public Evaluation Evaluate(int rounds = 1000, int seed = 0)
    {
        string[] together = [.. cases.Select((c, i) => c.Score.Group ?? $"\0{i}")];
        List<Metric> all = [.. All.SelectMany(g => g.Metrics)];
        string[] ofClass = [.. All.SelectMany(g => g.ClassMetrics).Select(m => m.Name)];
        Scores scores = Scores.Of(all, ofClass, settings.Classes.Length, together, Compute, rounds, seed);
        // How many are missed grows with the number of cases: an interval would say nothing about other cases.
        scores.Intervals.Remove(Metric.Missed.Name);
        CalibrationScore? calibrated = calibration?.Score();
        if (probable)
        {
            all.Add(Metric.PixelError with { Definition = $"{Metric.PixelError.Definition} The class looked for is '{settings.Classes[settings.Positive]}'." });
            scores.Metrics[Metric.PixelError.Name] = curve.PixelError;
        }
        if (calibrated != null)
            all.AddRange(calibrated.AddTo(scores.Metrics));
        return new Evaluation
        {
            Cases = cases.Count,
            Task = "segmentation",
            Headline = Metric.Dice.Name,
            Background = settings.Background,
            VolumeUnit = unit,
            DistanceUnit = all.Exists(m => m.Name == Metric.Hd95.Name) ? settings.DistanceUnit : null,
            Metrics = scores.Metrics,
            Intervals = scores.Intervals,
            PerClass = [.. settings.Classes.Select((name, c) => All.Where(g => g.ClassMetrics.Count > 0)
                .Aggregate(Unmeasured(name, scores.ClassIntervals[c]), (score, g) => g.Describe(score, c)))],
            Labels = settings.AreRegions ? settings.Labels : null,
            Confusion = settings.ComparesLabels ? pooled.ToRows() : [],
            Calibration = calibrated,
            PerCase = [.. cases.Select((own, i) => groups.Aggregate(own.Score, (score, g) => g.Describe(score, i)))],
            Definitions = all.ToDictionary(m => m.Name, m => m.Definition),
        };
    }

    private IEnumerable<IMetricGroup> All => groups.Prepend<IMetricGroup>(pixels);

    private static ClassScore Unmeasured(string name, Dictionary<string, Interval> intervals)
        => new() { Name = name, Reference = 0, Predicted = 0, Cases = 0, NotApplicable = 0, Intervals = intervals };

    /// <summary>First the metrics, then the scores of each class, of cases counted <paramref name="weights"/> times.</summary>
    private void Compute(ReadOnlySpan<int> weights, Span<double> values)
    {
        int classes = settings.Classes.Length, row = All.Sum(g => g.ClassMetrics.Count), ofClasses = values.Length - classes * row, metric = 0, score = 0;
        foreach (IMetricGroup group in All)
        {
            int own = group.Metrics.Count, ownPerClass = group.ClassMetrics.Count;
            if (own == 0)
                continue;
            double[] rows = new double[classes * ownPerClass];
            group.Compute(weights, values.Slice(metric, own), rows);
            for (int c = 0; c < classes; c++)
                rows.AsSpan(c * ownPerClass, ownPerClass).CopyTo(values[(ofClasses + c * row + score)..]);
            metric += own;
            score += ownPerClass;
        }
    }

    /// <summary>The probabilities of the class looked for.</summary>
    private ReadOnlySpan<float> OfPositive(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, string name)
    {
        int classes = settings.Classes.Length, pixels = labels.Length;
        if (probabilities.IsEmpty)
            return probabilities;
        if ((uint)settings.Positive >= (uint)classes)
            throw new InvalidArgumentException($"probabilities are of class {settings.Positive}, which is none of the {classes} classes");
        if (probabilities.Length != pixels && probabilities.Length != (long)pixels * classes)
            throw new InvalidArgumentException($"{name}: {probabilities.Length} probabilities for {pixels} labels; one for each is needed, or one for each and each of the {classes} classes");
        for (int i = 0; i < probabilities.Length; i++)
            if (labels[i % pixels] != settings.Ignore && !(probabilities[i] >= 0 && probabilities[i] <= 1))
                throw new InvalidArgumentException($"{name}: probability {probabilities[i]} at index {i} is not between 0 and 1");
        return probabilities.Length == pixels ? probabilities : probabilities.Slice(settings.Positive * pixels, pixels);
    }

    /// <summary>Takes the probabilities of all classes; of two classes one is enough, the other is the rest.</summary>
    private void Calibrate(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels)
    {
        // The rest of a probability that was rounded to 1 is as small as half a step of float below 1.
        const double Rest = 1.0 / (1 << 25);
        int classes = settings.Classes.Length, pixels = labels.Length;
        bool rest = probabilities.Length == pixels;
        if (calibration == null || rest && classes != 2)
            return;
        float[] row = new float[classes];
        for (int i = 0; i < pixels; i++)
        {
            if (labels[i] == settings.Ignore)
                continue;
            for (int c = 0; c < classes; c++)
                row[c] = !rest ? probabilities[c * pixels + i] : c == settings.Positive ? probabilities[i] : 1 - probabilities[i];
            calibration.Add(row, labels[i], rest ? Rest : 1e-30);
        }
    }
}
