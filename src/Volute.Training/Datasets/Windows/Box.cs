namespace Volute.Training;

/// <summary>Part of a picture or volume: where it begins and how large it is, along (D, H, W).</summary>
internal readonly record struct Box(int[] Start, int[] Size)
{
    // 16 MB as floats.
    private const long BandValues = 1 << 22;

    /// <summary>All of a picture or volume.</summary>
    public static Box Whole(int[] size) => new([0, 0, 0], size);

    /// <summary>A rectangle of a picture.</summary>
    public static Box Of(Formats.RasterWindow window) => new([0, window.Y, window.X], [1, window.Height, window.Width]);

    /// <summary>D · H · W.</summary>
    public long Pixels => (long)Size[0] * Size[1] * Size[2];

    /// <summary>The rectangle of a picture.</summary>
    public Formats.RasterWindow Window => new(Start[2], Start[1], Size[2], Size[1]);

    /// <summary>A picture in bands of whole rows that fill little memory.</summary>
    /// <param name="channels">Values of a pixel.</param>
    /// <param name="size">1, H, W.</param>
    public static IEnumerable<Box> Bands(int channels, int[] size)
    {
        int rows = (int)Math.Clamp(BandValues / ((long)channels * size[2]), 1, size[1]);
        return Enumerable.Range(0, (size[1] + rows - 1) / rows).Select(band => new Box([0, band * rows, 0], [1, Math.Min(rows, size[1] - band * rows), size[2]]));
    }

    /// <summary>Whether another box is the same part.</summary>
    public bool IsSame(Box other) => Start.AsSpan().SequenceEqual(other.Start) && Size.AsSpan().SequenceEqual(other.Size);

    /// <summary>The same part where positions count from <paramref name="origin"/>.</summary>
    public Box From(int[] origin) => new([.. Start.Zip(origin, (start, first) => start - first)], Size);

    /// <summary>Copies a part that lies in this box.</summary>
    /// <param name="values">[channels, D, H, W] of this box.</param>
    /// <param name="channels">How many there are.</param>
    /// <param name="part">Inside this box.</param>
    public T[] Crop<T>(T[] values, int channels, Box part)
    {
        int width = part.Size[2], at = 0;
        T[] result = new T[(int)Kernels.Sizes.Product([channels, .. part.Size], "a part of an image")];
        int[] skip = [.. part.Start.Zip(Start, (start, first) => start - first)];
        for (int c = 0; c < channels; c++)
            for (int d = 0; d < part.Size[0]; d++)
                for (int h = 0; h < part.Size[1]; h++, at += width)
                    values.AsSpan(((c * Size[0] + skip[0] + d) * Size[1] + skip[1] + h) * Size[2] + skip[2], width).CopyTo(result.AsSpan(at));
        return result;
    }
}
