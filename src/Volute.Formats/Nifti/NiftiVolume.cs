namespace Volute.Formats;

/// <summary>
/// A volume of voxels with its place in space. The value of a voxel is <see cref="Slope"/> · stored + <see cref="Intercept"/>; voxel
/// (i, j, k) lies at <see cref="Affine"/> · (i, j, k, 1) in millimetres, x to the right, y to the front, z up (RAS+).
/// </summary>
public sealed class NiftiVolume
{
    private readonly double[] spacing;
    private readonly double[,] affine;

    /// <summary>A volume to be written.</summary>
    /// <param name="voxels">The stored numbers, shape [.., z, y, x]: x varies fastest, as in the file; 1 to 7 axes.</param>
    /// <param name="affine">4 × 4; the spacing is the length of its first three columns.</param>
    /// <param name="slope">What the stored numbers are multiplied with.</param>
    /// <param name="intercept">What is added then.</param>
    /// <exception cref="InvalidArgumentException">Not 1 to 7 axes, an empty volume, or no finite invertible 4 × 4 affine.</exception>
    public NiftiVolume(NumberArray voxels, double[,] affine, double slope = 1, double intercept = 0)
        : this(voxels, affine, MeasureSpacing(affine), slope, intercept)
    {
        if (voxels.Shape.Length is < 1 or > 7 || voxels.Count == 0)
            throw new InvalidArgumentException($"a NIfTI volume has 1 to 7 axes of at least one voxel, got shape [{string.Join(", ", voxels.Shape.ToArray())}]");
        if (!double.IsFinite(slope) || slope == 0 || !double.IsFinite(intercept))
            throw new InvalidArgumentException($"slope must be finite and not 0, intercept finite, got {slope} and {intercept}");
    }

    internal NiftiVolume(NumberArray voxels, double[,] affine, double[] spacing, double slope, double intercept)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        Voxels = voxels;
        this.affine = (double[,])affine.Clone();
        this.spacing = spacing;
        Slope = slope;
        Intercept = intercept;
    }

    /// <summary>The stored numbers, row-major with x as the last axis: [z, y, x], or [t, z, y, x].</summary>
    public NumberArray Voxels { get; }

    /// <summary>What the stored numbers are multiplied with; 1 where the file says 0 or nothing.</summary>
    public double Slope { get; }

    /// <summary>What is added to slope · stored.</summary>
    public double Intercept { get; }

    /// <summary>The distance between neighbouring voxels along x, y and z, in the file's unit, which is millimetres almost everywhere.</summary>
    public ReadOnlySpan<double> Spacing => spacing;

    /// <summary>The 4 × 4 matrix from voxel indices (i along x, j along y, k along z) to millimetres; a copy.</summary>
    public double[,] Affine => (double[,])affine.Clone();

    /// <summary>A volume whose axes are those of space: x, y and z spacing on the diagonal, voxel (0, 0, 0) at the origin.</summary>
    /// <exception cref="InvalidArgumentException">Not three positive spacings.</exception>
    public static NiftiVolume FromSpacing(NumberArray voxels, params ReadOnlySpan<double> spacing)
    {
        if (spacing.Length != 3 || spacing.ContainsAnyExceptInRange(double.Epsilon, double.MaxValue))
            throw new InvalidArgumentException($"spacing needs three positive numbers (x, y, z), got [{string.Join(", ", spacing.ToArray())}]");
        return new NiftiVolume(voxels, new[,] { { spacing[0], 0, 0, 0 }, { 0, spacing[1], 0, 0 }, { 0, 0, spacing[2], 0 }, { 0, 0, 0, 1 } });
    }

    /// <summary><see cref="Slope"/> · stored + <see cref="Intercept"/> for every voxel, computed in double.</summary>
    public float[] ToFloats()
    {
        float[] values = Voxels.ToFloats();
        if (Slope == 1 && Intercept == 0)
            return values;
        if (Voxels.Type is NumberType.Float64 or NumberType.Int32 or NumberType.UInt32 or NumberType.Int64 or NumberType.UInt64)
            // Numbers that float cannot hold exactly are scaled before they are rounded.
            return Array.ConvertAll(Voxels.ToDoubles(), v => (float)(Slope * v + Intercept));
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(Slope * values[i] + Intercept);
        return values;
    }

    private static double[] MeasureSpacing(double[,] affine)
    {
        ArgumentNullException.ThrowIfNull(affine);
        if (affine.GetLength(0) != 4 || affine.GetLength(1) != 4 || affine[3, 0] != 0 || affine[3, 1] != 0 || affine[3, 2] != 0 || affine[3, 3] != 1)
            throw new InvalidArgumentException("an affine is a 4 x 4 matrix whose last row is 0 0 0 1");
        double determinant = affine[0, 0] * (affine[1, 1] * affine[2, 2] - affine[1, 2] * affine[2, 1])
            - affine[0, 1] * (affine[1, 0] * affine[2, 2] - affine[1, 2] * affine[2, 0])
            + affine[0, 2] * (affine[1, 0] * affine[2, 1] - affine[1, 1] * affine[2, 0]);
        if (!double.IsFinite(determinant) || determinant == 0 || !double.IsFinite(affine[0, 3] + affine[1, 3] + affine[2, 3]))
            throw new InvalidArgumentException("an affine must be finite and map different voxels to different places");
        return [.. Enumerable.Range(0, 3).Select(c => Math.Sqrt(affine[0, c] * affine[0, c] + affine[1, c] * affine[1, c] + affine[2, c] * affine[2, c]))];
    }
}
