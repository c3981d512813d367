namespace Volute.Tests;

public class ResNetTests
{
    [Theory]
    [InlineData(18, false, 11_689_512, 1_814_073_344)]
    [InlineData(34, false, 21_797_672, 3_663_761_408)]
    [InlineData(50, false, 25_557_032, 4_089_184_256)]
    [InlineData(50, true, 25_557_032, 3_857_973_248)]
    [InlineData(101, false, 44_549_160, 7_801_405_440)]
    [InlineData(152, false, 60_192_808, 11_513_626_624)]
    public void Every_depth_has_torchvision_s_parameters_and_multiplications(int depth, bool strideFirst, long parameters, long multiplies)
    {
        ResNet network = Make(depth, strideFirst);
        Summary summary = Summary.Of(network.Eval(), [1, 3, 224, 224]);
        Assert.Equal(multiplies, Multiplies(depth, strideFirst));
        Assert.Equal((parameters, multiplies), (summary.Parameters, summary.Multiplies));
        Assert.Equal($"ResNet-{depth}", network.Kind);
    }

    [Fact]
    public void The_state_of_bottlenecks_has_torchvision_s_names_and_shapes()
    {
        Dictionary<string, Shape> state = new ResNet50().State().ToDictionary(p => p.Name, p => p.Shape);
        Assert.Equal(320, state.Count);
        Assert.Equal([64, 64, 1, 1], state["layer1.0.conv1.weight"]);
        Assert.Equal([256, 64, 1, 1], state["layer1.0.downsample.0.weight"]);
        Assert.Equal([128, 128, 3, 3], state["layer2.0.conv2.weight"]);
        Assert.Equal([2048], state["layer4.2.bn3.running_mean"]);
        Assert.Equal([1000, 2048], state["fc.weight"]);
    }

    [Fact]
    public void The_stride_lies_where_it_is_asked_for()
    {
        static Shape First(bool strideFirst)
            => Summary.Of(new ResNet50(strideFirst: strideFirst, width: 4).Eval(), [1, 3, 64, 64]).Layers.Single(l => l.Name == "layer2.0.conv1").Output;
        Assert.Equal([1, 8, 16, 16], First(false));
        Assert.Equal([1, 8, 8, 8], First(true));
    }

    [Fact]
    public void Growing_into_volumes_keeps_the_state()
    {
        Module network = new ResNet18(2, 1).ToVolumes(VolumeForm.Acs);
        Assert.Equal(new ResNet18(2, 1).State().Select(p => (p.Name, p.Shape)), network.State().Select(p => (p.Name, p.Shape)));
        Assert.Equal([1, 2], Summary.Of(network.Eval(), [1, 1, 32, 64, 64]).Output);
    }

    /// <summary>7×7 at 112; of each block its convolutions, and the 1×1 of the shortcut of the first of a stage whose shape differs.</summary>
    private static long Multiplies(int depth, bool strideFirst)
    {
        int[] blocks = depth switch { 18 => [2, 2, 2, 2], 101 => [3, 4, 23, 3], 152 => [3, 8, 36, 3], _ => [3, 4, 6, 3] };
        long sum = 112L * 112 * 64 * 147, from = 64, size = 56;
        for (int stage = 0; stage < 4; stage++)
        {
            long narrow = 64 << stage, wide = depth < 50 ? narrow : 4 * narrow;
            for (int i = 0; i < blocks[stage]; i++)
            {
                long before = size;
                size /= stage > 0 && i == 0 ? 2 : 1;
                sum += depth < 50 ? size * size * 9 * narrow * (from + narrow)
                    : (strideFirst ? size * size : before * before) * from * narrow + size * size * narrow * (9 * narrow + wide);
                sum += from != wide ? size * size * from * wide : 0;
                from = wide;
            }
        }
        return sum + from * 1000;
    }

    private static ResNet Make(int depth, bool strideFirst) => depth switch
    {
        18 => new ResNet18(),
        34 => new ResNet34(),
        50 => new ResNet50(strideFirst: strideFirst),
        101 => new ResNet101(),
        _ => new ResNet152(),
    };
}
