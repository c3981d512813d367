namespace Volute.Tests.Modules;

/// <summary>Blocks of pictures that become blocks of volumes.</summary>
public class BlockVolumeTests
{
    private static readonly Dictionary<string, (Func<Module> Flat, Func<Module> Volume, int Channels)> Blocks = new()
    {
        ["residual block"] = (() => new ResidualBlock(4, 6, 2), () => new ResidualBlock(4, 6, 2, rank: 3), 4),
        ["residual block of zero channels"] = (() => new ResidualBlock(4, 6, 2, projection: false), () => new ResidualBlock(4, 6, 2, projection: false, rank: 3), 4),
        ["bottleneck"] = (() => new ResidualBlock(4, 6, 2, bottleneck: 2), () => new ResidualBlock(4, 6, 2, bottleneck: 2, rank: 3), 4),
        ["inverted residual"] = (() => new InvertedResidual(4, 4), () => new InvertedResidual(4, 4, rank: 3), 4),
        ["squeeze and excitation"] = (() => new SqueezeExcite(4, 2), () => new SqueezeExcite(4, 2, rank: 3), 4),
        ["shuffled group convolution"] = (() => new ShuffledGroupConv(4, 6, 2, 3), () => new ShuffledGroupConv(4, 6, 2, 3, rank: 3), 4),
        ["shuffle unit"] = (() => new ShuffleUnit(4, 8, 2, 2), () => new ShuffleUnit(4, 8, 2, 2, rank: 3), 4),
        ["pyramid"] = (() => new Aspp(4, [1, 2], 3), () => new Aspp(4, [1, 2], 3, rank: 3), 4),
        ["depthwise separable convolution"] = (() => new DepthwiseSeparableConv2d(4, 3, 3, multiplier: 2), () => new DepthwiseSeparableConv3d(4, 3, 3, multiplier: 2), 4),
        ["resize convolution"] = (() => new ResizeConv2d(4, 3, 3, mode: Interpolation.Linear), () => new ResizeConv3d(4, 3, 3, mode: Interpolation.Linear), 4),
    };

    public static TheoryData<string> Names => [.. Blocks.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Inflated_blocks_have_state_and_sizes_of_those_with_three_axes(string name)
    {
        var (flat, volume, channels) = Blocks[name];
        Module grown = flat().Eval().ToVolumes(VolumeForm.Inflated), made = volume().Eval();
        Assert.Equal(made.State().Select(p => (p.Name, p.Shape)), grown.State().Select(p => (p.Name, p.Shape)));
        foreach (var (to, from) in grown.State().Zip(made.State()))
            to.Assign(from);
        Tensor x = Tensor.Normal([1, channels, 5, 6, 7]).Evaluate();
        Assert.Equal(made.Forward(x).Shape, grown.Forward(x).Shape);
        Assert.Equal(made.Forward(x).ToArray(), grown.Forward(x).ToArray());
    }

    [Theory, MemberData(nameof(Names))]
    public void Blocks_of_ACS_convolutions_keep_the_state_that_they_had(string name)
    {
        var (flat, volume, channels) = Blocks[name];
        Module block = flat().Eval();
        IReadOnlyList<Parameter> state = block.State();
        block.ToVolumes();
        Assert.Equal(state, block.State());
        Tensor x = Tensor.Full([1, channels, 5, 6, 7], 0.5);
        Assert.Equal(volume().Eval().Forward(x).Shape, block.Forward(x).Shape);
    }

    [Fact]
    public void An_up_block_takes_volumes_and_their_skip_connections()
    {
        foreach (Upsampling upsampling in Enum.GetValues<Upsampling>())
        {
            UpBlock block = new(4, 2, 3, upsampling);
            block.ToVolumes();
            Assert.Equal([1, 3, 4, 6, 8], block.Forward(Tensor.Full([1, 4, 2, 3, 4], 0), Tensor.Full([1, 2, 5, 6, 9], 0)).Shape);
        }
    }

    [Fact]
    public void Factors_along_one_axis_have_no_form_for_volumes_and_say_so()
        => Assert.Equal("vertical (Conv2d 2->3 k3x1) cannot be turned into a layer of volumes: its kernel size is 3 along one axis and 1 along the other; what is to hold for three axes must be equal",
            Assert.Throws<InvalidArgumentException>(() => new SpatiallySeparableConv2d(2, 3, 3).ToVolumes()).Message);
}
