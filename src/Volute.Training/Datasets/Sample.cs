namespace Volute.Training;

/// <summary>One example: a picture or volume with its class, or with a class for each of its pixels.</summary>
/// <param name="Name">What reports call it: the file's name without extension, or its number.</param>
/// <param name="Image">The values, row-major in the order of <paramref name="ImageShape"/>.</param>
/// <param name="ImageShape">[C, H, W] of a picture, [C, D, H, W] of a volume.</param>
/// <param name="Labels">Class numbers from 0; <see cref="LabelMap.Ignored"/> where a pixel must not count.</param>
/// <param name="LabelShape">[] for one class, [H, W] or [D, H, W] for a mask.</param>
public sealed record Sample(string Name, float[] Image, int[] ImageShape, int[] Labels, int[] LabelShape)
{
    /// <summary>The distance in millimetres between neighbours along each axis behind the channels, where the file tells it; else null.</summary>
    public double[]? Spacing { get; init; }

    /// <summary>Where the axes of a volume point, the slowest first: "SAR" goes up slice by slice, to the front row by row and to the right; null where the file does not tell.</summary>
    public string? AxisCodes { get; init; }

    /// <summary>Voxels to lay patches around; null: they are searched for.</summary>
    internal ClassPlaces? Places { get; init; }
}
