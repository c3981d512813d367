using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The loops of a <see cref="MaxPoolKernel"/>. Lanes hold channels; indices lie in lanes as bits. Channels that do not fill a register are done by a last register
/// that overlaps the one before it; with fewer channels than lanes a register reads on into the next position and writes to a buffer, where that position's turn comes later.
/// </summary>
internal readonly unsafe struct MaxPoolRows<TLanes, T, TWanted>(MaxPoolShape shape, T* x, T* y, int* indices) : IChunks
    where TLanes : struct, ILanes<TLanes, T> where T : unmanaged where TWanted : struct, IWanted
{
    [SkipLocalsInit]
    public void Run(int chunk)
    {
        bool narrow = shape.Channels < TLanes.Count;
        int buffer = narrow ? shape.Tile * shape.Channels + TLanes.Count : 0;
        T* values = stackalloc T[buffer];
        int* places = stackalloc int[buffer];
        var (first, end) = shape.Units[chunk];
        for (long unit = first; unit < end; unit++)
        {
            var (rest, oh) = Math.DivRem(unit, shape.Output.Height);
            (rest, long od) = Math.DivRem(rest, shape.Output.Depth);
            (rest, long tile) = Math.DivRem(rest, shape.Tiles);
            var (n, block) = Math.DivRem(rest, shape.Blocks.Count);
            var (channel, channels) = shape.Blocks[(int)block];
            int ow = (int)tile * shape.Tile, outputs = Math.Min(shape.Tile, shape.Output.Width - ow);
            T* source = x + n * shape.X.Batch + channel;
            T* target = y + n * shape.Y.Batch + od * shape.Y.Depth + oh * shape.Y.Height + ow * shape.Y.Width + channel;
            int* place = indices + n * shape.Indices.Batch + od * shape.Indices.Depth + oh * shape.Indices.Height + ow * shape.Indices.Width + channel;
            Row row = new(shape, source, (int)od, (int)oh);
            if (!narrow)
            {
                Wide(row, ow, outputs, channels, target, place);
                continue;
            }
            Narrow(row, ow, outputs, channels, values, places);
            if (TWanted.Values)
                CopyOut(values, outputs, channels, target);
            if (TWanted.Places)
                new ReadOnlySpan<int>(places, outputs * channels).CopyTo(new(place, outputs * channels));
        }
    }

    private void CopyOut(T* values, int outputs, int channels, T* target)
    {
        if (shape.Y.Width == channels)
        {
            new ReadOnlySpan<T>(values, outputs * channels).CopyTo(new(target, outputs * channels));
            return;
        }
        for (int o = 0; o < outputs; o++)
            new ReadOnlySpan<T>(values + o * channels, channels).CopyTo(new(target + o * shape.Y.Width, channels));
    }

    /// <summary>Where the windows of one row of y lie in depth and height.</summary>
    private readonly struct Row(MaxPoolShape shape, T* source, int od, int oh)
    {
        public readonly T* Origin = source + shape.Depth.First[od] * shape.X.Depth + shape.Height.First[oh] * shape.X.Height;
        public readonly int Depths = shape.Depth.Count[od], Heights = shape.Height.Count[oh];
        public readonly int Place = (shape.Depth.First[od] * shape.Input.Height + shape.Height.First[oh]) * shape.Input.Width;
        public readonly int DepthPlaces = shape.Depth.Step * shape.Input.Height * shape.Input.Width, HeightPlaces = shape.Height.Step * shape.Input.Width;
        public readonly int WidthPlaces = shape.Width.Step;
        public readonly long DepthStep = shape.Depth.Step * shape.X.Depth, HeightStep = shape.Height.Step * shape.X.Height, WidthStep = shape.Width.Step * shape.X.Width;
    }

    private void Wide(in Row row, int ow, int outputs, int channels, T* target, int* place)
    {
        ReadOnlySpan<int> begins = shape.Width.First[ow..], counts = shape.Width.Count[ow..];
        long step = shape.X.Width;
        for (int o = 0; o < outputs; o++, target += shape.Y.Width, place += shape.Channels)
        {
            int begin = begins[o], taps = counts[o], c = 0;
            T* window = row.Origin + begin * step;
            for (; c + 4 * TLanes.Count <= channels; c += 4 * TLanes.Count)
                Maximum<FourRegisters>(row, window + c, begin, taps, target + c, place + c);
            if (c + 2 * TLanes.Count <= channels)
            {
                Maximum<TwoRegisters>(row, window + c, begin, taps, target + c, place + c);
                c += 2 * TLanes.Count;
            }
            if (c + TLanes.Count <= channels)
            {
                Maximum<OneRegister>(row, window + c, begin, taps, target + c, place + c);
                c += TLanes.Count;
            }
            if (c < channels)
                Maximum<OneRegister>(row, window + channels - TLanes.Count, begin, taps, target + channels - TLanes.Count, place + channels - TLanes.Count);
        }
    }

    private void Narrow(in Row row, int ow, int outputs, int channels, T* values, int* places)
    {
        ReadOnlySpan<int> begins = shape.Width.First[ow..], counts = shape.Width.Count[ow..];
        long step = shape.X.Width, toLast = (row.Depths - 1) * row.DepthStep + (row.Heights - 1) * row.HeightStep;
        T* end = x + shape.End - TLanes.Count;
        for (int o = 0; o < outputs; o++, values += channels, places += channels)
        {
            int begin = begins[o], taps = counts[o];
            T* window = row.Origin + begin * step;
            if (window + toLast + (taps - 1) * row.WidthStep <= end)
                Maximum<OneRegister>(row, window, begin, taps, values, places);
            else
                MaximumAtEnd(row, window, begin, taps, channels, values, places);
        }
    }

    /// <summary>One output's window in one or four registers of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Maximum<TRegisters>(in Row row, T* window, int begin, int taps, T* target, int* place)
        where TRegisters : struct, IRegisters
    {
        int lanes = TLanes.Count;
        long bits = row.Place + begin;
        TLanes m0 = TLanes.Broadcast(double.NegativeInfinity), m1 = m0, m2 = m0, m3 = m0, i0 = TLanes.Broadcast((T*)&bits), i1 = i0, i2 = i0, i3 = i0;
        for (int d = 0; d < row.Depths; d++)
        {
            for (int h = 0; h < row.Heights; h++)
            {
                T* p = window + d * row.DepthStep + h * row.HeightStep;
                int index = row.Place + begin + d * row.DepthPlaces + h * row.HeightPlaces;
                for (int w = 0; w < taps; w++, p += row.WidthStep, index += row.WidthPlaces)
                {
                    bits = index;
                    TLanes here = TWanted.Places ? TLanes.Broadcast((T*)&bits) : default;
                    Take(TLanes.Load(p), here, ref m0, ref i0);
                    if (TRegisters.Count > 1)
                        Take(TLanes.Load(p + lanes), here, ref m1, ref i1);
                    if (TRegisters.Count > 2)
                    {
                        Take(TLanes.Load(p + 2 * lanes), here, ref m2, ref i2);
                        Take(TLanes.Load(p + 3 * lanes), here, ref m3, ref i3);
                    }
                }
            }
        }
        Put(m0, i0, target, place);
        if (TRegisters.Count > 1)
            Put(m1, i1, target + lanes, place + lanes);
        if (TRegisters.Count > 2)
        {
            Put(m2, i2, target + 2 * lanes, place + 2 * lanes);
            Put(m3, i3, target + 3 * lanes, place + 3 * lanes);
        }
    }

    /// <summary>Few channels at the end of x, where a whole register would read beyond it.</summary>
    private static void MaximumAtEnd(in Row row, T* window, int begin, int taps, int channels, T* target, int* place)
    {
        long bits = row.Place + begin;
        TLanes best = TLanes.Broadcast(double.NegativeInfinity), index = TLanes.Broadcast((T*)&bits);
        for (int d = 0; d < row.Depths; d++)
        {
            for (int h = 0; h < row.Heights; h++)
            {
                for (int w = 0; w < taps; w++)
                {
                    bits = row.Place + begin + d * row.DepthPlaces + h * row.HeightPlaces + w * row.WidthPlaces;
                    Take(TLanes.Load(window + d * row.DepthStep + h * row.HeightStep + w * row.WidthStep, channels), TLanes.Broadcast((T*)&bits), ref best, ref index);
                }
            }
        }
        Put(best, index, target, place);
    }

    /// <summary>A value above the best so far takes its place, and so does every NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(TLanes value, TLanes here, ref TLanes best, ref TLanes index)
    {
        if (!TWanted.Places)
        {
            best = TLanes.Max(best, value);
            return;
        }
        TLanes larger = TLanes.Greater(value, best), number = TLanes.Equal(value, value);
        best = TLanes.Select(number, TLanes.Select(larger, value, best), value);
        index = TLanes.Select(number, TLanes.Select(larger, here, index), here);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TLanes value, TLanes index, T* target, int* place)
    {
        if (TWanted.Values)
            TLanes.Store(value, target);
        if (!TWanted.Places)
            return;
        if (sizeof(T) == sizeof(int))
        {
            TLanes.Store(index, (T*)place);
            return;
        }
        long bits;
        TLanes.Store(index, (T*)&bits);
        *place = (int)bits;
    }
}
