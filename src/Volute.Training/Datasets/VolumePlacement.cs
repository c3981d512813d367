using Volute.Formats;

namespace Volute.Training;

/// <summary>Where the voxels of a volume lie.</summary>
internal sealed record VolumePlacement(double[] Spacing, double[,] Affine, string AxisCodes)
{
    // Headers hold floats, and programs compute them differently: less than a thousandth of a voxel is no difference.
    private const double SpacingTolerance = 1e-3, DirectionTolerance = 1e-3, OriginTolerance = 1e-2;

    public VolumePlacement(NiftiVolume volume) : this(volume.Spacing.ToArray(), volume.Affine, volume.AxisCodes) { }

    /// <summary>Where the axes of [D, H, W] point; null where the affine does not tell.</summary>
    public string? Codes => AxisCodes.Contains('-') ? null : string.Concat(AxisCodes.Reverse());

    /// <summary>"spacing 1 x 1 x 3 mm, mask 1 x 1 x 2.5 mm", or null where the sizes of voxels agree.</summary>
    public string? SpacingDifference(VolumePlacement mask)
        => Spacing.Zip(mask.Spacing).All(s => Math.Abs(s.First - s.Second) <= SpacingTolerance * s.First) ? null
            : $"image {Text(Spacing, " x ")} mm, mask {Text(mask.Spacing, " x ")} mm";

    /// <summary>How a mask of the same spacing lies elsewhere; null where it lies as the image does. Origins differ from a hundredth of a voxel on.</summary>
    public string? PlaceDifference(VolumePlacement mask)
    {
        if (AxisCodes != mask.AxisCodes)
            return $"image {AxisCodes}, mask {mask.AxisCodes}";
        for (int axis = 0; axis < 3; axis++)
            for (int row = 0; row < 3; row++)
                if (Math.Abs(Affine[row, axis] / Spacing[axis] - mask.Affine[row, axis] / mask.Spacing[axis]) > DirectionTolerance)
                    return "the axes are slanted differently";
        double[] from = [.. Enumerable.Range(0, 3).Select(row => Affine[row, 3])], to = [.. Enumerable.Range(0, 3).Select(row => mask.Affine[row, 3])];
        return from.Zip(to).Any(o => Math.Abs(o.First - o.Second) > OriginTolerance * Spacing.Min())
            ? $"image at ({Text(from, ", ")}) mm, mask at ({Text(to, ", ")}) mm" : null;
    }

    private static string Text(double[] numbers, string between)
        => string.Join(between, numbers.Select(n => n.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)));
}
