namespace Volute;

/// <summary>
/// GoogLeNet (Szegedy et al., 2015) with torchvision's structure, state names and first values, without the auxiliary classifiers: 7×7 stride 2 → 64, 1×1, 3×3 → 192,
/// nine inception blocks in three stages with max-pooling between, global average, dropout, linear; batch norm behind every convolution.
/// 6,624,904 parameters for 1000 classes, 1,498,376,192 multiplications at 224×224.
/// </summary>
public class GoogLeNet : Module
{
    /// <summary>A GoogLeNet for <paramref name="classes"/> and pictures of <paramref name="inChannels"/>.</summary>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public GoogLeNet(int classes = 1000, int inChannels = 3)
    {
        Add("conv1", new NormalizedConv(inChannels, 64, 7, stride: 2));
        Add("maxpool1", new MaxPool2d(3, stride: 2, ceilMode: true));
        Add("conv2", new NormalizedConv(64, 64, 1));
        Add("conv3", new NormalizedConv(64, 192, 3));
        Add("maxpool2", new MaxPool2d(3, stride: 2, ceilMode: true));
        Add("inception3a", new InceptionBlock(192, 64, 96, 128, 16, 32, 32));
        Add("inception3b", new InceptionBlock(256, 128, 128, 192, 32, 96, 64));
        Add("maxpool3", new MaxPool2d(3, stride: 2, ceilMode: true));
        Add("inception4a", new InceptionBlock(480, 192, 96, 208, 16, 48, 64));
        Add("inception4b", new InceptionBlock(512, 160, 112, 224, 24, 64, 64));
        Add("inception4c", new InceptionBlock(512, 128, 128, 256, 24, 64, 64));
        Add("inception4d", new InceptionBlock(512, 112, 144, 288, 32, 64, 64));
        Add("inception4e", new InceptionBlock(528, 256, 160, 320, 32, 128, 128));
        Add("maxpool4", new MaxPool2d(2, stride: 2, ceilMode: true));
        Add("inception5a", new InceptionBlock(832, 256, 160, 320, 32, 128, 128));
        Add("inception5b", new InceptionBlock(832, 384, 192, 384, 48, 128, 128));
        Add("avgpool", new AdaptiveAvgPool2d(1));
        Add("flatten", new Flatten());
        Add("dropout", new Dropout(0.2));
        Linear scores = Add("fc", new Linear(1024, classes));
        foreach (Conv convolution in Modules().OfType<Conv>())
            Initialize.Normal(convolution.Weight, 0.01);
        Initialize.Normal(scores.Weight, 0.01);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}

/// <summary>
/// The inception block (Szegedy et al., 2015): [1×1 | 1×1, 3×3 | 1×1, 3×3 | max-pool 3×3, 1×1] of the same map, side by side, each convolution with batch norm and ReLU.
/// torchvision's form, whose third branch has 3×3 where the paper has 5×5. State: branch1.conv, branch1.bn, branch2.0.conv, … branch4.1.bn.
/// </summary>
public class InceptionBlock : Module
{
    private readonly Module[] _branches;

    /// <summary>A block of four branches.</summary>
    /// <param name="inChannels">Channels of the map.</param>
    /// <param name="one">Outputs of the 1×1 branch.</param>
    /// <param name="reduceThree">Channels to which the second branch narrows before its 3×3.</param>
    /// <param name="three">Outputs of the second branch.</param>
    /// <param name="reduceFive">Channels to which the third branch narrows.</param>
    /// <param name="five">Outputs of the third branch.</param>
    /// <param name="pool">Outputs of the branch behind the max-pool.</param>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public InceptionBlock(int inChannels, int one, int reduceThree, int three, int reduceFive, int five, int pool)
        => _branches =
        [
            Add("branch1", new NormalizedConv(inChannels, one, 1)),
            Add("branch2", new Sequential(new NormalizedConv(inChannels, reduceThree, 1), new NormalizedConv(reduceThree, three, 3))),
            Add("branch3", new Sequential(new NormalizedConv(inChannels, reduceFive, 1), new NormalizedConv(reduceFive, five, 3))),
            Add("branch4", new Sequential(new MaxPool2d(3, stride: 1, padding: 1, ceilMode: true), new NormalizedConv(inChannels, pool, 1))),
        ];

    /// <summary>(N, C, H, W) → (N, one + three + five + pool, H, W).</summary>
    public override Tensor Forward(Tensor x) => Tensor.Concat([.. _branches.Select(branch => branch.Forward(x))], 1);
}

/// <summary>relu(bn(conv(x))), "same" at stride 1: torchvision's BasicConv2d.</summary>
internal sealed class NormalizedConv : Module
{
    public NormalizedConv(int from, int to, int kernel, int stride = 1)
    {
        Add("conv", new Conv2d(from, to, kernel, stride, padding: kernel / 2, bias: false));
        Add("bn", new BatchNorm2d(to, eps: 0.001));
        Add("relu", new ReLU());
    }

    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}
