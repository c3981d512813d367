namespace Volute.Formats;

/// <summary>Where a header says that a volume lies: the matrix from voxel indices to millimetres in RAS+, as nibabel finds it.</summary>
internal static class NiftiPlacement
{
    /// <summary>The spacing along x, y and z; one that is 0 or no number, as of an axis that is not there, counts as 1.</summary>
    public static double[] Spacing(NiftiHeader header)
    {
        double[] spacing = new double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            double size = Math.Abs(header[NiftiField.Pixdim, axis + 1]);
            spacing[axis] = double.IsFinite(size) && size > 0 ? size : 1;
        }
        return spacing;
    }

    /// <summary>By the order of nifti1.h: sform, else qform, else spacing alone. Matrices with what is no number do not count.</summary>
    public static double[,] Of(NiftiHeader header)
    {
        if (header.Layout == NiftiLayout.Analyze)
            return Centred(header, Origin(header));
        double[,]? affine = header[NiftiField.SformCode] > 0 ? Sform(header) : null;
        affine ??= header[NiftiField.QformCode] > 0 ? Qform(header) : null;
        return affine ?? Centred(header, null);
    }

    /// <summary>Sets the sform. The qform, which cannot hold every matrix, no longer counts.</summary>
    public static void Set(NiftiHeader header, double[,] affine)
    {
        double code = Math.Max(header[NiftiField.SformCode], header[NiftiField.QformCode]);
        // 2: aligned to something that is not known.
        header[NiftiField.SformCode] = code > 0 ? code : 2;
        header[NiftiField.QformCode] = 0;
        for (int i = 0; i < 12; i++)
            header[NiftiField.Srow, i] = affine[i / 4, i % 4];
    }

    private static double[,]? Sform(NiftiHeader header)
    {
        double[,] affine = new double[4, 4];
        affine[3, 3] = 1;
        for (int i = 0; i < 12; i++)
            affine[i / 4, i % 4] = header[NiftiField.Srow, i];
        return Finite(affine);
    }

    /// <summary>A rotation by the unit quaternion (a, b, c, d), the spacing, a mirrored z where pixdim[0] is negative, and an offset.</summary>
    private static double[,]? Qform(NiftiHeader header)
    {
        double b = header[NiftiField.Quatern], c = header[NiftiField.Quatern, 1], d = header[NiftiField.Quatern, 2];
        double rest = 1 - (b * b + c * c + d * d), a = Math.Sqrt(Math.Max(rest, 0));
        if (rest < 0)
        {
            // Rounding may leave a half turn a little too long.
            double length = Math.Sqrt(b * b + c * c + d * d);
            (b, c, d) = (b / length, c / length, d / length);
        }
        double[] s = Spacing(header);
        double z = header[NiftiField.Pixdim] < 0 ? -s[2] : s[2];
        return Finite(new[,]
        {
            { (a * a + b * b - c * c - d * d) * s[0], 2 * (b * c - a * d) * s[1], 2 * (b * d + a * c) * z, header[NiftiField.Qoffset] },
            { 2 * (b * c + a * d) * s[0], (a * a + c * c - b * b - d * d) * s[1], 2 * (c * d - a * b) * z, header[NiftiField.Qoffset, 1] },
            { 2 * (b * d - a * c) * s[0], 2 * (c * d + a * b) * s[1], (a * a + d * d - b * b - c * c) * z, header[NiftiField.Qoffset, 2] },
            { 0, 0, 0, 1 },
        });
    }

    /// <summary>
    /// A volume that says nothing of its place: nifti1.h attaches no orientation to it. As ANALYZE's volumes lie (and as nibabel and FSL take
    /// it), x goes to the left; the origin is where the header says, else in the middle.
    /// </summary>
    private static double[,] Centred(NiftiHeader header, double[]? origin)
    {
        double[] s = Spacing(header);
        double Middle(int axis) => axis < header.Axes ? (header[NiftiField.Dim, axis + 1] - 1) / 2 : 0;
        double[] o = origin ?? [Middle(0), Middle(1), Middle(2)];
        return new[,] { { -s[0], 0, 0, o[0] * s[0] }, { 0, s[1], 0, -o[1] * s[1] }, { 0, 0, s[2], -o[2] * s[2] }, { 0, 0, 0, 1 } };
    }

    /// <summary>SPM's origin, counted from 1, unless it lies far outside of the volume.</summary>
    private static double[]? Origin(NiftiHeader header)
    {
        double[] origin = new double[3];
        bool any = false;
        for (int axis = 0; axis < 3; axis++)
        {
            double at = header[NiftiField.Origin, axis], size = header[NiftiField.Dim, axis + 1];
            if (!(at > -size && at < 2 * size))
                return null;
            any |= at != 0;
            origin[axis] = at - 1;
        }
        return any ? origin : null;
    }

    private static double[,]? Finite(double[,] affine)
    {
        foreach (double value in affine)
            if (!double.IsFinite(value))
                return null;
        return affine;
    }
}
