using Volute.Tests.Kernels;

namespace Volute.Tests;

// Dropout needs the seed for itself.
[Collection(TeamSize.Name)]
public class ModuleGradientTests
{
    /// <summary>Modules that are chains of others, or take more than one tensor.</summary>
    private static readonly Dictionary<string, string> CheckedElsewhere = new()
    {
        ["Sequential"] = "a chain: its parts are checked, and so is a chain below",
        ["LeNet"] = "a chain of checked modules",
        ["LeNet5"] = "a chain of checked modules",
        ["UNet"] = "checked below",
        ["ResNet18"] = "a chain of checked modules",
        ["MobileNetV2"] = "a chain of checked modules",
        ["AlexNet"] = "a chain of checked modules",
        ["VGG11"] = "a chain of checked modules",
        ["VGG13"] = "a chain of checked modules",
        ["VGG16"] = "a chain of checked modules",
        ["VGG19"] = "a chain of checked modules",
        ["NiN"] = "a chain of checked modules",
        ["GoogLeNet"] = "a chain of checked modules",
        ["C3D"] = "a chain of checked modules",
        ["ResNet34"] = "a chain of checked modules",
        ["ResNet50"] = "a chain of checked modules",
        ["ResNet101"] = "a chain of checked modules",
        ["ResNet152"] = "a chain of checked modules",
        ["DilatedResNet50"] = "a chain of checked modules",
        ["CifarResNet"] = "a chain of checked modules",
        ["MobileNetV1"] = "a chain of checked modules",
        ["ShuffleNet"] = "a chain of checked modules",
        ["M5"] = "a chain of checked modules",
        ["DeepLabV3"] = "a chain of checked modules",
        ["FCN"] = "a chain of checked modules",
        ["LeNet5Original"] = "a chain of checked modules",
        ["MaxUnpool1d"] = "takes indices: see the operator",
        ["MaxUnpool2d"] = "takes indices: see the operator",
        ["MaxUnpool3d"] = "takes indices: see the operator",
    };

    private static readonly Dictionary<string, (Func<Module> Make, int[] Input)> Cases = Make().ToDictionary(c => c.Name, c => (c.Make, c.Input));

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_of_inputs_and_parameters_agree_with_finite_differences(string name)
    {
        var (make, input) = Cases[name];
        FiniteDifferences.Check(make(), FiniteDifferences.Input(1, input));
    }

    [Fact]
    public void Every_module_is_checked()
    {
        HashSet<string> known = [.. typeof(Module).Assembly.GetTypes().Where(t => typeof(Module).IsAssignableFrom(t) && !t.IsAbstract).Select(t => t.Name)];
        HashSet<string> seen = [.. Cases.Values.SelectMany(c => c.Make().Modules()).Select(m => m.GetType().Name), .. CheckedElsewhere.Keys];
        Assert.Empty(known.Except(seen));
        Assert.Empty(CheckedElsewhere.Keys.Except(known));
    }

