using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The loops of a <see cref="MaxPoolKernel"/>. Lanes hold channels; indices lie in lanes as bits. Channels that do not fill a register are done by a last register
/// that overlaps the one before it; with fewer channels than lanes a register reads on into the next position and writes to a buffer, where that position's turn comes later.
/// </summary>
internal readonly unsafe struct MaxPoolRows<TLanes, T>(MaxPoolShape shape, T* x, T* y, int* indices) : IChunks
    where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
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
            int* place = indices == null ? null : indices + n * shape.Indices.Batch + od * shape.Indices.Depth + oh * shape.Indices.Height + ow * shape.Indices.Width + channel;
            Row row = new(shape, source, (int)od, (int)oh);
            if (!narrow)
            {
                if (indices == null)
                    Wide<Off>(row, ow, outputs, channels, target, null);
                else
                    Wide<On>(row, ow, outputs, channels, target, place);
                continue;
            }
            if (indices == null)
                Narrow<Off>(row, ow, outputs, channels, values, null);
            else
                Narrow<On>(row, ow, outputs, channels, values, places);
            bool isDense = shape.Y.Width == channels;
            for (int o = 0; o < (isDense ? 1 : outputs); o++)
                new ReadOnlySpan<T>(values + o * channels, isDense ? outputs * channels : channels).CopyTo(new(target + o * shape.Y.Width, isDense ? outputs * channels : channels));
            if (indices != null)
                new ReadOnlySpan<int>(places, outputs * channels).CopyTo(new(place, outputs * channels));
        }
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

    private void Wide<TIndexed>(in Row row, int ow, int outputs, int channels, T* target, int* place) where TIndexed : struct, ISwitch
    {
        ReadOnlySpan<int> begins = shape.Width.First[ow..], counts = shape.Width.Count[ow..];
        long step = shape.X.Width;
        for (int o = 0; o < outputs; o++, target += shape.Y.Width, place += shape.Channels)
        {
            int begin = begins[o], taps = counts[o], c = 0;
            T* window = row.Origin + begin * step;
            for (; c + 4 * TLanes.Count <= channels; c += 4 * TLanes.Count)
                Maximum<FourRegisters, TIndexed>(row, window + c, begin, taps, target + c, place + c);
            if (c + 2 * TLanes.Count <= channels)
            {
                Maximum<TwoRegisters, TIndexed>(row, window + c, begin, taps, target + c, place + c);
                c += 2 * TLanes.Count;
            }
            if (c + TLanes.Count <= channels)
            {
                Maximum<OneRegister, TIndexed>(row, window + c, begin, taps, target + c, place + c);
                c += TLanes.Count;
            }
            if (c < channels)
                Maximum<OneRegister, TIndexed>(row, window + channels - TLanes.Count, begin, taps, target + channels - TLanes.Count, place + channels - TLanes.Count);
        }
    }

    private void Narrow<TIndexed>(in Row row, int ow, int outputs, int channels, T* values, int* places) where TIndexed : struct, ISwitch
    {
        ReadOnlySpan<int> begins = shape.Width.First[ow..], counts = shape.Width.Count[ow..];
        long step = shape.X.Width, toLast = (row.Depths - 1) * row.DepthStep + (row.Heights - 1) * row.HeightStep;
        T* end = x + shape.End - TLanes.Count;
        for (int o = 0; o < outputs; o++, values += channels, places += channels)
        {
            int begin = begins[o], taps = counts[o];
            T* window = row.Origin + begin * step;
            if (window + toLast + (taps - 1) * row.WidthStep <= end)
                Maximum<OneRegister, TIndexed>(row, window, begin, taps, values, places);
            else
                MaximumAtEnd<TIndexed>(row, window, begin, taps, channels, values, places);
        }
    }

    /// <summary>One output's window in one or four registers of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Maximum<TRegisters, TIndexed>(in Row row, T* window, int begin, int taps, T* target, int* place)
        where TRegisters : struct, IRegisters where TIndexed : struct, ISwitch
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
                    TLanes here = TIndexed.IsOn ? TLanes.Broadcast((T*)&bits) : default;
                    Take<TIndexed>(TLanes.Load(p), here, ref m0, ref i0);
                    if (TRegisters.Count > 1)
                        Take<TIndexed>(TLanes.Load(p + lanes), here, ref m1, ref i1);
                    if (TRegisters.Count > 2)
                    {
                        Take<TIndexed>(TLanes.Load(p + 2 * lanes), here, ref m2, ref i2);
                        Take<TIndexed>(TLanes.Load(p + 3 * lanes), here, ref m3, ref i3);
                    }
                }
            }
        }
        Put<TIndexed>(m0, i0, target, place);
        if (TRegisters.Count > 1)
            Put<TIndexed>(m1, i1, target + lanes, place + lanes);
        if (TRegisters.Count > 2)
        {
            Put<TIndexed>(m2, i2, target + 2 * lanes, place + 2 * lanes);
            Put<TIndexed>(m3, i3, target + 3 * lanes, place + 3 * lanes);
        }
    }

    /// <summary>Few channels at the end of x, where a whole register would read beyond it.</summary>
    private static void MaximumAtEnd<TIndexed>(in Row row, T* window, int begin, int taps, int channels, T* target, int* place) where TIndexed : struct, ISwitch
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
                    Take<TIndexed>(TLanes.Load(window + d * row.DepthStep + h * row.HeightStep + w * row.WidthStep, channels), TLanes.Broadcast((T*)&bits), ref best, ref index);
                }
            }
        }
        Put<TIndexed>(best, index, target, place);
    }

    /// <summary>A value above the best so far takes its place, and so does every NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take<TIndexed>(TLanes value, TLanes here, ref TLanes best, ref TLanes index) where TIndexed : struct, ISwitch
    {
        if (!TIndexed.IsOn)
        {
            best = TLanes.Max(best, value);
            return;
        }
        TLanes larger = TLanes.Greater(value, best), number = TLanes.Equal(value, value);
        best = TLanes.Select(number, TLanes.Select(larger, value, best), value);
        index = TLanes.Select(number, TLanes.Select(larger, here, index), here);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TIndexed>(TLanes value, TLanes index, T* target, int* place) where TIndexed : struct, ISwitch
    {
        TLanes.Store(value, target);
        if (!TIndexed.IsOn)
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
