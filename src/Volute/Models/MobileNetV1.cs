namespace Volute;

/// <summary>
/// MobileNet (Howard et al., 2017): 3×3 stride 2 → 32, then thirteen depthwise separable convolutions (3×3 depthwise, 1×1), batch norm and ReLU behind each
/// part, global average, linear. A width multiplier narrows all layers. 4,231,976 parameters for 1000 classes, 568,740,352 multiplications at 224×224;
/// 1,331,592 at ½ and 470,072 at ¼ of the width.
/// </summary>
public class MobileNetV1 : Module
{
    private const int First = 32;

    private static readonly (int Width, int Stride)[] s_separable =
        [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)];

    private readonly double _widthMultiplier;

    /// <summary>A MobileNet for <paramref name="classes"/> and pictures of <paramref name="inChannels"/>.</summary>
    /// <param name="classes">Classes.</param>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <param name="widthMultiplier">α: each layer has ⌊α·width⌋ channels.</param>
    /// <exception cref="InvalidArgumentException">A number below 1, or a multiplier that leaves a layer none.</exception>
    public MobileNetV1(int classes = 1000, int inChannels = 3, double widthMultiplier = 1)
    {
        if (!(widthMultiplier * First is >= 1 and <= int.MaxValue / 1024))
            throw new InvalidArgumentException($"MobileNetV1: a width multiplier of {widthMultiplier} leaves no channel of {First}; use 1, 0.75, 0.5 or 0.25");
        _widthMultiplier = widthMultiplier;
        int channels = Narrowed(First);
        Sequential features = new(Layers.Unit(2, inChannels, channels, 3, new ReLU(), stride: 2));
        foreach (var (width, stride) in s_separable)
        {
            int wide = Narrowed(width);
            features.Append(Layers.Unit(2, channels, channels, 3, new ReLU(), stride, groups: channels)).Append(Layers.Unit(2, channels, wide, 1, new ReLU()));
            channels = wide;
        }
        Add("features", features);
        Add("avgpool", new AdaptiveAvgPool2d(1));
        Add("flatten", new Flatten());
        Add("classifier", new Linear(channels, classes));
        foreach (Conv convolution in Modules().OfType<Conv>())
            Initialize.KaimingNormal(convolution.Weight, fanOut: convolution.Groups == 1);
    }

    /// <inheritdoc/>
    public override string Kind => _widthMultiplier == 1 ? "MobileNetV1" : $"MobileNetV1 x{_widthMultiplier}";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));

    private int Narrowed(int width) => (int)(_widthMultiplier * width);
}
