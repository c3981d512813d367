namespace Volute;

/// <summary>
/// VGG (Simonyan and Zisserman, 2015) with torchvision's structure, state names and first values: five stages of 3×3 convolutions (64, 128, 256, 512, 512) and
/// a 2×2 max-pool each, then 25088-4096-4096-classes with dropout; the base of <see cref="VGG11"/>, <see cref="VGG13"/>, <see cref="VGG16"/> and
/// <see cref="VGG19"/>, which only fix the convolutions of each stage. Maps of other pictures than 224×224 are averaged to 7×7.
/// </summary>
public abstract class VGG : Module
{
    private static readonly int[] s_widths = [64, 128, 256, 512, 512];

    private readonly string _kind;

    private protected VGG(int[] convolutions, int classes, int inChannels, bool batchNorm, int hidden)
    {
        _kind = $"VGG-{convolutions.Sum() + 3}{(batchNorm ? " with batch norm" : "")}";
        Sequential features = new();
        int channels = inChannels;
        for (int stage = 0; stage < s_widths.Length; stage++)
        {
            for (int i = 0; i < convolutions[stage]; i++)
            {
                features.Append(new Conv2d(channels, s_widths[stage], 3, padding: 1));
                if (batchNorm)
                    features.Append(new BatchNorm2d(s_widths[stage]));
                features.Append(new ReLU());
                channels = s_widths[stage];
            }
            features.Append(new MaxPool2d(2));
        }
        Add("features", features);
        Add("avgpool", new AdaptiveAvgPool2d(7));
        Add("flatten", new Flatten());
        Add("classifier", new Sequential(
            new Linear(channels * 49, hidden), new ReLU(), new Dropout(), new Linear(hidden, hidden), new ReLU(), new Dropout(), new Linear(hidden, classes)));
        foreach (Conv convolution in Modules().OfType<Conv>())
        {
            Initialize.KaimingNormal(convolution.Weight, fanOut: true);
            Initialize.Constant(convolution.Bias!, 0);
        }
        foreach (Linear linear in Modules().OfType<Linear>())
        {
            Initialize.Normal(linear.Weight, 0.01);
            Initialize.Constant(linear.Bias!, 0);
        }
    }

    /// <inheritdoc/>
    public override string Kind => _kind;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}

/// <summary>VGG-11: 132,863,336 parameters for 1000 classes, with batch norm 132,868,840; 7,609,090,048 multiplications at 224×224.</summary>
/// <param name="classes">Classes.</param>
/// <param name="inChannels">Channels of the picture.</param>
/// <param name="batchNorm">Whether batch norm follows each convolution.</param>
/// <param name="hidden">Outputs of each hidden linear layer.</param>
public class VGG11(int classes = 1000, int inChannels = 3, bool batchNorm = false, int hidden = 4096) : VGG([1, 1, 2, 2, 2], classes, inChannels, batchNorm, hidden);

/// <summary>VGG-13: 133,047,848 parameters for 1000 classes, with batch norm 133,053,736; 11,308,466,176 multiplications at 224×224.</summary>
/// <inheritdoc cref="VGG11(int, int, bool, int)"/>
public class VGG13(int classes = 1000, int inChannels = 3, bool batchNorm = false, int hidden = 4096) : VGG([2, 2, 2, 2, 2], classes, inChannels, batchNorm, hidden);

/// <summary>VGG-16: 138,357,544 parameters for 1000 classes, with batch norm 138,365,992; 15,470,264,320 multiplications at 224×224.</summary>
/// <inheritdoc cref="VGG11(int, int, bool, int)"/>
public class VGG16(int classes = 1000, int inChannels = 3, bool batchNorm = false, int hidden = 4096) : VGG([2, 2, 3, 3, 3], classes, inChannels, batchNorm, hidden);

/// <summary>VGG-19: 143,667,240 parameters for 1000 classes, with batch norm 143,678,248; 19,632,062,464 multiplications at 224×224.</summary>
/// <inheritdoc cref="VGG11(int, int, bool, int)"/>
public class VGG19(int classes = 1000, int inChannels = 3, bool batchNorm = false, int hidden = 4096) : VGG([2, 2, 4, 4, 4], classes, inChannels, batchNorm, hidden);
