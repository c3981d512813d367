namespace Volute;

/// <summary>
/// y[n, c·m + j, p] = b[c·m + j] + Σ x[n, c, p·stride + k·dilation − pad]·w[c·m + j, 0, k] over (N, C, L) or (C, L): each channel by itself, with m kernels.
/// A C-th of the weights and multiplications of the plain convolution. State: weight (C·m, 1, k), bias (C·m).
/// </summary>
/// <param name="channels">C.</param>
/// <param name="kernelSize">Taps.</param>
/// <param name="multiplier">m, outputs of each channel.</param>
/// <param name="stride">Step between outputs.</param>
/// <param name="padding">Positions added at both ends, or "same", "valid", "causal"; 0 unless given.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="bias">Whether a bias is added.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
public class DepthwiseConv1d(int channels, PerAxis kernelSize, int multiplier = 1, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv1d(channels, Layers.Times("DepthwiseConv1d", channels, "multiplier", multiplier), kernelSize, stride, padding, dilation, channels, bias, paddingMode);

/// <summary>
/// y[n, c·m + j, p] = b[c·m + j] + Σ x[n, c, p·stride + k·dilation − pad]·w[c·m + j, 0, k] over (N, C, H, W) or (C, H, W): each channel by itself, with m kernels.
/// A C-th of the weights and multiplications of the plain convolution. State: weight (C·m, 1, k, k), bias (C·m).
/// </summary>
/// <inheritdoc cref="DepthwiseConv1d(int, PerAxis, int, PerAxis?, Padding?, PerAxis?, bool, PaddingMode)"/>
public class DepthwiseConv2d(int channels, PerAxis kernelSize, int multiplier = 1, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv2d(channels, Layers.Times("DepthwiseConv2d", channels, "multiplier", multiplier), kernelSize, stride, padding, dilation, channels, bias, paddingMode);

/// <summary>
/// y[n, c·m + j, p] = b[c·m + j] + Σ x[n, c, p·stride + k·dilation − pad]·w[c·m + j, 0, k] over (N, C, D, H, W) or (C, D, H, W): each channel by itself, with m
/// kernels. A C-th of the weights and multiplications of the plain convolution. State: weight (C·m, 1, k, k, k), bias (C·m).
/// </summary>
/// <inheritdoc cref="DepthwiseConv1d(int, PerAxis, int, PerAxis?, Padding?, PerAxis?, bool, PaddingMode)"/>
public class DepthwiseConv3d(int channels, PerAxis kernelSize, int multiplier = 1, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv3d(channels, Layers.Times("DepthwiseConv3d", channels, "multiplier", multiplier), kernelSize, stride, padding, dilation, channels, bias, paddingMode);
