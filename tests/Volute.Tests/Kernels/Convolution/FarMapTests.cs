using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Maps larger than the caches, for which kernels ask for lines ahead, as they do nowhere else.</summary>
[Collection(TeamSize.Name)]
public class FarMapTests
{
    /// <summary>Channels, groups, height, width, kernel, stride and dilation; odd sizes and channels that fill no vector.</summary>
    [Theory]
    [InlineData("depthwise", 33, 33, 33, 45, 239, 3, 1, 1)]
    [InlineData("depthwise", 60, 60, 60, 51, 253, 5, 2, 1)]
    [InlineData("depthwise", 48, 48, 48, 52, 131, 3, 1, 2)]
    [InlineData("small-groups", 64, 64, 16, 63, 127, 3, 1, 1)]
    [InlineData("small-groups", 24, 48, 12, 71, 127, 3, 2, 1)]
    [InlineData("direct", 3, 65, 1, 59, 143, 3, 1, 1)]
    [InlineData("direct", 16, 70, 1, 50, 141, 1, 1, 1)]
    [InlineData("direct", 32, 128, 8, 43, 101, 3, 1, 1)]
    [InlineData("direct", 384, 384, 24, 29, 13, 3, 2, 1)]
    [InlineData("direct", 48, 96, 2, 41, 13, 3, 1, 1)]
    [InlineData("few-channels", 64, 2, 1, 83, 199, 1, 1, 1)]
    [InlineData("winograd4", 34, 40, 1, 61, 113, 3, 1, 1)]
    [InlineData("winograd4", 34, 40, 1, 61, 113, 3, 1, 2)]
    [InlineData("winograd2", 40, 34, 1, 61, 113, 3, 1, 1)]
    [InlineData("winograd2x5", 34, 40, 1, 45, 81, 5, 1, 1)]
    [InlineData("winograd3x4", 34, 40, 1, 45, 81, 7, 1, 1)]
    [InlineData("winograd4x2", 34, 40, 1, 61, 113, 4, 2, 1)]
    public void Whole_numbers_come_out_exact_with_any_number_of_threads(
        string name, int inputs, int outputs, int groups, int height, int width, int kernel, int stride, int dilation)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        WindowAxis axis = new(kernel, stride, dilation, (kernel - 1) * dilation / 2, (kernel - 1) * dilation / 2);
        Window window = new(new(1), axis, axis);
        Extent input = new(1, height, width), output = new(1, (int)axis.Outputs(height), (int)axis.Outputs(width));
        ConvolutionProblem problem = new(ElementType.Float32, 1, inputs, outputs, groups, window, input, output);
        while (!(name.StartsWith("winograd", StringComparison.Ordinal) ? WinogradGrid.AreFar(problem) : Gather.AreFar(problem)))
            problem = problem with { Batch = problem.Batch + 1 };
        ConvolutionCase numbers = new(problem, new Random(11), whole: true, weightFactor: AlgorithmTests.WholeFactor(name));
        foreach (var pass in Enum.GetValues<Pass>())
        {
            if (!algorithm.Supports(problem, pass))
                continue;
            double[] expected = numbers.Run(ConvolutionRegistry.All[^1], pass), actual = TeamSize.SameBits(() => numbers.Run(algorithm, pass));
            double allowed = AlgorithmTests.Allowed(name, pass) * expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                if (!(Math.Abs(expected[i] - actual[i]) <= allowed))
                    Assert.Fail($"{name}, {pass} pass of {numbers}: element {i} is {actual[i]}, not {expected[i]} ± {allowed}");
        }
    }

    [Fact]
    public void Maps_are_far_from_12_MiB_on()
    {
        Extent extent = new(1, 1024, 1024);
        ConvolutionProblem problem = new(ElementType.Float32, 1, 1, 2, 1, new Window(new(1), new(1), new(1)), extent, extent);
        Assert.Equal(12 << 20, problem.MapBytes);
        Assert.True(Gather.AreFar(problem));
        Assert.False(Gather.AreFar(problem with { OutputChannels = 1 }));
        Assert.True(WinogradGrid.AreFar(problem with { OutputChannels = 1 }));
    }
}
