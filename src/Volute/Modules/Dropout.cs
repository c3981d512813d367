namespace Volute;

/// <summary>In training every element is dropped with probability p and the others are divided by 1 − p (Srivastava et al., 2014).</summary>
public class Dropout : Layer
{
    private readonly double _p;

    /// <summary>Drops with probability <paramref name="p"/>.</summary>
    /// <exception cref="InvalidArgumentException">p is outside 0..1.</exception>
    public Dropout(double p = 0.5)
        => _p = p is >= 0 and <= 1 ? p : throw new InvalidArgumentException($"{GetType().Name}: p must be from 0 to 1, got {p}");

    /// <summary>p.</summary>
    private protected double Probability => _p;

    /// <inheritdoc/>
    public override string Kind => $"{GetType().Name} {_p}";

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
        => !IsTraining || _p == 0 ? x : _p == 1 ? x * 0 : x * Tensor.KeepMask(MaskShape(x.Shape), 1 - _p, x.Type);

    /// <summary>The shape over which is drawn.</summary>
    protected virtual Shape MaskShape(Shape input) => input;
}

/// <summary>Dropout of whole channels of (N, C, …), the spatial dropout of Tompson et al. (2015).</summary>
public class DropoutChannels(double p = 0.5) : Dropout(p)
{
    /// <inheritdoc/>
    protected override Shape MaskShape(Shape input)
        => input.Rank < 2 ? throw SourceLine.Error($"{GetType().Name}: expected [N, C, ...], got shape {input}")
            : [input[0], input[1], .. Enumerable.Repeat(1, input.Rank - 2)];
}

/// <summary>Dropout of channels of (N, C, L).</summary>
public class Dropout1d(double p = 0.5) : DropoutChannels(p);

/// <summary>Dropout of channels of (N, C, H, W).</summary>
public class Dropout2d(double p = 0.5) : DropoutChannels(p)
{
    internal override Module InVolumes(VolumeForm form) => new Dropout3d(Probability);
}

/// <summary>Dropout of channels of (N, C, D, H, W).</summary>
public class Dropout3d(double p = 0.5) : DropoutChannels(p);
