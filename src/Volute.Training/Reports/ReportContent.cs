using Volute.Formats;

namespace Volute.Training;

/// <summary>All that a report shows: numbers and words of <c>summary.json</c> and <c>log.csv</c>, and pictures.</summary>
/// <param name="Summary">The outcome.</param>
/// <param name="Log">One row an epoch.</param>
public sealed record ReportContent(RunSummary Summary, IReadOnlyList<TrainingLogRow> Log)
{
    /// <summary>The worst predictions, worst first.</summary>
    public IReadOnlyList<ReportExample> Worst { get; init; } = [];

    /// <summary>Predictions of middling quality, worst first.</summary>
    public IReadOnlyList<ReportExample> Median { get; init; } = [];

    /// <summary>The best predictions, best first.</summary>
    public IReadOnlyList<ReportExample> Best { get; init; } = [];
}

/// <summary>A case shown in a picture.</summary>
/// <param name="Name">The case, as in <see cref="CaseScore.Name"/>.</param>
/// <param name="Image">What the model saw, or a slice of it.</param>
public abstract record ReportExample(string Name, Picture Image);

/// <summary>A segmented picture, or a slice of a volume.</summary>
/// <param name="Name">The case, as in <see cref="CaseScore.Name"/>.</param>
/// <param name="Image">What the model saw.</param>
/// <param name="Reference">The given class of each pixel, row by row.</param>
/// <param name="Prediction">The predicted class of each pixel.</param>
/// <param name="Ignore">The label of pixels that are not labelled.</param>
public sealed record SegmentationExample(string Name, Picture Image, int[] Reference, int[] Prediction, int? Ignore = null) : ReportExample(Name, Image)
{
    /// <summary>Which slice of a volume it is, from 0, and of how many; null for a picture.</summary>
    public (int Number, int Count)? Slice { get; init; }
}

/// <summary>A classified picture.</summary>
/// <param name="Name">The case, as in <see cref="CaseScore.Name"/>.</param>
/// <param name="Image">What the model saw.</param>
/// <param name="Reference">The given class.</param>
/// <param name="Predicted">The predicted class.</param>
/// <param name="Probability">Its probability, where known.</param>
public sealed record ClassificationExample(string Name, Picture Image, string Reference, string Predicted, double? Probability = null) : ReportExample(Name, Image);
