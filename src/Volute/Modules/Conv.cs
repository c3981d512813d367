using Volute.Kernels;

namespace Volute;

/// <summary>
/// y[n, (g,o), p] = b[o] + Σ x[n, (g,i), p·stride + k·dilation − pad]·w[(g,o), i, k] over one to three spatial axes; the base of
/// <see cref="Conv1d"/>, <see cref="Conv2d"/> and <see cref="Conv3d"/>, which only fix the number of axes. State: weight (out, in/groups, k…), bias (out).
/// </summary>
public abstract class Conv : WeightedLayer
{
    private readonly WindowAxis[] _axes;
    private readonly Padding _padding;
    private readonly int[] _taps;
    private readonly bool _bias, _transposed;
    private int? _inChannels;

    private protected Conv(int rank, int? inChannels, int outChannels, PerAxis kernelSize, PerAxis stride, Padding? padding, PerAxis dilation,
        int groups, bool bias, PaddingMode paddingMode, bool transposed = false, int? kernelAxes = null)
    {
        Rank = rank;
        CheckChannels(GetType().Name, inChannels ?? Math.Max(groups, 1), outChannels, groups);
        (OutChannels, Groups, PaddingMode) = (outChannels, groups, paddingMode);
        int[] kernel = kernelSize.For(rank, "kernelSize"), step = stride.For(rank, "stride"), spread = dilation.For(rank, "dilation");
        _axes = [.. Enumerable.Range(0, rank).Select(i => new WindowAxis(kernel[i], step[i], spread[i]))];
        _padding = padding ?? 0;
        _padding.Check(rank);
        _ = new Window(_axes);
        (_taps, _bias, _transposed) = (kernel[..(kernelAxes ?? rank)], bias, transposed);
        if (inChannels is { } known)
            Make(known);
    }

    /// <summary>The number of spatial axes.</summary>
    public int Rank { get; }

    /// <summary>C.</summary>
    /// <exception cref="InvalidArgumentException">The layer is lazy and has seen no input.</exception>
    public int InChannels
    {
        get
        {
            CheckMade();
            return _inChannels!.Value;
        }
    }

    /// <summary>O.</summary>
    public int OutChannels { get; }

    /// <summary>Groups of channels that do not see each other.</summary>
    public int Groups { get; }

    /// <summary>What lies beyond the border.</summary>
    public PaddingMode PaddingMode { get; }

    /// <inheritdoc/>
    public override string Kind => $"{GetType().Name} {_inChannels?.ToString() ?? "?"}->{OutChannels} k{string.Join("x", _axes.Select(a => a.Kernel))}"
        + (_axes.Any(a => a.Stride > 1) ? $" s{string.Join("x", _axes.Select(a => a.Stride))}" : "")
        + (_axes.Any(a => a.Dilation > 1) ? $" d{string.Join("x", _axes.Select(a => a.Dilation))}" : "")
        + (_padding.ToString() != "0" ? $" p{_padding}" : "") + (Groups > 1 ? $" g{Groups}" : "");

    /// <summary>The window for an input of this shape: "same" depends on it.</summary>
    public Window WindowFor(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Window([.. _axes.Select((axis, i) => _padding.Apply(axis, i, Rank, input[^(Rank - i)]))]);
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, Rank, batch =>
    {
        if (_inChannels is null)
        {
            Make(batch.Shape[1]);
            To(batch.Type == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32);
        }
        if (batch.Shape[1] != InChannels)
            throw SourceLine.Error($"{GetType().Name}: expected {InChannels} channel{(InChannels == 1 ? "" : "s")}, got {batch.Shape[1]} in shape {x.Shape}");
        Window window = WindowFor(batch.Shape);
        if (PaddingMode == PaddingMode.Zeros)
            return Convolve(batch, window);
        Tensor padded = batch.Pad([.. Enumerable.Range(0, Rank).Select(i => (window[i].PadBegin, window[i].PadEnd))], PaddingMode);
        return Convolve(padded, window.Select((_, axis) => axis with { PadBegin = 0, PadEnd = 0 }));
    });

    /// <summary>The convolution of a batch (N, C, …) whose channels are checked.</summary>
    private protected virtual Tensor Convolve(Tensor batch, Window window) => batch.Convolve(UsedWeight, Bias, window, Groups);

    internal override Module InVolumes(VolumeForm form)
    {
        if (Rank != 2)
            return this;
        Conv volume = VolumeLayers.Conv(form, InChannels, OutChannels, SameOnBoth("kernel size", _axes[0].Kernel, _axes[1].Kernel), SameOnBoth("stride", _axes[0].Stride, _axes[1].Stride),
            PaddingInVolumes, SameOnBoth("dilation", _axes[0].Dilation, _axes[1].Dilation), Groups, Bias is not null, PaddingMode);
        return Begun(form, volume, 1.0 / _axes[0].Kernel);
    }

