using Volute.Kernels;

namespace Volute;

/// <summary>Powers with a fixed exponent: whole ones by multiplication, ½ by the square root, the others as e^(p·ln a).</summary>
internal static class Powers
{
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
}
