namespace Volute.Training;

/// <summary>The sizes of a map of pixels and how far apart their centres are: what distances are measured on. Row-major, the last axis varies fastest.</summary>
public sealed class PixelGrid
{
    private readonly int[] sizes;
    private readonly double[] spacing;

    /// <summary>A grid of 1 to 3 axes.</summary>
    /// <param name="sizes">[W], [H, W] or [D, H, W], in pixels.</param>
    /// <param name="spacing">The distance between neighbours along each axis, in the order of <paramref name="sizes"/>; left out, 1 (pixels).</param>
    /// <exception cref="InvalidArgumentException">Not 1 to 3 axes, a size below 1, or a spacing that is missing, not positive or not finite.</exception>
    /// <exception cref="LimitException">More pixels than an array holds.</exception>
    public PixelGrid(ReadOnlySpan<int> sizes, ReadOnlySpan<double> spacing = default)
    {
        if (sizes.Length is < 1 or > 3 || sizes.ContainsAnyExceptInRange(1, int.MaxValue))
            throw new InvalidArgumentException($"a grid of pixels has 1 to 3 axes of at least one pixel, got [{string.Join(", ", sizes.ToArray())}]");
        if (!spacing.IsEmpty && (spacing.Length != sizes.Length || spacing.ContainsAnyExceptInRange(double.Epsilon, double.MaxValue)))
            throw new InvalidArgumentException($"spacing needs a positive number for each of the {sizes.Length} axes, got [{string.Join(", ", spacing.ToArray())}]");
        Pixels = (int)Kernels.Sizes.Product(sizes, "a grid of pixels");
        this.sizes = [.. sizes];
        this.spacing = spacing.IsEmpty ? [.. Enumerable.Repeat(1.0, sizes.Length)] : [.. spacing];
        Depth = sizes.Length > 2 ? sizes[^3] : 1;
        Height = sizes.Length > 1 ? sizes[^2] : 1;
        Width = sizes[^1];
    }

    /// <summary>[W], [H, W] or [D, H, W].</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>The distance between neighbours along each axis.</summary>
    public ReadOnlySpan<double> Spacing => spacing;

    /// <summary>∏ sizes.</summary>
    public int Pixels { get; }

    /// <summary>∏ spacing: the volume (or area, or length) of a pixel.</summary>
    public double PixelVolume => spacing.Aggregate(1.0, (volume, s) => volume * s);

    /// <summary>√∑ (size · spacing)²: longer than any distance between two pixels.</summary>
    public double Diagonal => Math.Sqrt(sizes.Zip(spacing, (n, s) => n * s * (n * s)).Sum());

    /// <summary>Whether it is a picture: two axes, a further one having a size of 1.</summary>
    internal bool IsPicture => sizes.Length >= 2 && Depth == 1;

    internal int Depth { get; }

    internal int Height { get; }

    internal int Width { get; }

    /// <summary>The spacing along axis 0 (depth), 1 (height) or 2 (width); 1 along axes that the grid does not have.</summary>
    internal double SpacingOf(int axis) => axis - 3 + spacing.Length is var own and >= 0 ? spacing[own] : 1;

    /// <summary>√∑ (difference of coordinates · spacing)² between two pixels given by their index.</summary>
    internal double Distance(int a, int b)
    {
        int plane = Height * Width;
        double z = (a / plane - b / plane) * SpacingOf(0), y = (a % plane / Width - b % plane / Width) * SpacingOf(1), x = (a % Width - b % Width) * SpacingOf(2);
        return Math.Sqrt(z * z + y * y + x * x);
    }
}