    /// <summary>The padding that a third axis has too.</summary>
    private protected Padding PaddingInVolumes => _padding.OfEveryAxis(Rank) ?? throw HasNoVolumes($"its padding {_padding} differs between the axes");

    /// <summary>The window's axis, without padding.</summary>
    private protected WindowAxis AxisOf(int axis) => _axes[axis];

    /// <summary>Prepares what is new in a layer of volumes: inflated weights, these repeated along the depth, times <paramref name="share"/>.</summary>
    private protected Conv Begun(VolumeForm form, Conv volume, double share)
    {
        volume.To(Weight.Type);
        if (form == VolumeForm.Inflated)
            volume.Weight.Assign((Weight * share).Unsqueeze(2).BroadcastTo(volume.Weight.Shape));
        return volume;
    }

    // An inflated weight has been given its values already.
    internal sealed override void TakeParameters(Module flat)
    {
        WeightedLayer from = (WeightedLayer)flat;
        Bias = Exchange(Bias, from.Bias);
        if (Weight.Shape == from.Weight.Shape)
            Weight = Exchange(Weight, from.Weight);
        else if (from is Linear)
            Weight.Assign(from.Weight.Reshape(Weight.Shape));
    }

    private void Make(int inChannels)
    {
        CheckChannels(GetType().Name, inChannels, OutChannels, Groups);
        _inChannels = inChannels;
        Shape shape = ShapeFor(inChannels);
        double bound = 1 / Math.Sqrt((double)shape.Elements / shape[0]);
        Weight = Add("weight", Initialize.Uniform(shape, bound));
        Bias = _bias ? Add("bias", Initialize.Uniform([OutChannels], bound)) : null;
    }

    /// <summary>The weight's shape: (O, C/groups, k…); of a transposed convolution (C, O/groups, k…).</summary>
    private Shape ShapeFor(int inChannels)
        => _transposed ? [inChannels, OutChannels / Groups, .. _taps] : [OutChannels, inChannels / Groups, .. _taps];

    private protected sealed override void CheckMade()
    {
        if (_inChannels is null)
            throw new InvalidArgumentException($"{Label}: has no parameters yet, since its input channels are those of its first input; call Forward once or load a state first");
    }

    private protected sealed override void MakeOwn(Func<string, Shape?> shapeOf)
    {
        // A state of another layer makes nothing: it does not fit, and who loads it says so.
        if (_inChannels is null && shapeOf(Path.Length == 0 ? "weight" : $"{Path}.weight") is { Rank: > 1 } shape
            && (long)shape[1] * Groups is >= 1 and <= int.MaxValue and var channels && ShapeFor((int)channels) == shape)
            Make((int)channels);
    }

    /// <summary>Raises the error of channels that no convolution can have.</summary>
    internal static void CheckChannels(string name, int inChannels, int outChannels, int groups = 1)
    {
        if (inChannels < 1 || outChannels < 1)
            throw new InvalidArgumentException($"{name}: channels must be >= 1, got {inChannels} in and {outChannels} out");
        if (groups < 1)
            throw new InvalidArgumentException($"{name}: groups must be >= 1, got {groups}");
        if (inChannels % groups != 0 || outChannels % groups != 0)
            throw new InvalidArgumentException($"{name}: {inChannels} input and {outChannels} output channels must both divide into {groups} groups");
    }
}

/// <summary>A convolution over (N, C, L) or (C, L).</summary>
/// <param name="inChannels">C.</param>
/// <param name="outChannels">O.</param>
/// <param name="kernelSize">Taps.</param>
/// <param name="stride">Step between outputs.</param>
/// <param name="padding">Positions added at both ends, or "same", "valid", "causal"; 0 unless given.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="groups">Groups of channels.</param>
/// <param name="bias">Whether a bias is added.</param>
/// <param name="paddingMode">What lies beyond the border.</param>
public class Conv1d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null,
    int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv(1, inChannels, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias, paddingMode);

/// <summary>A convolution over (N, C, H, W) or (C, H, W).</summary>
/// <inheritdoc cref="Conv1d(int, int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class Conv2d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null,
    int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv(2, inChannels, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias, paddingMode);

/// <summary>A convolution over (N, C, D, H, W) or (C, D, H, W).</summary>
/// <inheritdoc cref="Conv1d(int, int, PerAxis, PerAxis?, Padding?, PerAxis?, int, bool, PaddingMode)"/>
public class Conv3d(int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null,
    int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros)
    : Conv(3, inChannels, outChannels, kernelSize, stride ?? 1, padding, dilation ?? 1, groups, bias, paddingMode);
