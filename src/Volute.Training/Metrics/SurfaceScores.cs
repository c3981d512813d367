namespace Volute.Training;

/// <summary>
/// How far two surfaces are apart. With d(p, S) the distance from p to the nearest pixel of S, A the surface of the prediction and B that of the
/// reference: directed distances are {d(a, B)} and {d(b, A)}.
/// </summary>
/// <param name="Hd95">The larger of the two directed 95th percentiles, interpolated linearly.</param>
/// <param name="Hd">The larger of the two directed maxima: the Hausdorff distance.</param>
/// <param name="Assd">The mean of the two directed means, as MedPy has it.</param>
/// <param name="Nsd">Pixels of both surfaces no farther than the tolerance from the other ÷ pixels of both (Nikolov et al. 2018, counted in pixels).</param>
internal readonly record struct SurfaceScores(double Hd95, double Hd, double Assd, double Nsd)
{
    // Distances are rounded; one that is the tolerance on paper must not fall to either side of it.
    private const double Slack = 1e-9;

    /// <summary>Nothing to be said, for the class is in neither.</summary>
    public static SurfaceScores NotApplicable => new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>
    /// The scores of two masks. Where one is empty, distances are <paramref name="missed"/> and NSD is 0; where both are, nothing applies.
    /// Takes 6 bytes a pixel of the masks' grid, and 8 bytes a pixel of the surfaces.
    /// </summary>
    /// <param name="masks">The masks; null where both are empty.</param>
    /// <param name="tolerance">The τ of NSD, in the unit of the spacing.</param>
    /// <param name="missed">The diagonal of the whole picture.</param>
    public static SurfaceScores Of(MaskPair? masks, double tolerance, double missed)
    {
        if (masks == null)
            return NotApplicable;
        bool[] prediction = Surface.Of(masks.Prediction, masks.Grid), reference = Surface.Of(masks.Reference, masks.Grid);
        if (!prediction.Contains(true) || !reference.Contains(true))
            return new SurfaceScores(missed, missed, missed, 0);
        int[] nearest = new int[masks.Grid.Pixels];
        double[] there = Directed(prediction, reference, masks.Grid, nearest), back = Directed(reference, prediction, masks.Grid, nearest);
        double limit = tolerance * (1 + Slack);
        long near = there.LongCount(d => d <= limit) + back.LongCount(d => d <= limit);
        return new SurfaceScores(
            Math.Max(Bootstrap.Percentile(there, 0.95), Bootstrap.Percentile(back, 0.95)),
            Math.Max(there[^1], back[^1]),
            (there.Average() + back.Average()) / 2,
            (double)near / (there.Length + back.Length));
    }

    /// <summary>The distance of each pixel of one surface to the other surface, rising.</summary>
    private static double[] Directed(bool[] from, bool[] to, PixelGrid grid, int[] nearest)
    {
        DistanceTransform.Nearest(to, grid, nearest);
        double[] distances = new double[from.LongCount(p => p)];
        for (int i = 0, k = 0; i < from.Length; i++)
            if (from[i])
                distances[k++] = grid.Distance(i, nearest[i]);
        Array.Sort(distances);
        return distances;
    }
}
