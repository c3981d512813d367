namespace Volute;

/// <summary>
/// M5 (Dai et al., 2017), a classifier of raw sound (N, C, samples): a convolution of 80 taps, stride 4 → 128 filters, three of 3 taps (128, 256, 512), each with batch norm,
/// ReLU and a max-pool of 4, the mean over time, linear. 558,090 parameters for 10 classes, 69,932,032 multiplications on 8000 samples. Convolutions keep their
/// length but for the stride, pools count a last part, as in the paper's table. State: conv1, bn1, … conv4, bn4, fc1.
/// </summary>
public class M5 : Module
{
    private static readonly (int Filters, int Taps, int Stride)[] s_layers = [(1, 80, 4), (1, 3, 1), (2, 3, 1), (4, 3, 1)];

    /// <summary>An M5 for <paramref name="classes"/> and sound of <paramref name="inChannels"/>.</summary>
    /// <param name="classes">Classes.</param>
    /// <param name="inChannels">Channels of the sound.</param>
    /// <param name="width">Filters of the first convolution.</param>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public M5(int classes = 10, int inChannels = 1, int width = 128)
    {
        int channels = inChannels;
        for (int i = 0; i < s_layers.Length; i++)
        {
            var (filters, taps, stride) = s_layers[i];
            Conv1d convolution = Add($"conv{i + 1}", new Conv1d(channels, filters * width, taps, stride, padding: (taps - stride + 1) / 2, bias: false));
            Initialize.KaimingNormal(convolution.Weight);
            channels = filters * width;
            Add($"bn{i + 1}", new BatchNorm1d(channels));
            Add($"relu{i + 1}", new ReLU());
            Add($"pool{i + 1}", new MaxPool1d(4, ceilMode: true));
        }
        Add("avgpool", new AdaptiveAvgPool1d(1));
        Add("flatten", new Flatten());
        Add("fc1", new Linear(channels, classes));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}
