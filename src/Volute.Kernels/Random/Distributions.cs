using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Volute.Kernels;

/// <summary>How random words become numbers.</summary>
internal unsafe interface IDistribution
{
    /// <summary>numbers[i], i &lt; 64, from the words of <see cref="Philox.Fill"/>: each from words at its own place i, or at i and i ± 16.</summary>
    void From(uint* words, double* numbers);
}

/// <summary>low + u·(high − low), u a multiple of 2⁻²⁴ in [0, 1); below high in float32 too.</summary>
internal readonly unsafe struct UniformDistribution(double low, double high) : IDistribution
{
    private readonly double _unit = (high - low) / (1 << 24), _largest = Math.Max(low, MathF.BitDecrement((float)high));

    [MethodImpl(Compiled.AtOnce)]
    public void From(uint* words, double* numbers)
    {
        Vector512<double> first = Vector512.Create(low), unit = Vector512.Create(_unit), largest = Vector512.Create(_largest);
        for (int i = 0; i < 64; i += RandomWords.Count)
            Vector512.ConditionalSelect(Vector512.LessThan(Number(i), largest), Number(i), largest).Store(numbers + i);

        Vector512<double> Number(int i) => first + RandomWords.Exact(RandomWords.Load(words + i) >> 8) * unit;
    }
}

/// <summary>
/// mean + deviation·z, z standard normal by Box and Muller (1958): √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv, with u a multiple of 2⁻³² in (0, 1]; so
/// no z is larger than 6.66.
/// </summary>
internal readonly unsafe struct NormalDistribution(double mean, double deviation) : IDistribution
{
    [MethodImpl(Compiled.AtOnce)]
    public void From(uint* words, double* numbers)
    {
        Vector512<double> center = Vector512.Create(mean), scale = Vector512.Create(deviation);
        for (int half = 0; half < 64; half += 32)
        {
            for (int i = half; i < half + 16; i += RandomWords.Count)
            {
                Vector512<double> radius = scale * Vector512.Sqrt(RandomWords.LogOfFraction(RandomWords.Load(words + i)) * -2.0);
                var (sine, cosine) = RandomWords.SinCosOfTurn(RandomWords.Load(words + i + 16));
                (center + radius * cosine).Store(numbers + i);
                (center + radius * sine).Store(numbers + i + 16);
            }
        }
    }
}

/// <summary>1/keep with probability keep, else 0.</summary>
internal readonly unsafe struct KeepMaskDistribution(double keep) : IDistribution
{
    private readonly ulong _threshold = (ulong)(keep * (1L << 32));
    private readonly double _scale = keep == 0 ? 0 : 1 / keep;

    [MethodImpl(Compiled.AtOnce)]
    public void From(uint* words, double* numbers)
    {
        Vector512<ulong> threshold = Vector512.Create(_threshold);
        Vector512<double> scale = Vector512.Create(_scale);
        for (int i = 0; i < 64; i += RandomWords.Count)
            (Vector512.LessThan(RandomWords.Load(words + i), threshold).AsDouble() & scale).Store(numbers + i);
    }
}

/// <summary>
/// Functions of random words, one in each 64-bit lane. Sums, products and quotients alone, none of them fused, so that every machine has the same bits;
/// errors are below 4 units in the last place.
/// </summary>
internal static unsafe class RandomWords
{
    /// <summary>Words that are turned together.</summary>
    public const int Count = 8;

    private const ulong TwoTo52 = 0x4330_0000_0000_0000, RootOfHalf = 0x3FE6_A09E_667F_3BCD;

    /// <summary>Eight words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Load(uint* words)
    {
        var (lower, upper) = Vector256.Widen(Vector256.Load(words));
        return Vector512.Create(lower, upper);
    }

    /// <summary>Whole numbers below 2⁵² as they are: beside an exponent of 52 they are the last digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exact(Vector512<ulong> words)
        => (words | Vector512.Create(TwoTo52)).AsDouble() - Vector512.Create(TwoTo52).AsDouble();

    /// <summary>ln u, u = (word + 1)·2⁻³² in (0, 1].</summary>
    /// <remarks>u = m·2ᵉ with m in [√½, √2); ln m = 2(s + s³/3 + s⁵/5 + …), s = (m − 1)/(m + 1), |s| at most 0.172.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> LogOfFraction(Vector512<ulong> words)
    {
        const int Bias = 1024;
        Vector512<double> one = Vector512<double>.One;
        Vector512<ulong> u = ((Exact(words) + one) * (1.0 / (1L << 32))).AsUInt64(), bias = Vector512.Create((ulong)Bias << 52);
        Vector512<ulong> exponent = (u - Vector512.Create(RootOfHalf) + bias) >> 52;
        Vector512<double> m = (u + bias - (exponent << 52)).AsDouble(), s = (m - one) / (m + one);
        Vector512<double> sum = Series(s * s, [1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1]);
        return (Exact(exponent) - Vector512.Create((double)Bias)) * Math.Log(2) + (s + s) * sum;
    }

    /// <summary>The sine and the cosine of 2πv, v = word·2⁻³²: of the rest to the nearest quarter turn by their series, then turned by the quarters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Sine, Vector512<double> Cosine) SinCosOfTurn(Vector512<ulong> words)
    {
        const ulong Quarter = 1UL << 30;
        Vector512<ulong> quarters = (words + Vector512.Create(Quarter / 2)) >> 30;
        // Up to half a quarter below and above it.
        Vector512<double> rest = Exact(words + Vector512.Create(Quarter) - (quarters << 30)) - Vector512.Create((double)Quarter);
        Vector512<double> a = rest * (Math.PI / 2 / Quarter), z = a * a;
        Vector512<double> sine = a * Series(z,
            [1 / 355687428096000.0, -1 / 1307674368000.0, 1 / 6227020800.0, -1 / 39916800.0, 1 / 362880.0, -1 / 5040.0, 1 / 120.0, -1 / 6.0, 1]);
        Vector512<double> cosine = Series(z,
            [1 / 20922789888000.0, -1 / 87178291200.0, 1 / 479001600.0, -1 / 3628800.0, 1 / 40320.0, -1 / 720.0, 1 / 24.0, -1 / 2.0, 1]);
        Vector512<ulong> isOdd = Vector512.Equals(quarters & Vector512<ulong>.One, Vector512<ulong>.One);
        Vector512<double> swap = isOdd.AsDouble();
        return (Turn(Vector512.ConditionalSelect(swap, cosine, sine), quarters), Turn(Vector512.ConditionalSelect(swap, sine, cosine), quarters + Vector512<ulong>.One));
    }

    /// <summary>Σ coefficient·xⁿ, the highest power first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Series(Vector512<double> x, ReadOnlySpan<double> coefficients)
    {
        Vector512<double> sum = Vector512.Create(coefficients[0]);
        foreach (double coefficient in coefficients[1..])
            sum = sum * x + Vector512.Create(coefficient);
        return sum;
    }

    /// <summary>The opposite where the quarters are 2 or 3 modulo 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Turn(Vector512<double> value, Vector512<ulong> quarters) => (value.AsUInt64() ^ ((quarters & Vector512.Create(2UL)) << 62)).AsDouble();
}
