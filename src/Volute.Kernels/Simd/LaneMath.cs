namespace Volute.Kernels;

/// <summary>Functions that activations need, built from the operations of the lanes, as accurate as the element type.</summary>
public static class LaneMath
{
    /// <summary>eᵃ − 1 without cancellation near 0: a Taylor series for |a| &lt; ½, the difference elsewhere.</summary>
    public static L Expm1<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        // Σ aᵏ/k! up to k = 14: the first term left out is below 2e-17 of the sum at |a| = ½.
        L sum = L.Broadcast(1);
        for (int k = 14; k >= 2; k--)
            sum = L.MultiplyAdd(sum, a * L.Broadcast(1.0 / k), L.Broadcast(1));
        return L.Select(L.Greater(L.Broadcast(0.5), L.Abs(a)), sum * a, L.Exp(a) - L.Broadcast(1));
    }

    /// <summary>ln(1 + a) for a ≥ 0, accurate for small a: the rounding of 1 + a is divided out (Kahan).</summary>
    public static L Log1p<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        L one = L.Broadcast(1), shifted = one + a, rounded = shifted - one;
        return L.Select(L.Equal(rounded, default), a, L.Log(shifted) * (a / rounded));
    }

    /// <summary>tanh a = −t / (2 + t) with t = e^(−2|a|) − 1, and the sign of a.</summary>
    public static L Tanh<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        L t = Expm1<L, T>(L.Abs(a) * L.Broadcast(-2)), result = (default(L) - t) / (L.Broadcast(2) + t);
        return L.Select(L.Greater(default, a), default(L) - result, result);
    }

    /// <summary>1 / (1 + e⁻ᵃ).</summary>
    public static L Sigmoid<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Broadcast(1) / (L.Broadcast(1) + L.Exp(default(L) - a));

    /// <summary>ln(1 + eᵃ) = max(a, 0) + ln(1 + e^(−|a|)).</summary>
    public static L Softplus<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Max(a, default) + Log1p<L, T>(L.Exp(default(L) - L.Abs(a)));

    /// <summary>erf a = 2/√π · e^(−a²) · Σ 2ⁿ a^(2n+1) / (2n+1)!!: all terms of one sign, so nothing cancels; beyond the type's reach it is ±1.</summary>
    public static L Erf<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
    {
        bool wide = typeof(T) == typeof(double);
        double reach = wide ? 6 : 4;
        L x = L.Min(L.Max(a, L.Broadcast(-reach)), L.Broadcast(reach)), twice = x * x * L.Broadcast(2), sum = L.Broadcast(1);
        for (int n = wide ? 130 : 60; n >= 1; n--)
            sum = L.MultiplyAdd(sum, twice * L.Broadcast(1.0 / (2 * n + 1)), L.Broadcast(1));
        return L.Min(L.Max(sum * x * L.Exp(default(L) - x * x) * L.Broadcast(2 / Math.Sqrt(Math.PI)), L.Broadcast(-1)), L.Broadcast(1));
    }
}
