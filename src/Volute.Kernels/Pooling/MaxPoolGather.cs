using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Each position of dx asks the outputs that see it whether they found their maximum here. Lanes hold channels, indices lie in lanes as bits;
/// channels that do not fill a register are done by a last register that overlaps the one before it. There are at least as many channels as lanes.
/// </summary>
internal readonly unsafe struct MaxPoolGather<TLanes, T>(MaxPoolGradientShape shape, int* indices, T* dy, T* dx) : IChunks
    where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
{
    public void Run(int chunk)
    {
        var (first, end) = shape.Units[chunk];
        for (long unit = first; unit < end; unit++)
        {
            var (rest, h) = Math.DivRem(unit, shape.Input.Height);
            (rest, long d) = Math.DivRem(rest, shape.Input.Depth);
            (rest, long tile) = Math.DivRem(rest, shape.Tiles);
            var (n, block) = Math.DivRem(rest, shape.Blocks.Count);
            var (channel, channels) = shape.Blocks[(int)block];
            int w = (int)tile * shape.Tile;
            Gather((int)d, (int)h, w, Math.Min(shape.Input.Width, w + shape.Tile), channels,
                indices + n * shape.Indices.Batch + channel, dy + n * shape.Dy.Batch + channel,
                dx + n * shape.Dx.Batch + d * shape.Dx.Depth + h * shape.Dx.Height + channel);
        }
    }

    private void Gather(int d, int h, int first, int end, int channels, int* places, T* source, T* target)
    {
        int lanes = TLanes.Count;
        ReadOnlySpan<int> depths = Seen(shape.DepthSeen, d), heights = Seen(shape.HeightSeen, h);
        for (int w = first; w < end; w++)
        {
            ReadOnlySpan<int> widths = Seen(shape.WidthSeen, w);
            long here = ((long)d * shape.Input.Height + h) * shape.Input.Width + w;
            T* row = target + w * shape.Dx.Width;
            for (int c = 0; c < channels; c += lanes)
            {
                int at = Math.Min(c, channels - lanes);
                TLanes.Store(Sum(TLanes.Broadcast((T*)&here), depths, heights, widths, places + at, source + at), row + at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Sum(TLanes here, ReadOnlySpan<int> depths, ReadOnlySpan<int> heights, ReadOnlySpan<int> widths, int* places, T* source)
    {
        TLanes zero = TLanes.Broadcast(0), sum = zero;
        foreach (int od in depths)
        {
            foreach (int oh in heights)
            {
                int* placeRow = places + od * shape.Indices.Depth + oh * shape.Indices.Height;
                T* sourceRow = source + od * shape.Dy.Depth + oh * shape.Dy.Height;
                foreach (int ow in widths)
                {
                    TLanes found = TLanes.EqualBits(Places(placeRow + ow * shape.Indices.Width), here);
                    sum += TLanes.Select(found, TLanes.Load(sourceRow + ow * shape.Dy.Width), zero);
                }
            }
        }
        return sum;
    }

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
