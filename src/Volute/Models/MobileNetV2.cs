namespace Volute;

/// <summary>
/// MobileNetV2 (Sandler et al., 2018) with torchvision's structure, state names and first values: inverted residuals, which widen with 1×1, filter depthwise
/// with 3×3 and narrow with 1×1, ReLU6 after all but the last. 3,504,872 parameters for 1000 classes, 300,774,272 multiplications at 224×224.
/// </summary>
public class MobileNetV2 : Module
{
    private const int First = 32, Last = 1280;
    private const double DropoutProbability = 0.2;

    private static readonly (int Expand, int Width, int Blocks, int Stride)[] s_stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    private readonly Module[] _chain;

    /// <summary>A MobileNetV2 for <paramref name="classes"/> and pictures of <paramref name="inChannels"/>.</summary>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public MobileNetV2(int classes = 1000, int inChannels = 3)
    {
        Sequential features = new(Layers.Unit(2, inChannels, First, 3, new ReLU6(), stride: 2));
        int channels = First;
        foreach (var (expand, width, blocks, stride) in s_stages)
        {
            for (int i = 0; i < blocks; i++)
            {
                features.Append(new InvertedResidual(channels, width, i == 0 ? stride : 1, expand));
                channels = width;
            }
        }
        Linear scores = new(Last, classes);
        _chain =
        [
            Add("features", features.Append(Layers.Unit(2, channels, Last, 1, new ReLU6()))), Add("avgpool", new AdaptiveAvgPool2d(1)), Add("flatten", new Flatten()),
            Add("classifier", new Sequential(new Dropout(DropoutProbability), scores)),
        ];
        foreach (Conv convolution in Modules().OfType<Conv>())
            Initialize.KaimingNormal(convolution.Weight, fanOut: true);
        scores.Weight.Assign(Tensor.Normal(scores.Weight.Shape, 0, 0.01));
        scores.Bias!.Assign(new double[classes]);
    }

    /// <inheritdoc/>
    public override string Kind => "MobileNetV2";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _chain.Aggregate(x, (t, module) => module.Forward(t));
}
