using Volute.Kernels;

namespace Volute;

/// <summary>The largest of every window.</summary>
public abstract class MaxPoolLayer : Layer
{
    private readonly int _rank;
    private readonly Window _window;
    private readonly bool _ceilMode;

    private protected MaxPoolLayer(int rank, PerAxis kernelSize, PerAxis? stride, PerAxis padding, PerAxis dilation, bool ceilMode)
    {
        _rank = rank;
        _window = Pools.Window(GetType().Name, rank, kernelSize, stride, padding, dilation);
        _ceilMode = ceilMode;
    }

    /// <inheritdoc/>
    public override string Kind => Pools.Kind(GetType().Name, _window);

    /// <summary>The places of the results in their planes, int32: what MaxUnpool takes.</summary>
    public Tensor Indices(Tensor x) => Successor is MaxPoolLayer other ? other.Indices(x) : Batched(x, _rank, batch => batch.MaxPoolIndices(_window, _ceilMode));

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, _rank, batch => batch.MaxPool(_window, _ceilMode));

    internal override Module InVolumes(VolumeForm form)
    {
        if (_rank != 2)
            return this;
        WindowAxis axis = Pools.AxisOfVolumes(this, _window);
        return new MaxPool3d(axis.Kernel, axis.Stride, axis.PadBegin, axis.Dilation, _ceilMode);
    }
}

/// <summary>The largest of every window of (N, C, L) or (C, L).</summary>
/// <param name="kernelSize">Taps.</param>
/// <param name="stride">Step; the kernel size unless given.</param>
/// <param name="padding">Positions at both ends that never win, at most half the kernel.</param>
/// <param name="dilation">Step between taps.</param>
/// <param name="ceilMode">Whether a window that lies only partly inside counts.</param>
public class MaxPool1d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, PerAxis? dilation = null, bool ceilMode = false)
    : MaxPoolLayer(1, kernelSize, stride, padding ?? 0, dilation ?? 1, ceilMode);

/// <summary>The largest of every window of (N, C, H, W) or (C, H, W).</summary>
/// <inheritdoc cref="MaxPool1d(PerAxis, PerAxis?, PerAxis?, PerAxis?, bool)"/>
public class MaxPool2d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, PerAxis? dilation = null, bool ceilMode = false)
    : MaxPoolLayer(2, kernelSize, stride, padding ?? 0, dilation ?? 1, ceilMode);

/// <summary>The largest of every window of (N, C, D, H, W) or (C, D, H, W).</summary>
/// <inheritdoc cref="MaxPool1d(PerAxis, PerAxis?, PerAxis?, PerAxis?, bool)"/>
public class MaxPool3d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, PerAxis? dilation = null, bool ceilMode = false)
    : MaxPoolLayer(3, kernelSize, stride, padding ?? 0, dilation ?? 1, ceilMode);

/// <summary>The largest of as many, nearly equal, parts of each axis as the output has positions.</summary>
public abstract class AdaptiveMaxPoolLayer : Layer
{
    private readonly int _rank;
    private readonly PerAxis _outputSize;

    private protected AdaptiveMaxPoolLayer(int rank, PerAxis outputSize)
    {
        (_rank, _outputSize) = (rank, outputSize);
        Pools.CheckOutput(GetType().Name, rank, outputSize);
    }

    /// <inheritdoc/>
    public override string Kind => $"{GetType().Name} {_outputSize}";

    /// <summary>The places of the results in their planes, int32.</summary>
    public Tensor Indices(Tensor x) => Successor is AdaptiveMaxPoolLayer other ? other.Indices(x) : Batched(x, _rank, batch => batch.AdaptiveMaxPoolIndices(Pools.OutputSizes(batch, _rank, _outputSize)));

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, _rank, batch => batch.AdaptiveMaxPool(Pools.OutputSizes(batch, _rank, _outputSize)));

    internal override Module InVolumes(VolumeForm form) => _rank == 2 ? new AdaptiveMaxPool3d(Pools.OutputOfVolumes(this, _outputSize)) : this;
}

