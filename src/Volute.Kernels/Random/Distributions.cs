namespace Volute.Kernels;

/// <summary>How four random words become four numbers.</summary>
internal interface IDistribution
{
    (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3);
}

/// <summary>low + u·(high − low), u a multiple of 2⁻²⁴ in [0, 1); below high in float32 too.</summary>
internal readonly struct UniformDistribution(double low, double high) : IDistribution
{
    private readonly double _unit = (high - low) / (1 << 24), _largest = Math.Max(low, MathF.BitDecrement((float)high));

    public (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3) => (One(w0), One(w1), One(w2), One(w3));

    private double One(uint word) => Math.Min(low + (word >> 8) * _unit, _largest);
}

/// <summary>
/// mean + deviation·z, z standard normal by Box and Muller (1958): √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv, with u a multiple of 2⁻³² in (0, 1]; so
/// no z is larger than 6.66.
/// </summary>
internal readonly struct NormalDistribution(double mean, double deviation) : IDistribution
{
    private const double Unit = 1.0 / (1L << 32);

    public (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3)
    {
        (double x0, double x1) = Pair(w0, w1);
        (double x2, double x3) = Pair(w2, w3);
        return (x0, x1, x2, x3);
    }

    private (double, double) Pair(uint u, uint v)
    {
        double radius = deviation * Math.Sqrt(-2 * Math.Log((u + 1.0) * Unit));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * Unit * v);
        return (mean + radius * cosine, mean + radius * sine);
    }
}

/// <summary>1/keep with probability keep, else 0.</summary>
internal readonly struct KeepMaskDistribution(double keep) : IDistribution
{
    private readonly ulong _threshold = (ulong)(keep * (1L << 32));
    private readonly double _scale = keep == 0 ? 0 : 1 / keep;

    public (double X0, double X1, double X2, double X3) From(uint w0, uint w1, uint w2, uint w3) => (One(w0), One(w1), One(w2), One(w3));

    private double One(uint word) => word < _threshold ? _scale : 0;
}
