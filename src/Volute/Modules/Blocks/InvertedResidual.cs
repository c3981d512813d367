namespace Volute;

/// <summary>
/// y = x + conv(x) where shapes agree, else conv(x) (MobileNetV2; Sandler et al., 2018): 1×1 to expandRatio·C channels (left out where that is 1), depthwise
/// k×k, both with batch norm and ReLU6, then 1×1 to O with batch norm alone. State: torchvision's conv.0.0, conv.0.1, …, the convolutions without bias.
/// </summary>
public class InvertedResidual : Module
{
    private readonly Sequential _conv = new();
    private readonly bool _joins;

    /// <summary>A block over (N, C, …).</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="stride">Of the depthwise convolution.</param>
    /// <param name="expandRatio">Channels of the depthwise convolution for each of the input's.</param>
    /// <param name="kernelSize">Of the depthwise convolution, odd; 3 unless given.</param>
    /// <param name="dilation">Of the depthwise convolution.</param>
    /// <param name="paddingMode">What lies beyond the border.</param>
    /// <param name="rank">Spatial axes, 1 to 3.</param>
    /// <exception cref="InvalidArgumentException">A number outside its range.</exception>
    public InvertedResidual(int inChannels, int outChannels, PerAxis? stride = null, int expandRatio = 6, PerAxis? kernelSize = null, PerAxis? dilation = null,
        PaddingMode paddingMode = PaddingMode.Zeros, int rank = 2)
    {
        Layers.CheckRank("InvertedResidual", rank);
        Conv.CheckChannels("InvertedResidual", inChannels, outChannels);
        PerAxis kernel = kernelSize ?? 3, step = stride ?? 1;
        if (kernel.For(rank, "kernelSize").Any(k => k % 2 == 0))
            throw new InvalidArgumentException($"InvertedResidual: kernelSize must be odd along every axis, so that the size is kept, got {kernel}");
        int wide = Layers.Times("InvertedResidual", inChannels, "expandRatio", expandRatio);
        if (expandRatio != 1)
            _conv.Append(Layers.Unit(rank, inChannels, wide, 1, new ReLU6()));
        _conv.Append(Layers.Unit(rank, wide, wide, kernel, new ReLU6(), step, dilation, wide, paddingMode));
        Add("conv", _conv.Append(Layers.Conv(rank, wide, outChannels, 1, bias: false)).Append(Layers.Norm(rank, outChannels, Normalization.Batch)));
        _joins = inChannels == outChannels && step.For(rank, "stride").All(s => s == 1);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _joins ? x + _conv.Forward(x) : _conv.Forward(x);
}
