namespace Volute.Training;

/// <summary>The data of a training: what is learned from, and what is held out.</summary>
/// <param name="Training">Samples to learn from.</param>
/// <param name="TrainingIndices">Which of them.</param>
/// <param name="Validation">Samples held out: a part of the same data, or the data's own test samples.</param>
/// <param name="ValidationIndices">Which of them.</param>
public sealed record TrainingData(Dataset Training, int[] TrainingIndices, Dataset Validation, int[] ValidationIndices)
{
    /// <summary>The split that a recipe asks for: the data's own test samples where there are some, else a share of the samples.</summary>
    public static TrainingData Split(Dataset data, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(recipe);
        if (data.Test is { } test)
            return new TrainingData(data, [.. Enumerable.Range(0, data.Count)], test, [.. Enumerable.Range(0, test.Count)]);
        if (data.Count < 2)
            throw new InvalidArgumentException($"training needs at least 2 samples, one of them held out; '{recipe.Data}' has {data.Count}");
        DatasetSplit split = recipe.ValidationContiguous ? data.SplitContiguous(recipe.ValidationShare) : data.Split(recipe.ValidationShare, (ulong)recipe.Seed);
        return new TrainingData(data, split.Training, data, split.Validation);
    }
}
