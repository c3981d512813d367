namespace Volute.Training;

/// <summary>Collects the answers of a classifier, one a picture, and computes accuracy, top-k, precision, recall and F1 with intervals, and how far the probabilities can be trusted.</summary>
public sealed class ClassificationEvaluator
{
    private readonly string[] classes;
    private readonly int? ignore;
    private readonly int top;
    private readonly List<CaseScore> cases = [];
    private readonly List<(int Label, int Prediction, int Rank)> answers = [];
    private readonly Calibration calibration;
    private bool ranked = true;

    /// <summary>Starts with no picture.</summary>
    /// <param name="classNames">The classes in the order of their numbers, from 0.</param>
    /// <param name="top">The k of the top-k accuracy; it is left out with that many classes or fewer.</param>
    /// <param name="ignore">The label of pictures that are not to be counted.</param>
    /// <exception cref="InvalidArgumentException">No class, or k below 1.</exception>
    public ClassificationEvaluator(IReadOnlyList<string> classNames, int top = 5, int? ignore = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (top < 1)
            throw new InvalidArgumentException($"top-k accuracy needs k >= 1, got {top}");
        classes = [.. classNames];
        Confusion = new Confusion(classes.Length);
        this.ignore = ignore;
        this.top = top;
        calibration = new Calibration(classes.Length);
    }

    /// <summary>What was counted so far.</summary>
    public Confusion Confusion { get; }

    private bool HasTop => ranked && classes.Length > top;

    /// <summary>Counts one picture; one whose label is to be ignored is passed over.</summary>
    /// <param name="name">The picture, for lists and messages.</param>
    /// <param name="prediction">The number of the predicted class.</param>
    /// <param name="label">The number of the given class.</param>
    /// <param name="probabilities">The probability of each class, or nothing.</param>
    /// <param name="group">Pictures of one group (patient, video) are drawn together when intervals are estimated.</param>
    /// <exception cref="InvalidArgumentException">A number is no class, or there are not as many probabilities as classes.</exception>
    public void Add(string name, int prediction, int label, ReadOnlySpan<float> probabilities = default, string? group = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (label == ignore)
            return;
        if (!probabilities.IsEmpty && probabilities.Length != classes.Length)
            throw new InvalidArgumentException($"{name}: {probabilities.Length} probabilities for {classes.Length} classes");
        Confusion.Add([prediction], [label], ignore, name);
        ranked &= !probabilities.IsEmpty;
        if (!probabilities.IsEmpty)
            calibration.Add(probabilities, label);
        answers.Add((label, prediction, probabilities.IsEmpty ? 0 : TopK.Rank(probabilities, label)));
        cases.Add(new CaseScore
        {
            Name = name,
            Group = group,
            Reference = classes[label],
            Predicted = classes[prediction],
            Probability = probabilities.IsEmpty ? null : probabilities[prediction],
        });
    }

    /// <summary>The document of all pictures so far.</summary>
    /// <param name="rounds">How often the bootstrap draws; 0 for no intervals.</param>
    /// <param name="seed">The bootstrap's seed.</param>
    public Evaluation Evaluate(int rounds = 1000, int seed = 0)
    {
        List<Metric> metrics = [Metric.Accuracy, Metric.F1, Metric.Precision, Metric.Recall];
        if (HasTop)
            metrics.Insert(1, Metric.TopAccuracy(top));
        string[] perClass = [Metric.F1.Name, Metric.Precision.Name, Metric.Recall.Name];
        Scores scores = Scores.Of(metrics, perClass, classes.Length, [.. cases.Select((c, i) => c.Group ?? $"\0{i}")], Compute, rounds, seed);
        // Of some pictures' probabilities alone it would be said of all.
        CalibrationScore? calibrated = ranked ? calibration.Score() : null;
        if (calibrated != null)
            metrics.AddRange(calibrated.AddTo(scores.Metrics));
        return new Evaluation
        {
            Cases = cases.Count,
            Task = "classification",
            Headline = Metric.Accuracy.Name,
            Metrics = scores.Metrics,
            Intervals = scores.Intervals,
            PerClass = [.. classes.Select((name, c) =>
            {
                ClassCounts counts = Confusion.Of(c);
                return new ClassScore
                {
                    Name = name,
                    Reference = counts.Reference,
                    Predicted = counts.Predicted,
                    Cases = (int)(counts.Reference + counts.FalsePositives),
                    NotApplicable = cases.Count - (int)(counts.Reference + counts.FalsePositives),
                    F1 = counts.Dice,
                    Precision = counts.Precision,
                    Recall = counts.Recall,
                    Intervals = scores.ClassIntervals[c],
                };
            })],
            Confusion = Confusion.ToRows(),
            Calibration = calibrated,
            PerCase = [.. cases],
            Definitions = metrics.ToDictionary(m => m.Name, m => m.Definition),
        };
    }

    /// <summary>First the metrics, then F1, precision and recall of each class, of pictures counted <paramref name="weights"/> times.</summary>
    private void Compute(ReadOnlySpan<int> weights, Span<double> values)
    {
        int n = classes.Length;
        long right = 0, near = 0, total = 0;
        long[] hits = new long[n], given = new long[n], predicted = new long[n];
        for (int i = 0; i < weights.Length; i++)
        {
            (int label, int prediction, int rank) = answers[i];
            long w = weights[i];
            total += w;
            given[label] += w;
            predicted[prediction] += w;
            near += rank < top ? w : 0;
            if (label == prediction)
            {
                right += w;
                hits[label] += w;
            }
        }
        ClassCounts[] counts = new ClassCounts[n];
        for (int c = 0; c < n; c++)
            counts[c] = new ClassCounts(hits[c], predicted[c] - hits[c], given[c] - hits[c]);
        List<double> all = [total > 0 ? (double)right / total : double.NaN];
        if (HasTop)
            all.Add(total > 0 ? (double)near / total : double.NaN);
        all.Add(Scores.Mean([.. counts.Select(k => k.Dice)]));
        all.Add(Scores.Mean([.. counts.Select(k => k.Precision)]));
        all.Add(Scores.Mean([.. counts.Select(k => k.Recall)]));
        foreach (ClassCounts k in counts)
            all.AddRange([k.Dice, k.Precision, k.Recall]);
        all.CopyTo(values);
    }
}
