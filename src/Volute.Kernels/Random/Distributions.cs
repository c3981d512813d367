namespace Volute.Kernels;

/// <summary>How four random words become four numbers. A readonly struct; its fields are the distribution's parameters.</summary>
public interface IDistribution
{
    /// <summary>The numbers of the words.</summary>
    (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3);
}

/// <summary>Uniform in [0, 1): multiples of 2⁻²⁴, the same in float32 and float64.</summary>
public readonly struct UniformDistribution : IDistribution
{
    private const double Unit = 1.0 / (1 << 24);

    /// <inheritdoc/>
    public (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3)
        => ((w0 >> 8) * Unit, (w1 >> 8) * Unit, (w2 >> 8) * Unit, (w3 >> 8) * Unit);
}

/// <summary>Normal with mean 0 and variance 1, by Box and Muller (1958): √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv, with u in (0, 1], so at most 6.66 large.</summary>
public readonly struct NormalDistribution : IDistribution
{
    private const double Unit = 1.0 / (1L << 32);

    /// <inheritdoc/>
    public (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3)
    {
        (double x0, double x1) = Pair(w0, w1);
        (double x2, double x3) = Pair(w2, w3);
        return (x0, x1, x2, x3);
    }

    private static (double, double) Pair(uint u, uint v)
    {
        double radius = Math.Sqrt(-2 * Math.Log((u + 1.0) * Unit));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * Unit * v);
        return (radius * cosine, radius * sine);
    }
}

/// <summary>1/keep with probability keep, else 0: the mask of a dropout, whose mean is 1.</summary>
public readonly struct KeepMaskDistribution : IDistribution
{
    private readonly ulong _threshold;
    private readonly double _scale;

    /// <summary>A mask that keeps with probability <paramref name="keep"/>.</summary>
    /// <exception cref="InvalidArgumentException">keep is not in 0..1.</exception>
    public KeepMaskDistribution(double keep)
    {
        if (!(keep is >= 0 and <= 1))
            throw new InvalidArgumentException($"the probability to keep must be in 0..1, got {keep}");
        _threshold = (ulong)(keep * (1L << 32));
        _scale = keep == 0 ? 0 : 1 / keep;
    }

    /// <inheritdoc/>
    public (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3) => (One(w0), One(w1), One(w2), One(w3));

    private double One(uint word) => word < _threshold ? _scale : 0;
}
