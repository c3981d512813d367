namespace Volute;

/// <summary>
/// Network in network (Lin et al., 2014) in its form for CIFAR: three mlpconv blocks, each a convolution (5×5, 5×5, 3×3) and two of 1×1, ReLU behind every one;
/// between them pooling (3×3 stride 2: largest, then mean) and dropout; the mean of each class's last map is its score. 966,986 parameters for 10 classes,
/// 222,486,528 multiplications at 32×32. Any picture goes in.
/// </summary>
public class NiN : Module
{
    /// <summary>A network in network for <paramref name="classes"/> and pictures of <paramref name="inChannels"/>.</summary>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public NiN(int classes = 10, int inChannels = 3)
    {
        Add("features", new Sequential(
            Block(inChannels, 5, 192, 160, 96), new MaxPool2d(3, stride: 2, ceilMode: true), new Dropout(),
            Block(96, 5, 192, 192, 192), new AvgPool2d(3, stride: 2, ceilMode: true), new Dropout(),
            Block(192, 3, 192, 192, classes)));
        Add("avgpool", new AdaptiveAvgPool2d(1));
        Add("flatten", new Flatten());
        foreach (Conv convolution in Modules().OfType<Conv>())
        {
            Initialize.KaimingNormal(convolution.Weight);
            Initialize.Constant(convolution.Bias!, 0);
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));

    /// <summary>A convolution whose every window is looked at by a small multilayer perceptron: that is what 1×1 convolutions are.</summary>
    private static Sequential Block(int from, int kernel, int first, int second, int third) => new(
        new Conv2d(from, first, kernel, padding: kernel / 2), new ReLU(), new Conv2d(first, second, 1), new ReLU(), new Conv2d(second, third, 1), new ReLU());
}
