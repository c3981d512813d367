using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Functions that activations need, built from the operations of the lanes, as accurate as the element type.</summary>
public static class LaneMath
{
    /// <summary>eᵃ − 1 without cancellation near 0; in float64 a Taylor series for |a| &lt; ½, the difference elsewhere.</summary>
    public static L Expm1<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return Exponential.Expm1<L, T>(a);
        // Σ aᵏ/k! up to k = 14: the first term left out is below 2e-17 of the sum at |a| = ½.
        L sum = L.Broadcast(1);
        for (int k = 14; k >= 2; k--)
            sum = L.MultiplyAdd(sum, a * L.Broadcast(1.0 / k), L.Broadcast(1));
        return L.Select(L.Greater(L.Broadcast(0.5), L.Abs(a)), sum * a, L.Exp(a) - L.Broadcast(1));
    }

    /// <summary>ln(1 + a) for a ≥ 0, accurate for small a: the rounding of 1 + a is divided out (Kahan).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log1p<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        L one = L.Broadcast(1), shifted = one + a, rounded = shifted - one;
        return L.Select(L.Equal(rounded, default), a, L.Log(shifted) * (a / rounded));
    }

    /// <summary>tanh a = −t / (2 + t) with t = e^(−2|a|) − 1, and the sign of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        L t = Expm1<L, T>(L.Abs(a) * L.Broadcast(-2)), result = (default(L) - t) / (L.Broadcast(2) + t);
        return L.Select(L.Greater(default, a), default(L) - result, result);
    }

    /// <summary>1 / (1 + e⁻ᵃ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Broadcast(1) / (L.Broadcast(1) + L.Exp(default(L) - a));

    /// <summary>ln(1 + eᵃ) = max(a, 0) + ln(1 + e^(−|a|)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Softplus<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Max(a, default) + Log1p<L, T>(L.Exp(default(L) - L.Abs(a)));

    /// <summary>
    /// erf a. In float64, 2/√π · e^(−a²) · Σ 2ⁿ a^(2n+1) / (2n+1)!!: all terms of one sign, so nothing cancels; beyond 6 it is ±1. In float32, a
    /// polynomial: of a² for |a| &lt; 1, else in 1 − e^(−a²)·t·p(t) with t = 1/(1 + |a|/2).
    /// </summary>
    public static L Erf<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return ErfSingle<L, T>(a);
        L x = L.Min(L.Max(a, L.Broadcast(-6)), L.Broadcast(6)), twice = x * x * L.Broadcast(2), sum = L.Broadcast(1);
        for (int n = 130; n >= 1; n--)
            sum = L.MultiplyAdd(sum, twice * L.Broadcast(1.0 / (2 * n + 1)), L.Broadcast(1));
        return L.Min(L.Max(sum * x * L.Exp(default(L) - x * x) * L.Broadcast(2 / Math.Sqrt(Math.PI)), L.Broadcast(-1)), L.Broadcast(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ErfSingle<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        // Both interpolated at seven Chebyshev points: relative errors of 2e-9 and 9e-9. At 4, the far end, 1 − erf is below half a unit.
        L one = L.Broadcast(1), size = L.Min(L.Abs(a), L.Broadcast(4)), square = size * size;
        L near = Polynomial<L, T>(square, 1.1283791658483509, -0.37612626666720334, 0.11283594715160218, -0.026854212010626412,
            0.005189087423433974, -0.000801686428716587, 7.875875062685488e-05);
        L t = one / L.MultiplyAdd(size, L.Broadcast(0.5), one);
        L far = one - L.Exp(default(L) - square) * t * Polynomial<L, T>(t, 0.2826198897552001, 0.2741515744783606, 0.29761269233675386,
            -0.00014390887071983103, 0.43652758811255127, -0.3857676312685762, 0.0948963437690366);
        return L.Select(L.Greater(one, size), near * a, L.Select(L.Greater(default, a), default(L) - far, far));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Polynomial<L, T>(L x, double c0, double c1, double c2, double c3, double c4, double c5, double c6)
        where L : struct, ILanes<L, T> where T : unmanaged
    {
        L sum = L.MultiplyAdd(L.Broadcast(c6), x, L.Broadcast(c5));
        sum = L.MultiplyAdd(sum, x, L.Broadcast(c4));
        sum = L.MultiplyAdd(sum, x, L.Broadcast(c3));
        sum = L.MultiplyAdd(sum, x, L.Broadcast(c2));
        sum = L.MultiplyAdd(sum, x, L.Broadcast(c1));
        return L.MultiplyAdd(sum, x, L.Broadcast(c0));
    }
}
