namespace Volute.Training;

/// <summary>
/// What one class got: pixels (or pictures) that reference and prediction share, that only the prediction has, that only the reference has.
/// A ratio is NaN (not applicable) where the class is in neither, and 0 where it is in one of them only.
/// </summary>
/// <param name="TruePositives">TP: of the class in both.</param>
/// <param name="FalsePositives">FP: of the class in the prediction only.</param>
/// <param name="FalseNegatives">FN: of the class in the reference only.</param>
public readonly record struct ClassCounts(long TruePositives, long FalsePositives, long FalseNegatives)
{
    /// <summary>TP + FN.</summary>
    public long Reference => TruePositives + FalseNegatives;

    /// <summary>TP + FP.</summary>
    public long Predicted => TruePositives + FalsePositives;

    /// <summary>Whether neither has the class, so that nothing can be said about it.</summary>
    public bool Absent => Reference == 0 && Predicted == 0;

    /// <summary>Whether the reference has the class and the prediction nowhere.</summary>
    public bool Missed => Reference > 0 && Predicted == 0;

    /// <summary>TP / (TP + FP).</summary>
    public double Precision => Ratio(TruePositives, Predicted);

    /// <summary>TP / (TP + FN).</summary>
    public double Recall => Ratio(TruePositives, Reference);

    /// <summary>2 TP / (2 TP + FP + FN), which is the F1 score too: the harmonic mean of precision and recall.</summary>
    public double Dice => Ratio(2.0 * TruePositives, 2.0 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>TP / (TP + FP + FN), the Jaccard index.</summary>
    public double Iou => Ratio(TruePositives, (double)TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Counts of both.</summary>
    public static ClassCounts operator +(ClassCounts a, ClassCounts b)
        => new(a.TruePositives + b.TruePositives, a.FalsePositives + b.FalsePositives, a.FalseNegatives + b.FalseNegatives);

    private double Ratio(double part, double whole) => Absent ? double.NaN : whole == 0 ? 0 : part / whole;
}