    private static IEnumerable<(string Name, Func<Module> Make, int[] Input)> Make()
    {
        int[] line = [2, 3, 5], map = [2, 3, 4, 3], volume = [1, 2, 3, 2, 4];
        Layer[] activations =
        [
            new ReLU(), new ReLU6(), new LeakyReLU(), new ELU(0.5), new GELU(), new GELU("tanh"), new SiLU(), new Mish(), new Sigmoid(), new LogSigmoid(), new Tanh(), new Softplus(2, 1),
            new Hardtanh(-0.5, 0.7), new Hardsigmoid(), new Hardswish(), new Softmax(1), new LogSoftmax(-1), new Softmax2d(), new Identity(), new PReLU(), new PReLU(3),
        ];
        for (int i = 0; i < activations.Length; i++)
        {
            Layer activation = activations[i];
            yield return ($"{activation.Kind} {i}", () => activation, map);
        }
        yield return ("linear", () => new Linear(5, 3), line);
        yield return ("conv 1d", () => new Conv1d(3, 4, 3, stride: 2, padding: "same", dilation: 2), line);
        yield return ("causal conv 1d", () => new Conv1d(3, 3, 2, padding: "causal", dilation: 2, groups: 3), line);
        yield return ("conv 2d", () => new Conv2d(3, 2, [2, 3], stride: [3, 1], padding: [1, 2], paddingMode: PaddingMode.Circular), map);
        yield return ("conv 2d with ends", () => new Conv2d(3, 3, 2, padding: Padding.Ends([1, 0], [0, 2]), groups: 3, bias: false), map);
        yield return ("conv 3d", () => new Conv3d(2, 2, [1, 2, 3], stride: [1, 2, 2], padding: [0, 1, 1], paddingMode: PaddingMode.Replicate), volume);
        yield return ("conv transpose 1d", () => new ConvTranspose1d(3, 2, 3, stride: 2, padding: 1, outputPadding: 1), line);
        yield return ("conv transpose 2d", () => new ConvTranspose2d(3, 3, [2, 3], stride: [3, 1], groups: 3), map);
        yield return ("conv transpose 3d", () => new ConvTranspose3d(2, 1, 2, stride: [1, 2, 2], dilation: [1, 2, 1]), volume);
        yield return ("ACS conv", () => new AcsConv3d(2, 4, 3, stride: [1, 2, 1], padding: 1, groups: 2), volume);
        yield return ("ACS conv that looks inside", () => new AcsConv3d(1, 3, 2, bias: false), [1, 1, 2, 3, 2]);
        yield return ("mean ACS conv", () => new MeanAcsConv3d(2, 2, 3, padding: 1, paddingMode: PaddingMode.Replicate), volume);
        yield return ("soft ACS conv", () => new SoftAcsConv3d(2, 2, 2, padding: 1), volume);
        yield return ("2.5D conv", () => new Conv2p5d(2, 2, 3, padding: 1, stride: 2), volume);
        yield return ("ACS conv transpose", () => new AcsConvTranspose3d(2, 4, 2, stride: 2), [1, 2, 1, 2, 2]);
        yield return ("ACS conv transpose of groups", () => new AcsConvTranspose3d(4, 4, 3, groups: 2, padding: 1), [1, 4, 2, 1, 2]);
        yield return ("mean ACS conv transpose", () => new MeanAcsConvTranspose3d(2, 1, 3, stride: 2), [1, 2, 2, 1, 2]);
        yield return ("soft ACS conv transpose", () => new SoftAcsConvTranspose3d(2, 2, 2, stride: 2, groups: 2), [1, 2, 2, 1, 2]);
        yield return ("2.5D conv transpose", () => new ConvTranspose2p5d(2, 1, 2, stride: 2), [1, 2, 2, 1, 2]);
        yield return ("max pool 1d", () => new MaxPool1d(2), line);
        yield return ("max pool 2d", () => new MaxPool2d(2, stride: 1, padding: 1), map);
        yield return ("max pool 3d", () => new MaxPool3d([1, 2, 2], ceilMode: true), volume);
        yield return ("average pool 1d", () => new AvgPool1d(3, 2, 1), line);
        yield return ("average pool 2d", () => new AvgPool2d(2, stride: 1, divisorOverride: 3), map);
        yield return ("average pool 3d", () => new AvgPool3d(2, ceilMode: true, countIncludePad: false), volume);
        yield return ("adaptive max pool 1d", () => new AdaptiveMaxPool1d(2), line);
        yield return ("adaptive max pool 2d", () => new AdaptiveMaxPool2d([3, -1]), map);
        yield return ("adaptive max pool 3d", () => new AdaptiveMaxPool3d(2), volume);
        yield return ("adaptive average pool 1d", () => new AdaptiveAvgPool1d(2), line);
        yield return ("adaptive average pool 2d", () => new AdaptiveAvgPool2d([3, -1]), map);
        yield return ("adaptive average pool 3d", () => new AdaptiveAvgPool3d(2), volume);
        foreach (bool training in new[] { true, false })
        {
            string mode = training ? "training" : "evaluating";
            yield return ($"batch norm 1d {mode}", () => new BatchNorm1d(3).Train(training), line);
            yield return ($"batch norm 2d {mode}", () => new BatchNorm2d(3, momentum: null).Train(training), map);
            yield return ($"batch norm 3d {mode}", () => new BatchNorm3d(2, affine: false, trackRunningStats: false).Train(training), volume);
            yield return ($"instance norm 1d {mode}", () => new InstanceNorm1d(3, affine: true, trackRunningStats: true).Train(training), line);
            yield return ($"instance norm 2d {mode}", () => new InstanceNorm2d(3).Train(training), map);
            yield return ($"instance norm 3d {mode}", () => new InstanceNorm3d(2, affine: true).Train(training), volume);
            yield return ($"dropout {mode}", () => new Dropout(0.3).Train(training), map);
        }
        yield return ("dropout of channels", () => new Sequential(new DropoutChannels(), new Dropout2d(0.25)), map);
        yield return ("dropout of channels 1d", () => new Dropout1d(), line);
        yield return ("dropout of channels 3d", () => new Dropout3d(), volume);
        yield return ("group norm", () => new GroupNorm(2, 4), [2, 4, 3]);
        yield return ("layer norm", () => new LayerNorm([4, 3]), map);
        yield return ("local response norm", () => new LocalResponseNorm(2, alpha: 0.5, k: 2), map);
        yield return ("constant pad", () => new Sequential(new ConstantPad1d([1, -2], 0.5), new ZeroPad1d(1)), line);
        yield return ("constant pad 2d", () => new Sequential(new ConstantPad2d([1, -1, 0, 2], 0.5), new ZeroPad2d(1)), map);
        yield return ("constant pad 3d", () => new Sequential(new ConstantPad3d([0, 1, 1, 0, 0, 1], 0.5), new ZeroPad3d(0, 1, 0, 0, 1, 0)), volume);
        yield return ("border pads 1d", () => new Sequential(new ReflectionPad1d(1, 2), new ReplicationPad1d(2, 0), new CircularPad1d(1, 3)), line);
        yield return ("border pads 2d", () => new Sequential(new ReflectionPad2d(1, 0, 2, 1), new ReplicationPad2d(0, 1, 1, 0), new CircularPad2d(1, 0, 0, 2)), [1, 1, 3, 2]);
        yield return ("border pads 3d", () => new Sequential(new ReflectionPad3d(1, 0, 0, 1, 1, 0), new ReplicationPad3d(0, 1, 0, 0, 0, 0), new CircularPad3d(1, 0, 0, 0, 0, 1)), [1, 1, 2, 2, 2]);
        yield return ("upsample", () => new Sequential(new Upsample(2, "bilinear"), new Upsample([3, 5], mode: "nearest")), map);
        yield return ("rearrangements", () => new Sequential(new PixelUnshuffle(2), new ChannelShuffle(3), new PixelShuffle(2), new Unflatten(1, [-1, 1]), new Flatten(1, 2)), [1, 3, 4, 2]);
        yield return ("unfold and fold", () => new Sequential(new Unfold(2, padding: 1), new Fold([4, 3], 2, padding: 1)), map);
        yield return ("a small network", () => new Sequential(new Conv2d(3, 2, 2), new BatchNorm2d(2), new Tanh(), new MaxPool2d(2), new Flatten(), new Linear(2, 2)), map);
        yield return ("a small U-Net", () => new UNet(new UNetOptions(1, 2, 2, BaseWidth: 1, Levels: 2, Padded: true, Normalization.Instance, Dropout: 0.2)), [1, 1, 4, 4]);
        yield return ("a small staged U-Net of planes", () => new StagedUNet(new StagedUNetOptions { Residual = true, Volumes = VolumeForm.Acs, Stages = [new(1, [1, 3, 3], [1, 1, 1], 1, 1), new(2, [3, 3, 3], [2, 2, 2], 1, 1)] }), [1, 1, 2, 4, 4]);
        yield return ("an inception block", () => new InceptionBlock(3, 1, 2, 1, 1, 2, 1).Eval(), map);
        yield return ("layers of LeNet-5 of 1998", () => new Sequential(new Subsampling(3), new ScaledTanh(), new ConnectionTableConv2d([[0, 2], [1, 0], [0, 1, 2]], 1)), [1, 3, 4, 4]);
        yield return ("distances to drawings", () => new RadialBasis([[1, -1, 1], [-1, -1, 1]]), [2, 3]);
        yield return ("a small autoencoder", () => new Autoencoder(1, 2, 2), [1, 1, 3, 4]);
        yield return ("a small generator", () => new DcganGenerator(2, 1, 8, 1), [1, 2]);
        yield return ("a small discriminator", () => new DcganDiscriminator(1, 8, 2), [2, 1, 8, 8]);
        yield return ("a residual block", () => new ResidualBlock(3, 3), map);
        yield return ("a residual block that shrinks", () => new ResidualBlock(3, 2, 2), map);
        yield return ("a residual block of zero channels", () => new ResidualBlock(2, 3, [1, 2, 2], projection: false, rank: 3), volume);
        yield return ("a bottleneck", () => new ResidualBlock(3, 4, 2, dilation: 2, groups: 2, bottleneck: 2, paddingMode: PaddingMode.Replicate, rank: 1), line);
        yield return ("an inverted residual", () => new InvertedResidual(3, 3, 1, 2), map);
        yield return ("an inverted residual that shrinks", () => new InvertedResidual(3, 2, 2, 1), map);
        yield return ("squeeze and excitation", () => new SqueezeExcite(3, 2), map);
        yield return ("a shuffled group convolution", () => new ShuffledGroupConv(3, 6, 3, [2, 1]), map);
        yield return ("a shuffle unit", () => new ShuffleUnit(8, 8, 2, rank: 1), [2, 8, 3]);
        yield return ("a shuffle unit that shrinks", () => new ShuffleUnit(3, 8, 1, 2), map);
        yield return ("a spatial pyramid", () => new Aspp(3, [1, 2], 2, dropout: 0.2), map);
        yield return ("depthwise convolution 1d", () => new DepthwiseConv1d(3, 2, 2, padding: 1), line);
        yield return ("depthwise convolution 2d", () => new DepthwiseConv2d(3, [2, 3], padding: 1, dilation: [2, 1]), map);
        yield return ("depthwise convolution 3d", () => new DepthwiseConv3d(2, 2, 2, stride: [1, 2, 2]), volume);
        yield return ("depthwise separable convolution 1d", () => new DepthwiseSeparableConv1d(3, 4, 3, stride: 2, padding: "same", groups: 2, multiplier: 2), line);
        yield return ("depthwise separable convolution 2d", () => new DepthwiseSeparableConv2d(3, 2, 2, padding: 1, paddingMode: PaddingMode.Circular), map);
        yield return ("depthwise separable convolution 3d", () => new DepthwiseSeparableConv3d(2, 2, [1, 2, 3], bias: false), volume);
        yield return ("spatially separable convolution 2d", () => new SpatiallySeparableConv2d(3, 2, 3, 1, padding: 1, dilation: [1, 2]), map);
        yield return ("spatially separable convolution 3d", () => new SpatiallySeparableConv3d(2, 2, 2, stride: [1, 1, 2]), volume);
        yield return ("flattened convolution 2d", () => new FlattenedConv2d(3, 2, 2, padding: "causal"), map);
        yield return ("flattened convolution 3d", () => new FlattenedConv3d(2, 4, 2, groups: 2), volume);
        yield return ("resize convolution 1d", () => new ResizeConv1d(3, 2, 3, mode: Interpolation.Linear), line);
        yield return ("resize convolution 2d", () => new ResizeConv2d(3, 3, 3, groups: 3), [1, 3, 2, 2]);
        yield return ("resize convolution 3d", () => new ResizeConv3d(1, 1, 2, 1.5), [1, 1, 2, 2, 2]);
        yield return ("weight norm", () => new Conv2d(3, 2, 2).WithWeightNorm(), map);
        yield return ("weight norm of a linear layer", () => new Linear(3, 2).WithWeightNorm(null), map);
        yield return ("spectral norm, evaluating", () => new ConvTranspose1d(3, 2, 2).WithSpectralNorm().Eval(), line);
        yield return ("lazy convolution 1d", () => Made(new LazyConv1d(2, 2, groups: 1), line), line);
        yield return ("lazy convolution 2d", () => Made(new LazyConv2d(3, 2, padding: 1, groups: 3), map), map);
        yield return ("lazy convolution 3d", () => Made(new LazyConv3d(2, 2, bias: false), volume), volume);
        foreach (Upsampling upsampling in Enum.GetValues<Upsampling>())
            yield return ($"an up block, {upsampling}", () => new WithItselfAsSkip(new UpBlock(2, 2, 1, upsampling)), [1, 2, 2, 3]);
        yield return ("a small U-Net of lines", () => new UNet(new UNetOptions(1, 1, 1, BaseWidth: 1, Levels: 2, TransposedUpsampling: false)), [1, 1, 18]);
    }
    /// <summary>A lazy layer that has seen an input.</summary>
    private static Conv Made(Conv lazy, int[] input)
    {
        lazy.Forward(Tensor.Full(input, 0));
        return lazy;
    }

    /// <summary>A module of two inputs, whose second one is made of the first.</summary>
    private sealed class WithItselfAsSkip : Module
    {
        private readonly UpBlock _up;

        public WithItselfAsSkip(UpBlock up) => _up = Add("up", up);

        public override Tensor Forward(Tensor x) => _up.Forward(x, x.Pad([(2, 1), (1, 3)], PaddingMode.Zeros) * 0.5);
    }
}
