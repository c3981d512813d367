using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Contiguous elements that all become one: eights of registers are joined in sequence, their lanes as a tree, and those in float64.
/// </summary>
internal static unsafe class Line
{
    private const int Eights = 32;

    /// <summary>Joins <paramref name="count"/> elements to the only result of <paramref name="sums"/>.</summary>
    public static void Reduce<TReduction, L, T>(TReduction reduction, T* x, long count, in WideRow<TReduction> sums)
        where TReduction : unmanaged, IReduction where L : struct, ILanes<L, T> where T : unmanaged
    {
        long block = (long)Eights * Eight.Count * L.Count;
        for (long i = 0; i < count; i += block)
            Block<TReduction, L, T>(reduction, x + i, Math.Min(block, count - i), sums);
    }

    [SkipLocalsInit]
    private static void Block<TReduction, L, T>(TReduction reduction, T* x, long count, in WideRow<TReduction> sums)
        where TReduction : unmanaged, IReduction where L : struct, ILanes<L, T> where T : unmanaged
    {
        double* lanes = stackalloc double[2 * L.Count];
        long i = 0;
        double joined = 0;
        L first = default, second = default;
        for (; i + Eight.Count * L.Count <= count; i += Eight.Count * L.Count, joined += Eight.Count)
        {
            T* at = x + i;
            Eight.Join<TReduction, L, T>(reduction, L.Load(at), L.Load(at + L.Count), L.Load(at + 2 * L.Count), L.Load(at + 3 * L.Count),
                L.Load(at + 4 * L.Count), L.Load(at + 5 * L.Count), L.Load(at + 6 * L.Count), L.Load(at + 7 * L.Count),
                out L nextFirst, out L nextSecond);
            Join<TReduction, L, T>(reduction, ref first, ref second, joined, nextFirst, nextSecond, Eight.Count);
        }
        for (; i + L.Count <= count; i += L.Count, joined++)
        {
            reduction.Lift<L, T>(L.Load(x + i), out L nextFirst, out L nextSecond);
            Join<TReduction, L, T>(reduction, ref first, ref second, joined, nextFirst, nextSecond, 1);
        }
        if (joined > 0)
        {
            L.Widen(first, lanes);
            L.Widen(second, lanes + L.Count);
            sums.AddTree(lanes, lanes + L.Count, L.Count, joined);
        }
        // Elements that fill no register: their lanes are taken one by one.
        if (i < count)
        {
            int rest = (int)(count - i);
            reduction.Lift<L, T>(L.Load(x + i, rest), out first, out second);
            L.Widen(first, lanes);
            L.Widen(second, lanes + L.Count);
            sums.Add(lanes, lanes + L.Count, rest, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join<TReduction, L, T>(
        TReduction reduction, ref L first, ref L second, double joined, L nextFirst, L nextSecond, double added)
        where TReduction : struct, IReduction where L : struct, ILanes<L, T> where T : unmanaged
    {
        if (joined == 0)
            (first, second) = (nextFirst, nextSecond);
        else
        {
            reduction.Join<L, T>(ref first, ref second, nextFirst, nextSecond, L.Broadcast(added / (joined + added)),
                L.Broadcast(joined * added / (joined + added)));
        }
    }
}
