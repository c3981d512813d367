namespace Volute.Training;

/// <summary>A number that says how good predictions are, with the definition that every report prints.</summary>
/// <param name="Name">Its key in JSON documents and its column in logs.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Definition">How it is computed, and what happens where a class is absent.</param>
/// <param name="HigherIsBetter">False for errors.</param>
public sealed record Metric(string Name, string Title, string Definition, bool HigherIsBetter = true)
{
    private const string Empty = " A class absent from both is not applicable (counted as such); absent from one of them, 0.";
    private const string Apart = " A class absent from both is not applicable; absent from one of them, the diagonal of the whole image.";
    private const string Objects = " Objects are connected over shared sides; one matches one of the other side where the IoU is at least 0.5. A class without objects in both is not applicable.";
    private const string Segments = " Predicted borders are first thinned to one pixel by simple points; cells are connected over 4 neighbours, a cell pixel left to a predicted border is a segment of its own. Mean over the pictures.";
    private const string Best = " Where there are probabilities, the best of the thresholds 0.1, 0.2, … 0.9, one for all pictures.";
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

    /// <summary>The 95th percentile of distances between surfaces.</summary>
    public static readonly Metric Hd95 = new("hd95", "HD95", "The larger of the two directed 95th percentiles (interpolated linearly) of the distances between the surfaces of " +
        "prediction and reference, in physical units, per case and class. A surface is what erosion by the face neighbours takes away." + Averaged + Apart, HigherIsBetter: false);

    /// <summary>The Hausdorff distance.</summary>
    public static readonly Metric Hd = new("hd", "Hausdorff distance", "The largest distance from a pixel of one surface to the other surface." + Averaged + Apart, HigherIsBetter: false);

    /// <summary>Average symmetric surface distance.</summary>
    public static readonly Metric Assd = new("assd", "ASSD", "The mean of the two directed mean distances between the surfaces." + Averaged + Apart, HigherIsBetter: false);

    /// <summary>Normalized surface Dice.</summary>
    public static readonly Metric Nsd = new("nsd", "NSD", "Pixels of both surfaces that are no farther than a tolerance (1 mm, or 2 px where the spacing is not known) from the other surface ÷ pixels of both surfaces." + Averaged + Empty);

    /// <summary>F1 of objects.</summary>
    public static readonly Metric ObjectF1 = new("objectF1", "Object F1", "2 TP ÷ (2 TP + FP + FN), counted in objects of all cases, per class; then the mean over the classes without the background." + Objects);

    /// <summary>Precision of objects.</summary>
    public static readonly Metric ObjectPrecision = new("objectPrecision", "Object precision", "TP ÷ (TP + FP), counted in objects: of what was predicted as an object, the share that is one." + Objects);

    /// <summary>Recall of objects.</summary>
    public static readonly Metric ObjectRecall = new("objectRecall", "Object recall", "TP ÷ (TP + FN), counted in objects: of the objects, the share that was found." + Objects);

    /// <summary>Foreground-restricted Rand score after thinning.</summary>
    public static readonly Metric VRand = new("vRand", "V_Rand (thinned)", "∑ p(s, t)² ÷ (½ ∑ p(s)² + ½ ∑ p(t)²), p the shares of the reference's cell pixels in predicted segment s and reference segment t." + Segments + Best);

    /// <summary>The split score of V_Rand.</summary>
    public static readonly Metric VRandSplit = new("vRandSplit", "V_Rand, splits", "∑ p(s, t)² ÷ ∑ p(t)² at the threshold of V_Rand: small where cells were split.");

    /// <summary>The merge score of V_Rand.</summary>
    public static readonly Metric VRandMerge = new("vRandMerge", "V_Rand, merges", "∑ p(s, t)² ÷ ∑ p(s)² at the threshold of V_Rand: small where cells were merged.");

