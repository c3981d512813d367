using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Windows of more taps than F(m, r) has, in phases of r taps one behind the other.</summary>
[Collection(TeamSize.Name)]
public class WinogradPhaseTests
{
    /// <summary>Odd sizes, uneven padding, two groups, maps with gaps, taps and strides of depth, dilations, an epilogue.</summary>
    [Theory]
    [InlineData("winograd3x4", 7, 1, 8, 1)]
    [InlineData("winograd3x4", 7, 2, 7, 3)]
    [InlineData("winograd3x4", 8, 1, 4, 1)]
    [InlineData("winograd3x4", 1, 1, 8, 2)]
    [InlineData("winograd3x4", 7, 1, 1, 1)]
    [InlineData("winograd4", 5, 1, 6, 1)]
    [InlineData("winograd4", 3, 2, 5, 2)]
    [InlineData("winograd2", 6, 1, 5, 3)]
    [InlineData("winograd2x5", 9, 1, 1, 1)]
    public void Every_pass_is_exact_with_any_number_of_threads(string name, int height, int heightDilation, int width, int widthDilation)
    {
        WindowAxis high = new(height, 1, heightDilation, height / 2 * heightDilation, height / 2 * heightDilation);
        WindowAxis wide = new(width, 1, widthDilation, width / 3 * widthDilation, width / 2 * widthDilation);
        WinogradDilationTests.Check(name, new(new(1), high, wide), new(1, 23, 37), groups: 1, inputs: 17, outputs: 21, gap: 3);
        WinogradDilationTests.Check(name, new(new(1), high, wide), new(2, 17, 30), groups: 2, inputs: 20, outputs: 18, gap: 0);
        WinogradDilationTests.Check(name, new(new(3, 2, 1, 1, 1), high, wide), new(5, 16, 21), groups: 1, inputs: 16, outputs: 5, gap: 1);
    }

    /// <summary>Whole phases then lie in the padding: their dw is zero.</summary>
    [Theory]
    [InlineData("winograd3x4", 7, 1, 3, 2, 1)]
    [InlineData("winograd3x4", 8, 1, 7, 1, 1)]
    [InlineData("winograd3x4", 7, 5, 16, 1, 2)]
    [InlineData("winograd4", 6, 1, 5, 1, 3)]
    public void Maps_smaller_than_the_window_are_no_special_case(string name, int kernel, int dilation, int pad, int height, int width)
    {
        WindowAxis axis = new(kernel, 1, dilation, pad, pad);
        WinogradDilationTests.Check(name, new(axis, axis), new(1, height, width), groups: 1, inputs: 16, outputs: 17, gap: 0);
    }

    /// <summary>Of many blocks, of slices of channels, and so many channels on so small a map that weights go to their nodes just before they are used.</summary>
    [Theory]
    [InlineData("winograd3x4", 7, 61, 50, 48, 64)]
    [InlineData("winograd3x4", 8, 9, 10, 200, 190)]
    [InlineData("winograd4", 5, 14, 14, 200, 190)]
    public void Blocks_may_end_anywhere(string name, int kernel, int height, int width, int inputs, int outputs)
    {
        WindowAxis axis = new(kernel, 1, 1, 3, 3);
        WinogradDilationTests.Check(name, new(axis, axis), new(1, height, width), groups: 1, inputs, outputs, gap: 0, batch: 1);
    }

    [Theory]
    [InlineData("winograd3x4", 6, 1)]
    [InlineData("winograd3x4", 9, 1)]
    [InlineData("winograd3x4", 11, 1)]
    [InlineData("winograd4", 4, 1)]
    [InlineData("winograd4", 7, 1)]
    [InlineData("winograd4x2", 3, 1)]
    [InlineData("winograd4x2", 8, 2)]
    public void Other_windows_are_left_to_others(string name, int kernel, int stride)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        WindowAxis axis = new(kernel, stride, 1, 3, 3);
        int size = (int)axis.Outputs(20);
        ConvolutionProblem problem = new(ElementType.Float32, 2, 32, 32, 1, new(axis, axis), new(1, 20, 20), new(1, size, size));
        Assert.All(Enum.GetValues<Pass>(), pass => Assert.False(algorithm.Supports(problem, pass)));
    }

    /// <summary>The positions of all phases are those of the axis, and their taps those of the window.</summary>
    [Fact]
    public void Each_tap_of_each_output_is_in_one_phase()
    {
        Random random = new(5);
        for (int i = 0; i < 3000; i++)
        {
            int kernel = random.Next(1, 12), stride = random.Next(1, kernel + 1), inputs = random.Next(1, 30);
            int most = (kernel - 1) / stride + 1, dilation = stride == 1 ? random.Next(1, 4) : 1;
            if (stride == 1)
                most = random.Next(1, most + 1);
            WindowAxis axis = new(kernel, stride, dilation, random.Next(kernel + 3), random.Next(kernel + 3));
            HashSet<int> taps = [];
            for (int index = 0; index < WinogradPhase.Count(axis, most); index++)
            {
                WinogradPhase phase = WinogradPhase.Of(axis, index, most, inputs);
                Assert.InRange(phase.Pad, 0, int.MaxValue);
                Assert.InRange(phase.Taps, 1, most);
                for (int j = 0; j < phase.Taps; j++)
                {
                    Assert.True(taps.Add(phase.Tap + j * stride));
                    for (int output = 0; output < 20; output++)
                    {
                        long position = axis.Position(output, phase.Tap + j * stride), place = (long)output + j * dilation - phase.Pad;
                        Assert.Equal(position, phase.First + place * stride);
                        Assert.Equal(position >= 0 && position < inputs, place >= 0 && place < phase.Length);
                    }
                }
            }
            Assert.Equal(kernel, taps.Count);
        }
    }
}
