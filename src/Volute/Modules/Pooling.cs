using Volute.Kernels;

namespace Volute;

/// <summary>The mean of every window.</summary>
public abstract class AvgPool : Layer
{
    private readonly int _rank;
    private readonly Window _window;
    private readonly bool _ceilMode, _countIncludePad;
    private readonly int? _divisorOverride;

    private protected AvgPool(int rank, PerAxis kernelSize, PerAxis? stride, PerAxis padding, bool ceilMode, bool countIncludePad, int? divisorOverride)
    {
        _rank = rank;
        _window = Pools.Window(GetType().Name, rank, kernelSize, stride, padding, 1);
        (_ceilMode, _countIncludePad, _divisorOverride) = (ceilMode, countIncludePad, divisorOverride);
    }

    /// <inheritdoc/>
    public override string Kind => Pools.Kind(GetType().Name, _window);

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, _rank, batch => batch.AveragePool(_window, _ceilMode, _countIncludePad, _divisorOverride));

    internal override Module InVolumes(VolumeForm form)
    {
        if (_rank != 2)
            return this;
        WindowAxis axis = Pools.AxisOfVolumes(this, _window);
        // A divisor of the user's own grows with the window, so that equal slices give the slice's result.
        return new AvgPool3d(axis.Kernel, axis.Stride, axis.PadBegin, _ceilMode, _countIncludePad, _divisorOverride * axis.Kernel);
    }
}

/// <summary>The mean of every window of (N, C, L) or (C, L).</summary>
/// <param name="kernelSize">Taps.</param>
/// <param name="stride">Step; the kernel size unless given.</param>
/// <param name="padding">Zeros at both ends, at most half the kernel.</param>
/// <param name="ceilMode">Whether a window that lies only partly inside counts.</param>
/// <param name="countIncludePad">Whether padding counts in the divisor.</param>
public class AvgPool1d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, bool ceilMode = false, bool countIncludePad = true)
    : AvgPool(1, kernelSize, stride, padding ?? 0, ceilMode, countIncludePad, null);

/// <summary>The mean of every window of (N, C, H, W) or (C, H, W).</summary>
/// <inheritdoc cref="AvgPool1d(PerAxis, PerAxis?, PerAxis?, bool, bool)"/>
/// <param name="kernelSize">Taps.</param>
/// <param name="stride">Step; the kernel size unless given.</param>
/// <param name="padding">Zeros at both ends, at most half the kernel.</param>
/// <param name="ceilMode">Whether a window that lies only partly inside counts.</param>
/// <param name="countIncludePad">Whether padding counts in the divisor.</param>
/// <param name="divisorOverride">A divisor to use instead.</param>
public class AvgPool2d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, bool ceilMode = false, bool countIncludePad = true, int? divisorOverride = null)
    : AvgPool(2, kernelSize, stride, padding ?? 0, ceilMode, countIncludePad, divisorOverride);

/// <summary>The mean of every window of (N, C, D, H, W) or (C, D, H, W).</summary>
/// <inheritdoc cref="AvgPool2d(PerAxis, PerAxis?, PerAxis?, bool, bool, int?)"/>
public class AvgPool3d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, bool ceilMode = false, bool countIncludePad = true, int? divisorOverride = null)
    : AvgPool(3, kernelSize, stride, padding ?? 0, ceilMode, countIncludePad, divisorOverride);

/// <summary>Means of as many, nearly equal, parts of each axis as the output has positions.</summary>
public abstract class AdaptiveAvgPool : Layer
{
    private readonly int _rank;
    private readonly PerAxis _outputSize;

    private protected AdaptiveAvgPool(int rank, PerAxis outputSize)
    {
        (_rank, _outputSize) = (rank, outputSize);
        Pools.CheckOutput(GetType().Name, rank, outputSize);
    }

    /// <inheritdoc/>
    public override string Kind => $"{GetType().Name} {_outputSize}";

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, _rank, batch => batch.AdaptiveAveragePool(Pools.OutputSizes(batch, _rank, _outputSize)));

    internal override Module InVolumes(VolumeForm form) => _rank == 2 ? new AdaptiveAvgPool3d(Pools.OutputOfVolumes(this, _outputSize)) : this;
}

/// <summary>Adaptive means of (N, C, L) or (C, L); a size of −1 keeps the input's.</summary>
public class AdaptiveAvgPool1d(PerAxis outputSize) : AdaptiveAvgPool(1, outputSize);

/// <summary>Adaptive means of (N, C, H, W) or (C, H, W); a size of −1 keeps the input's.</summary>
public class AdaptiveAvgPool2d(PerAxis outputSize) : AdaptiveAvgPool(2, outputSize);

/// <summary>Adaptive means of (N, C, D, H, W) or (C, D, H, W); a size of −1 keeps the input's.</summary>
public class AdaptiveAvgPool3d(PerAxis outputSize) : AdaptiveAvgPool(3, outputSize);

/// <summary>What pooling modules share.</summary>
internal static class Pools
{
    public static Window Window(string name, int rank, PerAxis kernelSize, PerAxis? stride, PerAxis padding, PerAxis dilation)
    {
        int[] k = kernelSize.For(rank, "kernelSize"), s = (stride ?? kernelSize).For(rank, "stride"), p = padding.For(rank, "padding"), d = dilation.For(rank, "dilation");
        var axes = new WindowAxis[rank];
        for (int i = 0; i < rank; i++)
        {
            axes[i] = new WindowAxis(k[i], s[i], d[i], p[i], p[i]);
            if (p[i] > 0 && 2L * p[i] > axes[i].Reach)
                throw new InvalidArgumentException($"{name}: padding must be at most half the kernel's reach, got padding {p[i]} for kernel {k[i]} with dilation {d[i]}");
        }
        return new Window(axes);
    }

    public static string Kind(string name, Window window)
        => $"{name} k{string.Join("x", Enumerable.Range(0, window.Rank).Select(i => window[i].Kernel))} s{string.Join("x", Enumerable.Range(0, window.Rank).Select(i => window[i].Stride))}";

    public static void CheckOutput(string name, int rank, PerAxis outputSize)
    {
        foreach (int size in outputSize.For(rank, "outputSize"))
        {
            if (size is < 1 and not -1)
                throw new InvalidArgumentException($"{name}: output sizes must be >= 1 (or -1 to keep the input's), got {size}");
        }
    }

    /// <summary>The axis that a window has three times in volumes.</summary>
    public static WindowAxis AxisOfVolumes(Module pool, Window window)
        => window[0] == window[1] ? window[0] : throw pool.HasNoVolumes("its two axes differ; what is to hold for three axes must be equal");

    /// <summary>The output size of each axis of volumes.</summary>
    public static int OutputOfVolumes(Module pool, PerAxis outputSize)
    {
        int[] sizes = outputSize.For(2, "outputSize");
        return pool.SameOnBoth("output size", sizes[0], sizes[1]);
    }

    public static int[] OutputSizes(Tensor batch, int rank, PerAxis outputSize)
        => [.. outputSize.For(rank, "outputSize").Select((size, i) => size == -1 ? batch.Shape[i + 2] : size)];
}
