namespace Volute.Training;

/// <summary>How many objects of one size there were, and how many were found.</summary>
/// <param name="From">The smallest size, in pixels.</param>
/// <param name="To">The first size above; null for the largest objects.</param>
/// <param name="Reference">Objects of that size in the reference.</param>
/// <param name="Found">Those of them that were matched.</param>
/// <param name="FalseAlarms">Objects of that size in the prediction that match none of the reference.</param>
public sealed record ObjectBin(int From, int? To, long Reference, long Found, long FalseAlarms);

/// <summary>Objects that were found, missed and made up, by the decade of their size: below 10 pixels, below 100, …, 10,000 and more.</summary>
/// <param name="Found">Objects of the reference that were matched, by decade.</param>
/// <param name="Missed">Objects of the reference that were not.</param>
/// <param name="FalseAlarms">Objects of the prediction that were not.</param>
internal readonly record struct ObjectCounts(long[] Found, long[] Missed, long[] FalseAlarms)
{
    public const int Decades = 5;

    /// <summary>No object.</summary>
    public static ObjectCounts None => new(new long[Decades], new long[Decades], new long[Decades]);

    /// <summary>All sizes together.</summary>
    public ClassCounts Total => new(Found.Sum(), FalseAlarms.Sum(), Missed.Sum());

    /// <summary>A row for each decade.</summary>
    public IReadOnlyList<ObjectBin> Bins
    {
        get
        {
            ObjectCounts own = this;
            return [.. Enumerable.Range(0, Decades).Select(k => new ObjectBin(k == 0 ? 1 : Power(k), k + 1 < Decades ? Power(k + 1) : null,
                own.Found[k] + own.Missed[k], own.Found[k], own.FalseAlarms[k]))];
        }
    }

    /// <summary>The index of an object's decade.</summary>
    public static int DecadeOf(long size)
    {
        int k = 0;
        while (k + 1 < Decades && size >= Power(k + 1))
            k++;
        return k;
    }

    private static int Power(int k) => (int)Math.Pow(10, k);
}

/// <summary>
/// Objects are connected components over shared sides (4 neighbours in 2D, 6 in 3D). One of the prediction and one of the reference match where their
/// intersection is at least half of their union; each matches at most once, pairs of larger IoU first.
/// </summary>
internal static class ObjectMatching
{
    private const double Threshold = 0.5;

    /// <summary>Counts the objects of two masks; null, where both are empty, has none. Takes 8 bytes a pixel of the masks' grid.</summary>
    public static ObjectCounts Of(MaskPair? masks)
    {
        ObjectCounts counts = ObjectCounts.None;
        if (masks == null)
            return counts;
        var (predicted, predictions) = ConnectedComponents.Of(masks.Prediction, masks.Grid, Connectivity.Faces);
        var (reference, references) = ConnectedComponents.Of(masks.Reference, masks.Grid, Connectivity.Faces);
        Overlaps overlaps = Overlaps.Of(predicted, predictions, reference, references);
        bool[] found = new bool[references + 1], matched = new bool[predictions + 1];
        foreach (var (p, r, _) in overlaps.Pairs.Select(pair => (pair.Predicted, pair.Reference, Iou: overlaps.Iou(pair)))
            .Where(pair => pair.Iou >= Threshold).OrderByDescending(pair => pair.Iou).ThenBy(pair => pair.Reference).ThenBy(pair => pair.Predicted))
        {
            if (found[r] || matched[p])
                continue;
            found[r] = matched[p] = true;
        }
        for (int r = 1; r <= references; r++)
            (found[r] ? counts.Found : counts.Missed)[ObjectCounts.DecadeOf(overlaps.ReferenceSizes[r])]++;
        for (int p = 1; p <= predictions; p++)
            if (!matched[p])
                counts.FalseAlarms[ObjectCounts.DecadeOf(overlaps.PredictedSizes[p])]++;
        return counts;
    }
}
