namespace Volute;

/// <summary>Which network is meant by AlexNet.</summary>
public enum AlexNetForm
{
    /// <summary>The paper's, as it lay on two devices: convolutions 2, 4 and 5 see the half of the maps that is on theirs, two groups. 60,965,224 parameters.</summary>
    TwoDevices,

    /// <summary>The paper's on one device, without groups: 62,378,344 parameters.</summary>
    OneDevice,

    /// <summary>torchvision's, with the widths of Krizhevsky (2014) and no normalization: 61,100,840 parameters, its state fits.</summary>
    Torchvision,
}

/// <summary>
/// AlexNet (Krizhevsky et al., 2012): 11×11 stride 4 → 96, 5×5 → 256, 3×3 → 384, 384, 256, each with ReLU; local response normalization behind the first two,
/// overlapping max-pooling (3×3, stride 2) behind the first two and the last; 9216-4096-4096-classes with dropout. 724,406,816 multiplications at 227×227 in the
/// paper's form. Maps of other pictures than 227×227 (torchvision's: 224×224) are averaged to 6×6. State: features.0, … classifier.0, …, torchvision's names.
/// </summary>
public class AlexNet : Module
{
    // The paper's formula is (2 + 1e-4 Σ x²)^¾ with the sum itself, the module's has the mean of the five.
    private const int Neighbours = 5;
    private const double Alpha = 1e-4 * Neighbours;

    private readonly AlexNetForm _form;

    /// <summary>An AlexNet for <paramref name="classes"/> and pictures of <paramref name="inChannels"/>.</summary>
    /// <param name="classes">Classes.</param>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <param name="form">The paper's, or torchvision's.</param>
    /// <param name="hidden">Outputs of each hidden linear layer.</param>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public AlexNet(int classes = 1000, int inChannels = 3, AlexNetForm form = AlexNetForm.TwoDevices, int hidden = 4096)
    {
        _form = form;
        bool ours = form != AlexNetForm.Torchvision;
        Add("features", ours ? PaperFeatures(inChannels, form == AlexNetForm.TwoDevices ? 2 : 1) : TorchvisionFeatures(inChannels));
        Add("avgpool", new AdaptiveAvgPool2d(6));
        Add("flatten", new Flatten());
        Linear first = new(256 * 36, hidden), second = new(hidden, hidden), scores = new(hidden, classes);
        Add("classifier", ours
            ? new Sequential(first, new ReLU(), new Dropout(), second, new ReLU(), new Dropout(), scores)
            : new Sequential(new Dropout(), first, new ReLU(), new Dropout(), second, new ReLU(), scores));
        if (ours)
            InitializeAsThePaper();
    }

    /// <inheritdoc/>
    public override string Kind => $"AlexNet, {_form switch { AlexNetForm.TwoDevices => "two groups", AlexNetForm.OneDevice => "one group", _ => "torchvision's" }}";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));

    private static Sequential PaperFeatures(int inChannels, int groups) => new(
        new Conv2d(inChannels, 96, 11, stride: 4), new ReLU(), new LocalResponseNorm(Neighbours, Alpha, 0.75, 2), new MaxPool2d(3, stride: 2),
        new Conv2d(96, 256, 5, padding: 2, groups: groups), new ReLU(), new LocalResponseNorm(Neighbours, Alpha, 0.75, 2), new MaxPool2d(3, stride: 2),
        new Conv2d(256, 384, 3, padding: 1), new ReLU(),
        new Conv2d(384, 384, 3, padding: 1, groups: groups), new ReLU(),
        new Conv2d(384, 256, 3, padding: 1, groups: groups), new ReLU(), new MaxPool2d(3, stride: 2));

    private static Sequential TorchvisionFeatures(int inChannels) => new(
        new Conv2d(inChannels, 64, 11, stride: 4, padding: 2), new ReLU(), new MaxPool2d(3, stride: 2),
        new Conv2d(64, 192, 5, padding: 2), new ReLU(), new MaxPool2d(3, stride: 2),
        new Conv2d(192, 384, 3, padding: 1), new ReLU(),
        new Conv2d(384, 256, 3, padding: 1), new ReLU(),
        new Conv2d(256, 256, 3, padding: 1), new ReLU(), new MaxPool2d(3, stride: 2));

    // Weights N(0, 0.01²); biases 1 in convolutions 2, 4 and 5 and in the hidden linear layers, so that their ReLUs begin with positive inputs, 0 in the others.
    private void InitializeAsThePaper()
    {
        Conv[] convolutions = [.. Modules().OfType<Conv>()];
        for (int i = 0; i < convolutions.Length; i++)
        {
            Initialize.Normal(convolutions[i].Weight, 0.01);
            Initialize.Constant(convolutions[i].Bias!, i is 0 or 2 ? 0 : 1);
        }
        Linear[] linear = [.. Modules().OfType<Linear>()];
        for (int i = 0; i < linear.Length; i++)
        {
            Initialize.Normal(linear[i].Weight, 0.01);
            Initialize.Constant(linear[i].Bias!, i < 2 ? 1 : 0);
        }
    }
}
