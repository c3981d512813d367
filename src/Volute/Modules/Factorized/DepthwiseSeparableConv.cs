namespace Volute;

/// <summary>
/// y = pointwise(depthwise(x)): m kernels for each channel by itself, then a matrix over the channels (Sifre, 2014; Chollet, 2017; Howard et al., 2017). Of the
/// plain convolution's K weights a channel pair (K·C·O) there are m·K·C + m·C·O: about 1/O + 1/K of them. State: depthwise.weight (C·m, 1, k…), depthwise.bias,
/// pointwise.weight (O, C·m/groups, 1…), pointwise.bias.
/// </summary>
public abstract class DepthwiseSeparableConv : FactorizedConv
{
    private protected DepthwiseSeparableConv(int rank, int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride, Padding? padding, PerAxis? dilation, int groups, bool bias,
        PaddingMode paddingMode, int multiplier)
        : base(rank, inChannels, outChannels, kernelSize, stride, padding, dilation, 1, bias, paddingMode)
    {
        int wide = Layers.Times(GetType().Name, inChannels, "multiplier", multiplier);
        Conv.CheckChannels(GetType().Name, wide, outChannels, groups);
        AddDepthwise("depthwise", inChannels, multiplier);
        AddPointwise("pointwise", wide, outChannels, groups);
    }
}

/// <summary>A depthwise separable convolution over (N, C, L) or (C, L).</summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">Taps of the depthwise part.</param>
/// <param name="stride">Step between outputs.</param>
/// <param name="padding">Positions added at both ends, or "same", "valid", "causal"; 0 unless given.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="groups">Groups of channels of the pointwise part.</param>
/// <param name="bias">Whether both parts add a bias.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
/// <param name="multiplier">m, kernels for each input channel.</param>
public class DepthwiseSeparableConv1d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1,
    bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros, int multiplier = 1)
    : DepthwiseSeparableConv(1, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, multiplier);

/// <summary>A depthwise separable convolution over (N, C, H, W) or (C, H, W).</summary>
/// <inheritdoc cref="DepthwiseSeparableConv1d(int, int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode, int)"/>
public class DepthwiseSeparableConv2d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1,
    bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros, int multiplier = 1)
    : DepthwiseSeparableConv(2, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, multiplier);

/// <summary>A depthwise separable convolution over (N, C, D, H, W) or (C, D, H, W).</summary>
/// <inheritdoc cref="DepthwiseSeparableConv1d(int, int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode, int)"/>
public class DepthwiseSeparableConv3d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1,
    bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros, int multiplier = 1)
    : DepthwiseSeparableConv(3, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, multiplier);
