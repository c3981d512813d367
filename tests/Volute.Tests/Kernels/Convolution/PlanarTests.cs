using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>What the random problems of <see cref="AlgorithmTests"/> are too small for: rows that are cut, and large maps of few channels.</summary>
[Collection(TeamSize.Name)]
public class PlanarTests
{
    private static ConvolutionAlgorithm Planar => ConvolutionRegistry.All.Single(a => a.Name == "planar");

    [Theory]
    [InlineData(1, 1, 4000, 1, 2, 5, 1)]
    [InlineData(1, 1, 3001, 2, 3, 7, 3)]
    [InlineData(2, 3, 700, 3, 40, 3, 1)]
    [InlineData(2, 5, 611, 4, 24, 3, 2)]
    [InlineData(3, 40, 90, 1, 4, 3, 1)]
    [InlineData(1, 3, 200, 200, 3, 3, 2)]
    public void Long_rows_and_many_slices_come_out_exact_with_any_number_of_threads(int depth, int height, int width, int inputs, int outputs, int taps, int stride)
    {
        WindowAxis wide = new(taps, stride, 1, taps / 2, taps / 2), other = new(3, 1, 1, 1, 1);
        Window window = new(depth > 1 ? other : new(1), height > 1 ? other : new(1), wide);
        Extent input = new(depth, height, width), output = new(depth, height, (int)wide.Outputs(width));
        ConvolutionProblem problem = new(ElementType.Float32, 2, inputs, outputs, 1, window, input, output);
        ConvolutionCase numbers = new(problem, new Random(1), whole: true);
        var passes = Enum.GetValues<Pass>().Where(p => Planar.Supports(problem, p)).ToArray();
        Assert.Contains(Pass.Output, passes);
        foreach (var pass in passes)
        {
            double[] expected = numbers.Run(ConvolutionRegistry.All[^1], pass), actual = TeamSize.SameBits(() => numbers.Run(Planar, pass));
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void A_part_of_an_image_has_the_bits_of_the_whole()
    {
        Window window = new(new WindowAxis(3), new WindowAxis(5));
        ConvolutionProblem whole = new(ElementType.Float32, 1, 3, 7, 1, window, new(1, 60, 90), new(1, 58, 86));
        ConvolutionCase numbers = new(whole, new Random(2), whole: false);
        double[] all = numbers.Run(Planar, Pass.Output);
        const int Top = 11, Left = 17, Height = 20, Width = 33;
        ConvolutionProblem part = new(ElementType.Float32, 1, 3, 7, 1, window, new(1, Height + 2, Width + 4), new(1, Height, Width)) { InputStrides = whole.InputStrides };
        long start = whole.InputStrides.Offset(0, 0, Top, Left), end = whole.InputStrides.Offset(0, 0, Top + Height + 1, Left + Width + 3) + 3;
        ConvolutionCase crop = new(part, new Random(2), whole: false) { X = numbers.X[(int)start..(int)end], W = numbers.W, Bias = numbers.Bias, After = numbers.After };
        double[] actual = crop.Run(Planar, Pass.Output);
        for (int row = 0; row < Height; row++)
        {
            int from = (int)whole.OutputStrides.Offset(0, 0, Top + row, Left), to = row * Width * 7;
            Assert.Equal(all[from..(from + Width * 7)], actual[to..(to + Width * 7)]);
        }
    }
}
