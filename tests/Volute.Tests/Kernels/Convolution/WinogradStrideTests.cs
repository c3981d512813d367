using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Strided windows by F(m, r): each phase of the stride is a window of stride 1.</summary>
[Collection(TeamSize.Name)]
public class WinogradStrideTests
{
    /// <summary>Odd sizes, uneven padding, two groups, maps with gaps, strides and taps of depth, an epilogue.</summary>
    [Theory]
    [InlineData("winograd4x2", 4, 2, 4, 2)]
    [InlineData("winograd4x2", 3, 2, 3, 2)]
    [InlineData("winograd4x2", 3, 2, 4, 2)]
    [InlineData("winograd4x2", 2, 1, 3, 2)]
    [InlineData("winograd4x2", 3, 2, 1, 1)]
    [InlineData("winograd4x2", 1, 1, 4, 3)]
    [InlineData("winograd4x2", 5, 3, 6, 3)]
    [InlineData("winograd4x2", 1, 1, 16, 8)]
    [InlineData("winograd4", 5, 2, 6, 2)]
    [InlineData("winograd4", 3, 1, 5, 2)]
    [InlineData("winograd2", 5, 2, 7, 3)]
    [InlineData("winograd2x5", 9, 2, 10, 2)]
    [InlineData("winograd3x4", 7, 2, 8, 2)]
    public void Every_pass_is_exact_with_any_number_of_threads(string name, int height, int heightStride, int width, int widthStride)
    {
        WindowAxis high = new(height, heightStride, 1, height / 2, (height - 1) / 2), wide = new(width, widthStride, 1, (width - 1) / 2, width / 2);
        WinogradDilationTests.Check(name, new(new(1), high, wide), new(1, 23, 37), groups: 1, inputs: 17, outputs: 21, gap: 3);
        WinogradDilationTests.Check(name, new(new(1), high, wide), new(2, 10, 40), groups: 2, inputs: 20, outputs: 18, gap: 0);
        WinogradDilationTests.Check(name, new(new(3, 2, 1, 1, 1), high, wide), new(5, 11, 14), groups: 1, inputs: 16, outputs: 5, gap: 1);
        WinogradDilationTests.Check(name, new(new(2, 2, 1, 0, 0), high, wide), new(6, 12, 13), groups: 1, inputs: 9, outputs: 33, gap: 0);
    }

    /// <summary>No position then meets some of the taps, whose dw is zero, and a phase of the given map may have none at all.</summary>
    [Theory]
    [InlineData("winograd4x2", 4, 3, 2, 1, 2)]
    [InlineData("winograd4x2", 6, 5, 5, 3, 3)]
    [InlineData("winograd4x2", 4, 2, 3, 1, 1)]
    [InlineData("winograd4", 7, 3, 3, 2, 1)]
    public void Maps_smaller_than_the_window_are_no_special_case(string name, int kernel, int stride, int pad, int height, int width)
    {
        WindowAxis axis = new(kernel, stride, 1, pad, pad);
        WinogradDilationTests.Check(name, new(axis, axis), new(1, height, width), groups: 1, inputs: 16, outputs: 17, gap: 0);
    }

    /// <summary>Of many blocks, of slices of channels, and so many channels on so small a map that weights go to their nodes just before they are used.</summary>
    [Theory]
    [InlineData("winograd4x2", 4, 100, 61, 64, 48)]
    [InlineData("winograd4x2", 3, 95, 53, 48, 64)]
    [InlineData("winograd4x2", 3, 14, 14, 256, 230)]
    [InlineData("winograd4x2", 4, 8, 10, 240, 260)]
    [InlineData("winograd4", 5, 41, 43, 48, 48)]
    public void Blocks_may_end_anywhere(string name, int kernel, int height, int width, int inputs, int outputs)
    {
        WindowAxis axis = new(kernel, 2, 1, 1, 1);
        WinogradDilationTests.Check(name, new(axis, axis), new(1, height, width), groups: 1, inputs, outputs, gap: 0);
    }

    /// <summary>One image of so many channels that weights go to their nodes just before they are used, in some phases or all; a phase of depth may have no position.</summary>
    [Theory]
    [InlineData(3, 2, 5)]
    [InlineData(4, 2, 5)]
    [InlineData(3, 1, 2)]
    [InlineData(3, 2, 1)]
    public void Depth_may_be_strided_where_weights_go_to_nodes_just_before_use(int kernel, int stride, int depth)
    {
        WindowAxis axis = new(4, 2, 1, 1, 1), deep = new(kernel, stride, 1, 1, 1);
        foreach (int gap in new[] { 0, 1 })
            WinogradDilationTests.Check("winograd4x2", new(deep, axis, axis), new(depth, 8, 8), groups: 1, inputs: 192, outputs: 192, gap, batch: 1);
    }

    [Theory]
    [InlineData(2, 3, 1, 4, 2, 1)]
    [InlineData(3, 2, 2, 4, 2, 1)]
    [InlineData(1, 1, 1, 4, 2, 2)]
    [InlineData(1, 1, 1, 5, 2, 1)]
    [InlineData(1, 1, 1, 2, 2, 1)]
    public void Other_windows_are_left_to_others(int depthKernel, int depthStride, int depthDilation, int kernel, int stride, int dilation)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == "winograd4x2");
        WindowAxis deep = new(depthKernel, depthStride, depthDilation, 2, 2), high = new(kernel, stride, dilation, 3, 3), wide = new(4, 2, 1, 1, 1);
        Extent input = new(8, 16, 16), output = new((int)deep.Outputs(8), (int)high.Outputs(16), (int)wide.Outputs(16));
        ConvolutionProblem problem = new(ElementType.Float32, 2, 32, 32, 1, new(deep, high, wide), input, output);
        Assert.All(Enum.GetValues<Pass>(), pass => Assert.False(algorithm.Supports(problem, pass)));
    }

    /// <summary>Of phases that lack the last tap nothing is computed there, and what lies there may be no number.</summary>
    [Fact]
    public void The_last_node_belongs_to_the_last_tap_alone()
    {
        Belongs<TwoByThree>();
        Belongs<FourByTwo>();
        Belongs<FourByThree>();
        Belongs<TwoByFive>();
        Belongs<ThreeByFour>();
    }

    private static unsafe void Belongs<T>() where T : struct, IWinogradAxis
    {
        float[] nodes = Line<T>(Side.TapGradient, WinogradLines.Nodes<T>() - 1);
        Assert.Equal(Enumerable.Range(0, T.Taps).Select(tap => tap == T.Taps - 1), nodes[..T.Taps].Select(float.IsNaN));
        for (int tap = 0; tap < T.Taps; tap++)
            Assert.Equal(tap == T.Taps - 1, float.IsNaN(Line<T>(Side.Taps, tap)[WinogradLines.Nodes<T>() - 1]));

        static float[] Line<TAxis>(Side side, int broken) where TAxis : struct, IWinogradAxis
        {
            Lane32[] line = [.. Enumerable.Range(0, 6).Select(i => Lane32.Broadcast(i == broken ? double.NaN : i + 1))];
            TAxis.Line(side, ref line[0], ref line[1], ref line[2], ref line[3], ref line[4], ref line[5]);
            float[] values = new float[6];
            fixed (float* to = values)
            {
                for (int i = 0; i < 6; i++)
                    Lane32.Store(line[i], to + i);
            }
            return values;
        }
    }
}
