using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Every algorithm of the registry in every pass that it supports, against the reference.</summary>
[Collection(TeamSize.Name)]
public class AlgorithmTests
{
    public static TheoryData<string> Names => [.. ConvolutionRegistry.All.SkipLast(1).Select(a => a.Name)];

    private static ConvolutionAlgorithm Reference => ConvolutionRegistry.All[^1];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole_numbers_come_out_exact(string name)
    {
        int checks = 0;
        // The larger ones are cut into many chunks.
        foreach (var (algorithm, numbers, pass) in Cases(name, 500, seed: 10, whole: true).Concat(Cases(name, 30, seed: 40, true, 8_000_000, 1_500_000)))
        {
            // The nodes of F(4, 3) divide by 24 on each axis: weights that are multiples of 9 leave eighths, which are exact; dw has no such numbers.
            if (name == "winograd4" && pass == Pass.Weight)
                continue;
            double[] expected = numbers.Run(Reference, pass), actual = numbers.Run(algorithm, pass, packBefore: checks % 2 == 0);
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] != actual[i])
                    Assert.Fail($"{name}, {pass} pass of {numbers}: element {i} is {actual[i]}, not {expected[i]}");
            }
            checks++;
        }
        Assert.True(checks > 0, $"no random case fits {name}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Real_numbers_stay_within_the_rounding_of_their_sum(string name)
    {
        int units = name switch { "winograd4" => 128, "winograd2" => 16, _ => 8 };
        foreach (var (algorithm, numbers, pass) in Cases(name, 100, seed: 20, whole: false))
        {
            double[] expected = numbers.Run(Reference, pass), actual = numbers.Run(algorithm, pass), scale = numbers.Magnitudes().Run(Reference, pass);
            for (int i = 0; i < expected.Length; i++)
            {
                double allowed = units * Math.Pow(2, -23) * (scale[i] + 1);
                if (Math.Abs(expected[i] - actual[i]) > allowed)
                    Assert.Fail($"{name}, {pass} pass of {numbers}: element {i} is {actual[i]}, not {expected[i]} ± {allowed}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        foreach (var (algorithm, numbers, pass) in Cases(name, 30, seed: 30, whole: false, 8_000_000, 1_000_000))
            TeamSize.SameBits(() => numbers.Run(algorithm, pass));
    }

    private static IEnumerable<(ConvolutionAlgorithm Algorithm, ConvolutionCase Numbers, Pass Pass)> Cases(
        string name, int count, int seed, bool whole, long mostWork = 400_000, long leastWork = 0)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        Random random = new(seed);
        foreach (var problem in RandomProblems.Take(count, ElementType.Float32, seed + 1, mostWork, leastWork))
        {
            ConvolutionCase numbers = new(problem, random, whole, weightFactor: whole && name == "winograd4" ? 9 : 1);
            foreach (var pass in Enum.GetValues<Pass>())
            {
                if (algorithm.Supports(problem, pass))
                    yield return (algorithm, numbers, pass);
            }
        }
    }
}
