namespace Volute;

/// <summary>
/// The ResNets for CIFAR (He et al., 2016, section 4.2): 3×3 → 16, three stages of n blocks of two 3×3 convolutions (16, 32, 64 channels; the later ones begin with stride 2
/// and a shortcut without parameters: option A), global average, linear; 6n + 2 layers. Parameters for 10 classes and multiplications at 32×32:
/// 20 layers 269,722 and 40,551,040; 32 464,154 and 68,862,592; 44 658,586 and 97,174,144; 56 853,018 and 125,485,696; 110 1,727,962 and 252,887,680.
/// State: conv1, bn1, layer1.0.conv1, … fc.
/// </summary>
public class CifarResNet : Module
{
    private readonly int _depth;

    /// <summary>A ResNet of <paramref name="depth"/> layers.</summary>
    /// <param name="depth">6n + 2: 20, 32, 44, 56, 110.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <exception cref="InvalidArgumentException">A depth that is not 6n + 2, or a number below 1.</exception>
    public CifarResNet(int depth = 20, int classes = 10, int inChannels = 3)
    {
        if (depth < 8 || depth % 6 != 2)
            throw new InvalidArgumentException($"CifarResNet: depth must be 6n + 2, such as 20, 32, 44, 56 or 110, got {depth}");
        _depth = depth;
        int channels = 16;
        Add("conv1", new Conv2d(inChannels, channels, 3, padding: 1, bias: false));
        Add("bn1", new BatchNorm2d(channels));
        Add("relu", new ReLU());
        for (int stage = 0; stage < 3; stage++)
        {
            int width = 16 << stage;
            Sequential chain = Add($"layer{stage + 1}", new Sequential());
            for (int i = 0; i < depth / 6; i++)
            {
                chain.Append(new ResidualBlock(channels, width, stage > 0 && i == 0 ? 2 : 1, projection: false));
                channels = width;
            }
        }
        Add("avgpool", new AdaptiveAvgPool2d(1));
        Add("flatten", new Flatten());
        Add("fc", new Linear(channels, classes));
        foreach (Conv convolution in Modules().OfType<Conv>())
            Initialize.KaimingNormal(convolution.Weight);
    }

    /// <inheritdoc/>
    public override string Kind => $"ResNet-{_depth}";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}
