using Volute.Kernels;

namespace Volute.Tests.Volumes;

public class VolumeConversionTests
{
    private static readonly VolumeForm[] s_flat = [VolumeForm.Acs, VolumeForm.MeanAcs, VolumeForm.Conv2p5d];

    public static TheoryData<string> Networks => [.. Models.Keys];

    private static Dictionary<string, (Func<Module> Make, Shape Input, Shape Output)> Models { get; } = new()
    {
        ["padded U-Net"] = (() => new UNet(new UNetOptions(1, 3, BaseWidth: 4, Levels: 3, Padded: true, Normalization: Normalization.Batch)), [1, 1, 8, 12, 8], [1, 3, 8, 12, 8]),
        ["valid U-Net with interpolation"] = (() => new UNet(new UNetOptions(1, 2, BaseWidth: 3, Levels: 2, TransposedUpsampling: false, Dropout: 0.1)), [1, 1, 18, 20, 18], [1, 2, 2, 4, 2]),
        ["staged U-Net"] = (() => new StagedUNet(Square(false)), [1, 1, 8, 8, 12], [1, 2, 8, 8, 12]),
        ["residual staged U-Net"] = (() => new StagedUNet(Square(true)), [1, 1, 8, 8, 12], [1, 2, 8, 8, 12]),
        ["ResNet-18"] = (() => new ResNet18(5, 1), [1, 1, 9, 33, 34], [1, 5]),
        ["MobileNetV2"] = (() => new MobileNetV2(5, 1), [1, 1, 9, 33, 34], [1, 5]),
    };

    private static StagedUNetOptions Square(bool residual) => new()
    {
        Residual = residual,
        Stages = [new(4, [3, 3], [1, 1]), new(6, [3, 3], [2, 2]), new(8, [3, 3], [2, 2])],
    };

    /// <summary>First stages see slices alone: 1x3x3 kernels and 1x2x2 strides.</summary>
    private static StagedUNetOptions Flat(bool residual = false, VolumeForm? form = VolumeForm.Acs) => new()
    {
        Residual = residual,
        Volumes = form,
        DeepSupervision = true,
        Stages = [new(4, [1, 3, 3], [1, 1, 1]), new(6, [3, 3, 3], [1, 2, 2]), new(8, [3, 3, 3], [2, 2, 2])],
    };

    [Theory, MemberData(nameof(Networks))]
    public void Every_model_takes_volumes_with_the_state_that_it_had(string name)
    {
        var (make, input, output) = Models[name];
        foreach (VolumeForm form in s_flat)
        {
            Module network = make().Eval();
            (string, Shape)[] state = [.. network.State().Select(p => (p.Name, p.Shape))];
            IReadOnlyList<Parameter> parameters = network.State();
            Assert.Same(network, network.ToVolumes(form));
            Assert.Equal(state, network.State().Select(p => (p.Name, p.Shape)));
            Assert.Equal(parameters, network.State());
            Assert.All(network.Modules(), m => Assert.False(m.IsTraining));
        }
        Assert.Equal(output, Summary.Of(make().Eval().ToVolumes(), input).Output);
    }

