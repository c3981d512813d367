using Volute.Kernels;

namespace Volute.Tests.Kernels;

public unsafe class LaneMathTests
{
    public static TheoryData<string> Names => ["expm1", "log1p", "tanh", "sigmoid", "softplus", "erf"];

    private readonly struct Function(string name) : IMap1
    {
        public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged => name switch
        {
            "expm1" => LaneMath.Expm1<L, T>(a),
            "log1p" => LaneMath.Log1p<L, T>(a),
            "tanh" => LaneMath.Tanh<L, T>(a),
            "sigmoid" => LaneMath.Sigmoid<L, T>(a),
            "softplus" => LaneMath.Softplus<L, T>(a),
            _ => LaneMath.Erf<L, T>(a),
        };
    }

    /// <summary>With plain functions of float64, and identities where these cancel.</summary>
    private static double Expected(string name, double a) => name switch
    {
        "expm1" => Math.Abs(a) < 1e-3 ? a + a * a / 2 + a * a * a / 6 + a * a * a * a / 24 : Math.Exp(a) - 1,
        "log1p" => 2 * Math.Atanh(a / (2 + a)),
        "tanh" => Math.Tanh(a),
        "sigmoid" => 1 / (1 + Math.Exp(-a)),
        "softplus" => Math.Max(a, 0) + Expected("log1p", Math.Exp(-Math.Abs(a))),
        _ => Erf(a),
    };

    /// <summary>2/√π ∫₀ᵃ e^(−t²) dt by Simpson's rule.</summary>
    private static double Erf(double a)
    {
        const int steps = 1000;
        double end = Math.Clamp(a, -7, 7), h = end / steps, sum = 1 + Math.Exp(-end * end);
        for (int i = 1; i < steps; i++)
            sum += (i % 2 == 1 ? 4 : 2) * Math.Exp(-i * h * i * h);
        return 2 / Math.Sqrt(Math.PI) * sum * h / 3;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Functions_are_as_accurate_as_the_element_type(string name)
    {
        Random random = new(1);
        double[] points = [.. Enumerable.Range(0, 4000).Select(i => (double)(float)((random.NextDouble() * 2 - 1) * Math.Pow(10, i % 10 - 7.5)))];
        if (name == "log1p")
            points = [.. points.Select(Math.Abs)];
        float[] single = [.. points.Select(a => (float)a)];
        double[] wide = new double[points.Length];
        Layout run = Layout.Dense([points.Length]);
        fixed (float* p = single)
            MapKernel.Create(new Function(name), ElementType.Float32, run, run).Run(p, p);
        fixed (double* p = points, q = wide)
            MapKernel.Create(new Function(name), ElementType.Float64, run, run).Run(q, p);
        for (int i = 0; i < points.Length; i++)
        {
            double expected = Expected(name, points[i]), size = Math.Abs(expected);
            bool isClose = single[i] == (float)expected || Math.Abs(single[i] - expected) <= 4e-7 * size + 1e-44;
            Assert.True(isClose, $"{name} {points[i]:R} = {single[i]:R}, not {expected:R}");
            Assert.True(Math.Abs(wide[i] - expected) <= 4e-13 * size, $"{name} {points[i]:R} = {wide[i]:R}, not {expected:R} in float64");
        }
    }

    [Theory]
    [InlineData("expm1", -1, double.PositiveInfinity)]
    [InlineData("tanh", -1, 1)]
    [InlineData("sigmoid", 0, 1)]
    [InlineData("softplus", 0, double.PositiveInfinity)]
    [InlineData("erf", -1, 1)]
    public void Infinities_reach_the_limits_and_NaN_stays(string name, double below, double above)
    {
        float[] y = [float.NegativeInfinity, -1000, 1000, float.PositiveInfinity, float.NaN];
        Layout run = Layout.Dense([5]);
        fixed (float* p = y)
            MapKernel.Create(new Function(name), ElementType.Float32, run, run).Run(p, p);
        Assert.Equal([(float)below, (float)below, name == "softplus" ? 1000 : (float)above, (float)above, float.NaN], y);
    }
}
