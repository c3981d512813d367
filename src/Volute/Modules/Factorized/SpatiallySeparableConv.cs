namespace Volute;

/// <summary>
/// y = horizontal(vertical(x)), in volumes behind depth: k×1 taps, then 1×k (Szegedy et al., 2016; the two halves of a Sobel filter). With M channels between
/// them k·C·M + k·M·O weights for k²·C·O. State: (depth.weight, depth.bias,) vertical.weight (M, C/groups, k, 1), vertical.bias, horizontal.weight
/// (O, M/groups, 1, k), horizontal.bias.
/// </summary>
public abstract class SpatiallySeparableConv : FactorizedConv
{
    private protected SpatiallySeparableConv(int rank, int inChannels, int outChannels, PerAxis kernelSize, int? middleChannels, PerAxis? stride, Padding? padding, PerAxis? dilation,
        int groups, bool bias, PaddingMode paddingMode)
        : base(rank, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode)
    {
        int middle = middleChannels ?? outChannels;
        Conv.CheckChannels(GetType().Name, inChannels, middle, groups);
        AddAxes([inChannels, .. Enumerable.Repeat(middle, rank - 1), outChannels], groups);
    }
}

/// <summary>A spatially separable convolution over (N, C, H, W) or (C, H, W).</summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">Taps along each axis.</param>
/// <param name="middleChannels">M, channels between the parts; O unless given.</param>
/// <param name="stride">Step between outputs.</param>
/// <param name="padding">Positions added at both ends, or "same", "valid", "causal"; 0 unless given.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="groups">Groups of channels of each part.</param>
/// <param name="bias">Whether each part adds a bias.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
public class SpatiallySeparableConv2d(int inChannels, int outChannels, PerAxis kernelSize, int? middleChannels = null, PerAxis? stride = null, Padding? padding = null,
    PerAxis? dilation = null, int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : SpatiallySeparableConv(2, inChannels, outChannels, kernelSize, middleChannels, stride, padding, dilation, groups, bias, paddingMode);

/// <summary>A spatially separable convolution over (N, C, D, H, W) or (C, D, H, W): depth, vertical, horizontal.</summary>
/// <inheritdoc cref="SpatiallySeparableConv2d(int, int, PerAxis, int?, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class SpatiallySeparableConv3d(int inChannels, int outChannels, PerAxis kernelSize, int? middleChannels = null, PerAxis? stride = null, Padding? padding = null,
    PerAxis? dilation = null, int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : SpatiallySeparableConv(3, inChannels, outChannels, kernelSize, middleChannels, stride, padding, dilation, groups, bias, paddingMode);
