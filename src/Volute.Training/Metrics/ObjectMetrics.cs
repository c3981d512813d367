namespace Volute.Training;

/// <summary>Objects found, missed and made up, of all cases together, class by class.</summary>
/// <param name="settings">The classes.</param>
internal sealed class ObjectMetrics(SegmentationSettings settings) : IMeasuredGroup
{
    private static readonly Metric[] names = [Metric.ObjectF1, Metric.ObjectPrecision, Metric.ObjectRecall];

    // [case][class]; null for a case whose pixels have no known place.
    private readonly List<ObjectCounts[]?> cases = [];

    public IReadOnlyList<Metric> Metrics => cases.TrueForAll(c => c == null) ? [] : names;

    public IReadOnlyList<Metric> ClassMetrics => Metrics;

    public void Add(in CaseMaps maps)
    {
        if (maps.Grid is not { } grid)
        {
            cases.Add(null);
            return;
        }
        ObjectCounts[] counts = new ObjectCounts[settings.Classes.Length];
        for (int c = 0; c < counts.Length; c++)
            counts[c] = c == settings.Background ? ObjectCounts.None : ObjectMatching.Of(MaskPair.Of(maps.Predictions, maps.Labels, settings.Ignore, grid, settings.Sets[c]));
        cases.Add(counts);
    }

    public void Compute(ReadOnlySpan<int> weights, Span<double> metrics, Span<double> classMetrics)
    {
        double[][] scores = new double[settings.Classes.Length][];
        for (int c = 0; c < scores.Length; c++)
        {
            ClassCounts pooled = default;
            for (int i = 0; i < weights.Length; i++)
                if (cases[i]?[c].Total is { } own)
                    pooled += new ClassCounts(weights[i] * own.TruePositives, weights[i] * own.FalsePositives, weights[i] * own.FalseNegatives);
            scores[c] = [pooled.Dice, pooled.Precision, pooled.Recall];
            scores[c].CopyTo(classMetrics[(c * names.Length)..]);
        }
        for (int k = 0; k < names.Length; k++)
            metrics[k] = Scores.Mean([.. settings.Foreground.Select(c => scores[c][k])]);
    }

    public CaseScore Describe(CaseScore score, int index) => cases[index] is not { } own ? score : score with
    {
        PerClass = [.. score.PerClass!.Select((row, c) => c == settings.Background ? row : row with
        {
            ObjectF1 = own[c].Total.Dice,
            ObjectsFound = own[c].Total.TruePositives,
            ObjectsMissed = own[c].Total.FalseNegatives,
            ObjectFalseAlarms = own[c].Total.FalsePositives,
        })],
    };

    public ClassScore Describe(ClassScore score, int c)
    {
        if (c == settings.Background)
            return score;
        ObjectCounts all = ObjectCounts.None;
        foreach (ObjectCounts[] own in cases.OfType<ObjectCounts[]>())
            for (int k = 0; k < ObjectCounts.Decades; k++)
            {
                all.Found[k] += own[c].Found[k];
                all.Missed[k] += own[c].Missed[k];
                all.FalseAlarms[k] += own[c].FalseAlarms[k];
            }
        return score with { ObjectF1 = all.Total.Dice, ObjectPrecision = all.Total.Precision, ObjectRecall = all.Total.Recall, Objects = all.Bins };
    }
}
