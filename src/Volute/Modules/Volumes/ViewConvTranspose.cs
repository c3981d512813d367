using Volute.Kernels;

namespace Volute;

/// <summary>
/// A transposed convolution of volumes with the kernels of a 2D one, which lie in planes of the volume (<see cref="VolumeForm"/> says which). Sizes are those of
/// K×K×K: along the axis across a plane each position is repeated stride times, in the middle of what K taps would reach, so that a volume of equal
/// slices stays one. State: weight (in, out/groups, K, K), bias (out).
/// </summary>
public abstract class ViewConvTranspose : ConvTranspose
{
    private readonly PlaneViews _views;

    private protected ViewConvTranspose(VolumeForm form, int inChannels, int outChannels, int kernelSize, PerAxis? stride, Padding? padding, PerAxis? outputPadding, int groups,
        bool bias, PerAxis? dilation)
        : base(3, inChannels, outChannels, kernelSize, stride ?? 1, padding, outputPadding ?? 0, groups, bias, dilation ?? 1, kernelAxes: 2)
    {
        Parameter? views = form == VolumeForm.SoftAcs ? Add("views", new Parameter([outChannels, 3])) : null;
        bool steps = (stride ?? 1).For(3, "stride").Any(step => step > 1);
        _views = new PlaneViews(form, this, transposed: true, isSameFromEverySide: kernelSize == 1 && !steps, views);
    }

    private protected sealed override Tensor Convolve(Tensor batch, Window window, IReadOnlyList<int> outputPadding)
        => _views.Apply(batch, (x, weight, bias, across, groups) => PlaneConvolution.ConvolveTransposed(x, weight, bias, window, outputPadding, across, groups));
}

/// <summary>The transposed ACS convolution over (N, C, D, H, W) or (C, D, H, W): thirds of the output channels look at axial, coronal and sagittal planes.</summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">K, taps along each axis of a plane.</param>
/// <param name="stride">Step between the places where inputs are laid.</param>
/// <param name="padding">Positions cut at both ends.</param>
/// <param name="outputPadding">Positions added at the end.</param>
/// <param name="groups">Groups of channels.</param>
/// <param name="bias">Whether a bias is added.</param>
/// <param name="dilation">Step between taps.</param>
public class AcsConvTranspose3d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null, int groups = 1,
    bool bias = true, PerAxis? dilation = null)
    : ViewConvTranspose(VolumeForm.Acs, inChannels, outChannels, kernelSize, stride, padding, outputPadding, groups, bias, dilation);

/// <summary>The mean of the transposed convolutions of axial, coronal and sagittal planes with the same kernels.</summary>
/// <inheritdoc cref="AcsConvTranspose3d(int, int, int, PerAxis?, Padding?, PerAxis?, int, bool, PerAxis?)"/>
public class MeanAcsConvTranspose3d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null, int groups = 1,
    bool bias = true, PerAxis? dilation = null)
    : ViewConvTranspose(VolumeForm.MeanAcs, inChannels, outChannels, kernelSize, stride, padding, outputPadding, groups, bias, dilation);

/// <summary>
/// Σ softmax(views)[o, v]·y_v[o] over the transposed convolutions y_v of axial, coronal and sagittal planes with the same kernels. State: weight, bias, and
/// views (out, 3), zeros at first.
/// </summary>
/// <inheritdoc cref="AcsConvTranspose3d(int, int, int, PerAxis?, Padding?, PerAxis?, int, bool, PerAxis?)"/>
public class SoftAcsConvTranspose3d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null, int groups = 1,
    bool bias = true, PerAxis? dilation = null)
    : ViewConvTranspose(VolumeForm.SoftAcs, inChannels, outChannels, kernelSize, stride, padding, outputPadding, groups, bias, dilation);

/// <summary>The transposed convolution of each axial plane by itself, each then repeated stride times along the depth.</summary>
/// <inheritdoc cref="AcsConvTranspose3d(int, int, int, PerAxis?, Padding?, PerAxis?, int, bool, PerAxis?)"/>
public class ConvTranspose2p5d(int inChannels, int outChannels, int kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null, int groups = 1,
    bool bias = true, PerAxis? dilation = null)
    : ViewConvTranspose(VolumeForm.Conv2p5d, inChannels, outChannels, kernelSize, stride, padding, outputPadding, groups, bias, dilation);
