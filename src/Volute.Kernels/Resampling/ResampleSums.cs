using System.Runtime.CompilerServices;

namespace Volute.Kernels;

internal readonly unsafe partial struct ResampleRows<TLanes, T>
{
    /// <summary>Sums of more terms than this are made of partial sums: the error of a mean stays near one rounding, however large its window.</summary>
    private const int Partial = 64;

    /// <summary>target[i, c] = Σ over rows of w · source[row, i, c]: element by element over positions and channels where both lie side by side.</summary>
    private static void SumRows(in Rows rows, T* source, long sourceStride, T* target, long targetStride, int positions, int channels)
    {
        if (sourceStride == channels && targetStride == channels)
        {
            SumRun(rows, source, target, (long)positions * channels);
            return;
        }
        for (int i = 0; i < positions; i++)
            SumRun(rows, source + i * sourceStride, target + i * targetStride, channels);
    }

    private static void SumRun(in Rows rows, T* source, T* target, long length)
    {
        if (rows.IsPlain)
        {
            Copy(source + rows.PlainOffset, target, length);
            return;
        }
        long e = 0;
        for (; e + 4 * TLanes.Count <= length; e += 4 * TLanes.Count)
            Sum<FourRegisters>(rows, source + e, target + e);
        if (e + 2 * TLanes.Count <= length)
        {
            Sum<TwoRegisters>(rows, source + e, target + e);
            e += 2 * TLanes.Count;
        }
        if (e + TLanes.Count <= length)
        {
            Sum<OneRegister>(rows, source + e, target + e);
            e += TLanes.Count;
        }
        if (e < length && length >= TLanes.Count)
            Sum<OneRegister>(rows, source + length - TLanes.Count, target + length - TLanes.Count);
        else if (e < length)
            SumRemainder(rows, source + e, target + e, (int)(length - e));
    }

    /// <summary>One register's worth of elements with the rows' weights; the depth's sum of the heights' partial sums.</summary>
    private static void Sum<TRegisters>(in Rows rows, T* source, T* target) where TRegisters : struct, IRegisters
    {
        int lanes = TLanes.Count;
        Unsafe.SkipInit(out TLanes a0);
        Unsafe.SkipInit(out TLanes a1);
        Unsafe.SkipInit(out TLanes a2);
        Unsafe.SkipInit(out TLanes a3);
        for (int d = rows.FirstDepth; d < rows.EndDepth; d++)
        {
            for (int h = rows.FirstHeight; h < rows.EndHeight;)
            {
                int stop = Math.Min(rows.EndHeight, h + Partial);
                T* p = source + rows.DepthOffsets[d] + rows.HeightOffsets[h];
                TLanes w = TLanes.Broadcast(rows.HeightWeights + h);
                TLanes p0 = w * TLanes.Load(p), p1 = p0, p2 = p0, p3 = p0;
                if (TRegisters.Count > 1)
                    p1 = w * TLanes.Load(p + lanes);
                if (TRegisters.Count > 2)
                    (p2, p3) = (w * TLanes.Load(p + 2 * lanes), w * TLanes.Load(p + 3 * lanes));
                for (int i = h + 1; i < stop; i++)
                {
                    p = source + rows.DepthOffsets[d] + rows.HeightOffsets[i];
                    w = TLanes.Broadcast(rows.HeightWeights + i);
                    p0 = TLanes.MultiplyAdd(w, TLanes.Load(p), p0);
                    if (TRegisters.Count > 1)
                        p1 = TLanes.MultiplyAdd(w, TLanes.Load(p + lanes), p1);
                    if (TRegisters.Count > 2)
                    {
                        p2 = TLanes.MultiplyAdd(w, TLanes.Load(p + 2 * lanes), p2);
                        p3 = TLanes.MultiplyAdd(w, TLanes.Load(p + 3 * lanes), p3);
                    }
                }
                w = TLanes.Broadcast(rows.DepthWeights + d);
                bool first = d == rows.FirstDepth && h == rows.FirstHeight;
                a0 = first ? w * p0 : TLanes.MultiplyAdd(w, p0, a0);
                if (TRegisters.Count > 1)
                    a1 = first ? w * p1 : TLanes.MultiplyAdd(w, p1, a1);
                if (TRegisters.Count > 2)
                {
                    a2 = first ? w * p2 : TLanes.MultiplyAdd(w, p2, a2);
                    a3 = first ? w * p3 : TLanes.MultiplyAdd(w, p3, a3);
                }
                h = stop;
            }
        }
        Store<TRegisters>(target, a0, a1, a2, a3);
    }

    /// <summary>Fewer elements than lanes in all: the same sums, the missing lanes neither read nor written.</summary>
    private static void SumRemainder(in Rows rows, T* source, T* target, int count)
    {
        TLanes sum = TLanes.Broadcast(0);
        for (int d = rows.FirstDepth; d < rows.EndDepth; d++)
        {
            for (int h = rows.FirstHeight; h < rows.EndHeight;)
            {
                TLanes partial = TLanes.Broadcast(0);
                for (int stop = Math.Min(rows.EndHeight, h + Partial); h < stop; h++)
                    partial = TLanes.MultiplyAdd(TLanes.Broadcast(rows.HeightWeights + h), TLanes.Load(source + rows.DepthOffsets[d] + rows.HeightOffsets[h], count), partial);
                sum = TLanes.MultiplyAdd(TLanes.Broadcast(rows.DepthWeights + d), partial, sum);
            }
        }
        TLanes.Store(sum, target, count);
    }

    private static void Copy(T* source, T* target, long length)
    {
        if (length >= 256)
        {
            Buffer.MemoryCopy(source, target, length * sizeof(T), length * sizeof(T));
            return;
        }
        long e = 0;
        for (; e + TLanes.Count <= length; e += TLanes.Count)
            TLanes.Store(TLanes.Load(source + e), target + e);
        if (e < length && length >= TLanes.Count)
            TLanes.Store(TLanes.Load(source + length - TLanes.Count), target + length - TLanes.Count);
        else
        {
            for (; e < length; e++)
                target[e] = source[e];
        }
    }
}
