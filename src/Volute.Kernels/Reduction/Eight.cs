using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Eight registers of elements joined as a tree, lane by lane: what every reduction begins with.</summary>
internal static class Eight
{
    /// <summary>Elements joined in each lane.</summary>
    public const int Count = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Join<TReduction, L, T>(TReduction reduction, L x0, L x1, L x2, L x3, L x4, L x5, L x6, L x7, out L first, out L second)
        where TReduction : struct, IReduction where L : struct, ILanes<L, T> where T : unmanaged
    {
        L half = L.Broadcast(0.5);
        Pair<TReduction, L, T>(reduction, x0, x1, half, out first, out second);
        Pair<TReduction, L, T>(reduction, x2, x3, half, out L first2, out L second2);
        Pair<TReduction, L, T>(reduction, x4, x5, half, out L first4, out L second4);
        Pair<TReduction, L, T>(reduction, x6, x7, half, out L first6, out L second6);
        reduction.Join<L, T>(ref first, ref second, first2, second2, half, L.Broadcast(1));
        reduction.Join<L, T>(ref first4, ref second4, first6, second6, half, L.Broadcast(1));
        reduction.Join<L, T>(ref first, ref second, first4, second4, half, L.Broadcast(2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<TReduction, L, T>(TReduction reduction, L a, L b, L half, out L first, out L second)
        where TReduction : struct, IReduction where L : struct, ILanes<L, T> where T : unmanaged
    {
        reduction.Lift<L, T>(a, out first, out second);
        reduction.Lift<L, T>(b, out L otherFirst, out L otherSecond);
        reduction.Join<L, T>(ref first, ref second, otherFirst, otherSecond, half, half);
    }
}
