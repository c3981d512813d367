namespace Volute.Formats;

/// <summary>The planes of a body.</summary>
public enum SlicePlane
{
    /// <summary>Across: from right to left and from front to back.</summary>
    Axial,

    /// <summary>Parallel to the face: from right to left and from head to feet.</summary>
    Coronal,

    /// <summary>Parallel to the ears: from front to back and from head to feet.</summary>
    Sagittal,
}

/// <summary>The values from black to white: <paramref name="Level"/> − <paramref name="Width"/>/2 to <paramref name="Level"/> + <paramref name="Width"/>/2.</summary>
/// <param name="Level">The value of middle gray; 40 Hounsfield units for the soft parts of a CT.</param>
/// <param name="Width">How far black and white lie apart, above 0; 400 Hounsfield units for the soft parts of a CT.</param>
public readonly record struct IntensityWindow(double Level, double Width);

/// <summary>Draws a plane of a volume.</summary>
internal static class NiftiSlice
{
    private const double LowShare = 0.005, HighShare = 0.995;

    public static Picture Draw(NiftiVolume volume, SlicePlane plane, int? index, IntensityWindow? window, int frame)
    {
        // Columns, rows and the plane's own axis count as a radiologist looks: rightmost first, foremost first, uppermost first.
        NiftiView view = NiftiView.Of(volume, NiftiOrientation.Parse(plane switch
        {
            SlicePlane.Axial => "LPS",
            SlicePlane.Coronal => "LIA",
            SlicePlane.Sagittal => "PIR",
            _ => throw new InvalidArgumentException($"planes are axial, coronal and sagittal, got {plane}"),
        }));
        int width = view.Sizes[0], height = view.Sizes[1], depth = view.Sizes[2], at = index ?? depth / 2;
        if (at < 0 || at >= depth)
            throw new InvalidArgumentException($"{volume.Name} has {plane.ToString().ToLowerInvariant()} slices 0 to {depth - 1}, got {at}");
        int voxels = width * height * depth, frames = volume.Voxels.Count / voxels;
        if (frame < 0 || frame >= frames)
            throw new InvalidArgumentException($"{volume.Name} has frames 0 to {frames - 1}, got {frame}");
        ReadOnlySpan<float> values = volume.ToFloats().AsSpan(frame * voxels, voxels);
        var (black, white) = window is { } given ? Range(given) : Range(values);
        byte[] pixels = new byte[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                float value = values[view.Offset + at * view.Strides[2] + y * view.Strides[1] + x * view.Strides[0]];
                // What is no number is black.
                double share = white > black && !float.IsNaN(value) ? Math.Clamp((value - black) / (white - black), 0, 1) : 0;
                pixels[y * width + x] = (byte)Math.Round(255 * share);
            }
        return Picture.FromBytes(pixels, width, height, 1);
    }

    private static (double Black, double White) Range(IntensityWindow window)
        => window.Width > 0 && double.IsFinite(window.Level) && double.IsFinite(window.Width)
            ? (window.Level - window.Width / 2, window.Level + window.Width / 2)
            : throw new InvalidArgumentException($"a window has a finite level and a width above 0, got level {window.Level} and width {window.Width}");

    /// <summary>Between the percentiles; where they are one, as in a mask of small things, between the least and the largest value.</summary>
    private static (double Black, double White) Range(ReadOnlySpan<float> values)
    {
        float[] finite = new float[values.Length];
        int count = 0;
        foreach (float value in values)
            if (float.IsFinite(value))
                finite[count++] = value;
        if (count == 0)
            return (0, 0);
        Span<float> numbers = finite.AsSpan(0, count);
        float black = Select(numbers, (int)Math.Round(LowShare * (count - 1))), white = Select(numbers, (int)Math.Round(HighShare * (count - 1)));
        return black < white ? (black, white) : (Select(numbers, 0), Select(numbers, count - 1));
    }

    /// <summary>The number that would be the k-th of the sorted ones (Hoare's selection); the numbers are moved about.</summary>
    private static float Select(Span<float> numbers, int k)
    {
        int low = 0, high = numbers.Length - 1;
        while (low < high)
        {
            float pivot = numbers[low + (high - low) / 2];
            int left = low, right = high;
            while (left <= right)
            {
                while (numbers[left] < pivot)
                    left++;
                while (numbers[right] > pivot)
                    right--;
                if (left > right)
                    break;
                (numbers[left], numbers[right]) = (numbers[right], numbers[left]);
                left++;
                right--;
            }
            if (k <= right)
                high = right;
            else if (k >= left)
                low = left;
            else
                break;
        }
        return numbers[k];
    }
}
