using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>eˣ in float32, within one unit of the last place, and exactly 1 at 0 (the runtime's own vector function gives 1.0000001 there).</summary>
internal static class Exponential
{
    private const double Log2E = 1.4426950408889634, Ln2 = 0.6931471805599453;

    // ln 2 in two parts; the first has 9 bits, so that its product with a whole number below 2¹⁵ is exact.
    private const double Ln2High = 355.0 / 512, Ln2Low = Ln2 - Ln2High;

    // (eʳ − 1 − r)/r² for |r| ≤ ln 2 / 2: interpolated at five Chebyshev points, an error of 1e-8 of eʳ.
    private const double C0 = 0.5, C1 = 0.16666576845993977, C2 = 0.04166655443768594, C3 = 0.008363202971575855, C4 = 0.0013926213466332444;

    /// <summary>eˣ = 2ⁿ·eʳ with n = ⌊x·log₂e + ½⌋ and r = x − n·ln 2. Beyond the range of float32 it is 0 or ∞; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L>(L a) where L : struct, ILanes<L, float>
    {
        // Comparisons that a NaN fails, so that it stays.
        L x = L.Select(L.GreaterOrEqual(a, L.Broadcast(89)), L.Broadcast(89), a);
        x = L.Select(L.GreaterOrEqual(L.Broadcast(-104), a), L.Broadcast(-104), x);
        L n = L.Floor(L.MultiplyAdd(x, L.Broadcast(Log2E), L.Broadcast(0.5)));
        L r = L.MultiplyAdd(n, L.Broadcast(-Ln2Low), L.MultiplyAdd(n, L.Broadcast(-Ln2High), x));
        L q = L.MultiplyAdd(L.Broadcast(C4), r, L.Broadcast(C3));
        q = L.MultiplyAdd(q, r, L.Broadcast(C2));
        q = L.MultiplyAdd(q, r, L.Broadcast(C1));
        q = L.MultiplyAdd(q, r, L.Broadcast(C0));
        return L.Scale(L.MultiplyAdd(r * r, q, r) + L.Broadcast(1), n);
    }
}
