namespace Volute;

/// <summary>Padding of the spatial axes; numbers are PyTorch's: for the last axis begin and end, then for the one before it, ….</summary>
public abstract class PaddingLayer : Layer
{
    private readonly int _rank;
    private readonly (int Begin, int End)[] _padding;

    private protected PaddingLayer(int rank, int[] padding)
    {
        int[] all = padding.Length == 1 ? [.. Enumerable.Repeat(padding[0], 2 * rank)] : padding;
        if (all.Length != 2 * rank)
            throw new InvalidArgumentException($"{GetType().Name}: padding needs 1 or {2 * rank} numbers, got [{string.Join(", ", padding)}]");
        _rank = rank;
        _padding = [.. Enumerable.Range(0, rank).Select(i => (all[2 * (rank - 1 - i)], all[2 * (rank - 1 - i) + 1]))];
    }

    /// <inheritdoc/>
    protected sealed override Tensor Apply(Tensor x) => Batched(x, _rank, batch => Pad(batch, _padding));

    internal override Module InVolumes(VolumeForm form)
    {
        if (_rank != 2)
            return this;
        return _padding[0] == _padding[1] ? OfVolumes([.. Enumerable.Repeat((int[])[_padding[0].Begin, _padding[0].End], 3).SelectMany(ends => ends)])
            : throw HasNoVolumes($"its padding is {_padding[0]} along one axis and {_padding[1]} along the other; what is to hold for three axes must be equal");
    }

    /// <summary>The same for volumes, with begin and end of each of the three axes.</summary>
    private protected abstract PaddingLayer OfVolumes(int[] padding);

    /// <summary>Pads (N, C, …).</summary>
    private protected abstract Tensor Pad(Tensor batch, (int Begin, int End)[] padding);
}

/// <summary>A constant around the spatial axes.</summary>
public abstract class ConstantPad : PaddingLayer
{
    private readonly double _value;

    private protected ConstantPad(int rank, int[] padding, double value) : base(rank, padding) => _value = value;

    private protected sealed override Tensor Pad(Tensor batch, (int Begin, int End)[] padding)
    {
        for (int i = 0; i < padding.Length; i++)
            batch = batch.Pad(i + 2, padding[i].Begin, padding[i].End, _value);
        return batch;
    }

    private protected sealed override PaddingLayer OfVolumes(int[] padding) => new ConstantPad3d(padding, _value);
}

/// <summary>Values of the input itself around the spatial axes.</summary>
public abstract class BorderPad : PaddingLayer
{
    private readonly PaddingMode _mode;

    private protected BorderPad(int rank, int[] padding, PaddingMode mode) : base(rank, padding) => _mode = mode;

    private protected sealed override Tensor Pad(Tensor batch, (int Begin, int End)[] padding) => batch.Pad(padding, _mode);

    private protected sealed override PaddingLayer OfVolumes(int[] padding) => _mode switch
    {
        PaddingMode.Reflect => new ReflectionPad3d(padding),
        PaddingMode.Replicate => new ReplicationPad3d(padding),
        _ => new CircularPad3d(padding),
    };
}

/// <summary>A constant around (N, C, L).</summary>
public class ConstantPad1d(int[] padding, double value) : ConstantPad(1, padding, value);

/// <summary>A constant around (N, C, H, W).</summary>
public class ConstantPad2d(int[] padding, double value) : ConstantPad(2, padding, value);

/// <summary>A constant around (N, C, D, H, W).</summary>
public class ConstantPad3d(int[] padding, double value) : ConstantPad(3, padding, value);

/// <summary>Zeros around (N, C, L).</summary>
public class ZeroPad1d(params int[] padding) : ConstantPad(1, padding, 0);

/// <summary>Zeros around (N, C, H, W).</summary>
public class ZeroPad2d(params int[] padding) : ConstantPad(2, padding, 0);

/// <summary>Zeros around (N, C, D, H, W).</summary>
public class ZeroPad3d(params int[] padding) : ConstantPad(3, padding, 0);

/// <summary>The mirror image around (N, C, L).</summary>
public class ReflectionPad1d(params int[] padding) : BorderPad(1, padding, PaddingMode.Reflect);

/// <summary>The mirror image around (N, C, H, W).</summary>
public class ReflectionPad2d(params int[] padding) : BorderPad(2, padding, PaddingMode.Reflect);

/// <summary>The mirror image around (N, C, D, H, W).</summary>
public class ReflectionPad3d(params int[] padding) : BorderPad(3, padding, PaddingMode.Reflect);

/// <summary>The border repeated around (N, C, L).</summary>
public class ReplicationPad1d(params int[] padding) : BorderPad(1, padding, PaddingMode.Replicate);

/// <summary>The border repeated around (N, C, H, W).</summary>
public class ReplicationPad2d(params int[] padding) : BorderPad(2, padding, PaddingMode.Replicate);

/// <summary>The border repeated around (N, C, D, H, W).</summary>
public class ReplicationPad3d(params int[] padding) : BorderPad(3, padding, PaddingMode.Replicate);

/// <summary>The other side around (N, C, L).</summary>
public class CircularPad1d(params int[] padding) : BorderPad(1, padding, PaddingMode.Circular);

/// <summary>The other side around (N, C, H, W).</summary>
public class CircularPad2d(params int[] padding) : BorderPad(2, padding, PaddingMode.Circular);

/// <summary>The other side around (N, C, D, H, W).</summary>
public class CircularPad3d(params int[] padding) : BorderPad(3, padding, PaddingMode.Circular);
