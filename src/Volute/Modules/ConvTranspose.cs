using Volute.Kernels;

namespace Volute;

/// <summary>
/// The transposed convolution: the gradient of a convolution with respect to its input, run forward. Output sizes
/// (n − 1)·stride − 2·padding + dilation·(k − 1) + outputPadding + 1. State: weight (in, out/groups, k…), bias (out).
/// </summary>
public abstract class ConvTranspose : Conv
{
    private readonly int[] _outputPadding;

    private protected ConvTranspose(int rank, int inChannels, int outChannels, PerAxis kernelSize, PerAxis stride, Padding? padding, PerAxis outputPadding,
        int groups, bool bias, PerAxis dilation, int? kernelAxes = null)
        : base(rank, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, PaddingMode.Zeros, transposed: true, kernelAxes)
    {
        _outputPadding = outputPadding.For(rank, "outputPadding");
        int[] step = stride.For(rank, "stride"), spread = dilation.For(rank, "dilation");
        for (int i = 0; i < rank; i++)
        {
            if (_outputPadding[i] < 0 || _outputPadding[i] >= Math.Max(step[i], spread[i]))
                throw new InvalidArgumentException($"{GetType().Name}: output padding must be smaller than stride or dilation, got {_outputPadding[i]} with stride {step[i]} and dilation {spread[i]}");
        }
        if (padding is not null && padding.ToString() is "same" or "causal")
            throw new InvalidArgumentException($"{GetType().Name}: padding must be given as numbers, not '{padding}'");
    }

    /// <summary>The transposed convolution with output sizes chosen among those that outputPadding could give.</summary>
    /// <exception cref="InvalidArgumentException">A size that no output padding gives.</exception>
    public Tensor Forward(Tensor x, IReadOnlyList<int> outputSize)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(outputSize);
        if (Successor is ConvTranspose other)
            return other.Forward(x, outputSize);
        using var scope = Scope.Enter(Label);
        int[] sizes = [.. outputSize.TakeLast(Rank)];
        Tensor y = Batched(x, Rank, batch =>
        {
            Window window = WindowFor(batch.Shape);
            int[] extra = new int[Rank];
            for (int i = 0; i < Rank; i++)
            {
                WindowAxis axis = window[i];
                long least = axis.TransposedOutputs(batch.Shape[i + 2]), most = least + Math.Max(axis.Stride, axis.Dilation) - 1;
                if (sizes.Length != Rank || sizes[i] < least || sizes[i] > most)
                    throw new InvalidArgumentException($"{GetType().Name}: output size [{string.Join(", ", outputSize)}] cannot be reached from {x.Shape}: axis {i + 2} can have {least} to {most}");
                extra[i] = (int)(sizes[i] - least);
            }
            return Convolve(batch, window, extra);
        });
        LayerTrace.Report(this, x, y);
        return y;
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, Rank, batch =>
    {
        if (batch.Shape[1] != InChannels)
            throw SourceLine.Error($"{GetType().Name}: expected {InChannels} channel{(InChannels == 1 ? "" : "s")}, got {batch.Shape[1]} in shape {x.Shape}");
        return Convolve(batch, WindowFor(batch.Shape), _outputPadding);
    });

    /// <summary>The transposed convolution of a batch (N, C, …) whose channels are checked.</summary>
    private protected virtual Tensor Convolve(Tensor batch, Window window, IReadOnlyList<int> outputPadding) => batch.ConvolveTransposed(UsedWeight, Bias, window, outputPadding, Groups);

    internal override Module InVolumes(VolumeForm form)
    {
        if (Rank != 2)
            return this;
        (WindowAxis a, WindowAxis b) = (AxisOf(0), AxisOf(1));
        int kernel = SameOnBoth("kernel size", a.Kernel, b.Kernel), stride = SameOnBoth("stride", a.Stride, b.Stride);
        Conv volume = VolumeLayers.ConvTranspose(form, InChannels, OutChannels, kernel, stride, PaddingInVolumes, SameOnBoth("output padding", _outputPadding[0], _outputPadding[1]),
            Groups, Bias is not null, SameOnBoth("dilation", a.Dilation, b.Dilation));
        // Of the K taps along the depth, K / stride meet in one output.
        return Begun(form, volume, Math.Min(1, (double)stride / kernel));
    }
}

/// <summary>A transposed convolution over (N, C, L) or (C, L).</summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">Taps.</param>
/// <param name="stride">Step between the places where inputs are laid.</param>
/// <param name="padding">Positions cut at both ends.</param>
/// <param name="outputPadding">Positions added at the end.</param>
/// <param name="groups">Groups of channels.</param>
/// <param name="bias">Whether a bias is added.</param>
/// <param name="dilation">Step between taps.</param>
public class ConvTranspose1d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null,
    int groups = 1, bool bias = true, PerAxis? dilation = null)
    : ConvTranspose(1, inChannels, outChannels, kernelSize, stride ?? 1, padding, outputPadding ?? 0, groups, bias, dilation ?? 1);

/// <summary>A transposed convolution over (N, C, H, W) or (C, H, W).</summary>
/// <inheritdoc cref="ConvTranspose1d(int, int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PerAxis?)"/>
public class ConvTranspose2d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null,
    int groups = 1, bool bias = true, PerAxis? dilation = null)
    : ConvTranspose(2, inChannels, outChannels, kernelSize, stride ?? 1, padding, outputPadding ?? 0, groups, bias, dilation ?? 1);

/// <summary>A transposed convolution over (N, C, D, H, W) or (C, D, H, W).</summary>
/// <inheritdoc cref="ConvTranspose1d(int, int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PerAxis?)"/>
public class ConvTranspose3d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null,
    int groups = 1, bool bias = true, PerAxis? dilation = null)
    : ConvTranspose(3, inChannels, outChannels, kernelSize, stride ?? 1, padding, outputPadding ?? 0, groups, bias, dilation ?? 1);
