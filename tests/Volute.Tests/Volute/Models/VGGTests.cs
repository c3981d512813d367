namespace Volute.Tests;

public class VGGTests
{
    private static readonly int[] s_widths = [64, 128, 256, 512, 512];

    [Theory]
    [InlineData(11, false, 132_863_336)]
    [InlineData(11, true, 132_868_840)]
    [InlineData(13, false, 133_047_848)]
    [InlineData(13, true, 133_053_736)]
    [InlineData(16, false, 138_357_544)]
    [InlineData(16, true, 138_365_992)]
    [InlineData(19, false, 143_667_240)]
    [InlineData(19, true, 143_678_248)]
    public void Every_depth_has_torchvision_s_parameters_and_multiplications(int depth, bool batchNorm, long parameters)
    {
        VGG network = Make(depth, batchNorm, hidden: 4096);
        Summary summary = Summary.Of(network.Eval(), [1, 3, 224, 224]);
        long expected = 25088 * 4096 + 4096 * 4096 + 4096 * 1000, channels = 3, size = 224;
        int[] convolutions = depth switch { 11 => [1, 1, 2, 2, 2], 13 => [2, 2, 2, 2, 2], 16 => [2, 2, 3, 3, 3], _ => [2, 2, 4, 4, 4] };
        for (int stage = 0; stage < 5; stage++, size /= 2)
        {
            for (int i = 0; i < convolutions[stage]; i++)
            {
                expected += size * size * s_widths[stage] * channels * 9;
                channels = s_widths[stage];
            }
        }
        Assert.Equal((parameters, expected), (summary.Parameters, summary.Multiplies));
        Assert.Equal($"VGG-{depth}{(batchNorm ? " with batch norm" : "")}", network.Kind);
    }

    [Fact]
    public void States_have_torchvision_s_names_and_shapes()
    {
        Dictionary<string, Shape> plain = Make(16, false).State().ToDictionary(p => p.Name, p => p.Shape), normalized = Make(11, true).State().ToDictionary(p => p.Name, p => p.Shape);
        Assert.Equal(32, plain.Count);
        Assert.Equal([512, 512, 3, 3], plain["features.28.weight"]);
        Assert.Equal([8, 25088], plain["classifier.0.weight"]);
        Assert.Equal([1000, 8], plain["classifier.6.weight"]);
        Assert.Equal([64], normalized["features.1.running_mean"]);
        Assert.Equal([512, 512, 3, 3], normalized["features.25.weight"]);
        Assert.Equal([512], normalized["features.26.running_var"]);
    }

    [Fact]
    public void First_values_are_torchvision_s()
    {
        VGG network = Make(11, false);
        float[] convolution = network.State().Single(p => p.Name == "features.3.weight").ToArray(), linear = network.State().Single(p => p.Name == "classifier.0.weight").ToArray();
        Assert.Equal(Math.Sqrt(2.0 / (128 * 9)), Math.Sqrt(convolution.Average(v => (double)v * v)), 1e-3);
        Assert.Equal(0.01, Math.Sqrt(linear.Average(v => (double)v * v)), 2e-4);
        Assert.All(network.State().Where(p => p.Name.EndsWith(".bias", StringComparison.Ordinal)), p => Assert.All(p.ToArray(), v => Assert.Equal(0, v)));
    }

    private static VGG Make(int depth, bool batchNorm, int hidden = 8) => depth switch
    {
        11 => new VGG11(batchNorm: batchNorm, hidden: hidden),
        13 => new VGG13(batchNorm: batchNorm, hidden: hidden),
        16 => new VGG16(batchNorm: batchNorm, hidden: hidden),
        _ => new VGG19(batchNorm: batchNorm, hidden: hidden),
    };
}
