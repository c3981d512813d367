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
            chain.Add(Add($"layer{stage + 1}", new Sequential(new ResidualBlock(channels, width, stage == 0 ? 1 : 2), new ResidualBlock(width, width))));
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
