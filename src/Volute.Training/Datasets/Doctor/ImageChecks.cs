namespace Volute.Training;

/// <summary>How many images there are, and whether they show anything.</summary>
internal static class ImageChecks
{
    private const int Few = 5;

    public static void Run(Dataset data, DatasetProblems problems)
    {
        if (data.Count < Few)
            problems.Warn(FindingKind.TooFewSamples, $"there {(data.Count == 1 ? "is" : "are")} {DatasetException.Count(data.Count, "sample")} to train on and to validate with",
                $"bring more: {Few} are the least for a validation in {Few} folds, and a score of so few says little");
        foreach (Dataset part in Parts(data))
        {
            if (part.Images is not { } images)
                continue;
            string[] constant = [.. Enumerable.Range(0, part.Count).Where(images.IsConstant).Select(part.NameOf)];
            if (constant.Length > 0)
                problems.Warn(FindingKind.ConstantImage, $"{DatasetException.Count(constant.Length, "image")}{Of(data, part)} of one value everywhere: {DatasetException.List(constant)}",
                    "see whether the export failed; remove images that show nothing, with their masks", constant);
        }
    }

    /// <summary>The training samples, and those of the test where there are some.</summary>
    public static IEnumerable<Dataset> Parts(Dataset data) => data.Test is { } test ? [data, test] : [data];

    /// <summary>What tells a test sample in a sentence.</summary>
    public static string Of(Dataset data, Dataset part) => part == data ? "" : " of the test";
}
