using Volute.Kernels;

namespace Volute;

/// <summary>
/// A convolution of volumes with the kernels of a 2D convolution, which lie in planes of the volume (<see cref="VolumeForm"/> says which). Sizes are those of
/// a K×K×K convolution: the axis across a plane reads position o·stride + dilation·⌊(K − 1)/2⌋ − pad. State: weight (out, in/groups, K, K), bias (out).
/// </summary>
public abstract class ViewConv : Conv
{
    private readonly PlaneViews _views;

    private protected ViewConv(VolumeForm form, int inChannels, int outChannels, int kernelSize, PerAxis? stride, Padding? padding, PerAxis? dilation, int groups, bool bias,
        PaddingMode paddingMode)
        : base(3, inChannels, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias, paddingMode, kernelAxes: 2)
    {
        Parameter? views = form == VolumeForm.SoftAcs ? Add("views", new Parameter([outChannels, 3])) : null;
        _views = new PlaneViews(form, this, transposed: false, isSameFromEverySide: kernelSize == 1, views);
    }

    private protected sealed override Tensor Convolve(Tensor batch, Window window)
    {
        for (int axis = 0; axis < window.Rank; axis++)
            Convolution.OutputSize(GetType().Name, window[axis], batch.Shape, axis + 2);
        return _views.Apply(batch, (x, weight, bias, across, groups) => PlaneConvolution.Convolve(x, weight, bias, window, across, groups));
    }
}

/// <summary>
/// The ACS convolution (Yang et al., 2021) over (N, C, D, H, W) or (C, D, H, W): thirds of the output channels look at axial, coronal and sagittal planes.
/// A K-th of the multiplications of a <see cref="Conv3d"/>, with the weights of a <see cref="Conv2d"/>.
/// </summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">K, taps along each axis of a plane.</param>
/// <param name="stride">Step between outputs.</param>
/// <param name="padding">Positions added at both ends, or "same", "valid", "causal", as a K×K×K convolution would need them; 0 unless given.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="groups">Groups of channels.</param>
/// <param name="bias">Whether a bias is added.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
public class AcsConv3d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : ViewConv(VolumeForm.Acs, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode);

/// <summary>The mean of the convolutions of axial, coronal and sagittal planes with the same kernels.</summary>
/// <inheritdoc cref="AcsConv3d(int, int, int, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class MeanAcsConv3d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1,
    bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : ViewConv(VolumeForm.MeanAcs, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode);

/// <summary>
/// Σ softmax(views)[o, v]·y_v[o] over the convolutions y_v of axial, coronal and sagittal planes with the same kernels. State: weight, bias, and views (out, 3), zeros at first.
/// </summary>
/// <inheritdoc cref="AcsConv3d(int, int, int, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class SoftAcsConv3d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1,
    bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : ViewConv(VolumeForm.SoftAcs, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode);

/// <summary>The convolution of each axial plane by itself, with kernels (1, K, K) and the sizes of K×K×K: the depth is padded and stepped over like the other axes.</summary>
/// <inheritdoc cref="AcsConv3d(int, int, int, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class Conv2p5d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1, bool bias = true,
    PaddingMode paddingMode = PaddingMode.Zeros)
    : ViewConv(VolumeForm.Conv2p5d, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode);
