using System.Runtime.CompilerServices;

namespace Volute.Kernels;

internal readonly unsafe partial struct ResampleRows<TLanes, T>
{
    /// <summary>The outputs of a tile straight from x: taps of all three axes.</summary>
    private static void SumTaps(in Rows rows, PinnedTaps width, T* source, in WidthTile tile, T* target, long targetStride, int channels)
    {
        if (rows.IsPlain)
            SumOutputs<On>(rows, width, source + rows.PlainOffset, tile, target, targetStride, channels);
        else
            SumOutputs<Off>(rows, width, source, tile, target, targetStride, channels);
    }

    /// <summary>The outputs of a tile from the summed row.</summary>
    private void SumWidth(T* row, in WidthTile tile, T* target, long targetStride, int channels)
        => SumOutputs<On>(default, pass.WidthInBuffer, row, tile, target, targetStride, channels);

    private static void SumOutputs<TOneRow>(in Rows rows, PinnedTaps width, T* source, in WidthTile tile, T* target, long targetStride, int channels)
        where TOneRow : struct, ISwitch
    {
        int lanes = TLanes.Count;
        int* starts = width.Starts + tile.First;
        long* offsets = width.Offsets;
        T* weights = (T*)width.Weights;
        for (int o = 0; o < tile.Count; o++, target += targetStride)
        {
            int first = starts[o], end = starts[o + 1], c = 0;
            if (TOneRow.IsOn && end - first <= 2)
            {
                for (; c + lanes <= channels; c += lanes)
                    SumPair(source + c, offsets + first, weights + first, end - first, target + c);
                if (c < channels)
                    SumPair(source + channels - lanes, offsets + first, weights + first, end - first, target + channels - lanes);
                continue;
            }
            if (first == end)
            {
                new Span<T>(target, channels).Clear();
                continue;
            }
            for (; c + 4 * lanes <= channels; c += 4 * lanes)
                SumOutput<FourRegisters, TOneRow>(rows, source + c, offsets, weights, first, end, target + c);
            if (c + 2 * lanes <= channels)
            {
                SumOutput<TwoRegisters, TOneRow>(rows, source + c, offsets, weights, first, end, target + c);
                c += 2 * lanes;
            }
            if (c + lanes <= channels)
            {
                SumOutput<OneRegister, TOneRow>(rows, source + c, offsets, weights, first, end, target + c);
                c += lanes;
            }
            if (c < channels)
                SumOutput<OneRegister, TOneRow>(rows, source + channels - lanes, offsets, weights, first, end, target + channels - lanes);
        }
    }

    /// <summary>As <see cref="SumWidth"/> for fewer channels than lanes, to the buffer of outputs: a register runs over into the next positions, which are written later.</summary>
    private void SumWidthInBuffer(T* row, in WidthTile tile, T* outputs, int channels)
    {
        int* starts = pass.WidthInBuffer.Starts + tile.First;
        int first = starts[0];
        long* offsets = pass.WidthInBuffer.Offsets + first;
        T* weights = (T*)pass.WidthInBuffer.Weights + first;
        for (int* last = starts + tile.Count; starts < last; starts++, outputs += channels)
        {
            int taps = starts[1] - starts[0];
            if (taps <= 2)
                SumPair(row, offsets, weights, taps, outputs);
            else
                SumMany(row, offsets, weights, taps, outputs);
            offsets += taps;
            weights += taps;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SumMany(T* row, long* offsets, T* weights, int taps, T* output) => SumOutput<OneRegister, On>(default, row, offsets, weights, 0, taps, output);

    /// <summary>No, one or two taps in one row, which is what nearest and linear interpolation have: nothing to loop over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumPair(T* source, long* offsets, T* weights, int taps, T* target)
    {
        if (taps == 2)
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(weights + 1), TLanes.Load(source + offsets[1]), TLanes.Broadcast(weights) * TLanes.Load(source + offsets[0])), target);
        else if (taps == 1)
            TLanes.Store(TLanes.Broadcast(weights) * TLanes.Load(source + offsets[0]), target);
        else
            TLanes.Store(TLanes.Broadcast(0), target);
    }

    /// <summary>The part of a large window that lies in one step, put to or added to its one output in the buffer.</summary>
    private void SumStep(T* row, in WidthStep step, T* output, int channels, bool accumulate)
    {
        for (int c = 0; c < channels; c += TLanes.Count)
        {
            TLanes before = accumulate ? TLanes.Load(output + c) : TLanes.Broadcast(0);
            SumMany(row + c, pass.WidthInBuffer.Offsets + step.FirstTap, (T*)pass.WidthInBuffer.Weights + step.FirstTap, step.EndTap - step.FirstTap, output + c);
            TLanes.Store(before + TLanes.Load(output + c), output + c);
        }
    }

    /// <summary>Σ over depth, height and width taps for one or four registers of channels of one output; at least one tap. With one row, of weight 1, it is only the width's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumOutput<TRegisters, TOneRow>(in Rows rows, T* source, long* offsets, T* weights, int first, int end, T* target)
        where TRegisters : struct, IRegisters where TOneRow : struct, ISwitch
    {
        int lanes = TLanes.Count;
        TLanes a0 = TLanes.Broadcast(0), a1 = a0, a2 = a0, a3 = a0;
        int firstDepth = TOneRow.IsOn ? 0 : rows.FirstDepth, endDepth = TOneRow.IsOn ? 1 : rows.EndDepth;
        int firstHeight = TOneRow.IsOn ? 0 : rows.FirstHeight, endHeight = TOneRow.IsOn ? 1 : rows.EndHeight;
        for (int d = firstDepth; d < endDepth; d++)
        {
            TLanes p0 = TLanes.Broadcast(0), p1 = p0, p2 = p0, p3 = p0;
            for (int h = firstHeight; h < endHeight; h++)
            {
                T* origin = TOneRow.IsOn ? source : source + rows.DepthOffsets[d] + rows.HeightOffsets[h];
                TLanes r0 = TLanes.Broadcast(0), r1 = r0, r2 = r0, r3 = r0;
                for (int t = first; t < end;)
                {
                    int stop = Math.Min(end, t + Partial);
                    T* p = origin + offsets[t];
                    TLanes w = TLanes.Broadcast(weights + t);
                    TLanes q0 = w * TLanes.Load(p), q1 = q0, q2 = q0, q3 = q0;
                    if (TRegisters.Count > 1)
                        q1 = w * TLanes.Load(p + lanes);
                    if (TRegisters.Count > 2)
                        (q2, q3) = (w * TLanes.Load(p + 2 * lanes), w * TLanes.Load(p + 3 * lanes));
                    for (int i = t + 1; i < stop; i++)
                    {
                        p = origin + offsets[i];
                        w = TLanes.Broadcast(weights + i);
                        q0 = TLanes.MultiplyAdd(w, TLanes.Load(p), q0);
                        if (TRegisters.Count > 1)
                            q1 = TLanes.MultiplyAdd(w, TLanes.Load(p + lanes), q1);
                        if (TRegisters.Count > 2)
                        {
                            q2 = TLanes.MultiplyAdd(w, TLanes.Load(p + 2 * lanes), q2);
                            q3 = TLanes.MultiplyAdd(w, TLanes.Load(p + 3 * lanes), q3);
                        }
                    }
                    (r0, r1, r2, r3) = t == first ? (q0, q1, q2, q3) : (r0 + q0, r1 + q1, r2 + q2, r3 + q3);
                    t = stop;
                }
                if (TOneRow.IsOn)
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
            TLanes.Store(a1, target + TLanes.Count);
        if (TRegisters.Count > 2)
        {
            TLanes.Store(a2, target + 2 * TLanes.Count);
            TLanes.Store(a3, target + 3 * TLanes.Count);
        }
    }
}
