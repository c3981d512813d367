using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Every algorithm of the registry in every pass that it supports, against the reference.</summary>
[Collection(TeamSize.Name)]
public class AlgorithmTests
{
    public static TheoryData<string> Names => [.. ConvolutionRegistry.All.SkipLast(1).Select(a => a.Name)];

    private static ConvolutionAlgorithm Reference => ConvolutionRegistry.All[^1];

    /// <summary>The taps of an axis that an algorithm takes to nodes.</summary>
    internal static int TapsOf(string name) => name switch { "winograd2x5" => 5, "winograd3x4" => 4, "winograd4x2" => 2, _ => 3 };

    /// <summary>Of what weights must be multiples for eighths at the nodes, which are exact: 24 or 6 divide them there, on each axis.</summary>
    internal static int WholeFactor(string name) => name is "winograd4" or "winograd2x5" or "winograd3x4" or "winograd4x2" ? 9 : 1;

    /// <summary>How far dw, which has no such factors, may be from whole numbers, as a part of the largest of them.</summary>
    internal static double Allowed(string name, Pass pass) => WholeFactor(name) > 1 && pass == Pass.Weight ? 1e-5 : 0;

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole_numbers_come_out_exact(string name)
    {
        int checks = 0;
        // The larger ones are cut into many chunks.
        foreach (var (algorithm, numbers, pass) in Cases(name, 500, seed: 10, whole: true).Concat(Cases(name, 30, seed: 40, true, 8_000_000, 1_500_000)))
        {
            if (Allowed(name, pass) > 0)
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
        int units = name switch { "winograd4" or "winograd2x5" or "winograd3x4" => 128, "winograd4x2" => 64, "winograd2" => 16, _ => 8 };
        foreach (var (algorithm, numbers, pass) in Cases(name, 100, seed: 20, whole: false))
        {
            double[] expected = numbers.Run(Reference, pass), actual = numbers.Run(algorithm, pass), scale = numbers.Magnitudes().Run(Reference, pass);
            // By nodes a result has its neighbours' rounding too.
            double least = algorithm.IsExact ? 0 : scale.Average();
            for (int i = 0; i < expected.Length; i++)
            {
                double allowed = units * Math.Pow(2, -23) * (Math.Max(scale[i], least) + 1);
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

    /// <summary>Their weights at the nodes are larger than a cache, and their maps small: both are cut another way.</summary>
    [Theory]
    [InlineData("winograd4", 1, 9, 7, 352, 340, 1)]
    [InlineData("winograd4", 5, 6, 9, 200, 230, 3)]
    [InlineData("winograd2", 1, 5, 8, 520, 512, 1)]
    [InlineData("winograd2", 4, 3, 6, 300, 310, 3)]
    [InlineData("winograd2x5", 1, 7, 8, 352, 340, 1)]
    [InlineData("winograd3x4", 1, 7, 8, 352, 340, 1)]
    [InlineData("winograd4x2", 3, 7, 8, 252, 240, 3)]
    public void Many_channels_on_small_maps_come_out_right_with_any_number_of_threads(string name, int depth, int height, int width, int inputs, int outputs, int taps)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        int across = TapsOf(name);
        Window window = new(new WindowAxis(taps, 1, 1, taps / 2, taps / 2), new WindowAxis(across, 1, 1, across / 2, across / 2), new WindowAxis(across, 1, 1, 0, across - 1));
        Extent extent = new(depth, height, width);
        ConvolutionProblem problem = new(ElementType.Float32, 1, inputs, outputs, 1, window, extent, extent);
        ConvolutionCase numbers = new(problem, new Random(5), whole: true, weightFactor: WholeFactor(name));
        foreach (var pass in Enum.GetValues<Pass>().Where(p => algorithm.Supports(problem, p)))
        {
            double[] expected = numbers.Run(Reference, pass), actual = TeamSize.SameBits(() => numbers.Run(algorithm, pass));
            double most = expected.Max(Math.Abs);
            double allowed = Allowed(name, pass) * most;
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"{pass} pass: element {i} is {actual[i]}, not {expected[i]} ± {allowed}");
        }
    }

    /// <summary>Rectangles of channels; several blocks of positions; maps whose positions share sets of a cache, which are copied; strides without a tap.</summary>
    [Theory]
    [InlineData(512, 40, 18, 1, 1)]
    [InlineData(70, 512, 9, 1, 2)]
    [InlineData(300, 512, 7, 1, 1)]
    [InlineData(512, 24, 7, 3, 2)]
    [InlineData(5, 36, 31, 5, 2)]
    [InlineData(40, 512, 3, 3, 1)]
    public void Direct_blocks_of_positions_and_channels_come_out_right_with_any_number_of_threads(int inputs, int outputs, int size, int taps, int stride)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == "direct");
        WindowAxis axis = new(taps, stride, 1, taps / 2, taps / 2);
        Extent input = new(1, size, size + 2), output = new(1, (int)axis.Outputs(input.Height), (int)axis.Outputs(input.Width));
        ConvolutionProblem problem = new(ElementType.Float32, 2, inputs, outputs, 1, new Window(axis, axis), input, output);
        ConvolutionCase numbers = new(problem, new Random(9), whole: true);
        foreach (var pass in Enum.GetValues<Pass>())
            Assert.Equal(numbers.Run(Reference, pass), TeamSize.SameBits(() => numbers.Run(algorithm, pass)));
    }

