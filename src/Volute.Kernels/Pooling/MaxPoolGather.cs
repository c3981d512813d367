using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Each position of dx asks the outputs that see it whether they found their maximum here. Lanes hold channels, indices lie in lanes as bits;
/// channels that do not fill a register are done by a last register that overlaps the one before it. There are at least as many channels as lanes.
/// </summary>
internal readonly unsafe struct MaxPoolGather<TLanes, T>(MaxPoolGradientShape shape, int* indices, T* dy, T* dx) : IChunks
    where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
{
    [SkipLocalsInit]
    public void Run(int chunk)
    {
        Row* rows = stackalloc Row[shape.MaxRows];
        var (first, end) = shape.Units[chunk];
        for (long unit = first; unit < end; unit++)
        {
            var (rest, h) = Math.DivRem(unit, shape.Input.Height);
            (rest, long d) = Math.DivRem(rest, shape.Input.Depth);
            (rest, long tile) = Math.DivRem(rest, shape.Tiles);
            var (n, block) = Math.DivRem(rest, shape.Blocks.Count);
            var (channel, channels) = shape.Blocks[(int)block];
            int w = (int)tile * shape.Tile, count = 0;
            foreach (int od in Seen(shape.DepthSeen, (int)d))
            {
                foreach (int oh in Seen(shape.HeightSeen, (int)h))
                {
                    rows[count++] = new()
                    {
                        Places = indices + n * shape.Indices.Batch + od * shape.Indices.Depth + oh * shape.Indices.Height + channel,
                        Gradients = dy + n * shape.Dy.Batch + od * shape.Dy.Depth + oh * shape.Dy.Height + channel,
                    };
                }
            }
            Gather(new(rows, count), ((int)d * shape.Input.Height + (int)h) * shape.Input.Width, w, Math.Min(shape.Input.Width, w + shape.Tile), channels,
                dx + n * shape.Dx.Batch + d * shape.Dx.Depth + h * shape.Dx.Height + channel);
        }
    }

    /// <summary>A row of outputs that sees the row of inputs.</summary>
    private struct Row
    {
        public int* Places;
        public T* Gradients;
    }

    private void Gather(ReadOnlySpan<Row> rows, int place, int first, int end, int channels, T* target)
    {
        int lanes = TLanes.Count;
        for (int w = first; w < end; w++)
        {
            ReadOnlySpan<int> widths = Seen(shape.WidthSeen, w);
            T* row = target + w * shape.Dx.Width;
            int c = 0;
            for (; c + 4 * lanes <= channels; c += 4 * lanes)
                Sum<FourRegisters>(rows, widths, place + w, c, row);
            if (c + 2 * lanes <= channels)
            {
                Sum<TwoRegisters>(rows, widths, place + w, c, row);
                c += 2 * lanes;
            }
            if (c + lanes <= channels)
            {
                Sum<OneRegister>(rows, widths, place + w, c, row);
                c += lanes;
            }
            if (c < channels)
                Sum<OneRegister>(rows, widths, place + w, channels - lanes, row);
        }
    }

    private void Sum<TRegisters>(ReadOnlySpan<Row> rows, ReadOnlySpan<int> widths, long place, int c, T* target) where TRegisters : struct, IRegisters
    {
        int lanes = TLanes.Count;
        long placeStep = shape.Indices.Width, gradientStep = shape.Dy.Width;
        TLanes at = TLanes.Broadcast((T*)&place), s0 = TLanes.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        foreach (Row row in rows)
        {
            foreach (int ow in widths)
            {
                int* p = row.Places + ow * placeStep + c;
                T* g = row.Gradients + ow * gradientStep + c;
                s0 += Found(at, p, g);
                if (TRegisters.Count > 1)
                    s1 += Found(at, p + lanes, g + lanes);
                if (TRegisters.Count > 2)
                {
                    s2 += Found(at, p + 2 * lanes, g + 2 * lanes);
                    s3 += Found(at, p + 3 * lanes, g + 3 * lanes);
                }
            }
        }
        TLanes.Store(s0, target + c);
        if (TRegisters.Count > 1)
            TLanes.Store(s1, target + c + lanes);
        if (TRegisters.Count > 2)
        {
            TLanes.Store(s2, target + c + 2 * lanes);
            TLanes.Store(s3, target + c + 3 * lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Found(TLanes at, int* place, T* gradient)
        => TLanes.Select(TLanes.EqualBits(Places(place), at), TLanes.Load(gradient), TLanes.Broadcast(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Places(int* places)
    {
        if (sizeof(T) == sizeof(int))
            return TLanes.Load((T*)places);
        long bits = *places;
        return TLanes.Broadcast((T*)&bits);
    }

    private static ReadOnlySpan<int> Seen(AxisTaps taps, int i) => taps.Positions[taps.Starts[i]..taps.Starts[i + 1]];
}
