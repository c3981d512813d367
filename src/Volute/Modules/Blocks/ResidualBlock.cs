namespace Volute;

/// <summary>
/// y = relu(f(x) + s(x)) (He et al., 2016). Basic form: f is two 3×3 convolutions; bottleneck form: 1×1 to fewer channels, 3×3, 1×1 to all of them; each
/// with batch norm, and ReLU between them. s is x itself; where shapes differ it is a 1×1 convolution with batch norm (option B of the paper), or, without
/// parameters, every stride-th position with zeros in the new channels (option A: the networks for CIFAR). State: torchvision's conv1, bn1, conv2, bn2
/// (conv3, bn3), downsample.0, downsample.1, the convolutions without bias.
/// </summary>
public class ResidualBlock : Module
{
    private readonly List<Module> _residual = [];
    private readonly Module? _shortcut;
    private readonly ReLU _relu = new();

    /// <summary>A block over (N, C, …).</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="stride">Of the first 3×3 convolution.</param>
    /// <param name="dilation">Of the 3×3 convolutions.</param>
    /// <param name="groups">Of the 3×3 convolutions.</param>
    /// <param name="bottleneck">Channels of the 3×3 convolution of the bottleneck form; null: the basic form.</param>
    /// <param name="projection">Where shapes differ: a 1×1 convolution (option B), or zeros in the new channels (option A).</param>
    /// <param name="strideFirst">Whether the first 1×1 convolution of a bottleneck has the stride, as in the paper; otherwise the 3×3 has it, as in torchvision.</param>
    /// <param name="paddingMode">What lies beyond the border.</param>
    /// <param name="rank">Spatial axes, 1 to 3.</param>
    /// <exception cref="InvalidArgumentException">A number outside its range; fewer channels out than in without a projection.</exception>
    public ResidualBlock(int inChannels, int outChannels, PerAxis? stride = null, PerAxis? dilation = null, int groups = 1, int? bottleneck = null, bool projection = true,
        bool strideFirst = false, PaddingMode paddingMode = PaddingMode.Zeros, int rank = 2)
    {
        Layers.CheckRank("ResidualBlock", rank);
        Conv.CheckChannels("ResidualBlock", inChannels, outChannels);
        PerAxis step = stride ?? 1, spread = dilation ?? 1;
        int[] kernels = bottleneck is null ? [3, 3] : [1, 3, 1];
        int[] channels = bottleneck is { } width ? [inChannels, width, width, outChannels] : [inChannels, outChannels, outChannels];
        int strided = bottleneck is null || strideFirst ? 0 : 1;
        for (int i = 0; i < kernels.Length; i++)
        {
            bool sees = kernels[i] > 1;
            _residual.Add(Add($"conv{i + 1}", Layers.Conv(rank, channels[i], channels[i + 1], kernels[i], Layers.Half(rank, kernels[i], spread), bias: false,
                stride: i == strided ? step : 1, dilation: sees ? spread : 1, groups: sees ? groups : 1, mode: paddingMode)));
            _residual.Add(Add($"bn{i + 1}", Layers.Norm(rank, channels[i + 1], Normalization.Batch)));
            if (i < kernels.Length - 1)
                _residual.Add(_relu);
        }
        Add("relu", _relu);
        int[] steps = step.For(rank, "stride");
        if (inChannels == outChannels && steps.All(s => s == 1))
            return;
        if (projection)
            _shortcut = Add("downsample", new Sequential(Layers.Conv(rank, inChannels, outChannels, 1, bias: false, stride: step), Layers.Norm(rank, outChannels, Normalization.Batch)));
        else if (outChannels >= inChannels)
            _shortcut = Add("downsample", new PaddedShortcut(outChannels - inChannels, steps));
        else
            throw new InvalidArgumentException($"ResidualBlock: a shortcut without projection can only add channels, got {inChannels} in and {outChannels} out; use projection");
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor y = _residual.Aggregate(x, (t, module) => module.Forward(t));
        return _relu.Forward(y + (_shortcut?.Forward(x) ?? x));
    }
}

/// <summary>Every stride-th position of (N, C, …), with zeros in new channels behind the old ones (He et al., 2016: option A).</summary>
internal sealed class PaddedShortcut(int newChannels, int[] stride) : Layer
{
    protected override Tensor Apply(Tensor x)
    {
        for (int i = 0; i < stride.Length; i++)
            x = x.Slice(i + 2, 0, (x.Shape[i + 2] + stride[i] - 1) / stride[i], stride[i]);
        return x.Pad(1, 0, newChannels);
    }

    internal override Module InVolumes(VolumeForm form)
    {
        if (stride.Length != 2)
            return this;
        int step = SameOnBoth("stride", stride[0], stride[1]);
        return new PaddedShortcut(newChannels, [step, step, step]);
    }
}
