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
    /// <param name="image">[C, D, H, W] of the source.</param>
    /// <param name="channels">C.</param>
    /// <param name="mask">[D, H, W] of the source, or empty.</param>
    /// <param name="imageResult">[C, D, H, W] of the result.</param>
    /// <param name="maskResult">[D, H, W] of the result, or empty.</param>
    public void Apply(CoordinateMap map, ReadOnlySpan<int> size, ReadOnlySpan<float> image, int channels, ReadOnlySpan<int> mask,
        Span<float> imageResult, Span<int> maskResult)
    {
        if (map.IsCopy && ImageOffset is null)
        {
            Copy(map, image, channels, size, imageResult);
            if (!mask.IsEmpty)
                Copy(map, mask, 1, size, maskResult);
            return;
        }
        int rowLength = map.Size[2], rows = map.Size[0] * map.Size[1], volume = size[0] * size[1] * size[2];
        if (depths.Length < rowLength)
            (depths, heights, widths) = (new double[rowLength], new double[rowLength], new double[rowLength]);
        for (int row = 0; row < rows; row++)
        {
            Find(map, row, size, ImageOffset);
            for (int c = 0; c < channels; c++)
                LinearRow(image.Slice(c * volume, volume), size, imageResult.Slice((c * rows + row) * rowLength, rowLength));
            if (mask.IsEmpty)
                continue;
            if (ImageOffset is not null)
                Find(map, row, size, null);
            NearestRow(mask, size, maskResult.Slice(row * rowLength, rowLength));
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

    private void LinearRow(ReadOnlySpan<float> source, ReadOnlySpan<int> size, Span<float> result)
    {
        int rowStride = size[2], planeStride = size[1] * size[2], lastDepth = size[0] - 1, lastHeight = size[1] - 1, lastWidth = size[2] - 1;
        ReadOnlySpan<double> z = depths.AsSpan(0, result.Length), y = heights.AsSpan(0, result.Length), x = widths.AsSpan(0, result.Length);
        for (int w = 0; w < result.Length; w++)
        {
            int z0 = (int)z[w], y0 = (int)y[w], x0 = (int)x[w];
            float fz = (float)(z[w] - z0), fy = (float)(y[w] - y0), fx = (float)(x[w] - x0);
            // Beyond the last pixel its own value is taken: the fraction there is 0.
            int right = x0 < lastWidth ? 1 : 0, below = y0 < lastHeight ? rowStride : 0, first = z0 * planeStride + y0 * rowStride + x0;
            float value = Bilinear(source, first, right, below, fx, fy);
            if (fz > 0)
                value += (Bilinear(source, first + (z0 < lastDepth ? planeStride : 0), right, below, fx, fy) - value) * fz;
            result[w] = value;
        }
    }

    private void NearestRow(ReadOnlySpan<int> source, ReadOnlySpan<int> size, Span<int> result)
    {
        ReadOnlySpan<double> z = depths.AsSpan(0, result.Length), y = heights.AsSpan(0, result.Length), x = widths.AsSpan(0, result.Length);
        for (int w = 0; w < result.Length; w++)
            result[w] = source[((int)(z[w] + 0.5) * size[1] + (int)(y[w] + 0.5)) * size[2] + (int)(x[w] + 0.5)];
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

    private static void Copy<T>(CoordinateMap map, ReadOnlySpan<T> source, int channels, ReadOnlySpan<int> size, Span<T> result)
    {
        int[] box = map.Size, start = map.Start;
        ReadOnlySpan<bool> flips = map.Flips;
        for (int row = 0; row < channels * box[0] * box[1]; row++)
        {
            int h = row % box[1], d = row / box[1] % box[0];
            h = Mirror(start[1] + (flips[1] ? box[1] - 1 - h : h), size[1]);
            d = Mirror(start[0] + (flips[0] ? box[0] - 1 - d : d), size[0]);
            ReadOnlySpan<T> from = source.Slice(((row / (box[1] * box[0]) * size[0] + d) * size[1] + h) * size[2], size[2]);
            Span<T> to = result.Slice(row * box[2], box[2]);
            if (start[2] >= 0 && start[2] + box[2] <= size[2])
                from.Slice(start[2], box[2]).CopyTo(to);
            else
                for (int w = 0; w < to.Length; w++)
                    to[w] = from[Mirror(start[2] + w, size[2])];
            if (flips[2])
                to.Reverse();
        }
    }
}
