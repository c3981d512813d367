using System.Text.Json;
using System.Text.Json.Serialization;

namespace Volute.Training;

/// <summary>
/// How good a model's predictions are: the document that <c>volute evaluate --json</c> prints. NaN is "not applicable" (null in JSON); what was
/// not measured at all is null (left out of JSON).
/// </summary>
public sealed record Evaluation
{
    /// <summary>Number of cases: pictures, volumes, rasters.</summary>
    public required int Cases { get; init; }

    /// <summary>"segmentation" or "classification".</summary>
    public required string Task { get; init; }

    /// <summary>The name of the metric that models are compared by.</summary>
    public required string Headline { get; init; }

    /// <summary>The number of the class that means are taken without, where there is one; segmentation only.</summary>
    public int? Background { get; init; }

    /// <summary>What volumes are measured in: px, mm³, ha.</summary>
    public string? VolumeUnit { get; init; }

    /// <summary>What distances are measured in: px, mm.</summary>
    public string? DistanceUnit { get; init; }

    /// <summary>Value by <see cref="Metric.Name"/>.</summary>
    public required Dictionary<string, double?> Metrics { get; init; }

    /// <summary>Bootstrap 95 % interval by <see cref="Metric.Name"/>, where there is one.</summary>
    public required Dictionary<string, Interval> Intervals { get; init; }

    /// <summary>The scores of each class, in the order of their numbers; or of each region against all else, where regions were learned.</summary>
    public required IReadOnlyList<ClassScore> PerClass { get; init; }

    /// <summary>The names of the labels that <see cref="Confusion"/> compares, where <see cref="PerClass"/> has regions of them; null where it has classes.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// confusion[r][p]: pixels (or pictures) of reference class r predicted as class p, all cases together; of <see cref="Labels"/> where there are regions, and
    /// empty where masks of these do not tell all labels apart.
    /// </summary>
    public required long[][] Confusion { get; init; }

    /// <summary>The same in area and block by block, for rasters; segmentation only.</summary>
    public AreaScores? Areas { get; init; }

    /// <summary>Whether the model is as sure as it is right, where there are probabilities.</summary>
    public CalibrationScore? Calibration { get; init; }

    /// <summary>The scores of each case.</summary>
    public required IReadOnlyList<CaseScore> PerCase { get; init; }

    /// <summary>Definition by <see cref="Metric.Name"/>, so that the numbers explain themselves.</summary>
    public required Dictionary<string, string> Definitions { get; init; }

    /// <summary>The names of what <see cref="Confusion"/> compares, and masks show.</summary>
    internal IReadOnlyList<string> LabelNames => Labels ?? [.. PerClass.Select(score => score.Name)];

    /// <summary>The label of the background in masks; null where all are of interest.</summary>
    internal int? BackgroundLabel => Labels is null ? Background : 0;

    /// <summary>The indices in <see cref="PerCase"/> of the <paramref name="count"/> worst cases, worst first.</summary>
    /// <remarks>Segmentation: the lowest Dice. Classification: the surest of the wrong answers, then the least sure of the right ones.</remarks>
    public IReadOnlyList<int> Worst(int count) => [.. Ranked().Take(count)];

    /// <summary>The indices in <see cref="PerCase"/> of the <paramref name="count"/> best cases, best first.</summary>
    public IReadOnlyList<int> Best(int count) => [.. Ranked().Reverse().Take(count)];

    /// <summary>The indices in <see cref="PerCase"/> of the <paramref name="count"/> cases around the median, worst first.</summary>
    public IReadOnlyList<int> Median(int count)
    {
        int[] ranked = [.. Ranked()];
        return [.. ranked.Skip(Math.Max(0, (ranked.Length - count) / 2)).Take(count)];
    }

    /// <summary>One JSON document, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, TrainingJson.Default.Evaluation);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="VoluteException">It is not such a document.</exception>
    public static Evaluation FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TrainingJson.Default.Evaluation) ?? throw new VoluteException("an evaluation document is a JSON object, got null");
        }
        catch (JsonException e)
        {
            throw new VoluteException($"not an evaluation document: {e.Message}", e);
        }
    }

    private IEnumerable<int> Ranked() => Enumerable.Range(0, PerCase.Count).Where(i => !double.IsNaN(PerCase[i].Quality)).OrderBy(i => PerCase[i].Quality);
}

/// <summary>The scores of one class. Segmentation: ratios per case, then their mean; classification: ratios of all pictures.</summary>
public sealed record ClassScore
{
    /// <summary>The class.</summary>
    public required string Name { get; init; }

    /// <summary>Pixels (or pictures) of the class in the reference, all cases together.</summary>
    public required long Reference { get; init; }

    /// <summary>Pixels (or pictures) of the class in the prediction.</summary>
    public required long Predicted { get; init; }

    /// <summary>Cases that have the class in reference or prediction, which is how many the means are over.</summary>
    public required int Cases { get; init; }

    /// <summary>Cases that have it in neither.</summary>
    public required int NotApplicable { get; init; }

    /// <summary>Cases that have it in the reference and nowhere in the prediction; segmentation only.</summary>
    public int? Missed { get; init; }

    /// <summary>TP / (TP + FP).</summary>
    public double? Precision { get; init; }

    /// <summary>TP / (TP + FN).</summary>
    public double? Recall { get; init; }

    /// <summary>2 TP / (2 TP + FP + FN) of pictures; classification only.</summary>
    public double? F1 { get; init; }

    /// <summary>2 TP / (2 TP + FP + FN) of pixels; segmentation only.</summary>
    public double? Dice { get; init; }

    /// <summary>TP / (TP + FP + FN); segmentation only.</summary>
    public double? Iou { get; init; }

