namespace Volute.Training;

/// <summary>A number that says how good predictions are, with the definition that every report prints.</summary>
/// <param name="Name">Its key in JSON documents and its column in logs.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Definition">How it is computed, and what happens where a class is absent.</param>
/// <param name="HigherIsBetter">False for errors.</param>
public sealed record Metric(string Name, string Title, string Definition, bool HigherIsBetter = true)
{
    private const string Empty = " A class absent from both is not applicable (counted as such); absent from one of them, 0.";
    private const string Averaged = " First averaged over the cases of each class, then over the classes; the background is left out where there is one.";

    /// <summary>Share of pictures whose class is right.</summary>
    public static readonly Metric Accuracy = new("accuracy", "Accuracy", "Pictures whose most probable class is the given one ÷ all pictures.");

    /// <summary>Mean precision of the classes.</summary>
    public static readonly Metric Precision = new("precision", "Precision", "TP ÷ (TP + FP): of what was predicted as the class, the share that is of it." + Empty);

    /// <summary>Mean recall of the classes.</summary>
    public static readonly Metric Recall = new("recall", "Recall", "TP ÷ (TP + FN): of what is of the class, the share that was found." + Empty);

    /// <summary>Mean F1 of the classes.</summary>
    public static readonly Metric F1 = new("f1", "F1", "2 TP ÷ (2 TP + FP + FN), the harmonic mean of precision and recall, per class over all pictures; then the mean over the classes." + Empty);

    /// <summary>Mean Dice coefficient.</summary>
    public static readonly Metric Dice = new("dice", "Dice", "2 TP ÷ (2 TP + FP + FN), counted in pixels, per case and class." + Averaged + Empty);

    /// <summary>Mean intersection over union.</summary>
    public static readonly Metric Iou = new("iou", "IoU", "TP ÷ (TP + FP + FN), counted in pixels, per case and class." + Averaged + Empty);

    /// <summary>Dice coefficient of all pixels.</summary>
    public static readonly Metric DicePooled = new("dicePooled", "Dice, pooled", "Dice with the pixels of all cases counted together, per class; then the mean over the classes without the background.");

    /// <summary>Intersection over union of all pixels.</summary>
    public static readonly Metric IouPooled = new("iouPooled", "IoU, pooled", "IoU with the pixels of all cases counted together, per class; then the mean over the classes without the background.");

    /// <summary>Share of pixels whose class is right.</summary>
    public static readonly Metric PixelAccuracy = new("pixelAccuracy", "Pixel accuracy", "Pixels with the right class ÷ all labelled pixels, all cases together, the background included.");

    /// <summary>1 − pixel accuracy.</summary>
    public static readonly Metric PixelErrorPlain = new("pixelErrorPlain", "Pixel error, plain", "1 − pixel accuracy.", HigherIsBetter: false);

    /// <summary>The pixel error of the ISBI 2012 challenge.</summary>
    public static readonly Metric PixelError = new("pixelError", "Pixel error (ISBI)",
        "1 − the largest F-score 2 TP ÷ (2 TP + FP + FN) over the thresholds 0, 0.001, … 1 of the probability, the pixels of all cases together.", HigherIsBetter: false);

    /// <summary>Relative absolute error of volumes.</summary>
    public static readonly Metric VolumeError = new("relativeVolumeError", "Relative volume error",
        "∑ |predicted − reference volume| ÷ ∑ reference volume over the cases, per class; then the mean over the classes without the background. " +
        "Not applicable for a class that no reference has.", HigherIsBetter: false);

    /// <summary>Number of objects missed altogether.</summary>
    public static readonly Metric Missed = new("missed", "Missed",
        "How often a class that a reference has is predicted nowhere in the case, the background left out.", HigherIsBetter: false);

    /// <summary>Share of pictures whose class is among the <paramref name="k"/> most probable.</summary>
    public static Metric TopAccuracy(int k) => new($"top{k}Accuracy", $"Top-{k} accuracy",
        $"Pictures whose given class is among the {k} most probable ÷ all pictures; classes of equal probability in their order.");

    /// <summary>The loss, named here so that logs and reports know its direction.</summary>
    public static readonly Metric Loss = new("loss", "Loss", "The function that training makes small, averaged over the cases.", HigherIsBetter: false);

    private static readonly Metric[] all =
        [Accuracy, F1, Precision, Recall, Dice, Iou, DicePooled, IouPooled, PixelAccuracy, PixelErrorPlain, PixelError, VolumeError, Missed, Loss];

    /// <summary>The metric of this name; an unknown name gives a metric that is its own title, without a definition, higher being better.</summary>
    public static Metric Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.StartsWith("top", StringComparison.Ordinal) && name.EndsWith("Accuracy", StringComparison.Ordinal)
            && int.TryParse(name["top".Length..^"Accuracy".Length], out int k))
            return TopAccuracy(k);
        return Array.Find(all, metric => metric.Name == name) ?? new Metric(name, name, "");
    }
}
