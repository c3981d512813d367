namespace Volute.Training;

/// <summary>Distances between surfaces, case by case and class by class: HD95, HD, ASSD and NSD.</summary>
/// <param name="settings">The classes, and what distances are measured in.</param>
internal sealed class SurfaceMetrics(SegmentationSettings settings) : IMeasuredGroup
{
    private static readonly Metric[] names = [Metric.Hd95, Metric.Hd, Metric.Assd, Metric.Nsd];

    // [case][class]; null for a case whose pixels have no known place.
    private readonly List<SurfaceScores[]?> cases = [];

    // For each class: cases where reference or prediction has it, where only the reference has it, where only the prediction has it.
    private readonly (int Applicable, int Missed, int FalseAlarms)[] counts = new (int, int, int)[settings.Classes.Length];

    public IReadOnlyList<Metric> Metrics => cases.TrueForAll(c => c == null) ? [] : [.. names.Select(Explained)];

    public IReadOnlyList<Metric> ClassMetrics => Metrics;

    public void Add(in CaseMaps maps)
    {
        if (maps.Grid is not { } grid)
        {
            cases.Add(null);
            return;
        }
        SurfaceScores[] scores = [.. Enumerable.Repeat(SurfaceScores.NotApplicable, settings.Classes.Length)];
        foreach (int c in settings.Foreground)
        {
            if (MaskPair.Of(maps.Predictions, maps.Labels, settings.Ignore, grid, settings.Sets[c]) is not { } masks)
                continue;
            scores[c] = SurfaceScores.Of(masks, settings.Tolerance, grid.Diagonal);
            ref var count = ref counts[c];
            count.Applicable++;
            count.Missed += masks.Prediction.Contains(true) ? 0 : 1;
            count.FalseAlarms += masks.Reference.Contains(true) ? 0 : 1;
        }
        cases.Add(scores);
    }

    public void Compute(ReadOnlySpan<int> weights, Span<double> metrics, Span<double> classMetrics)
    {
        double[][] means = new double[settings.Classes.Length][];
        for (int c = 0; c < means.Length; c++)
        {
            means[c] = Means(c, weights);
            means[c].CopyTo(classMetrics[(c * names.Length)..]);
        }
        for (int k = 0; k < names.Length; k++)
            metrics[k] = Scores.Mean([.. settings.Foreground.Select(c => means[c][k])]);
    }

    public CaseScore Describe(CaseScore score, int index) => cases[index] is not { } own ? score : score with
    {
        PerClass = [.. score.PerClass!.Select((row, c) => c == settings.Background ? row
            : row with { Hd95 = own[c].Hd95, Hd = own[c].Hd, Assd = own[c].Assd, Nsd = own[c].Nsd })],
    };

    public ClassScore Describe(ClassScore score, int c)
    {
        if (c == settings.Background)
            return score;
        double[] means = Means(c, [.. Enumerable.Repeat(1, cases.Count)]);
        return score with { Hd95 = means[0], Hd = means[1], Assd = means[2], Nsd = means[3], FalseAlarms = counts[c].FalseAlarms };
    }

    /// <summary>The scores of class <paramref name="c"/> over the cases that have it, case i counted <c>weights[i]</c> times; NaN where none has.</summary>
    private double[] Means(int c, ReadOnlySpan<int> weights)
    {
        double[] sums = new double[names.Length];
        long applicable = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0 || cases[i]?[c] is not { } own || double.IsNaN(own.Nsd))
                continue;
            applicable += weights[i];
            ReadOnlySpan<double> values = [own.Hd95, own.Hd, own.Assd, own.Nsd];
            for (int k = 0; k < names.Length; k++)
                sums[k] += weights[i] * values[k];
        }
        return [.. sums.Select(sum => applicable > 0 ? sum / applicable : double.NaN)];
    }

    /// <summary>The definition with the unit, the tolerance and what the mean is over.</summary>
    private Metric Explained(Metric metric) => metric with
    {
        Definition = FormattableString.Invariant($"{metric.Definition} Here in {settings.DistanceUnit}, tolerance {settings.Tolerance} {settings.DistanceUnit}; ") +
            $"the means are over {counts.Sum(c => c.Applicable)} pairs of case and class, in {counts.Sum(c => c.Missed)} of which the class was missed and in {counts.Sum(c => c.FalseAlarms)} a false alarm.",
    };
}
