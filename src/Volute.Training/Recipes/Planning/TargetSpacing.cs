namespace Volute.Training;

/// <summary>The spacing that images are brought to, and the resolutions that are worth a network.</summary>
public static class TargetSpacing
{
    // Slices are far apart from 3 times the other spacings on; networks of low resolution begin where a patch shows less than a quarter of an image.
    private const double FarApart = 3, Quarter = 0.25, Coarser = 1.03, Similar = 2, Fewer = 2;

    /// <summary>
    /// The median along each axis; where slices are far apart (more than 3 times the largest other spacing, and three times their number is less than the
    /// smallest other size), the tenth percentile of that axis, so that cases of finer slices keep theirs, but nothing finer than the other axes.
    /// nnU-Net's rule.
    /// </summary>
    /// <param name="spacings">Of each case along each axis.</param>
    /// <param name="shapes">Of each case along each axis, cropped.</param>
    public static double[] Of(IReadOnlyList<IReadOnlyList<double>> spacings, IReadOnlyList<IReadOnlyList<int>> shapes)
    {
        ArgumentNullException.ThrowIfNull(spacings);
        ArgumentNullException.ThrowIfNull(shapes);
        int rank = spacings[0].Count;
        double[] target = [.. Enumerable.Range(0, rank).Select(axis => Percentile(spacings.Select(s => s[axis]), 0.5))],
            size = [.. Enumerable.Range(0, rank).Select(axis => Percentile(shapes.Select(s => (double)s[axis]), 0.5))];
        int worst = Array.IndexOf(target, target.Max());
        int[] others = [.. Enumerable.Range(0, rank).Where(axis => axis != worst)];
        double largestOther = others.Max(axis => target[axis]);
        if (target[worst] > FarApart * largestOther && size[worst] * FarApart < others.Min(axis => size[axis]))
            target[worst] = Math.Max(Percentile(spacings.Select(s => s[worst]), 0.1), largestOther);
        return target;
    }

    /// <summary>The axes with the coarsest first, the others as they were.</summary>
    public static int[] AxisOrder(IReadOnlyList<double> spacing)
    {
        ArgumentNullException.ThrowIfNull(spacing);
        int first = Array.IndexOf([.. spacing], spacing.Max());
        return [first, .. Enumerable.Range(0, spacing.Count).Where(axis => axis != first)];
    }

    /// <summary>The size of an image after it is brought from one spacing to another: rounded.</summary>
    public static int[] Resampled(IReadOnlyList<int> shape, IReadOnlyList<double> from, IReadOnlyList<double> to)
        => [.. shape.Select((n, axis) => (int)Math.Round(n * (from[axis] / to[axis])))];

    /// <summary>
    /// The plan of low resolution that finds where to look, or null where none is wanted. While a patch shows less than a quarter of the median image, the
    /// spacing grows by 3 %, that of axes finer than half the coarsest first; a plan that sees no more than half fewer voxels is dropped. nnU-Net's rule.
    /// </summary>
    /// <param name="full">The plan of full resolution.</param>
    /// <param name="cases">Cases of the data set.</param>
    /// <param name="rules">The constants.</param>
    public static NetworkPlan? LowResolution(NetworkPlan full, int cases, PlanningRules rules)
    {
        ArgumentNullException.ThrowIfNull(full);
        double fullVoxels = full.MedianShape.Aggregate(1.0, (product, n) => product * n), voxels = fullVoxels;
        double[] spacing = [.. full.Spacing];
        NetworkPlan? low = null;
        while ((low ?? full).Patch.Aggregate(1.0, (product, n) => product * n) / voxels < Quarter)
        {
            double coarsest = spacing.Max();
            bool[] finer = [.. spacing.Select(s => coarsest / s > Similar)];
            spacing = [.. spacing.Select((s, axis) => finer[axis] || !finer.Contains(true) ? s * Coarser : s)];
            double[] shape = [.. full.MedianShape.Select((n, axis) => n * full.Spacing[axis] / spacing[axis])];
            voxels = shape.Aggregate(1.0, (product, n) => product * n);
            low = NetworkPlan.Make(spacing, [.. shape.Select(n => (int)Math.Round(n))], voxels * cases, full.Network.InChannels, full.Network.Classes, rules);
        }
        return low is not null && fullVoxels / voxels < Fewer ? null : low;
    }

    private static double Percentile(IEnumerable<double> values, double share) => Bootstrap.Percentile([.. values.Order()], share);
}
