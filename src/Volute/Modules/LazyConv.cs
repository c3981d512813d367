namespace Volute;

/// <summary>
/// A <see cref="Conv1d"/> whose input channels are those of its first input, (N, C, L) or (C, L): PyTorch's LazyConv1d. It has no parameters before that or
/// before a state is loaded, and whoever asks for them is told so. State: weight (O, C/groups, k), bias (O).
/// </summary>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">Taps.</param>
/// <param name="stride">Step between outputs.</param>
/// <param name="padding">Positions added at both ends, or "same", "valid", "causal"; 0 unless given.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="groups">Groups of channels.</param>
/// <param name="bias">Whether a bias is added.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
public class LazyConv1d(int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv(1, null, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias, paddingMode);

/// <summary>
/// A <see cref="Conv2d"/> whose input channels are those of its first input, (N, C, H, W) or (C, H, W): PyTorch's LazyConv2d. It has no parameters before that
/// or before a state is loaded, and whoever asks for them is told so. State: weight (O, C/groups, k, k), bias (O).
/// </summary>
/// <inheritdoc cref="LazyConv1d(int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class LazyConv2d(int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv(2, null, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias, paddingMode);

/// <summary>
/// A <see cref="Conv3d"/> whose input channels are those of its first input, (N, C, D, H, W) or (C, D, H, W): PyTorch's LazyConv3d. It has no parameters before
/// that or before a state is loaded, and whoever asks for them is told so. State: weight (O, C/groups, k, k, k), bias (O).
/// </summary>
/// <inheritdoc cref="LazyConv1d(int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class LazyConv3d(int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv(3, null, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias, paddingMode);
