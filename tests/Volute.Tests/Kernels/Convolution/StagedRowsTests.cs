using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Maps that no cache holds, which tiles send to memory past the caches.</summary>
[Collection(TeamSize.Name)]
public class StagedRowsTests
{
    private const int Line = 16;

    /// <summary>Taps side by side, borders of short and of long sums, strides, other phases, and channels that share their positions with others.</summary>
    [Theory]
    [InlineData(Pass.Output, 1, 16, 3, 1, After.Nothing, 16)]
    [InlineData(Pass.Output, 1, 64, 3, 1, After.Norm, 64)]
    [InlineData(Pass.Output, 20, 48, 3, 1, After.Nothing, 96)]
    [InlineData(Pass.Output, 7, 32, 1, 1, After.Norm, 32)]
    [InlineData(Pass.Output, 3, 32, 5, 2, After.Norm, 32)]
    [InlineData(Pass.Input, 32, 5, 2, 2, After.Nothing, 32)]
    [InlineData(Pass.Input, 16, 4, 4, 2, After.Norm, 48)]
    [InlineData(Pass.Output, 2, 16, 3, 1, After.Shift, 16)]
    public void Whole_numbers_come_out_exact_with_any_number_of_threads(Pass pass, int inputs, int outputs, int kernel, int stride, After after, int step)
        => Check("direct", pass, inputs, outputs, kernel, stride, 1, after, step);

    /// <summary>The same of tiles by nodes: whole and cut ones, a last vector alone, interleaved tiles, phases of a stride.</summary>
    [Theory]
    [InlineData("winograd4", Pass.Output, 17, 32, 3, 1, 1, After.Nothing, 32)]
    [InlineData("winograd4", Pass.Output, 9, 48, 3, 1, 1, After.Norm, 96)]
    [InlineData("winograd4", Pass.Output, 8, 32, 3, 1, 2, After.Norm, 32)]
    [InlineData("winograd2", Pass.Input, 80, 20, 3, 1, 1, After.Nothing, 80)]
    [InlineData("winograd4x2", Pass.Output, 8, 96, 4, 2, 1, After.Norm, 96)]
    [InlineData("winograd4x2", Pass.Input, 48, 16, 3, 2, 1, After.Norm, 48)]
    [InlineData("winograd4", Pass.Output, 8, 32, 3, 1, 1, After.Shift, 32)]
    public void Nodes_come_out_exact_too(string name, Pass pass, int inputs, int outputs, int kernel, int stride, int dilation, After after, int step)
        => Check(name, pass, inputs, outputs, kernel, stride, dilation, after, step);

    private static void Check(string name, Pass pass, int inputs, int outputs, int kernel, int stride, int dilation, After after, int step)
    {
        int pad = (kernel - stride + 1) / 2 * dilation;
        WindowAxis axis = new(kernel, stride, dilation, pad, pad);
        Extent input = new(1, 106, 214), output = new(1, (int)axis.Outputs(input.Height), (int)axis.Outputs(input.Width));
        ConvolutionProblem problem = new(ElementType.Float32, 1, inputs, outputs, 1, new(new(1), axis, axis), input, output);
        problem = pass == Pass.Output ? problem with { OutputStrides = MapStrides.Dense(output, step) } : problem with { InputStrides = MapStrides.Dense(input, step) };
        while (!FillsMemory(problem, pass))
            problem = problem with { Batch = problem.Batch + 1 };
        ConvolutionCase numbers = new(problem, new Random(5), whole: true, weightFactor: AlgorithmTests.WholeFactor(name)) { After = after };
        double[] actual = TeamSize.SameBits(() => numbers.Run(ConvolutionRegistry.All.Single(a => a.Name == name), pass));
        Assert.True(numbers.Run(ConvolutionRegistry.All[^1], pass).AsSpan().SequenceEqual(actual));
    }

    [Fact]
    public void Maps_fill_memory_from_24_MiB_on_if_they_are_of_whole_lines()
    {
        Extent extent = new(1, 768, 512);
        ConvolutionProblem problem = new(ElementType.Float32, 1, 1, Line, 1, new Window(new(1), new(1), new(1)), extent, extent);
        Assert.Equal(24 << 20, problem.Output.Count * Line * sizeof(float));
        Assert.True(FillsMemory(problem, Pass.Output));
        Assert.False(FillsMemory(problem, Pass.Input));
        Assert.False(FillsMemory(problem with { Input = new(1, 767, 512), Output = new(1, 767, 512) }, Pass.Output));
        Assert.False(FillsMemory(problem with { OutputChannels = 24 }, Pass.Output));
        Assert.True(FillsMemory(problem with { OutputStrides = MapStrides.Dense(extent, 2 * Line) }, Pass.Output));
        Assert.False(FillsMemory(problem with { OutputStrides = MapStrides.Dense(extent, Line + 1) }, Pass.Output));
    }

    private static bool FillsMemory(in ConvolutionProblem problem, Pass pass) => new Gather(problem, pass, 2 * Line, joined: false).FillsMemory;
}
