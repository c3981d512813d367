namespace Volute;

/// <summary>
/// The network that learners meet first: convolution 1→6 (5×5), ReLU, average to 14×14, convolution 6→16 (5×5), ReLU, average to 5×5, then
/// 400-120-84-10 with ReLU. The averages adapt, so any picture of at least 10×10 pixels goes in.
/// </summary>
public class LeNet : Module
{
    private readonly Sequential _features, _classifier;

    /// <summary>A LeNet for <paramref name="inChannels"/> and <paramref name="classes"/>.</summary>
    public LeNet(int inChannels = 1, int classes = 10)
    {
        _features = Add("features", new Sequential(
            new Conv2d(inChannels, 6, 5), new ReLU(), new AdaptiveAvgPool2d(14),
            new Conv2d(6, 16, 5), new ReLU(), new AdaptiveAvgPool2d(5)));
        _classifier = Add("classifier", new Sequential(
            new Flatten(), new Linear(400, 120), new ReLU(), new Linear(120, 84), new ReLU(), new Linear(84, classes)));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _classifier.Forward(_features.Forward(x));
}

/// <summary>LeNet-5 in its modern form (LeCun et al., 1998): 61,706 parameters on 32×32 pixels, or on 28×28 with padding 2; tanh and average pooling.</summary>
public class LeNet5 : Module
{
    private readonly Sequential _features, _classifier;

    /// <summary>A LeNet-5 for <paramref name="inChannels"/> and <paramref name="classes"/>.</summary>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="padding">Of the first convolution: 2 for 28×28 pictures, 0 for 32×32.</param>
    public LeNet5(int inChannels = 1, int classes = 10, int padding = 2)
    {
        _features = Add("features", new Sequential(
            new Conv2d(inChannels, 6, 5, padding: padding), new Tanh(), new AvgPool2d(2),
            new Conv2d(6, 16, 5), new Tanh(), new AvgPool2d(2)));
        _classifier = Add("classifier", new Sequential(
            new Flatten(), new Linear(400, 120), new Tanh(), new Linear(120, 84), new Tanh(), new Linear(84, classes)));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _classifier.Forward(_features.Forward(x));
}
