using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class BootstrapTests
{
    private static Interval? OfMean(double[] data, string[] groups, int rounds = 4000, int seed = 1)
        => Bootstrap.Intervals(groups, 1, (weights, values) =>
        {
            double sum = 0, n = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * data[i];
                n += weights[i];
            }
            values[0] = sum / n;
        }, rounds, seed)[0];

    private static string[] Alone(int n) => [.. Enumerable.Range(0, n).Select(i => $"{i}")];

    [Fact]
    public void The_interval_of_a_mean_has_the_width_that_theory_gives()
    {
        Random random = new(5);
        double[] data = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        double mean = data.Average(), deviation = Math.Sqrt(data.Average(v => (v - mean) * (v - mean)) / data.Length);
        Interval interval = OfMean(data, Alone(200))!.Value;
        Assert.Equal(mean - 1.96 * deviation, interval.Low, deviation / 6);
        Assert.Equal(mean + 1.96 * deviation, interval.High, deviation / 6);
    }

    [Fact]
    public void Cases_of_a_group_are_drawn_together()
    {
        // Two groups of 50 equal values: only the mixes (0, 0), (0, 1), (1, 1) can be drawn, so that the interval is everything.
        double[] data = [.. Enumerable.Range(0, 100).Select(i => i < 50 ? 0.0 : 1.0)];
        Assert.Equal(new Interval(0, 1), OfMean(data, [.. data.Select(v => $"{v}")]));
        Interval alone = OfMean(data, Alone(100))!.Value;
        Assert.InRange(alone.High - alone.Low, 0.15, 0.25);
    }

    [Fact]
    public void The_seed_decides_and_one_group_has_no_interval()
    {
        double[] data = [1, 4, 2, 8, 5, 7];
        Assert.Equal(OfMean(data, Alone(6), 100, 3), OfMean(data, Alone(6), 100, 3));
        Assert.NotEqual(OfMean(data, Alone(6), 101, 3), OfMean(data, Alone(6), 101, 4));
        Assert.Null(OfMean(data, ["a", "a", "a", "a", "a", "a"]));
        Assert.Null(OfMean(data, Alone(6), rounds: 0));
    }

    [Fact]
    public void Rounds_without_an_applicable_value_are_left_out()
    {
        Interval?[] intervals = Bootstrap.Intervals(["a", "b"], 2, (weights, values) =>
        {
            values[0] = weights[0] > 0 ? 3 : double.NaN;
            values[1] = double.NaN;
        }, 200, 0);
        Assert.Equal(new Interval(3, 3), intervals[0]);
        Assert.Null(intervals[1]);
    }

    [Fact]
    public void Percentiles_are_interpolated()
    {
        Assert.Equal(1, Bootstrap.Percentile([1, 2, 5], 0));
        Assert.Equal(1.5, Bootstrap.Percentile([1, 2, 5], 0.25));
        Assert.Equal(5, Bootstrap.Percentile([1, 2, 5], 1));
        Assert.Equal(7, Bootstrap.Percentile([7], 0.975));
    }
}
