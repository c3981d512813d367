using Volute.Kernels;

namespace Volute;

/// <summary>Powers.</summary>
internal static class Powers
{
    /// <summary>Fixed exponents: whole ones by multiplication, ½ by the square root, the others as e^(p·ln a).</summary>
    public static L Power<L, T>(L a, double exponent) where L : struct, ILanes<L, T> where T : unmanaged
    {
        if (exponent == 0.5)
            return L.Sqrt(a);
        if (exponent == -0.5)
            return L.Broadcast(1) / L.Sqrt(a);
        double size = Math.Abs(exponent);
        if (size > 64 || size != Math.Floor(size))
            return L.Exp(L.Log(a) * L.Broadcast(exponent));
        L result = L.Broadcast(1), square = a;
        for (int bits = (int)size; bits > 0; bits >>= 1)
        {
            if ((bits & 1) != 0)
                result *= square;
            square *= square;
        }
        return exponent < 0 ? L.Broadcast(1) / result : result;
    }

    /// <summary>aᵇ = e^(b·ln|a|), with the sign of a where b is odd; NaN for a negative a where b is not whole, 1 where b is 0.</summary>
    public static L Power<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
    {
        L size = L.Exp(L.Log(L.Abs(a)) * b), half = b * L.Broadcast(0.5), nan = L.Broadcast(double.NaN);
        L odd = L.Select(L.Equal(L.Floor(half), half), size, default(L) - size);
        L negative = L.Select(L.Equal(L.Floor(b), b), odd, nan);
        return L.Select(L.Equal(b, default), L.Broadcast(1), L.Select(L.Greater(default, a), negative, size));
    }
}
