using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// eˣ and eˣ − 1 in float32, within one or two units of the last place; eˣ is exactly 1 at 0 (the runtime's own vector function gives 1.0000001
/// there).
/// </summary>
/// <remarks>x = n·ln 2 + r with n = ⌊x·log₂e + ½⌋, so that eˣ = 2ⁿ·eʳ and |r| ≤ ln 2 / 2.</remarks>
internal static class Exponential
{
    private const double Log2E = 1.4426950408889634, Ln2 = 0.6931471805599453;

    // ln 2 in two parts; the first has 9 bits, so that its product with a whole number below 2¹⁵ is exact.
    private const double Ln2High = 355.0 / 512, Ln2Low = Ln2 - Ln2High;

    // (eʳ − 1 − r)/r² for |r| ≤ ln 2 / 2: interpolated at five Chebyshev points, an error of 1e-8 of eʳ.
    private const double C0 = 0.5, C1 = 0.16666576845993977, C2 = 0.04166655443768594, C3 = 0.008363202971575855, C4 = 0.0013926213466332444;

    /// <summary>eˣ. Beyond the range of float32 it is 0 or ∞; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L, T>(L x) where L : struct, ILanes<L, T> where T : unmanaged
    {
        L small = Reduced<L, T>(x, -104, out L n);
        return L.Scale(small + L.Broadcast(1), n);
    }

    /// <summary>eˣ − 1 = 2ⁿ·((eʳ − 1) + (1 − 2⁻ⁿ)), without cancellation near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Expm1<L, T>(L x) where L : struct, ILanes<L, T> where T : unmanaged
    {
        // Below −20 it is −1 in float32.
        L small = Reduced<L, T>(x, -20, out L n), one = L.Broadcast(1);
        return L.Scale(small + (one - L.Scale(one, default(L) - n)), n);
    }

    /// <summary>eʳ − 1, and n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Reduced<L, T>(L x, double least, out L n) where L : struct, ILanes<L, T> where T : unmanaged
    {
        // Comparisons that a NaN fails, so that it stays.
        x = L.Select(L.GreaterOrEqual(x, L.Broadcast(89)), L.Broadcast(89), x);
        x = L.Select(L.GreaterOrEqual(L.Broadcast(least), x), L.Broadcast(least), x);
        n = L.Floor(L.MultiplyAdd(x, L.Broadcast(Log2E), L.Broadcast(0.5)));
        L r = L.MultiplyAdd(n, L.Broadcast(-Ln2Low), L.MultiplyAdd(n, L.Broadcast(-Ln2High), x));
        L q = L.MultiplyAdd(L.Broadcast(C4), r, L.Broadcast(C3));
        q = L.MultiplyAdd(q, r, L.Broadcast(C2));
        q = L.MultiplyAdd(q, r, L.Broadcast(C1));
        q = L.MultiplyAdd(q, r, L.Broadcast(C0));
        return L.MultiplyAdd(r * r, q, r);
    }
}
