namespace Volute;

/// <summary>
/// C3D (Tran et al., 2015), a classifier of video clips (N, C, frames, H, W): eight 3×3×3 convolutions (64, 128, 2 of 256, 4 of 512) and five max-pools, the first of
/// which leaves the frames alone, then 8192-4096-4096-classes with dropout. 79,991,015 parameters for Sports-1M's 487 classes, 38,548,959,232 multiplications on 16
/// frames of 112×112. Maps of other clips are averaged to 1×4×4 before the first linear layer. State: conv1, conv2, conv3a, … conv5b, fc6, fc7, fc8.
/// </summary>
public class C3D : Module
{
    /// <summary>A C3D for <paramref name="classes"/> and clips of <paramref name="inChannels"/>.</summary>
    /// <param name="classes">Classes.</param>
    /// <param name="inChannels">Channels of a frame.</param>
    /// <param name="hidden">Outputs of each hidden linear layer.</param>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public C3D(int classes = 487, int inChannels = 3, int hidden = 4096)
    {
        Convolution("1", inChannels, 64);
        Add("pool1", new MaxPool3d([1, 2, 2]));
        Convolution("2", 64, 128);
        Add("pool2", new MaxPool3d(2));
        Convolution("3a", 128, 256);
        Convolution("3b", 256, 256);
        Add("pool3", new MaxPool3d(2));
        Convolution("4a", 256, 512);
        Convolution("4b", 512, 512);
        Add("pool4", new MaxPool3d(2));
        Convolution("5a", 512, 512);
        Convolution("5b", 512, 512);
        Add("pool5", new MaxPool3d(2, padding: [0, 1, 1]));
        Add("avgpool", new AdaptiveAvgPool3d([1, 4, 4]));
        Add("flatten", new Flatten());
        Add("fc6", new Linear(512 * 16, hidden));
        Add("relu6", new ReLU());
        Add("dropout6", new Dropout());
        Add("fc7", new Linear(hidden, hidden));
        Add("relu7", new ReLU());
        Add("dropout7", new Dropout());
        Add("fc8", new Linear(hidden, classes));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));

    private void Convolution(string name, int from, int to)
    {
        Conv3d convolution = Add($"conv{name}", new Conv3d(from, to, 3, padding: 1));
        Initialize.KaimingNormal(convolution.Weight);
        Initialize.Constant(convolution.Bias!, 0);
        Add($"relu{name}", new ReLU());
    }
}
