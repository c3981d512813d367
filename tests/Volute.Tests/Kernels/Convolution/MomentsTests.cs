using System.Runtime.InteropServices;
using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>The moments that every algorithm's chunks leave of their results, against plain sums over what came out.</summary>
[Collection(TeamSize.Name)]
public class MomentsTests
{
    public static TheoryData<string> Names => [.. ConvolutionRegistry.All.Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mean_and_variance_of_each_channel_are_those_of_what_came_out(string name)
    {
        int checks = 0;
        // The larger ones are cut into many chunks.
        foreach (var (algorithm, numbers, pass) in Cases(name, 600, 400_000, 0).Concat(Cases(name, 6, 8_000_000, 1_500_000)))
        {
            Check(algorithm, numbers, pass);
            checks++;
        }
        Assert.True(checks > 0, $"no random case fits {name}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        int before = Team.Threads;
        try
        {
            foreach (var (algorithm, numbers, pass) in Cases(name, name == "reference" ? 2 : 10, 8_000_000, 1_000_000))
            {
                int[][] runs = [.. new[] { 1, 2, 3, 8 }.Select(threads =>
                {
                    Team.Threads = threads;
                    var (_, variances, means) = numbers.RunWithMoments(algorithm, pass);
                    return MemoryMarshal.Cast<float, int>((float[])[.. variances, .. means]).ToArray();
                })];
                Assert.All(runs, run => Assert.Equal(runs[0], run));
            }
        }
        finally
        {
            Team.Threads = before;
        }
    }

    /// <summary>Few weights and many maps of few tiles: there are fewer tiles in a map than parts are wanted of it.</summary>
    [Theory]
    [InlineData("winograd4x2", 4, 2, 8)]
    [InlineData("winograd4x2", 4, 2, 16)]
    [InlineData("winograd4", 3, 1, 4)]
    [InlineData("winograd4", 3, 1, 8)]
    [InlineData("winograd2", 3, 1, 2)]
    public void Every_part_has_positions_where_maps_are_a_tile_or_a_few(string name, int kernel, int stride, int size)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        WindowAxis axis = new(kernel, stride, 1, 1, 1);
        Extent input = new(1, size, size), output = new(1, (int)axis.Outputs(size), (int)axis.Outputs(size));
        ConvolutionProblem problem = new(ElementType.Float32, 64, 32, 32, 1, new(new(1), axis, axis), input, output);
        ConvolutionCase numbers = new(problem, new Random(3), whole: false);
        int before = Team.Threads;
        try
        {
            foreach (Pass pass in new[] { Pass.Output, Pass.Input })
            {
                for (int threads = 1; threads <= 3; threads++)
                {
                    Team.Threads = threads;
                    Check(algorithm, numbers, pass);
                }
            }
        }
        finally
        {
            Team.Threads = before;
        }
    }

    [Fact]
    public void Parts_join_to_the_moments_of_the_whole_however_far_from_zero_and_from_each_other()
    {
        const int Channels = 37, Parts = 50;
        Random random = new(3);
        float[] all = new float[Parts * MomentParts.Length(Channels)], variances = new float[Channels], means = new float[Channels];
        double[] counts = new double[Parts];
        double[][] m = [.. Enumerable.Range(0, Parts).Select(_ => new double[Channels])], v = [.. Enumerable.Range(0, Parts).Select(_ => new double[Channels])];
        unsafe
        {
            fixed (float* parts = all, variance = variances, mean = means)
            {
                for (int i = 0; i < Parts; i++)
                {
                    float* part = parts + i * MomentParts.Length(Channels);
                    counts[i] = *part = random.Next(1, 900);
                    for (int c = 0; c < Channels; c++)
                    {
                        // A first part of zeros, as the border of a map may be, beside values that hardly differ.
                        m[i][c] = MomentParts.Means(part)[c] = c % 2 == 0 && i == 0 ? 0 : (float)(1000 + 0.01 * random.NextDouble());
                        v[i][c] = MomentParts.Variances(part, Channels)[c] = (float)(1e-4 * random.NextDouble());
                    }
                }
                MomentParts.Join(variance, mean, parts, Parts, Channels);
            }
        }
        double elements = counts.Sum();
        for (int c = 0; c < Channels; c++)
        {
            double mean = Enumerable.Range(0, Parts).Sum(i => counts[i] * m[i][c]) / elements;
            double variance = Enumerable.Range(0, Parts).Sum(i => counts[i] * (v[i][c] + (m[i][c] - mean) * (m[i][c] - mean))) / elements;
            Assert.Equal(mean, means[c], mean * Unit);
            Assert.Equal(variance, variances[c], 2 * Unit * variance);
        }
    }

    private static void Check(ConvolutionAlgorithm algorithm, ConvolutionCase numbers, Pass pass)
    {
        var (sought, variances, means) = numbers.RunWithMoments(algorithm, pass);
        Assert.Equal(numbers.Run(algorithm, pass), sought);
        foreach (var channel in numbers.Positions(pass).GroupBy(p => p.Channel, p => sought[p.Offset]))
        {
            double mean = channel.Average(), variance = channel.Average(x => (x - mean) * (x - mean));
            // As a reduction of the whole map bounds it: the last bit of the mean counts as often as it is larger than the deviation.
            double size = Math.Sqrt(mean * mean + variance), atMean = 8 * Unit * size;
            Assert.True(Math.Abs(means[channel.Key] - mean) <= atMean, $"{pass} pass of {numbers}: the mean of channel {channel.Key} is {means[channel.Key]}, not {mean} ± {atMean}");
            double atVariance = 16 * Unit * size * Math.Sqrt(variance) + atMean * atMean;
            Assert.True(Math.Abs(variances[channel.Key] - variance) <= atVariance, $"{pass} pass of {numbers}: the variance of channel {channel.Key} is {variances[channel.Key]}, not {variance} ± {atVariance}");
        }
    }

    private static double Unit => Math.Pow(2, -24);

    private static IEnumerable<(ConvolutionAlgorithm Algorithm, ConvolutionCase Numbers, Pass Pass)> Cases(string name, int count, long mostWork, long leastWork)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        Random random = new(61);
        foreach (var problem in RandomProblems.Take(count, ElementType.Float32, seed: 60, mostWork, leastWork).Where(p => !p.IsEmpty))
        {
            ConvolutionCase numbers = new(problem, random, whole: false);
            foreach (Pass pass in new[] { Pass.Output, Pass.Input })
            {
                if (algorithm.Supports(problem, pass))
                    yield return (algorithm, numbers, pass);
            }
        }
    }
}
