namespace Volute;

/// <summary>
/// ResNet (He et al., 2016) with torchvision's structure, state names and first values: 7×7 stride 2 → 64, max-pool, four stages of residual blocks (64, 128, 256, 512 channels,
/// four times as many behind bottlenecks; the later stages begin with stride 2), global average, linear; the base of <see cref="ResNet18"/> to
/// <see cref="ResNet152"/>, which only fix the blocks. Any picture goes in. State: conv1, bn1, layer1.0.conv1, … fc.
/// </summary>
public abstract class ResNet : Module
{
    private readonly string _kind;
    private readonly Module[] _stem, _stages, _head;

    /// <param name="blocks">Of each stage.</param>
    /// <param name="bottleneck">Whether blocks are bottlenecks.</param>
    /// <param name="classes">Classes; null: no head.</param>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <param name="strideFirst">Whether a bottleneck's first 1×1 convolution has the stride.</param>
    /// <param name="width">Channels of the first stage.</param>
    /// <param name="dilated">How many of the last stages are dilated in place of their stride.</param>
    private protected ResNet(int[] blocks, bool bottleneck, int? classes, int inChannels, bool strideFirst, int width, int dilated = 0)
    {
        _kind = $"ResNet-{blocks.Sum() * (bottleneck ? 3 : 2) + 2}";
        _stem =
        [
            Add("conv1", new Conv2d(inChannels, width, 7, stride: 2, padding: 3, bias: false)), Add("bn1", new BatchNorm2d(width)), Add("relu", new ReLU()),
            Add("maxpool", new MaxPool2d(3, stride: 2, padding: 1)),
        ];
        _stages = new Module[blocks.Length];
        int channels = width, dilation = 1;
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            int narrow = width << stage, wide = bottleneck ? 4 * narrow : narrow, stride = stage == 0 ? 1 : 2;
            // The first block sees with the dilation of the stage before it: what it reads has not been thinned out.
            int before = dilation;
            if (stage >= blocks.Length - dilated)
                (dilation, stride) = (dilation * stride, 1);
            Sequential chain = new();
            for (int i = 0; i < blocks[stage]; i++)
            {
                chain.Append(new ResidualBlock(channels, wide, i == 0 ? stride : 1, i == 0 ? before : dilation, bottleneck: bottleneck ? narrow : null, strideFirst: strideFirst));
                channels = wide;
            }
            _stages[stage] = Add($"layer{stage + 1}", chain);
        }
        _head = classes is { } scores ? [Add("avgpool", new AdaptiveAvgPool2d(1)), Add("flatten", new Flatten()), Add("fc", new Linear(channels, scores))] : [];
        foreach (Conv convolution in Modules().OfType<Conv>())
            Initialize.KaimingNormal(convolution.Weight, fanOut: true);
    }

    /// <inheritdoc/>
    public override string Kind => _kind;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Run(_head, Stages(x)[^1]);

    /// <summary>What each stage found.</summary>
    internal Tensor[] Stages(Tensor x)
    {
        Tensor[] found = new Tensor[_stages.Length];
        for (int i = 0; i < found.Length; i++)
            found[i] = _stages[i].Forward(i == 0 ? Run(_stem, x) : found[i - 1]);
        return found;
    }

    private static Tensor Run(Module[] chain, Tensor x) => chain.Aggregate(x, (t, module) => module.Forward(t));
}

/// <summary>ResNet-18: 11,689,512 parameters for 1000 classes, 1,814,073,344 multiplications at 224×224.</summary>
/// <param name="classes">Classes.</param>
/// <param name="inChannels">Channels of the picture.</param>
/// <param name="width">Channels of the first stage.</param>
public class ResNet18(int classes = 1000, int inChannels = 3, int width = 64) : ResNet([2, 2, 2, 2], false, classes, inChannels, false, width);

/// <summary>ResNet-34: 21,797,672 parameters for 1000 classes, 3,663,761,408 multiplications at 224×224.</summary>
/// <inheritdoc cref="ResNet18(int, int, int)"/>
public class ResNet34(int classes = 1000, int inChannels = 3, int width = 64) : ResNet([3, 4, 6, 3], false, classes, inChannels, false, width);

/// <summary>ResNet-50: 25,557,032 parameters for 1000 classes, 4,089,184,256 multiplications at 224×224; 3,857,973,248 with the stride in the first 1×1 convolutions.</summary>
/// <param name="classes">Classes.</param>
/// <param name="inChannels">Channels of the picture.</param>
/// <param name="strideFirst">Whether a block's first 1×1 convolution has the stride, as in the paper; otherwise the 3×3 has it, as in torchvision.</param>
/// <param name="width">Channels of the first stage's 3×3 convolutions.</param>
public class ResNet50(int classes = 1000, int inChannels = 3, bool strideFirst = false, int width = 64) : ResNet([3, 4, 6, 3], true, classes, inChannels, strideFirst, width);

/// <summary>ResNet-101: 44,549,160 parameters for 1000 classes, 7,801,405,440 multiplications at 224×224.</summary>
/// <inheritdoc cref="ResNet50(int, int, bool, int)"/>
public class ResNet101(int classes = 1000, int inChannels = 3, bool strideFirst = false, int width = 64) : ResNet([3, 4, 23, 3], true, classes, inChannels, strideFirst, width);

/// <summary>ResNet-152: 60,192,808 parameters for 1000 classes, 11,513,626,624 multiplications at 224×224.</summary>
/// <inheritdoc cref="ResNet50(int, int, bool, int)"/>
public class ResNet152(int classes = 1000, int inChannels = 3, bool strideFirst = false, int width = 64) : ResNet([3, 8, 36, 3], true, classes, inChannels, strideFirst, width);

/// <summary>ResNet-50 without its head, the last two stages dilated by 2 and 4 in place of their stride: its maps are an eighth of the picture.</summary>
internal sealed class DilatedResNet50(int inChannels, int width) : ResNet([3, 4, 6, 3], true, null, inChannels, false, width, dilated: 2);
