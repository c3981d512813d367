namespace Volute.Training;

/// <summary>Values and intervals of one statistic function, taken apart into metrics and classes; shared by both kinds of evaluation.</summary>
internal sealed record Scores(Dictionary<string, double?> Metrics, Dictionary<string, Interval> Intervals, Dictionary<string, Interval>[] ClassIntervals)
{
    /// <summary>
    /// Calls <paramref name="statistic"/> with every case once for the values, and with cases drawn at random for the intervals. Its values
    /// are those of <paramref name="metrics"/>, then for each class those of <paramref name="perClass"/>.
    /// </summary>
    public static Scores Of(IReadOnlyList<Metric> metrics, IReadOnlyList<string> perClass, int classes, IReadOnlyList<string> groups,
        Bootstrap.Statistic statistic, int rounds, int seed)
    {
        int count = metrics.Count + classes * perClass.Count;
        int[] once = new int[groups.Count];
        Array.Fill(once, 1);
        double[] values = new double[count];
        statistic(once, values);
        Interval?[] intervals = Bootstrap.Intervals(groups, count, statistic, rounds, seed);
        Scores scores = new([], [], new Dictionary<string, Interval>[classes]);
        for (int m = 0; m < metrics.Count; m++)
        {
            scores.Metrics[metrics[m].Name] = values[m];
            if (intervals[m] is { } interval)
                scores.Intervals[metrics[m].Name] = interval;
        }
        for (int c = 0; c < classes; c++)
        {
            int first = metrics.Count + c * perClass.Count;
            scores.ClassIntervals[c] = [];
            for (int s = 0; s < perClass.Count; s++)
                if (intervals[first + s] is { } interval)
                    scores.ClassIntervals[c][perClass[s]] = interval;
        }
        return scores;
    }

    /// <summary>The mean of the values that are not NaN; NaN where there is none.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        int count = 0;
        foreach (double value in values)
            if (!double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        return count > 0 ? sum / count : double.NaN;
    }
}