/// <summary>Adaptive maxima of (N, C, L) or (C, L); a size of −1 keeps the input's.</summary>
public class AdaptiveMaxPool1d(PerAxis outputSize) : AdaptiveMaxPoolLayer(1, outputSize);

/// <summary>Adaptive maxima of (N, C, H, W) or (C, H, W); a size of −1 keeps the input's.</summary>
public class AdaptiveMaxPool2d(PerAxis outputSize) : AdaptiveMaxPoolLayer(2, outputSize);

/// <summary>Adaptive maxima of (N, C, D, H, W) or (C, D, H, W); a size of −1 keeps the input's.</summary>
public class AdaptiveMaxPool3d(PerAxis outputSize) : AdaptiveMaxPoolLayer(3, outputSize);

/// <summary>The inverse of max pooling: values go back to the places they came from, zeros elsewhere.</summary>
public abstract class MaxUnpoolLayer : Module
{
    private readonly int _rank;
    private readonly Window _window;

    private protected MaxUnpoolLayer(int rank, PerAxis kernelSize, PerAxis? stride, PerAxis padding)
    {
        _rank = rank;
        _window = Pools.Window(GetType().Name, rank, kernelSize, stride, padding, 1);
    }

    /// <summary>Always an error: unpooling needs the places too.</summary>
    public override Tensor Forward(Tensor x) => throw new InvalidArgumentException($"{GetType().Name}: call Forward(x, indices)");

    /// <summary>The values of <paramref name="x"/> at the places <paramref name="indices"/> (from the pooling's Indices).</summary>
    /// <param name="x">(N, C, …) or (C, …).</param>
    /// <param name="indices">int32, of the same shape.</param>
    /// <param name="outputSize">The spatial size, where it is not (n − 1)·stride − 2·padding + kernel.</param>
    /// <exception cref="InvalidArgumentException">When evaluated: a place outside the plane.</exception>
    public Tensor Forward(Tensor x, Tensor indices, IReadOnlyList<int>? outputSize = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(indices);
        if (Successor is MaxUnpoolLayer other)
            return other.Forward(x, indices, outputSize);
        if (x.Shape.Rank == _rank + 1)
            return Forward(x.Unsqueeze(0), indices.Unsqueeze(0), outputSize).Squeeze(0);
        if (x.Shape.Rank != _rank + 2)
            throw SourceLine.Error($"{GetType().Name}: expected {_rank} spatial axes behind [N, C] or [C], got shape {x.Shape}");
        int[] sizes = outputSize is null
            ? [.. Enumerable.Range(0, _rank).Select(i => Embedding.AxisSize(GetType().Name, Math.Max(0, _window[i].TransposedOutputs(x.Shape[i + 2]))))]
            : [.. outputSize.TakeLast(_rank)];
        return x.MaxUnpool(indices, sizes);
    }

    internal override Module InVolumes(VolumeForm form)
    {
        if (_rank != 2)
            return this;
        WindowAxis axis = Pools.AxisOfVolumes(this, _window);
        return new MaxUnpool3d(axis.Kernel, axis.Stride, axis.PadBegin);
    }
}

/// <summary>Max unpooling of (N, C, L) or (C, L).</summary>
public class MaxUnpool1d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null) : MaxUnpoolLayer(1, kernelSize, stride, padding ?? 0);

/// <summary>Max unpooling of (N, C, H, W) or (C, H, W).</summary>
public class MaxUnpool2d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null) : MaxUnpoolLayer(2, kernelSize, stride, padding ?? 0);

/// <summary>Max unpooling of (N, C, D, H, W) or (C, D, H, W).</summary>
public class MaxUnpool3d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null) : MaxUnpoolLayer(3, kernelSize, stride, padding ?? 0);