    /// <summary>Channels in several blocks, of which the last vector repeats some; columns in several strips; kernels of more taps than a tile takes at once.</summary>
    [Theory]
    [InlineData(307, 5, 31, 3, 1, 1)]
    [InlineData(1041, 3, 7, 3, 2, 1)]
    [InlineData(70, 4, 40, 7, 1, 1)]
    [InlineData(33, 9, 33, 5, 2, 2)]
    [InlineData(17, 6, 45, 4, 3, 2)]
    [InlineData(24, 1, 90, 31, 1, 1)]
    public void Depthwise_blocks_and_strips_come_out_right_with_any_number_of_threads(int channels, int height, int width, int taps, int stride, int dilation)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == "depthwise");
        int pad = taps / 2 * dilation;
        WindowAxis across = new(taps, stride, dilation, pad, pad), down = height == 1 ? new(1) : across;
        Extent input = new(2, height, width), output = new(2, (int)down.Outputs(height), (int)across.Outputs(width));
        ConvolutionProblem problem = new(ElementType.Float32, 3, channels, channels, channels, new Window(new WindowAxis(1), down, across), input, output);
        ConvolutionCase numbers = new(problem, new Random(7), whole: true);
        foreach (var pass in Enum.GetValues<Pass>())
            Assert.Equal(numbers.Run(Reference, pass), TeamSize.SameBits(() => numbers.Run(algorithm, pass)));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    public void What_is_not_finite_reaches_only_what_meets_it_in_a_depthwise_convolution(int taps, int stride)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == "depthwise");
        WindowAxis axis = new(taps, stride, 1, taps / 2, taps / 2);
        int size = (int)axis.Outputs(30);
        ConvolutionProblem problem = new(ElementType.Float32, 1, 20, 20, 20, new Window(axis, axis), new(1, 30, 30), new(1, size, size));
        foreach (int place in new[] { 0, 13, 14, 29 })
        {
            ConvolutionCase numbers = new(problem, new Random(8), whole: true);
            numbers.X[(place * 30 + 29 - place) * 20 + 3] = double.PositiveInfinity;
            numbers.Y[(size - 1) * 20 + 5] = double.NaN;
            foreach (var pass in Enum.GetValues<Pass>())
                Assert.Equal(numbers.Run(Reference, pass), numbers.Run(algorithm, pass));
        }
    }

    private static IEnumerable<(ConvolutionAlgorithm Algorithm, ConvolutionCase Numbers, Pass Pass)> Cases(
        string name, int count, int seed, bool whole, long mostWork = 400_000, long leastWork = 0)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        Random random = new(seed);
        foreach (var problem in RandomProblems.Take(count, ElementType.Float32, seed + 1, mostWork, leastWork))
        {
            ConvolutionCase numbers = new(problem, random, whole, weightFactor: whole ? WholeFactor(name) : 1);
            foreach (var pass in Enum.GetValues<Pass>())
            {
                if (algorithm.Supports(problem, pass))
                    yield return (algorithm, numbers, pass);
            }
        }
    }
}
