namespace Volute.Formats;

/// <summary>
/// A volume of voxels with its place in space. The value of a voxel is <see cref="Slope"/> · stored + <see cref="Intercept"/>; voxel
/// (i, j, k) lies at <see cref="Affine"/> · (i, j, k, 1) in millimetres, x to the right, y to the front, z up (RAS+). What was read from a file
/// remembers the file's header and extensions, and is written with them.
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
        : this(voxels, affine, MeasureSpacing(affine), slope, intercept, null)
    {
        CheckVoxels(voxels, slope, intercept);
    }

    internal NiftiVolume(NumberArray voxels, double[,] affine, double[] spacing, double slope, double intercept, NiftiHeader? header)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        Voxels = voxels;
        this.affine = (double[,])affine.Clone();
        this.spacing = spacing;
        Slope = slope;
        Intercept = intercept;
        Header = header;
        Version = header?.Layout.Version ?? 1;
    }

    /// <summary>The stored numbers, row-major with x as the last axis: [z, y, x], or [t, z, y, x].</summary>
    public NumberArray Voxels { get; }

    /// <summary>What the stored numbers are multiplied with; 1 where the file says 0 or nothing.</summary>
    public double Slope { get; }

    /// <summary>What is added to slope · stored.</summary>
    public double Intercept { get; }

    /// <summary>The distance between neighbouring voxels along x, y and z, in the file's unit, which is millimetres almost everywhere.</summary>
    public ReadOnlySpan<double> Spacing => spacing;

    /// <summary>The step along every axis, x first: the <see cref="Spacing"/> of those of space, then the time between frames (pixdim).</summary>
    public double[] Steps
        => [.. Enumerable.Range(0, Voxels.Shape.Length).Select(axis => axis < 3 ? spacing[axis] : Header?[NiftiField.Pixdim, axis + 1] ?? 1)];

    /// <summary>The 4 × 4 matrix from voxel indices (i along x, j along y, k along z) to millimetres; a copy.</summary>
    public double[,] Affine => (double[,])affine.Clone();

    /// <summary>
    /// Where each voxel axis leads, x first: Right or Left, Anterior or Posterior, Superior or Inferior; RAS for the order in which
    /// <see cref="Affine"/> counts. − stands for an axis that leads nowhere.
    /// </summary>
    public string AxisCodes => NiftiOrientation.Of(affine).ToString();

    /// <summary>1 or 2: the version of NIfTI that is written, the one that was read unless it was ANALYZE.</summary>
    /// <exception cref="InvalidArgumentException">Another version.</exception>
    public int Version
    {
        get;
        init => field = value is 1 or 2 ? value : throw new InvalidArgumentException($"there are NIfTI-1 and NIfTI-2, got version {value}");
    }

    /// <summary>What the file says of itself (descrip), often the program that made it; empty for a volume that was not read.</summary>
    public string Description => Header?.Text(NiftiField.Descrip) ?? "";

    /// <summary>The units of space and time (xyzt_units): meter, mm or micron; sec, msec, usec, hz, ppm or rads; or unknown.</summary>
    public (string Space, string Time) Units => NiftiUnits.Of((int)(Header?[NiftiField.XyztUnits] ?? 2 | 8));

    /// <summary>What the values mean by the format's list (intent_code): 0 for nothing said, 1002 for labels.</summary>
    public int IntentCode => (int)(Header?[NiftiField.IntentCode] ?? 0);

    /// <summary>What the file carries beside its voxels; written again byte for byte.</summary>
    public IReadOnlyList<NiftiExtension> Extensions => Header?.Extensions ?? [];

    /// <summary>The header that was read; null for a new volume. It is never changed.</summary>
    internal NiftiHeader? Header { get; }

    /// <summary>What errors call the volume.</summary>
    internal string Name { get; init; } = "the volume";

    /// <summary>A volume whose axes are those of space: x, y and z spacing on the diagonal, voxel (0, 0, 0) at the origin.</summary>
    /// <exception cref="InvalidArgumentException">Not three positive spacings.</exception>
    public static NiftiVolume FromSpacing(NumberArray voxels, params ReadOnlySpan<double> spacing)
    {
        if (spacing.Length != 3 || spacing.ContainsAnyExceptInRange(double.Epsilon, double.MaxValue))
            throw new InvalidArgumentException($"spacing needs three positive numbers (x, y, z), got [{string.Join(", ", spacing.ToArray())}]");
        return new NiftiVolume(voxels, new[,] { { spacing[0], 0, 0, 0 }, { 0, spacing[1], 0, 0 }, { 0, 0, spacing[2], 0 }, { 0, 0, 0, 1 } });
    }

    /// <summary>
    /// Other voxels in this one's place: the header (sform, qform, codes, pixdim, units, description) and the extensions stay byte for byte; what was
    /// said of the old numbers (type, scaling, range for display, intent) does not.
    /// </summary>
    /// <param name="voxels">Shape [.., z, y, x] with this volume's x, y and z; further axes are free.</param>
    /// <param name="slope">What the stored numbers are multiplied with.</param>
    /// <param name="intercept">What is added then.</param>
    /// <exception cref="InvalidArgumentException">Other sizes along x, y or z, or no finite slope other than 0.</exception>
    public NiftiVolume WithVoxels(NumberArray voxels, double slope = 1, double intercept = 0)
    {
        CheckVoxels(voxels, slope, intercept);
        for (int axis = 1; axis <= 3; axis++)
            if (SizeOf(voxels, axis) != SizeOf(Voxels, axis))
                throw new InvalidArgumentException($"voxels of shape [{string.Join(", ", voxels.Shape.ToArray())}] do not lie where a volume of "
                    + $"[{string.Join(", ", Voxels.Shape.ToArray())}] does: the last three axes (z, y, x) must agree");
        NiftiHeader? header = Header?.Clone();
        header?.ForgetValues();
        return new(voxels, affine, spacing, slope, intercept, header) { Name = Name, Version = Version };
    }

    /// <summary>
    /// Labels in this volume's place, as raw integers of the smallest type that holds them: uint8 up to 255, uint16 up to 65,535, else int32.
    /// </summary>
    /// <param name="labels">One for each voxel of space, x fastest; [z, y, x] of this volume.</param>
    /// <exception cref="InvalidArgumentException">Not z · y · x labels.</exception>
    public NiftiVolume WithLabels(int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ReadOnlySpan<int> shape = Voxels.Shape[Math.Max(0, Voxels.Shape.Length - 3)..];
        return WithVoxels(NiftiLabels.Pack(labels, shape));
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

    /// <summary>
    /// The values as labels: integers as they are stored, others (floating point, or scaled by slope and intercept) only where each lies within
    /// 0.001 of an integer. Nothing is cut off.
    /// </summary>
    /// <exception cref="FileFormatException">A value is no integer of 32 bits; the error names it and its voxel.</exception>
    public int[] ToLabels() => NiftiLabels.Of(this);

    /// <summary>
    /// The volume with its axes flipped and exchanged so that they lead where <paramref name="axisCodes"/> says as nearly as they can; no voxel
    /// is interpolated, and the affine follows. The header keeps an sform only.
    /// </summary>
    /// <param name="axisCodes">Three of R or L, A or P, S or I in any order: RAS, LPS, another volume's <see cref="AxisCodes"/>.</param>
    /// <exception cref="InvalidArgumentException">Other codes, or an affine of which an axis leads nowhere.</exception>
    public NiftiVolume Reorient(string axisCodes) => NiftiReorientation.Apply(this, NiftiOrientation.Parse(axisCodes));

    /// <summary>The volume <see cref="Reorient">reoriented</see> to RAS: what nibabel's <c>as_closest_canonical</c> gives.</summary>
    /// <exception cref="InvalidArgumentException">An affine of which an axis leads nowhere.</exception>
    public NiftiVolume ToCanonical() => Reorient("RAS");

    /// <summary>
    /// A plane of the volume as a gray picture of 8 bits, as radiologists hang it: axial as seen from the feet, front up, the patient's right at the
    /// left; coronal as seen from the front, head up, the patient's right at the left; sagittal as seen from the patient's left, head up,
    /// front at the left. A pixel is a voxel: where the spacing differs, the picture is as long or short as the voxels are many.
    /// </summary>
    /// <param name="plane">Which axis is held.</param>
    /// <param name="index">Which voxel along it, counted from the feet (axial), from the back (coronal) or from the patient's left (sagittal); the middle if not given.</param>
    /// <param name="window">The values from black to white; if not given, those between which 99 % of the volume's values lie (0.5 % to 99.5 %).</param>
    /// <param name="frame">Which of the volumes along the further axes.</param>
    /// <exception cref="InvalidArgumentException">An index or frame outside of the volume, a window that is not wide, or an affine of which an axis leads nowhere.</exception>
    public Picture Slice(SlicePlane plane, int? index = null, IntensityWindow? window = null, int frame = 0)
        => NiftiSlice.Draw(this, plane, index, window, frame);

    /// <summary>The size along axis 1 (x), 2 (y) or 3 (z); 1 for an axis that is not there.</summary>
    internal static int SizeOf(NumberArray voxels, int axis) => axis <= voxels.Shape.Length ? voxels.Shape[^axis] : 1;

    private static void CheckVoxels(NumberArray voxels, double slope, double intercept)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        if (voxels.Shape.Length is < 1 or > 7 || voxels.Count == 0)
            throw new InvalidArgumentException($"a NIfTI volume has 1 to 7 axes of at least one voxel, got shape [{string.Join(", ", voxels.Shape.ToArray())}]");
        if (!double.IsFinite(slope) || slope == 0 || !double.IsFinite(intercept))
            throw new InvalidArgumentException($"slope must be finite and not 0, intercept finite, got {slope} and {intercept}");
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
