namespace Volute;

/// <summary>The map at other sizes: mode "nearest", "linear", "bilinear", "bicubic" or "trilinear", as PyTorch's Upsample.</summary>
public class Upsample : Layer
{
    private readonly int[]? _size;
    private readonly double[]? _scaleFactor;
    private readonly bool? _alignCorners;
    private readonly bool _recompute;
    private readonly string _mode;

    /// <summary>To <paramref name="size"/> or by <paramref name="scaleFactor"/>; one of them is given.</summary>
    /// <exception cref="InvalidArgumentException">Both or neither given, or an unknown mode.</exception>
    public Upsample(int[]? size = null, double[]? scaleFactor = null, string mode = "nearest", bool? alignCorners = null, bool recomputeScaleFactor = false)
    {
        if (size is null == scaleFactor is null)
            throw new InvalidArgumentException("Upsample: give either size or scaleFactor");
        (_size, _scaleFactor, _mode, _alignCorners, _recompute) = (size, scaleFactor, mode, alignCorners, recomputeScaleFactor);
        _ = Mode;
    }

    /// <summary>By a factor on every axis.</summary>
    public Upsample(double scaleFactor, string mode = "nearest", bool? alignCorners = null) : this(null, [scaleFactor], mode, alignCorners) { }

    /// <inheritdoc/>
    public override string Kind => $"Upsample {(_size is null ? $"x{string.Join("x", _scaleFactor!)}" : $"[{string.Join(", ", _size)}]")} {_mode}";

    private Interpolation Mode => _mode switch
    {
        "nearest" => Interpolation.Nearest,
        "nearest-exact" => Interpolation.NearestExact,
        "linear" or "bilinear" or "trilinear" => Interpolation.Linear,
        "bicubic" => Interpolation.Cubic,
        "area" => Interpolation.Area,
        _ => throw new InvalidArgumentException($"Upsample: mode must be nearest, nearest-exact, linear, bilinear, bicubic, trilinear or area, got '{_mode}'"),
    };

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        int axes = _mode switch { "linear" => 3, "bilinear" or "bicubic" => 4, "trilinear" => 5, _ => x.Shape.Rank };
        if (x.Shape.Rank != axes)
            throw SourceLine.Error($"Upsample: mode '{_mode}' needs {axes} axes, got shape {x.Shape}");
        return x.Interpolate(_size, _scaleFactor, Mode, _alignCorners, _recompute);
    }

    internal override Module InVolumes(VolumeForm form)
    {
        if (_mode == "bicubic")
            throw HasNoVolumes("there is no cubic interpolation of volumes; use bilinear");
        bool isFlat = _mode == "bilinear" || (_size?.Length ?? _scaleFactor!.Length) == 2;
        if (!isFlat)
            return this;
        return new Upsample(OfEveryAxis(_size, "size"), OfEveryAxis(_scaleFactor, "factor"), _mode == "bilinear" ? "trilinear" : _mode, _alignCorners, _recompute);
    }

    private T[]? OfEveryAxis<T>(T[]? values, string what)
        => values is null ? null : values.Distinct().Count() == 1 ? [values[0]] : throw HasNoVolumes($"its {what} [{string.Join(", ", values)}] differs between the axes");
}
