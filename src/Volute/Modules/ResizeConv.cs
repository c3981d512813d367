namespace Volute;

/// <summary>
/// y = conv(interpolate(x)): the map enlarged first and convolved then, so that every output sees as many taps and no checkerboard arises, which transposed
/// convolutions draw (Odena et al., 2016). State: conv.weight (O, C/groups, k…), conv.bias.
/// </summary>
public abstract class ResizeConv : Module
{
    private readonly Upsample _resize;
    private readonly Conv _conv;

    private protected ResizeConv(int rank, int inChannels, int outChannels, PerAxis kernelSize, double scaleFactor, Interpolation mode, Padding? padding, PerAxis? dilation, int groups,
        bool bias, PaddingMode paddingMode)
    {
        Conv.CheckChannels(GetType().Name, inChannels, outChannels, groups);
        if (mode is not (Interpolation.Nearest or Interpolation.Linear))
            throw new InvalidArgumentException($"{GetType().Name}: mode must be Nearest or Linear, got {mode}");
        _resize = Add("resize", Layers.Upsample(rank, scaleFactor, mode == Interpolation.Linear));
        _conv = Add("conv", Layers.Conv(rank, inChannels, outChannels, kernelSize, padding ?? "same", bias, dilation: dilation, groups: groups, mode: paddingMode));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _conv.Forward(_resize.Forward(x));
}

/// <summary>An enlarging convolution over (N, C, L).</summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">Taps.</param>
/// <param name="scaleFactor">How much larger each axis becomes.</param>
/// <param name="mode">Nearest or linear.</param>
/// <param name="padding">Positions added at both ends of the enlarged map, or a rule; "same" unless given, which keeps its size.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="groups">Groups of channels.</param>
/// <param name="bias">Whether a bias is added.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
public class ResizeConv1d(int inChannels, int outChannels, PerAxis kernelSize, double scaleFactor = 2, Interpolation mode = Interpolation.Nearest, Padding? padding = null,
    PerAxis? dilation = null, int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : ResizeConv(1, inChannels, outChannels, kernelSize, scaleFactor, mode, padding, dilation, groups, bias, paddingMode);

/// <summary>An enlarging convolution over (N, C, H, W).</summary>
/// <inheritdoc cref="ResizeConv1d(int, int, PerAxis, double, Interpolation, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class ResizeConv2d(int inChannels, int outChannels, PerAxis kernelSize, double scaleFactor = 2, Interpolation mode = Interpolation.Nearest, Padding? padding = null,
    PerAxis? dilation = null, int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : ResizeConv(2, inChannels, outChannels, kernelSize, scaleFactor, mode, padding, dilation, groups, bias, paddingMode);

/// <summary>An enlarging convolution over (N, C, D, H, W).</summary>
/// <inheritdoc cref="ResizeConv1d(int, int, PerAxis, double, Interpolation, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class ResizeConv3d(int inChannels, int outChannels, PerAxis kernelSize, double scaleFactor = 2, Interpolation mode = Interpolation.Nearest, Padding? padding = null,
    PerAxis? dilation = null, int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : ResizeConv(3, inChannels, outChannels, kernelSize, scaleFactor, mode, padding, dilation, groups, bias, paddingMode);