    /// <summary>Dice of the pixels of all cases.</summary>
    public double? DicePooled { get; init; }

    /// <summary>IoU of the pixels of all cases.</summary>
    public double? IouPooled { get; init; }

    /// <summary>Mean of predicted − reference volume, in <see cref="Evaluation.VolumeUnit"/>: above 0 where too much is predicted.</summary>
    public double? VolumeError { get; init; }

    /// <summary>Mean of |predicted − reference volume|, in <see cref="Evaluation.VolumeUnit"/>.</summary>
    public double? VolumeErrorAbsolute { get; init; }

    /// <summary>Cases that have it in the prediction and nowhere in the reference; where distances were measured.</summary>
    public int? FalseAlarms { get; init; }

    /// <summary>Mean HD95 in <see cref="Evaluation.DistanceUnit"/>, the image's diagonal where the class is in one of the two only.</summary>
    public double? Hd95 { get; init; }

    /// <summary>Mean Hausdorff distance, likewise.</summary>
    public double? Hd { get; init; }

    /// <summary>Mean average symmetric surface distance, likewise.</summary>
    public double? Assd { get; init; }

    /// <summary>Mean normalized surface Dice, 0 where the class is in one of the two only.</summary>
    public double? Nsd { get; init; }

    /// <summary>2 TP / (2 TP + FP + FN) of objects, all cases together.</summary>
    public double? ObjectF1 { get; init; }

    /// <summary>TP / (TP + FP) of objects.</summary>
    public double? ObjectPrecision { get; init; }

    /// <summary>TP / (TP + FN) of objects.</summary>
    public double? ObjectRecall { get; init; }

    /// <summary>Objects by size, all cases together.</summary>
    public IReadOnlyList<ObjectBin>? Objects { get; init; }

    /// <summary>Bootstrap 95 % interval by the name of the score.</summary>
    public required Dictionary<string, Interval> Intervals { get; init; }
}

/// <summary>The scores of one case.</summary>
public sealed record CaseScore
{
    /// <summary>The case: its file's name without extension, mostly.</summary>
    public required string Name { get; init; }

    /// <summary>What it belongs to (patient, scene), where that is known.</summary>
    public string? Group { get; init; }

    /// <summary>The given class; classification only.</summary>
    public string? Reference { get; init; }

    /// <summary>The predicted class; classification only.</summary>
    public string? Predicted { get; init; }

    /// <summary>The probability of the predicted class, where probabilities were given; classification only.</summary>
    public double? Probability { get; init; }

    /// <summary>Pixels with the right class ÷ labelled pixels; segmentation only.</summary>
    public double? PixelAccuracy { get; init; }

    /// <summary>Mean Dice of the classes that the case has, background left out; segmentation only.</summary>
    public double? Dice { get; init; }

    /// <summary>Mean IoU of the classes that the case has, background left out; segmentation only.</summary>
    public double? Iou { get; init; }

    /// <summary>1 − the largest F-score over the thresholds, of this case alone; where probabilities were given.</summary>
    public double? PixelError { get; init; }

    /// <summary>V_Rand of the predicted classes; pictures of two classes.</summary>
    public double? VRand { get; init; }

    /// <summary>V_Info of the predicted classes; pictures of two classes.</summary>
    public double? VInfo { get; init; }

    /// <summary>Warping error of the predicted classes; pictures of two classes.</summary>
    public double? WarpingError { get; init; }

    /// <summary>The scores of each class in this case; segmentation only.</summary>
    public IReadOnlyList<CaseClassScore>? PerClass { get; init; }

    /// <summary>What cases are ordered by: Dice; or the probability of the answer, negative where it is wrong.</summary>
    [JsonIgnore]
    internal double Quality => Dice ?? (Reference == Predicted ? 1 : -1) * (Probability ?? 1);
}

/// <summary>The scores of one class in one case.</summary>
/// <param name="Name">The class.</param>
/// <param name="Dice">2 TP / (2 TP + FP + FN).</param>
/// <param name="Iou">TP / (TP + FP + FN).</param>
/// <param name="Precision">TP / (TP + FP).</param>
/// <param name="Recall">TP / (TP + FN).</param>
/// <param name="Reference">Pixels in the reference.</param>
/// <param name="Predicted">Pixels in the prediction.</param>
/// <param name="VolumeError">Predicted − reference volume, in <see cref="Evaluation.VolumeUnit"/>; NaN where the class is in neither.</param>
public sealed record CaseClassScore(string Name, double? Dice, double? Iou, double? Precision, double? Recall, long Reference, long Predicted, double? VolumeError)
{
    /// <summary>Whether the class is in one of reference and prediction only, so that distances are the image's diagonal.</summary>
    public bool Missed => Reference > 0 != Predicted > 0;

    /// <summary>The larger of the two directed 95th percentiles of surface distances.</summary>
    public double? Hd95 { get; init; }

    /// <summary>The Hausdorff distance.</summary>
    public double? Hd { get; init; }

    /// <summary>The mean of the two directed mean surface distances.</summary>
    public double? Assd { get; init; }

    /// <summary>The share of both surfaces that lies within the tolerance of the other.</summary>
    public double? Nsd { get; init; }

    /// <summary>F1 of objects.</summary>
    public double? ObjectF1 { get; init; }

    /// <summary>Objects of the reference that were found.</summary>
    public long? ObjectsFound { get; init; }

    /// <summary>Objects of the reference that were not found.</summary>
    public long? ObjectsMissed { get; init; }

    /// <summary>Objects of the prediction that are none of the reference.</summary>
    public long? ObjectFalseAlarms { get; init; }
}
