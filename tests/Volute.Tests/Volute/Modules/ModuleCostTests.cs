namespace Volute.Tests.Modules;

/// <summary>Parameters and multiplications of the modules, beside numbers worked out by hand.</summary>
public class ModuleCostTests
{
    [Fact]
    public void Eight_channels_need_72_depthwise_and_64_pointwise_weights_instead_of_576()
    {
        DepthwiseSeparableConv2d separable = new(8, 8, 3, bias: false);
        Assert.Equal(576, new Conv2d(8, 8, 3, bias: false).ParameterCount);
        (string, Shape)[] state = [("depthwise.weight", [8, 1, 3, 3]), ("pointwise.weight", [8, 8, 1, 1])];
        Assert.Equal(state, separable.State().Select(p => (p.Name, p.Shape)));
        Assert.Equal([72L, 64], separable.Parameters().Select(p => p.Shape.Elements));
        Assert.Equal(72, new DepthwiseConv2d(8, 3, bias: false).ParameterCount);
    }

    [Fact]
    public void A_7x7x3_map_to_5x5x128_takes_86400_multiplications_plain_and_10275_separable()
    {
        Assert.Equal(86_400, Multiplies(new Conv2d(3, 128, 3), 1, 3, 7, 7));
        // 27 depthwise and 384 pointwise at each of 25 positions.
        Assert.Equal(10_275, Multiplies(new DepthwiseSeparableConv2d(3, 128, 3), 1, 3, 7, 7));
    }

    [Fact]
    public void Two_groups_halve_73728_weights()
    {
        Assert.Equal(73_728, new Conv2d(64, 128, 3, bias: false).ParameterCount);
        Assert.Equal(36_864, new ShuffledGroupConv(64, 128, 2, 3, bias: false).ParameterCount);
        Assert.Equal(36_864 * 16, Multiplies(new ShuffledGroupConv(64, 128, 2, 3, padding: 1), 1, 64, 4, 4));
    }

    [Fact]
    public void A_multiplier_gives_each_channel_its_kernels()
    {
        Assert.Equal(2 * 3 * 9 + 6, new DepthwiseConv2d(3, 3, multiplier: 2).ParameterCount);
        Assert.Equal(2 * 3 * 9 * 25, Multiplies(new DepthwiseConv2d(3, 3, multiplier: 2), 1, 3, 7, 7));
        Assert.Equal([1, 6, 5], new DepthwiseConv1d(3, 3, multiplier: 2).Forward(Tensor.Full([1, 3, 7], 0)).Shape);
    }

    [Fact]
    public void A_pair_of_3x1_and_1x3_with_64_channels_between_takes_9216_weights_instead_of_4608()
    {
        SpatiallySeparableConv2d pair = new(32, 16, 3, middleChannels: 64, bias: false);
        (string, Shape)[] state = [("vertical.weight", [64, 32, 3, 1]), ("horizontal.weight", [16, 64, 1, 3])];
        Assert.Equal(state, pair.State().Select(p => (p.Name, p.Shape)));
        Assert.Equal(6144 + 3072, pair.ParameterCount);
        Assert.Equal(32 * 16 * 9, new Conv2d(32, 16, 3, bias: false).ParameterCount);
        // The vertical part sees 214 columns still.
        Assert.Equal(6144L * 212 * 214 + 3072L * 212 * 212, Multiplies(pair, 1, 32, 214, 214));
    }

    [Fact]
    public void Seven_taps_along_each_axis_are_cheaper_one_after_another()
    {
        Assert.Equal(8 * 8 * 49, new Conv2d(8, 8, 7, bias: false).ParameterCount);
        Assert.Equal(8 * 8 * 14, new SpatiallySeparableConv2d(8, 8, 7, bias: false).ParameterCount);
        Assert.Equal(8 * 8 + 8 * 14, new FlattenedConv2d(8, 8, 7, bias: false).ParameterCount);
        Assert.Equal(8 * 8 * 343, new Conv3d(8, 8, 7, bias: false).ParameterCount);
        Assert.Equal(8 * 8 * 21, new SpatiallySeparableConv3d(8, 8, 7, bias: false).ParameterCount);
        Assert.Equal(8 * 8 + 8 * 21, new FlattenedConv3d(8, 8, 7, bias: false).ParameterCount);
        Assert.Equal((8 * 8 + 8 * 14) * 100, Multiplies(new FlattenedConv2d(8, 8, 7, padding: 3), 1, 8, 10, 10));
    }

