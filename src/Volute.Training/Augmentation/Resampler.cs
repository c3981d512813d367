namespace Volute.Training;

/// <summary>
/// Samples images linearly and masks by the nearest pixel at the positions of a <see cref="CoordinateMap"/>. Outside, the source is mirrored at the
/// centres of its border pixels (… 2 1 0 1 2 …), as U-Net continues its pictures. One thread at a time.
/// </summary>
internal sealed class Resampler
{
    private double[] depths = [], heights = [], widths = [];

    /// <summary>The position inside 0..size−1 that a mirrored position shows.</summary>
    public static double Mirror(double position, int size)
    {
        if (position >= 0 && position <= size - 1)
            return position;
        if (size == 1)
            return 0;
        double period = 2.0 * (size - 1), folded = Math.Abs(position) % period;
        return folded > size - 1 ? period - folded : folded;
    }

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

    /// <summary>image [C, D, H, W] of <paramref name="size"/> → <paramref name="result"/> [C, the map's D, H, W].</summary>
    public void Image(CoordinateMap map, ReadOnlySpan<float> image, int channels, ReadOnlySpan<int> size, Span<float> result)
    {
        if (map.IsCopy)
        {
            Copy(map, image, channels, size, result);
            return;
        }
        int volume = size[0] * size[1] * size[2], rowLength = map.Size[2], rows = map.Size[0] * map.Size[1];
        Reserve(rowLength);
        for (int row = 0; row < rows; row++)
        {
            map.Row(row / map.Size[1], row % map.Size[1], depths, heights, widths);
            for (int w = 0; w < rowLength; w++)
            {
                double z = Mirror(depths[w], size[0]), y = Mirror(heights[w], size[1]), x = Mirror(widths[w], size[2]);
                int z0 = (int)z, y0 = (int)y, x0 = (int)x;
                float fz = (float)(z - z0), fy = (float)(y - y0), fx = (float)(x - x0);
                // Beyond the last pixel its own value is taken: the fraction there is 0.
                int right = x0 + 1 < size[2] ? 1 : 0, below = y0 + 1 < size[1] ? size[2] : 0, behind = z0 + 1 < size[0] ? size[1] * size[2] : 0;
                int first = (z0 * size[1] + y0) * size[2] + x0;
                for (int c = 0; c < channels; c++)
                {
                    ReadOnlySpan<float> source = image.Slice(c * volume, volume);
                    float value = Bilinear(source, first, right, below, fx, fy);
                    if (fz > 0)
                        value += (Bilinear(source, first + behind, right, below, fx, fy) - value) * fz;
                    result[(c * rows + row) * rowLength + w] = value;
                }
            }
        }
    }

    /// <summary>mask [D, H, W] of <paramref name="size"/> → <paramref name="result"/> [the map's D, H, W].</summary>
    public void Mask(CoordinateMap map, ReadOnlySpan<int> mask, ReadOnlySpan<int> size, Span<int> result)
    {
        if (map.IsCopy)
        {
            Copy(map, mask, 1, size, result);
            return;
        }
        int rowLength = map.Size[2], rows = map.Size[0] * map.Size[1];
        Reserve(rowLength);
        for (int row = 0; row < rows; row++)
        {
            map.Row(row / map.Size[1], row % map.Size[1], depths, heights, widths);
            for (int w = 0; w < rowLength; w++)
                result[row * rowLength + w] = mask[(Nearest(depths[w], size[0]) * size[1] + Nearest(heights[w], size[1])) * size[2] + Nearest(widths[w], size[2])];
        }
    }

    private static float Bilinear(ReadOnlySpan<float> source, int first, int right, int below, float fx, float fy)
    {
        float top = source[first] + (source[first + right] - source[first]) * fx;
        float bottom = source[first + below] + (source[first + below + right] - source[first + below]) * fx;
        return top + (bottom - top) * fy;
    }

    private static int Nearest(double position, int size) => (int)(Mirror(position, size) + 0.5);

    private static void Copy<T>(CoordinateMap map, ReadOnlySpan<T> source, int channels, ReadOnlySpan<int> size, Span<T> result)
    {
        int[] box = map.Size, start = map.Start;
        for (int row = 0; row < channels * box[0] * box[1]; row++)
        {
            int h = Mirror(start[1] + row % box[1], size[1]), d = Mirror(start[0] + row / box[1] % box[0], size[0]);
            ReadOnlySpan<T> from = source.Slice(((row / (box[1] * box[0]) * size[0] + d) * size[1] + h) * size[2], size[2]);
            Span<T> to = result.Slice(row * box[2], box[2]);
            if (start[2] >= 0 && start[2] + box[2] <= size[2])
                from.Slice(start[2], box[2]).CopyTo(to);
            else
                for (int w = 0; w < to.Length; w++)
                    to[w] = from[Mirror(start[2] + w, size[2])];
        }
    }

    private void Reserve(int rowLength)
    {
        if (depths.Length >= rowLength)
            return;
        depths = new double[rowLength];
        heights = new double[rowLength];
        widths = new double[rowLength];
    }
}