    [Theory, MemberData(nameof(Networks))]
    public void Inflated_networks_are_plain_3D_ones(string name)
    {
        var (make, input, output) = Models[name];
        Module network = make().Eval().ToVolumes(VolumeForm.Inflated);
        Assert.Equal(output, Summary.Of(network, input).Output);
        Assert.All(network.Modules().OfType<Conv>(), conv => Assert.True(conv is Conv3d or ConvTranspose3d));
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_volume_of_equal_slices_gives_what_the_2D_network_gives_for_a_slice(string name)
    {
        var (make, input, _) = Models[name];
        Settings.Seed = 4;
        Module network = make().Eval();
        Tensor slice = Tensor.Normal([1, input[1], input[3], input[4]]).Evaluate(), flat = network.Forward(slice).Evaluate();
        network.ToVolumes(VolumeForm.Conv2p5d);
        Tensor grown = network.Forward(slice.Unsqueeze(2).BroadcastTo(input).Evaluate());
        Tensor expected = grown.Shape.Rank == 2 ? flat : flat.Unsqueeze(2).BroadcastTo(grown.Shape);
        float largest = flat.ToArray().Max(Math.Abs);
        Assert.All(grown.ToArray().Zip(expected.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-4f * largest));
    }

    [Fact]
    public void Inflated_weights_give_in_the_middle_of_equal_slices_what_2D_weights_give()
    {
        Sequential network = new(new Conv2d(2, 4, 3, padding: 1), new ReLU(), new ConvTranspose2d(4, 3, 4, stride: 2, padding: 1), new AvgPool2d(2, divisorOverride: 3));
        Tensor slice = Tensor.Normal([1, 2, 6, 8]).Evaluate(), flat = network.Forward(slice).Evaluate();
        network.ToVolumes(VolumeForm.Inflated);
        Tensor middle = network.Forward(slice.Unsqueeze(2).BroadcastTo([1, 2, 9, 6, 8])).Slice(2, 4, 1).Squeeze(2);
        Assert.All(middle.ToArray().Zip(flat.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void ResNet_18_keeps_its_parameters_and_a_U_Net_s_volumes_cost_a_third()
    {
        Assert.Equal(11_689_512, new ResNet18().ToVolumes().ParameterCount);
        Assert.Equal(33_716_904, new ResNet18().ToVolumes(VolumeForm.Inflated).ParameterCount);
        UNetOptions options = new(BaseWidth: 16, Levels: 4, Padded: true);
        long acs = Summary.Of(new UNet(options).ToVolumes(), [1, 1, 16, 16, 16]).Multiplies, plain = Summary.Of(new UNet(options with { Rank = 3 }), [1, 1, 16, 16, 16]).Multiplies;
        Assert.InRange((double)plain / acs, 2.85, 3);
    }

    [Fact]
    public void A_module_of_one_s_own_that_holds_layers_is_turned_with_them()
    {
        Doubling network = new();
        network.Train();
        network.ToVolumes();
        Assert.Equal([1, 2, 7, 8, 9], network.Forward(Tensor.Normal([1, 2, 7, 8, 9])).Shape);
        Assert.Equal([2, 7, 8, 9], network.Forward(Tensor.Normal([2, 7, 8, 9])).Shape);
        Assert.All(network.Modules(), m => Assert.True(m.IsTraining));
        Assert.StartsWith("AcsConv3d: expected 2 channels, got 4 in shape [1, 4, 7, 8, 9]", Assert.Throws<ShapeException>(() => network.Forward(Tensor.Normal([1, 4, 7, 8, 9]))).Message, StringComparison.Ordinal);
        Assert.Equal(["down (AcsConv3d 2->3 k3x3x3 s2x2x2 p1)", "up (AcsConvTranspose3d 3->2 k3x3x3 s2x2x2 p1)"], Summary.Of(network, [1, 2, 7, 8, 9]).Layers.Select(l => $"{l.Name} ({l.Kind})"));
    }

    [Fact]
    public void Places_of_maxima_are_found_and_filled_in_volumes()
    {
        MaxPool2d pool = new(2);
        MaxUnpool2d unpool = new(2);
        Module poolOfVolumes = pool.ToVolumes(), unpoolOfVolumes = unpool.ToVolumes();
        Tensor x = Tensor.Normal([1, 2, 4, 6, 4]).Evaluate(), largest = pool.Forward(x), places = pool.Indices(x);
        Assert.Equal(new MaxPool3d(2).Forward(x).ToArray(), largest.ToArray());
        Assert.Equal(new MaxUnpool3d(2).Forward(largest, places).ToArray(), unpool.Forward(largest, places).ToArray());
        Assert.True(poolOfVolumes is MaxPool3d && unpoolOfVolumes is MaxUnpool3d);
    }

    [Fact]
    public void A_part_of_a_network_may_be_turned_alone()
    {
        Conv2d conv = new(1, 2, 3);
        Sequential network = new(conv, new ReLU());
        Module turned = conv.ToVolumes();
        Assert.Same(turned, network.Children[0].Child);
        Assert.Equal(["0.weight", "0.bias"], network.State().Select(p => p.Name));
        Assert.Equal([1, 2, 3, 4, 5], network.Forward(Tensor.Normal([1, 1, 5, 6, 7])).Shape);
    }

    [Fact]
    public void Float64_networks_stay_float64_ones()
        => Assert.All(new Sequential(new Conv2d(1, 3, 3), new BatchNorm2d(3)).To(ElementType.Float64).ToVolumes(VolumeForm.SoftAcs).State(), p => Assert.Equal(ElementType.Float64, p.Type));

    [Fact]
    public void What_has_no_form_for_volumes_is_named_and_nothing_is_changed()
    {
        (Module Layer, string Reason)[] cases =
        [
            (new Conv2d(1, 1, [3, 5]), "its kernel size is 3 along one axis and 5 along the other; what is to hold for three axes must be equal"),
            (new Conv2d(1, 1, 3, stride: [1, 2]), "its stride is 1 along one axis and 2 along the other; what is to hold for three axes must be equal"),
            (new Conv2d(1, 1, 3, padding: [1, 2]), "its padding [1, 2] differs between the axes"),
            (new ConvTranspose2d(1, 1, 3, dilation: [1, 2]), "its dilation is 1 along one axis and 2 along the other; what is to hold for three axes must be equal"),
            (new MaxPool2d([1, 2]), "its two axes differ; what is to hold for three axes must be equal"),
            (new AdaptiveAvgPool2d([1, 2]), "its output size is 1 along one axis and 2 along the other; what is to hold for three axes must be equal"),
            (new ZeroPad2d(1, 1, 2, 2), "its padding is (2, 2) along one axis and (1, 1) along the other; what is to hold for three axes must be equal"),
            (new Upsample(2, "bicubic"), "there is no cubic interpolation of volumes; use bilinear"),
            (new Upsample([4, 5]), "its size [4, 5] differs between the axes"),
            (new PixelShuffle(2), "its channels hold r x r pixels, those of volumes r x r x r"),
            (new PixelUnshuffle(2), "its channels hold r x r pixels, those of volumes r x r x r"),
            (new Unfold(3), "its columns hold windows of pictures"),
            (new Fold(4, 3), "its columns hold windows of pictures"),
            (new LayerNorm([4, 4]), "it normalizes over axes of the sizes [4, 4], one of which would be missing"),
        ];
        foreach (var (layer, reason) in cases)
        {
            Sequential network = new(new Conv2d(1, 1, 3), layer);
            Assert.Equal($"1 ({layer.Kind}) cannot be turned into a layer of volumes: {reason}", Assert.Throws<InvalidArgumentException>(() => network.ToVolumes()).Message);
            Assert.IsType<Conv2d>(network.Children[0].Child);
            Assert.Equal([1, 1, 2, 2], network.Children[0].Child.Forward(Tensor.Normal([1, 1, 4, 4])).Shape);
        }
        Assert.Equal("Sequential: has no layer of two spatial axes that could work on volumes",
            Assert.Throws<InvalidArgumentException>(() => new Sequential(new Conv3d(1, 1, 3), new ReLU()).ToVolumes()).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_staged_U_Net_of_planes_has_the_state_of_its_slices_network(bool residual)
    {
        StagedUNetOptions options = Flat(residual);
        StagedUNet slices = new(options.Slices()), volumes = new(options);
        Assert.Equal(slices.State().Select(p => (p.Name, p.Shape)), volumes.State().Select(p => (p.Name, p.Shape)));
        Tensor x = Tensor.Normal([2, 1, 4, 8, 12]);
        Assert.Equal([[2, 2, 4, 8, 12]], volumes.Outputs(x).Select(s => s.Shape));
        Tensor loss = volumes.Outputs(x).Aggregate(Tensor.Scalar(0), (sum, scores) => sum + (scores * scores).Mean());
        Assert.All(volumes.Parameters().Zip(Gradient.Of(loss, volumes.Parameters())).Where(p => !p.First.Name.EndsWith("conv.bias", StringComparison.Ordinal)),
            p => Assert.True(p.Second.ToArray().Any(g => g != 0), p.First.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_turned_and_one_made_from_its_options_are_the_same(bool staged)
    {
        Settings.Seed = 9;
        Module turned = (staged ? new StagedUNet(Square(true)) : (Module)new UNet(new UNetOptions(BaseWidth: 3, Levels: 2, Padded: true, Normalization: Normalization.Batch))).ToVolumes().Eval();
        Module made = (turned is StagedUNet s ? new StagedUNet(s.Options) : (Module)new UNet(((UNet)turned).Options)).Eval();
        Assert.Equal(turned.Kind, made.Kind);
        Assert.EndsWith(", Acs", made.Kind, StringComparison.Ordinal);
        foreach (var (to, from) in made.State().Zip(turned.State()))
            to.Assign(from);
        Tensor x = Tensor.Normal([1, 1, 8, 8, 8]).Evaluate();
        Assert.Equal(turned.Forward(x).ToArray(), made.Forward(x).ToArray());
    }

    [Fact]
    public void Slices_of_planes_alone_are_seen_one_by_one()
    {
        StagedUNetOptions options = Flat() with { Stages = [new(4, [1, 3, 3], [1, 1, 1]), new(6, [1, 3, 3], [1, 2, 2])], Normalization = Normalization.None };
        StagedUNet volumes = new(options), slices = new(options.Slices());
        foreach (var (to, from) in slices.State().Zip(volumes.State()))
            to.Assign(from);
        Tensor x = Tensor.Normal([1, 1, 3, 8, 8]).Evaluate(), y = volumes.Forward(x).Evaluate();
        for (int i = 0; i < 3; i++)
            Assert.All(y.Slice(2, i, 1).Squeeze(2).ToArray().Zip(slices.Forward(x.Slice(2, i, 1).Squeeze(2)).ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void Options_that_no_planes_fit_are_refused()
    {
        Assert.Equal("StagedUNet: with volumes of the form Acs stage 1 needs a kernel and a stride [k, k, k] or [1, k, k], got kernel [3, 3, 3], stride [2, 1, 1]",
            Assert.Throws<InvalidArgumentException>(() => new StagedUNet(Flat() with { Stages = [new(2, [3, 3, 3], [1, 1, 1]), new(2, [3, 3, 3], [2, 1, 1])] })).Message);
        Assert.Equal("UNet: volumes of the form Acs need rank 3, got 2",
            Assert.Throws<InvalidArgumentException>(() => new UNet(new UNetOptions(Volumes: VolumeForm.Acs))).Message);
        Assert.Equal("UNet: Inflated says how a 3D network begins, not what it is made of; turn the 2D network into one of volumes, or leave Volumes out",
            Assert.Throws<InvalidArgumentException>(() => new UNet(new UNetOptions(Rank: 3, Volumes: VolumeForm.Inflated))).Message);
        Assert.Equal("StagedUNet: Inflated says how a 3D network begins, not what it is made of; turn the 2D network into one of volumes, or leave Volumes out",
            Assert.Throws<InvalidArgumentException>(() => new StagedUNet(Flat(form: VolumeForm.Inflated))).Message);
        Assert.Equal("StagedUNet: only stages of 3 axes have slices, got 2", Assert.Throws<InvalidArgumentException>(() => Square(false).Slices()).Message);
    }

    /// <summary>Half the size and back to the size that it had, with layers in fields.</summary>
    private sealed class Doubling : Module
    {
        private readonly Conv2d _down;
        private readonly ConvTranspose2d _up;

        public Doubling()
        {
            _down = Add("down", new Conv2d(2, 3, 3, stride: 2, padding: 1));
            _up = Add("up", new ConvTranspose2d(3, 2, 3, stride: 2, padding: 1));
        }

        public override Tensor Forward(Tensor x) => _up.Forward(_down.Forward(x), [.. x.Shape]);
    }
}
