namespace Volute;

/// <summary>
/// y = horizontal(vertical(lateral(x))), in volumes with depth before vertical: a matrix over the channels, then one axis after another, each channel by itself
/// (Jin et al., 2015). C·O + 2·k·O weights for k²·C·O. State: lateral.weight (O, C/groups, 1, 1), lateral.bias, (depth.*,) vertical.weight (O, 1, k, 1),
/// vertical.bias, horizontal.weight (O, 1, 1, k), horizontal.bias.
/// </summary>
public abstract class FlattenedConv : FactorizedConv
{
    private protected FlattenedConv(int rank, int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride, Padding? padding, PerAxis? dilation, int groups, bool bias,
        PaddingMode paddingMode)
        : base(rank, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode)
    {
        AddPointwise("lateral", inChannels, outChannels, groups);
        AddAxes([.. Enumerable.Repeat(outChannels, rank + 1)], outChannels);
    }
}

/// <summary>A flattened convolution over (N, C, H, W) or (C, H, W).</summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">Taps along each axis.</param>
/// <param name="stride">Step between outputs.</param>
/// <param name="padding">Positions added at both ends, or "same", "valid", "causal"; 0 unless given.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="groups">Groups of channels of the lateral part.</param>
/// <param name="bias">Whether each part adds a bias.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
public class FlattenedConv2d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1,
    bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : FlattenedConv(2, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode);

/// <summary>A flattened convolution over (N, C, D, H, W) or (C, D, H, W): lateral, depth, vertical, horizontal.</summary>
/// <inheritdoc cref="FlattenedConv2d(int, int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class FlattenedConv3d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1,
    bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : FlattenedConv(3, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode);
