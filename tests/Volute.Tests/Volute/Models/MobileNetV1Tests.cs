namespace Volute.Tests;

public class MobileNetV1Tests
{
    private static readonly (int Width, int Stride)[] s_layers =
        [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)];

    [Theory]
    [InlineData(1, 4_231_976, 568_740_352)]
    [InlineData(0.5, 1_331_592, 149_497_088)]
    [InlineData(0.25, 470_072, 41_030_272)]
    public void Every_width_has_its_parameters_and_multiplications(double multiplier, long parameters, long multiplies)
    {
        Summary summary = Summary.Of(new MobileNetV1(widthMultiplier: multiplier).Eval(), [1, 3, 224, 224]);
        long size = 112, channels = (long)(32 * multiplier), expected = size * size * channels * 27;
        foreach (var (width, stride) in s_layers)
        {
            size /= stride;
            long wide = (long)(width * multiplier);
            expected += size * size * channels * (9 + wide);
            channels = wide;
        }
        expected += channels * 1000;
        Assert.Equal(multiplies, expected);
        Assert.Equal((parameters, multiplies), (summary.Parameters, summary.Multiplies));
    }

    [Fact]
    public void A_multiplier_that_leaves_nothing_is_refused()
    {
        var error = Assert.Throws<InvalidArgumentException>(() => new MobileNetV1(widthMultiplier: 0.01));
        Assert.Equal("MobileNetV1: a width multiplier of 0.01 leaves no channel of 32; use 1, 0.75, 0.5 or 0.25", error.Message);
    }
}
