namespace Volute.Training;

/// <summary>
/// Looks at everything in a dataset, even where it cannot be opened, and says at once what is wrong and what to do about it. Files are only read.
/// </summary>
public static class Doctor
{
    /// <summary>Examines the data at <paramref name="path"/>: whatever hinders opening, and what opening does not look at.</summary>
    /// <param name="path">What <see cref="Dataset.Open"/> takes.</param>
    /// <param name="options">Memory, and classes that are already fixed.</param>
    /// <exception cref="DatasetException">There is nothing at the path.</exception>
    /// <exception cref="InvalidArgumentException">The path is empty.</exception>
    public static Diagnosis Examine(string path, DatasetOptions? options = null)
    {
        DatasetProblems problems = new(path);
        Dataset? data = null;
        try
        {
            data = DatasetLayouts.Look(path, options ?? new(), problems);
        }
        catch (DatasetException error) when (Path.Exists(path))
        {
            problems.Add(error);
        }
        catch (VoluteException error) when (error is not (DatasetException or InvalidArgumentException))
        {
            problems.Add(error, (error as FileFormatException)?.File ?? path);
        }
        if (data != null)
        {
            ImageChecks.Run(data, problems);
            if (data.Task == DatasetTask.Segmentation)
                LabelChecks.Run(data, problems);
            else
                ClassChecks.Run(data, problems);
            DuplicateChecks.Run(data, problems);
            GroupChecks.Run(data, problems);
            NearDuplicateChecks.Run(data, problems);
            // Sizes and values must be right before edges can be compared.
            if (problems.Count == 0 && data.Task == DatasetTask.Segmentation && data.ShapeOf(0).Length == 3
                && MaskOffset.Of(data, [.. Enumerable.Range(0, data.Count)]) is { } offset)
                problems.Warn(FindingKind.ShiftedMasks, $"pictures lie aside of their masks: {MaskOffset.Describe(offset)}",
                    "training moves the pictures by so much; better are masks that lie on the pictures' own pixels");
        }
        return new(path, data?.Layout ?? "unknown", (data?.Count ?? 0) + (data?.Test?.Count ?? 0), [.. problems.Findings.OrderBy(f => f.Severity)]);
    }
}
