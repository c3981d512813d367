namespace Volute;

/// <summary>
/// Scores of every pixel by a ResNet-50 whose maps stay at an eighth of the picture, a head that scores them, and linear interpolation to the picture's size, as in
/// torchvision; the base of <see cref="DeepLabV3"/> and <see cref="FCN"/>, which only fix the head. (N, C, H, W) → (N, classes, H, W). On request an auxiliary head scores
/// what the third stage found, for the loss. State: backbone.conv1, … classifier.0, … aux_classifier.0, ….
/// </summary>
public abstract class ResNetSegmenter : Module
{
    private readonly DilatedResNet50 _backbone;
    private readonly Sequential _classifier;
    private readonly Sequential? _auxiliary;

    private protected ResNetSegmenter(int classes, int inChannels, bool auxiliary, int width, Sequential classifier)
    {
        _backbone = Add("backbone", new DilatedResNet50(inChannels, width));
        _classifier = Add("classifier", classifier);
        _auxiliary = auxiliary ? Add("aux_classifier", ConvolutionalHead(16 * width, classes)) : null;
    }

    /// <summary>The scores (N, classes, H, W).</summary>
    public override Tensor Forward(Tensor x) => Interpolated(_classifier.Forward(_backbone.Stages(x)[^1]), x);

    /// <summary>The scores (N, classes, H, W), and those of the auxiliary head where there is one: a loss is 1 times the first's and, in torchvision's training, ½ times the other's.</summary>
    public IReadOnlyList<Tensor> Outputs(Tensor x)
    {
        Tensor[] found = _backbone.Stages(x);
        Tensor scores = Interpolated(_classifier.Forward(found[^1]), x);
        return _auxiliary is null ? [scores] : [scores, Interpolated(_auxiliary.Forward(found[^2]), x)];
    }

    /// <summary>3×3 to a quarter of the channels, batch norm, ReLU, dropout, 1×1: torchvision's FCNHead.</summary>
    private protected static Sequential ConvolutionalHead(int from, int classes)
        => new(new Conv2d(from, from / 4, 3, padding: 1, bias: false), new BatchNorm2d(from / 4), new ReLU(), new Dropout(0.1), new Conv2d(from / 4, classes, 1));

    private static Tensor Interpolated(Tensor scores, Tensor x) => scores.Interpolate([.. x.Shape.Skip(2)], mode: Interpolation.Linear);
}

/// <summary>
/// DeepLabV3 (Chen et al., 2017) with torchvision's structure and state names: atrous spatial pyramid pooling with rates 12, 24 and 36, 3×3, 1×1. For 21 classes 39,638,869
/// parameters, with the auxiliary head 42,004,074.
/// </summary>
/// <param name="classes">Classes, the background among them.</param>
/// <param name="inChannels">Channels of the picture.</param>
/// <param name="auxiliary">Whether there is an auxiliary head.</param>
/// <param name="width">Channels of the ResNet's first stage; a quarter of the pyramid's.</param>
public class DeepLabV3(int classes = 21, int inChannels = 3, bool auxiliary = false, int width = 64) : ResNetSegmenter(classes, inChannels, auxiliary, width, Head(classes, width))
{
    /// <inheritdoc/>
    public override string Kind => "DeepLabV3 on ResNet-50";

    private static Sequential Head(int classes, int width)
        => new(new Aspp(32 * width, [12, 24, 36], 4 * width), new Conv2d(4 * width, 4 * width, 3, padding: 1, bias: false), new BatchNorm2d(4 * width), new ReLU(), new Conv2d(4 * width, classes, 1));
}

/// <summary>
/// The fully convolutional network (Long et al., 2015) with torchvision's structure and state names: 3×3 to 512 channels, 1×1. For 21 classes 32,957,013 parameters, with the
/// auxiliary head 35,322,218. <see cref="DenseConversion"/> makes a network like the paper's own of a classifier.
/// </summary>
/// <param name="classes">Classes, the background among them.</param>
/// <param name="inChannels">Channels of the picture.</param>
/// <param name="auxiliary">Whether there is an auxiliary head.</param>
/// <param name="width">Channels of the ResNet's first stage.</param>
public class FCN(int classes = 21, int inChannels = 3, bool auxiliary = false, int width = 64)
    : ResNetSegmenter(classes, inChannels, auxiliary, width, ConvolutionalHead(32 * width, classes))
{
    /// <inheritdoc/>
    public override string Kind => "FCN on ResNet-50";
}