    /// <summary>Foreground-restricted information score after thinning.</summary>
    public static readonly Metric VInfo = new("vInfo", "V_Info (thinned)", "I(S; T) ÷ (½ H(S) + ½ H(T)), the information that predicted and reference segments share about the reference's cell pixels." + Segments + Best);

    /// <summary>Adapted Rand error.</summary>
    public static readonly Metric RandError = new("randError", "Rand error", "1 − the F-score of pairs of the reference's cell pixels that lie in one segment, the predicted borders not thinned." + Best, HigherIsBetter: false);

    /// <summary>Warping error.</summary>
    public static readonly Metric WarpingError = new("warpingError", "Warping error", "The reference is warped towards the prediction by changing simple points only (no cell is split, joined, made or lost); " +
        "pixels that then still differ ÷ labelled pixels. The order of changes is row by row: an upper bound of the least possible." + Best, HigherIsBetter: false);

    /// <summary>V_Rand of the predicted classes.</summary>
    public static readonly Metric VRandPredicted = new("vRandPredicted", "V_Rand, predicted", "V_Rand of the predicted classes, without a threshold of its own.");

    /// <summary>V_Info of the predicted classes.</summary>
    public static readonly Metric VInfoPredicted = new("vInfoPredicted", "V_Info, predicted", "V_Info of the predicted classes, without a threshold of its own.");

    /// <summary>Warping error of the predicted classes.</summary>
    public static readonly Metric WarpingErrorPredicted = new("warpingErrorPredicted", "Warping error, predicted", "Warping error of the predicted classes, without a threshold of its own.", HigherIsBetter: false);

    /// <summary>Expected calibration error.</summary>
    public static readonly Metric Ece = new("ece", "ECE", "Expected calibration error: ∑ count ÷ all · |accuracy − mean confidence| over 15 equal bins of the confidence, which is the largest probability of an answer; all answers (labelled pixels, pictures) together.", HigherIsBetter: false);

    /// <summary>Expected calibration error after temperature scaling.</summary>
    public static readonly Metric EceScaled = new("eceScaled", "ECE, scaled", "The same of softmax(z ÷ temperature), on the answers that the temperature was found on.", HigherIsBetter: false);

    /// <summary>The temperature that calibrates best.</summary>
    public static readonly Metric Temperature = new("temperature", "Temperature", "The T for which softmax(z ÷ T) has the smallest log loss on these answers (at most 2 million numbers of them, drawn evenly): above 1 the model is too sure of itself, below 1 not sure enough.", HigherIsBetter: false);

    /// <summary>Share of pictures whose class is among the <paramref name="k"/> most probable.</summary>
    public static Metric TopAccuracy(int k) => new($"top{k}Accuracy", $"Top-{k} accuracy",
        $"Pictures whose given class is among the {k} most probable ÷ all pictures; classes of equal probability in their order.");

    /// <summary>The loss, named here so that logs and reports know its direction.</summary>
    public static readonly Metric Loss = new("loss", "Loss", "The function that training makes small, averaged over the cases.", HigherIsBetter: false);

    /// <summary>Dice of held-out patches, by which epochs are compared.</summary>
    public static readonly Metric PseudoDice = new("pseudoDice", "Pseudo-Dice", "Dice with the pixels of all held-out patches counted together, the same patches in every epoch, per class; then the mean over the classes without the background. It compares epochs; it is not the Dice of images.");

    private static readonly Metric[] all =
        [Accuracy, F1, Precision, Recall, Dice, Iou, DicePooled, IouPooled, PixelAccuracy, PixelErrorPlain, PixelError, VolumeError, Missed, Loss,
         Hd95, Hd, Assd, Nsd, ObjectF1, ObjectPrecision, ObjectRecall, VRand, VRandSplit, VRandMerge, VInfo, RandError, WarpingError,
         VRandPredicted, VInfoPredicted, WarpingErrorPredicted, Ece, EceScaled, Temperature, PseudoDice];

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
