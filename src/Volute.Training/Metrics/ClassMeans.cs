namespace Volute.Training;

/// <summary>A case with the counts of each class or region, and of its pixels those with the right label and all that were compared.</summary>
internal sealed record SegmentedCase(CaseScore Score, ClassCounts[] Counts, double PixelVolume, long Right, long Compared);

/// <summary>The scores of one class averaged over the cases that have it in reference or prediction; NaN where no case has it.</summary>
/// <param name="Applicable">Number of cases that have it.</param>
/// <param name="Missed">Number of cases that have it in the reference and nowhere in the prediction.</param>
/// <param name="Pooled">The counts of all cases together.</param>
/// <param name="Dice">Mean Dice.</param>
/// <param name="Iou">Mean IoU.</param>
/// <param name="Precision">Mean precision.</param>
/// <param name="Recall">Mean recall.</param>
/// <param name="VolumeError">Mean of predicted − reference volume.</param>
/// <param name="VolumeErrorAbsolute">Mean of its absolute value.</param>
/// <param name="RelativeVolumeError">∑ |predicted − reference volume| ÷ ∑ reference volume.</param>
internal readonly record struct ClassMeans(long Applicable, long Missed, ClassCounts Pooled, double Dice, double Iou, double Precision, double Recall,
    double VolumeError, double VolumeErrorAbsolute, double RelativeVolumeError)
{
    /// <summary>The means of class <paramref name="c"/>, case i counted <c>weights[i]</c> times.</summary>
    public static ClassMeans Of(int c, IReadOnlyList<SegmentedCase> cases, ReadOnlySpan<int> weights)
    {
        long applicable = 0, missed = 0;
        ClassCounts pooled = default;
        double dice = 0, iou = 0, precision = 0, recall = 0, error = 0, absolute = 0, reference = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            ClassCounts own = cases[i].Counts[c];
            long w = weights[i];
            if (w == 0 || own.Absent)
                continue;
            double ownError = VolumeErrorOf(own, cases[i].PixelVolume);
            applicable += w;
            missed += own.Missed ? w : 0;
            pooled += new ClassCounts(w * own.TruePositives, w * own.FalsePositives, w * own.FalseNegatives);
            dice += w * own.Dice;
            iou += w * own.Iou;
            precision += w * own.Precision;
            recall += w * own.Recall;
            error += w * ownError;
            absolute += w * Math.Abs(ownError);
            reference += w * own.Reference * cases[i].PixelVolume;
        }
        double n = applicable > 0 ? applicable : double.NaN;
        return new ClassMeans(applicable, missed, pooled, dice / n, iou / n, precision / n, recall / n, error / n, absolute / n,
            reference > 0 ? absolute / reference : double.NaN);
    }

    /// <summary>(predicted − reference pixels) × volume of a pixel; NaN where the class is in neither.</summary>
    public static double VolumeErrorOf(ClassCounts counts, double pixelVolume)
        => counts.Absent ? double.NaN : (counts.Predicted - counts.Reference) * pixelVolume;
}
