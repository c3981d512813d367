namespace Volute.Training;

/// <summary>The smallest box around every voxel that is not 0 in all channels, found part by part; all where there is none.</summary>
/// <param name="size">D, H, W of the image.</param>
internal sealed class ContentBox(int[] size)
{
    private readonly int[] first = [.. size], last = [-1, -1, -1];

    /// <summary>Where it begins.</summary>
    public int[] Start => IsEmpty ? [0, 0, 0] : first;

    /// <summary>Its sizes.</summary>
    public int[] Size => IsEmpty ? size : [.. last.Zip(first, (end, begin) => end - begin + 1)];

    /// <summary>Whether it is known that nothing is cut off.</summary>
    public bool IsWhole => !IsEmpty && Size.AsSpan().SequenceEqual(size);

    private bool IsEmpty => last[0] < 0;

    /// <summary>Adds a part.</summary>
    /// <param name="image">[C, D, H, W] of the part.</param>
    /// <param name="part">Where it lies.</param>
    public void Add(ReadOnlySpan<float> image, Box part)
    {
        int width = part.Size[2], height = part.Size[1], rows = part.Size[0] * height;
        for (int row = 0; row < image.Length / width; row++)
        {
            ReadOnlySpan<float> values = image.Slice(row * width, width);
            int begin = values.IndexOfAnyExcept(0f);
            if (begin < 0)
                continue;
            Widen(0, part.Start[0] + row % rows / height, part.Start[0] + row % rows / height);
            Widen(1, part.Start[1] + row % height, part.Start[1] + row % height);
            Widen(2, part.Start[2] + begin, part.Start[2] + values.LastIndexOfAnyExcept(0f));
        }
    }

    private void Widen(int axis, int begin, int end) => (first[axis], last[axis]) = (Math.Min(first[axis], begin), Math.Max(last[axis], end));
}
