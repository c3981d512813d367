namespace Volute.Tests;

public class CifarResNetTests
{
    [Theory]
    [InlineData(20, 269_722, 40_551_040)]
    [InlineData(32, 464_154, 68_862_592)]
    [InlineData(44, 658_586, 97_174_144)]
    [InlineData(56, 853_018, 125_485_696)]
    [InlineData(110, 1_727_962, 252_887_680)]
    public void Every_depth_has_the_paper_s_parameters_and_multiplications(int depth, long parameters, long multiplies)
    {
        CifarResNet network = new(depth);
        Summary summary = Summary.Of(network.Eval(), [1, 3, 32, 32]);
        // 3x3 from the picture; per stage 2n convolutions, the first perhaps from half the width. Shortcuts cost nothing.
        long n = depth / 6, expected = 32 * 32 * 16 * 27 + 640;
        for (long width = 16, size = 32; width <= 64; width *= 2, size /= 2)
            expected += size * size * width * 9 * ((width == 16 ? width : width / 2) + (2 * n - 1) * width);
        Assert.Equal(multiplies, expected);
        Assert.Equal((parameters, multiplies), (summary.Parameters, summary.Multiplies));
        Assert.Equal($"ResNet-{depth}", network.Kind);
        Assert.DoesNotContain(network.State(), p => p.Name.Contains("downsample", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(18)]
    [InlineData(2)]
    public void Other_depths_are_refused(int depth)
        => Assert.Equal($"CifarResNet: depth must be 6n + 2, such as 20, 32, 44, 56 or 110, got {depth}", Assert.Throws<InvalidArgumentException>(() => new CifarResNet(depth)).Message);
}
