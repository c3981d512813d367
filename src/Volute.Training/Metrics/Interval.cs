namespace Volute.Training;

/// <summary>A 95 % interval.</summary>
/// <param name="Low">The 2.5th percentile.</param>
/// <param name="High">The 97.5th percentile.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>
/// Percentile bootstrap: groups of cases are drawn with replacement, as many as there are, and the statistic is computed anew. Cases of one
/// group (a patient, a scene) are drawn together, for they are not independent.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Computes statistics (<paramref name="values"/>, NaN where one is not applicable) of cases counted <paramref name="weights"/> times.</summary>
    public delegate void Statistic(ReadOnlySpan<int> weights, Span<double> values);

    /// <summary>One interval a statistic; null where there are fewer than two groups or the statistic was never applicable.</summary>
    /// <param name="groups">The group of each case.</param>
    /// <param name="statistics">How many values <paramref name="statistic"/> computes.</param>
    /// <param name="statistic">The computation.</param>
    /// <param name="rounds">How often is drawn.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    public static Interval?[] Intervals(IReadOnlyList<string> groups, int statistics, Statistic statistic, int rounds, int seed)
    {
        Interval?[] intervals = new Interval?[statistics];
        int[][] members = [.. Enumerable.Range(0, groups.Count).GroupBy(i => groups[i], StringComparer.Ordinal).Select(g => g.ToArray())];
        if (members.Length < 2 || rounds < 1)
            return intervals;
        double[][] drawn = new double[statistics][];
        for (int s = 0; s < statistics; s++)
            drawn[s] = new double[rounds];
        Random random = new(seed);
        int[] weights = new int[groups.Count];
        double[] values = new double[statistics];
        for (int round = 0; round < rounds; round++)
        {
            Array.Clear(weights);
            for (int k = 0; k < members.Length; k++)
                foreach (int i in members[random.Next(members.Length)])
                    weights[i]++;
            statistic(weights, values);
            for (int s = 0; s < statistics; s++)
                drawn[s][round] = values[s];
        }
        for (int s = 0; s < statistics; s++)
        {
            double[] sorted = [.. drawn[s].Where(v => !double.IsNaN(v)).Order()];
            if (sorted.Length > 0)
                intervals[s] = new Interval(Percentile(sorted, 0.025), Percentile(sorted, 0.975));
        }
        return intervals;
    }

    /// <summary>The value at <paramref name="share"/> of the way through <paramref name="sorted"/>, interpolated linearly between neighbours.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (position - below) * (above - sorted[below]);
    }
}