    [Fact]
    public void A_bottleneck_of_ResNet_50_has_torchvision_s_parameters_and_multiplications()
    {
        ResidualBlock block = new(256, 512, stride: 2, bottleneck: 128);
        // 1x1, 3x3, 1x1, the shortcut's 1x1, and two numbers a normalized channel.
        Assert.Equal(256 * 128 + 128 * 128 * 9 + 128 * 512 + 256 * 512 + 2 * (128 + 128 + 512 + 512), block.ParameterCount);
        long at56 = 56 * 56, at28 = 28 * 28;
        Assert.Equal(at56 * 256 * 128 + at28 * (128 * 128 * 9 + 128 * 512 + 256 * 512), Multiplies(block, 1, 256, 56, 56));
        Assert.Equal(at28 * (256 * 128 + 128 * 128 * 9 + 128 * 512 + 256 * 512), Multiplies(new ResidualBlock(256, 512, 2, bottleneck: 128, strideFirst: true), 1, 256, 56, 56));
    }

    [Fact]
    public void A_shortcut_of_zero_channels_costs_nothing()
    {
        ResidualBlock block = new(16, 32, stride: 2, projection: false);
        Assert.Equal(16 * 32 * 9 + 32 * 32 * 9 + 2 * (32 + 32), block.ParameterCount);
        Assert.Equal(16 * 16 * (16 * 32 * 9 + 32 * 32 * 9), Multiplies(block, 1, 16, 32, 32));
        Assert.Equal(["conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias"], block.Parameters().Select(p => p.Name));
    }

    [Fact]
    public void A_squeeze_and_excitation_costs_two_small_matrices()
    {
        Assert.Equal(64 * 4 + 4 + 4 * 64 + 64, new SqueezeExcite(64, 4).ParameterCount);
        Assert.Equal(2 * 64 * 4, Multiplies(new SqueezeExcite(64, 4), 1, 64, 9, 9));
    }

    [Fact]
    public void The_pyramid_of_DeepLabV3_has_15535104_parameters() => Assert.Equal(15_535_104, new Aspp(2048, [12, 24, 36]).ParameterCount);

    [Fact]
    public void The_first_unit_of_ShuffleNet_joins_24_averaged_channels_to_216_new_ones()
    {
        ShuffleUnit unit = new(24, 240, 3, stride: 2, groupedFirst: false);
        Assert.Equal(24 * 60 + 60 * 9 + 20 * 216 + 2 * (60 + 60 + 216), unit.ParameterCount);
        Assert.Equal([1, 240, 28, 28], unit.Eval().Forward(Tensor.Full([1, 24, 56, 56], 0)).Shape);
        Assert.Equal(8 * 60 + 60 * 9 + 20 * 216 + 2 * (60 + 60 + 216), new ShuffleUnit(24, 240, 3, stride: 2).ParameterCount);
    }

    [Fact]
    public void An_up_block_takes_64_channels_of_32x32_and_32_of_64x64_to_32_of_64x64()
    {
        foreach (Upsampling upsampling in Enum.GetValues<Upsampling>())
        {
            UpBlock block = new(64, 32, 32, upsampling);
            Assert.Equal([1, 32, 64, 64], block.Forward(Tensor.Full([1, 64, 32, 32], 0), Tensor.Full([1, 32, 64, 64], 0)).Shape);
            Assert.Equal(64 * 32 * (upsampling == Upsampling.Transposed ? 4 : 1) + 32 + 64 * 32 * 9 + 32 + 32 * 32 * 9 + 32, block.ParameterCount);
        }
    }

    [Fact]
    public void A_resize_convolution_works_on_the_enlarged_map()
    {
        Assert.Equal([1, 5, 8, 8], new ResizeConv2d(3, 5, 3).Forward(Tensor.Full([1, 3, 4, 4], 0)).Shape);
        Assert.Equal(3 * 5 * 9 * 64, Multiplies(new ResizeConv2d(3, 5, 3), 1, 3, 4, 4));
    }

    private static long Multiplies(Module module, params int[] input) => Summary.Of(module.Eval(), input).Multiplies;
}
