using System.Runtime.CompilerServices;

namespace Volute.Training;

/// <summary>
/// Samples images linearly and masks by the nearest pixel at the positions of a <see cref="CoordinateMap"/>. Outside, the source is mirrored at the
/// centres of its border pixels (… 2 1 0 1 2 …), as U-Net continues its pictures. One thread at a time.
/// </summary>
internal sealed class Resampler
{
    private double[] depths = [], heights = [], widths = [];

    /// <summary>Pixels along depth, height and width by which images, not masks, are read further on; null for none.</summary>
    public double[]? ImageOffset { get; init; }

    /// <summary>The position inside 0..size−1 that a mirrored position shows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Mirror(double position, int size)
        => position >= 0 && position <= size - 1 ? position : Fold(position, size);

    /// <summary>The pixel inside 0..size−1 that a mirrored pixel shows.</summary>
    public static int Mirror(int position, int size)
    {
        if ((uint)position < (uint)size)
            return position;
        if (size == 1)
            return 0;
        int period = 2 * (size - 1), folded = Math.Abs(position % period);
        return folded >= size ? period - folded : folded;
    }

    /// <summary>Fills a result of the map's size from a source of <paramref name="size"/>.</summary>
    /// <param name="map">Where each pixel of the result comes from.</param>
    /// <param name="size">D, H, W of the source.</param>
    /// <param name="window">The source, or a part of it that holds all that <see cref="CoordinateMap.Seen"/> says.</param>
    /// <param name="channels">C.</param>
    /// <param name="imageResult">[C, D, H, W] of the result.</param>
    /// <param name="maskResult">[D, H, W] of the result; empty where labels do not lie in the image.</param>
    public void Apply(CoordinateMap map, ReadOnlySpan<int> size, SampleWindow window, int channels, Span<float> imageResult, Span<int> maskResult)
    {
        Box box = window.Box;
        if (map.IsCopy && ImageOffset is null)
        {
            Copy<float>(map, window.Image, box, channels, size, imageResult);
            if (!maskResult.IsEmpty)
                Copy<int>(map, window.Labels, box, 1, size, maskResult);
            return;
        }
        int rowLength = map.Size[2], rows = map.Size[0] * map.Size[1], volume = box.Size[0] * box.Size[1] * box.Size[2];
        if (depths.Length < rowLength)
            (depths, heights, widths) = (new double[rowLength], new double[rowLength], new double[rowLength]);
        for (int row = 0; row < rows; row++)
        {
            Find(map, row, size, ImageOffset);
            for (int c = 0; c < channels; c++)
                LinearRow(window.Image.AsSpan(c * volume, volume), box, size, imageResult.Slice((c * rows + row) * rowLength, rowLength));
            if (maskResult.IsEmpty)
                continue;
            if (ImageOffset is not null)
                Find(map, row, size, null);
            NearestRow(window.Labels, box, maskResult.Slice(row * rowLength, rowLength));
        }
    }

    /// <summary>The positions of a row of the result, inside the source.</summary>
    private void Find(CoordinateMap map, int row, ReadOnlySpan<int> size, double[]? offset)
    {
        map.Row(row / map.Size[1], row % map.Size[1], depths, heights, widths);
        for (int axis = 0; axis < 3; axis++)
        {
            double further = offset is null ? 0 : offset[axis];
            foreach (ref double position in (axis switch { 0 => depths, 1 => heights, _ => widths }).AsSpan(0, map.Size[2]))
                position = Mirror(position + further, size[axis]);
        }
    }

    private void LinearRow(ReadOnlySpan<float> source, Box box, ReadOnlySpan<int> size, Span<float> result)
    {
        int rowStride = box.Size[2], planeStride = box.Size[1] * box.Size[2], lastDepth = size[0] - 1, lastHeight = size[1] - 1, lastWidth = size[2] - 1;
        int origin = box.Start[0] * planeStride + box.Start[1] * rowStride + box.Start[2];
        ReadOnlySpan<double> z = depths.AsSpan(0, result.Length), y = heights.AsSpan(0, result.Length), x = widths.AsSpan(0, result.Length);
        for (int w = 0; w < result.Length; w++)
        {
            int z0 = (int)z[w], y0 = (int)y[w], x0 = (int)x[w];
            float fz = (float)(z[w] - z0), fy = (float)(y[w] - y0), fx = (float)(x[w] - x0);
            // Beyond the last pixel its own value is taken: the fraction there is 0.
            int right = x0 < lastWidth ? 1 : 0, below = y0 < lastHeight ? rowStride : 0, first = z0 * planeStride + y0 * rowStride + x0 - origin;
            float value = Bilinear(source, first, right, below, fx, fy);
            if (fz > 0)
                value += (Bilinear(source, first + (z0 < lastDepth ? planeStride : 0), right, below, fx, fy) - value) * fz;
            result[w] = value;
        }
    }

    private void NearestRow(ReadOnlySpan<int> source, Box box, Span<int> result)
    {
        int rowStride = box.Size[2], planeStride = box.Size[1] * box.Size[2], origin = box.Start[0] * planeStride + box.Start[1] * rowStride + box.Start[2];
        ReadOnlySpan<double> z = depths.AsSpan(0, result.Length), y = heights.AsSpan(0, result.Length), x = widths.AsSpan(0, result.Length);
        for (int w = 0; w < result.Length; w++)
            result[w] = source[(int)(z[w] + 0.5) * planeStride + (int)(y[w] + 0.5) * rowStride + (int)(x[w] + 0.5) - origin];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Bilinear(ReadOnlySpan<float> source, int first, int right, int below, float fx, float fy)
    {
        float top = source[first] + (source[first + right] - source[first]) * fx;
        float bottom = source[first + below] + (source[first + below + right] - source[first + below]) * fx;
        return top + (bottom - top) * fy;
    }

    private static double Fold(double position, int size)
    {
        if (size == 1)
            return 0;
        double period = 2.0 * (size - 1), folded = Math.Abs(position) % period;
        return folded > size - 1 ? period - folded : folded;
    }

    private static void Copy<T>(CoordinateMap map, ReadOnlySpan<T> source, Box held, int channels, ReadOnlySpan<int> size, Span<T> result)
    {
        int[] box = map.Size, start = map.Start, origin = held.Start;
        ReadOnlySpan<bool> flips = map.Flips;
        for (int row = 0; row < channels * box[0] * box[1]; row++)
        {
            int h = row % box[1], d = row / box[1] % box[0];
            h = Mirror(start[1] + (flips[1] ? box[1] - 1 - h : h), size[1]) - origin[1];
            d = Mirror(start[0] + (flips[0] ? box[0] - 1 - d : d), size[0]) - origin[0];
            ReadOnlySpan<T> from = source.Slice(((row / (box[1] * box[0]) * held.Size[0] + d) * held.Size[1] + h) * held.Size[2], held.Size[2]);
            Span<T> to = result.Slice(row * box[2], box[2]);
            if (start[2] >= 0 && start[2] + box[2] <= size[2])
                from.Slice(start[2] - origin[2], box[2]).CopyTo(to);
            else
                for (int w = 0; w < to.Length; w++)
                    to[w] = from[Mirror(start[2] + w, size[2]) - origin[2]];
            if (flips[2])
                to.Reverse();
        }
    }
}
