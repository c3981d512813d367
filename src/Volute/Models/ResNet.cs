namespace Volute;

/// <summary>
/// ResNet-18 (He et al., 2016) with torchvision's structure, state names and first values: 7×7 stride 2 → 64, max-pool, four stages of two blocks of two
/// 3×3 convolutions (64, 128, 256, 512; the later stages begin with stride 2), global average, linear. 11,689,512 parameters for 1000 classes,
/// 1,814,073,344 multiplications at 224×224.
/// </summary>
public class ResNet18 : Module
{
    private static readonly int[] s_widths = [64, 128, 256, 512];

    private readonly Module[] _chain;

    /// <summary>A ResNet-18 for <paramref name="classes"/> and pictures of <paramref name="inChannels"/>.</summary>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public ResNet18(int classes = 1000, int inChannels = 3)
    {
        List<Module> chain =
        [
            Add("conv1", new Conv2d(inChannels, s_widths[0], 7, stride: 2, padding: 3, bias: false)), Add("bn1", new BatchNorm2d(s_widths[0])), Add("relu", new ReLU()),
            Add("maxpool", new MaxPool2d(3, stride: 2, padding: 1)),
        ];
        int channels = s_widths[0];
        for (int stage = 0; stage < s_widths.Length; stage++)
        {
            int width = s_widths[stage];
            chain.Add(Add($"layer{stage + 1}", new Sequential(new BasicBlock(channels, width, stage == 0 ? 1 : 2), new BasicBlock(width, width, 1))));
            channels = width;
        }
        chain.AddRange([Add("avgpool", new AdaptiveAvgPool2d(1)), Add("flatten", new Flatten()), Add("fc", new Linear(channels, classes))]);
        _chain = [.. chain];
        foreach (Conv convolution in Modules().OfType<Conv>())
            Initialize.KaimingNormal(convolution.Weight, fanOut: true);
    }

    /// <inheritdoc/>
    public override string Kind => "ResNet-18";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _chain.Aggregate(x, (t, module) => module.Forward(t));
}

/// <summary>relu(bn2(conv2(relu(bn1(conv1(x))))) + x), with a 1×1 convolution on x where shapes differ.</summary>
internal sealed class BasicBlock : Module
{
    private readonly Sequential? _downsample;
    private readonly Module[] _residual;
    private readonly ReLU _relu;

    public BasicBlock(int from, int to, int stride)
    {
        Conv2d conv1 = Add("conv1", new Conv2d(from, to, 3, stride, padding: 1, bias: false));
        BatchNorm2d bn1 = Add("bn1", new BatchNorm2d(to));
        _relu = Add("relu", new ReLU());
        _residual = [conv1, bn1, _relu, Add("conv2", new Conv2d(to, to, 3, padding: 1, bias: false)), Add("bn2", new BatchNorm2d(to))];
        if (stride != 1 || from != to)
            _downsample = Add("downsample", new Sequential(new Conv2d(from, to, 1, stride, bias: false), new BatchNorm2d(to)));
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor y = _residual.Aggregate(x, (t, module) => module.Forward(t));
        return _relu.Forward(y + (_downsample?.Forward(x) ?? x));
    }
}
