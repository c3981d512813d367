namespace Volute;

/// <summary>
/// ShuffleNet (Zhang et al., 2018): 3×3 stride 2 → 24, max-pool, three stages of 4, 8 and 4 shuffle units (each begins with stride 2 and doubles the channels), global
/// average, linear. The more groups, the more channels at the same cost: 1,531,936, 1,733,848, 1,865,728, 1,968,344 and 2,434,768 parameters for 1, 2, 3, 4 and 8 groups and
/// 1000 classes, some 140 million multiplications at 224×224.
/// </summary>
public class ShuffleNet : Module
{
    private const int First = 24;

    private readonly int _groups;

    /// <summary>A ShuffleNet for <paramref name="classes"/> and pictures of <paramref name="inChannels"/>.</summary>
    /// <param name="classes">Classes.</param>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <param name="groups">Groups of the 1×1 convolutions: 1, 2, 3, 4 or 8.</param>
    /// <exception cref="InvalidArgumentException">Another number of groups, or a number below 1.</exception>
    public ShuffleNet(int classes = 1000, int inChannels = 3, int groups = 3)
    {
        int width = groups switch
        {
            1 => 144,
            2 => 200,
            3 => 240,
            4 => 272,
            8 => 384,
            _ => throw new InvalidArgumentException($"ShuffleNet: groups must be 1, 2, 3, 4 or 8, got {groups}"),
        };
        _groups = groups;
        Add("conv1", Layers.Unit(2, inChannels, First, 3, new ReLU(), stride: 2));
        Add("maxpool", new MaxPool2d(3, stride: 2, padding: 1));
        int channels = First;
        for (int stage = 2; stage <= 4; stage++)
        {
            Sequential chain = Add($"stage{stage}", new Sequential());
            for (int i = 0; i < (stage == 3 ? 8 : 4); i++)
            {
                // Twenty-four channels are too few for groups.
                chain.Append(new ShuffleUnit(channels, width, groups, i == 0 ? 2 : 1, groupedFirst: stage > 2 || i > 0));
                channels = width;
            }
            width *= 2;
        }
        Add("avgpool", new AdaptiveAvgPool2d(1));
        Add("flatten", new Flatten());
        Add("fc", new Linear(channels, classes));
        foreach (Conv convolution in Modules().OfType<Conv>())
            Initialize.KaimingNormal(convolution.Weight, fanOut: convolution.Groups == 1);
    }

    /// <inheritdoc/>
    public override string Kind => $"ShuffleNet, {_groups} group{(_groups == 1 ? "" : "s")}";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}
