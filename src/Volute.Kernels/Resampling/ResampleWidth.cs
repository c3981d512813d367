using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Whether a width's taps are summed in one row of weight 1 (of x, or of the buffer) or in several weighted ones.</summary>
internal interface IRowCount
{
    static abstract bool IsOne { get; }
}

/// <summary>One row, weight 1.</summary>
internal readonly struct OneRow : IRowCount
{
    public static bool IsOne => true;
}

/// <summary>Any rows.</summary>
internal readonly struct ManyRows : IRowCount
{
    public static bool IsOne => false;
}

internal readonly unsafe partial struct ResampleRows<TLanes, T>
{
    /// <summary>The outputs of a tile straight from x: taps of all three axes.</summary>
    private static void SumTaps(in Rows rows, PinnedTaps width, T* source, in WidthTile tile, T* target, long targetStride, int channels)
    {
        if (rows.IsPlain)
            SumOutputs<OneRow>(rows, width, source + rows.PlainOffset, tile, target, targetStride, channels);
        else
            SumOutputs<ManyRows>(rows, width, source, tile, target, targetStride, channels);
    }

    /// <summary>The outputs of a tile from the summed row.</summary>
    private void SumWidth(T* row, in WidthTile tile, T* target, long targetStride, int channels)
        => SumOutputs<OneRow>(default, pass.WidthInBuffer, row, tile, target, targetStride, channels);

    private static void SumOutputs<TRows>(in Rows rows, PinnedTaps width, T* source, in WidthTile tile, T* target, long targetStride, int channels)
        where TRows : struct, IRowCount
    {
        for (int o = tile.First; o < tile.First + tile.Count; o++, target += targetStride)
        {
            int first = width.Starts[o], end = width.Starts[o + 1], c = 0;
            if (first == end)
            {
                new Span<T>(target, channels).Clear();
                continue;
            }
            long* offsets = width.Offsets;
            T* weights = (T*)width.Weights;
            for (; c + 4 * TLanes.Count <= channels; c += 4 * TLanes.Count)
                SumOutput<FourRegisters, TRows>(rows, source + c, offsets, weights, first, end, target + c);
            for (; c + TLanes.Count <= channels; c += TLanes.Count)
                SumOutput<OneRegister, TRows>(rows, source + c, offsets, weights, first, end, target + c);
            if (c < channels)
                SumOutput<OneRegister, TRows>(rows, source + channels - TLanes.Count, offsets, weights, first, end, target + channels - TLanes.Count);
        }
    }

    /// <summary>As <see cref="SumWidth"/>, to the buffer of outputs: the last register of a position runs over into the next, which is written later.</summary>
    private void SumWidthInBuffer(T* row, in WidthTile tile, T* outputs, int channels)
    {
        long* offsets = pass.WidthInBuffer.Offsets;
        T* weights = (T*)pass.WidthInBuffer.Weights;
        for (int o = tile.First; o < tile.First + tile.Count; o++, outputs += pass.BlockStride)
        {
            int first = pass.WidthInBuffer.Starts[o], end = pass.WidthInBuffer.Starts[o + 1];
            for (int c = 0; c < channels; c += TLanes.Count)
            {
                if (first == end)
                    TLanes.Store(TLanes.Broadcast(0), outputs + c);
                else
                    SumOutput<OneRegister, OneRow>(default, row + c, offsets, weights, first, end, outputs + c);
            }
        }
    }

    /// <summary>The part of a large window that lies in one step, put to or added to its one output in the buffer.</summary>
    private void SumStep(T* row, in WidthStep step, T* output, int channels, bool accumulate)
    {
        for (int c = 0; c < channels; c += TLanes.Count)
        {
            TLanes before = accumulate ? TLanes.Load(output + c) : TLanes.Broadcast(0);
            SumOutput<OneRegister, OneRow>(default, row + c, pass.WidthInBuffer.Offsets, (T*)pass.WidthInBuffer.Weights, step.FirstTap, step.EndTap, output + c);
            TLanes.Store(before + TLanes.Load(output + c), output + c);
        }
    }

    /// <summary>Σ over depth, height and width taps for one or four registers of channels of one output; at least one tap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumOutput<TRegisters, TRows>(in Rows rows, T* source, long* offsets, T* weights, int first, int end, T* target)
        where TRegisters : struct, IRegisters where TRows : struct, IRowCount
    {
        int lanes = TLanes.Count;
        TLanes a0 = TLanes.Broadcast(0), a1 = a0, a2 = a0, a3 = a0;
        int firstDepth = TRows.IsOne ? 0 : rows.FirstDepth, endDepth = TRows.IsOne ? 1 : rows.EndDepth;
        int firstHeight = TRows.IsOne ? 0 : rows.FirstHeight, endHeight = TRows.IsOne ? 1 : rows.EndHeight;
        for (int d = firstDepth; d < endDepth; d++)
        {
            TLanes p0 = TLanes.Broadcast(0), p1 = p0, p2 = p0, p3 = p0;
            for (int h = firstHeight; h < endHeight; h++)
            {
                T* origin = TRows.IsOne ? source : source + rows.DepthOffsets[d] + rows.HeightOffsets[h];
                TLanes r0 = TLanes.Broadcast(0), r1 = r0, r2 = r0, r3 = r0;
                for (int t = first; t < end;)
                {
                    int stop = Math.Min(end, t + Partial);
                    T* p = origin + offsets[t];
                    TLanes w = TLanes.Broadcast(weights + t);
                    TLanes q0 = w * TLanes.Load(p), q1 = q0, q2 = q0, q3 = q0;
                    if (TRegisters.Count > 1)
                        (q1, q2, q3) = (w * TLanes.Load(p + lanes), w * TLanes.Load(p + 2 * lanes), w * TLanes.Load(p + 3 * lanes));
                    for (int i = t + 1; i < stop; i++)
                    {
                        p = origin + offsets[i];
                        w = TLanes.Broadcast(weights + i);
                        q0 = TLanes.MultiplyAdd(w, TLanes.Load(p), q0);
                        if (TRegisters.Count > 1)
                        {
                            q1 = TLanes.MultiplyAdd(w, TLanes.Load(p + lanes), q1);
                            q2 = TLanes.MultiplyAdd(w, TLanes.Load(p + 2 * lanes), q2);
                            q3 = TLanes.MultiplyAdd(w, TLanes.Load(p + 3 * lanes), q3);
                        }
                    }
                    (r0, r1, r2, r3) = t == first ? (q0, q1, q2, q3) : (r0 + q0, r1 + q1, r2 + q2, r3 + q3);
                    t = stop;
                }
                if (TRows.IsOne)
                {
                    Store<TRegisters>(target, r0, r1, r2, r3);
                    return;
                }
                TLanes wh = TLanes.Broadcast(rows.HeightWeights + h);
                (p0, p1, p2, p3) = (TLanes.MultiplyAdd(wh, r0, p0), TLanes.MultiplyAdd(wh, r1, p1), TLanes.MultiplyAdd(wh, r2, p2), TLanes.MultiplyAdd(wh, r3, p3));
            }
            TLanes wd = TLanes.Broadcast(rows.DepthWeights + d);
            (a0, a1, a2, a3) = (TLanes.MultiplyAdd(wd, p0, a0), TLanes.MultiplyAdd(wd, p1, a1), TLanes.MultiplyAdd(wd, p2, a2), TLanes.MultiplyAdd(wd, p3, a3));
        }
        Store<TRegisters>(target, a0, a1, a2, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRegisters>(T* target, TLanes a0, TLanes a1, TLanes a2, TLanes a3) where TRegisters : struct, IRegisters
    {
        TLanes.Store(a0, target);
        if (TRegisters.Count > 1)
        {
            TLanes.Store(a1, target + TLanes.Count);
            TLanes.Store(a2, target + 2 * TLanes.Count);
            TLanes.Store(a3, target + 3 * TLanes.Count);
        }
    }
}
