namespace Volute.Formats;

/// <summary>
/// Which axis of space (0 right, 1 front, 2 up; −1 none) each voxel axis follows, and in which direction: nibabel's <c>io_orientation</c>.
/// </summary>
internal sealed class NiftiOrientation
{
    private const string Positive = "RAS", Negative = "LPI";

    // The distance from 1 to the next number.
    private const double Precision = 2.220446049250313e-16;

    private readonly (int Axis, bool Backward)[] axes;

    private NiftiOrientation((int, bool)[] axes) => this.axes = axes;

    /// <summary>What voxel axis <paramref name="voxelAxis"/> follows.</summary>
    public (int Axis, bool Backward) this[int voxelAxis] => axes[voxelAxis];

    /// <summary>
    /// The orientation of an affine: of the rotation nearest to it (the orthogonal factor of its polar decomposition), each column's largest
    /// part, column by column, no axis of space twice.
    /// </summary>
    public static NiftiOrientation Of(double[,] affine)
    {
        double[,] rotation = NearestRotation(affine);
        var axes = new (int Axis, bool Backward)[3];
        Span<bool> taken = stackalloc bool[3];
        for (int column = 0; column < 3; column++)
        {
            // What nibabel takes for zero.
            double largest = 1e-8;
            axes[column] = (-1, false);
            for (int row = 0; row < 3; row++)
                if (!taken[row] && Math.Abs(rotation[row, column]) > largest)
                {
                    largest = Math.Abs(rotation[row, column]);
                    axes[column] = (row, rotation[row, column] < 0);
                }
            if (axes[column].Axis >= 0)
                taken[axes[column].Axis] = true;
        }
        return new(axes);
    }

    /// <summary>The orientation of three letters.</summary>
    /// <exception cref="InvalidArgumentException">Other letters, or two of one axis.</exception>
    public static NiftiOrientation Parse(string codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        (int Axis, bool Backward)[] axes = [.. codes.Select(c => Positive.Contains(c) ? (Positive.IndexOf(c), false) : (Negative.IndexOf(c), true))];
        if (axes.Length != 3 || axes.Any(a => a.Axis < 0) || axes.DistinctBy(a => a.Axis).Count() != 3)
            throw new InvalidArgumentException($"axis codes are three letters, one of R or L, one of A or P, one of S or I, in any order (RAS, LPS, PIR), got '{codes}'");
        return new(axes);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Concat(axes.Select(a => a.Axis < 0 ? '-' : (a.Backward ? Negative : Positive)[a.Axis]));

    /// <summary>
    /// P·Qᵀ of the singular value decomposition P·S·Qᵀ of the columns brought to length 1, without the singular values that are zero. One-sided
    /// Jacobi: columns are turned against each other, two at a time, until they are at right angles.
    /// </summary>
    private static double[,] NearestRotation(double[,] affine)
    {
        double[,] a = new double[3, 3], q = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, rotation = new double[3, 3];
        for (int column = 0; column < 3; column++)
        {
            double length = Math.Sqrt(Dot(affine, column, column));
            for (int row = 0; row < 3; row++)
                a[row, column] = length == 0 ? 0 : affine[row, column] / length;
        }
        for (int turn = 0; turn < 90; turn++)
        {
            int first = turn % 3 == 2 ? 1 : 0, second = turn % 3 == 0 ? 1 : 2;
            double square1 = Dot(a, first, first), square2 = Dot(a, second, second), product = Dot(a, first, second);
            if (product == 0)
                continue;
            double zeta = (square2 - square1) / (2 * product), tangent = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
            double cosine = 1 / Math.Sqrt(1 + tangent * tangent), sine = cosine * tangent;
            foreach (double[,] m in (ReadOnlySpan<double[,]>)[a, q])
                for (int row = 0; row < 3; row++)
                    (m[row, first], m[row, second]) = (cosine * m[row, first] - sine * m[row, second], sine * m[row, first] + cosine * m[row, second]);
        }
        double largest = Math.Max(Dot(a, 0, 0), Math.Max(Dot(a, 1, 1), Dot(a, 2, 2)));
        for (int k = 0; k < 3; k++)
        {
            double singular = Math.Sqrt(Dot(a, k, k));
            if (singular > Math.Sqrt(largest) * 3 * Precision)
                for (int i = 0; i < 9; i++)
                    rotation[i / 3, i % 3] += a[i / 3, k] * q[i % 3, k] / singular;
        }
        return rotation;
    }

    private static double Dot(double[,] m, int column, int other) => m[0, column] * m[0, other] + m[1, column] * m[1, other] + m[2, column] * m[2, other];
}
