namespace Volute.Training;

/// <summary>The data of a training: what is learned from, what decides which epoch is best, and what judges it in the end.</summary>
/// <param name="Data">All labelled samples but the data's own test samples.</param>
/// <param name="Training">Indices to learn from.</param>
/// <param name="Validation">Indices held out of training; they choose the best epoch.</param>
/// <param name="Judge">The samples that the outcome is measured on.</param>
/// <param name="Judged">Indices of them: all of the data's own test samples, which nothing was chosen by, or the held-out ones where there are none.</param>
public sealed record TrainingData(Dataset Data, int[] Training, int[] Validation, Dataset Judge, int[] Judged)
{
    /// <summary>The samples to learn from and to choose by with their own voxels, where <see cref="Data"/> has them prepared.</summary>
    internal Dataset Source => Data is PreparedDataset prepared ? prepared.Source : Data;

    /// <summary>Whether what judges is what chooses the best epoch: the data have no test samples of their own.</summary>
    public bool JudgesByValidation => ReferenceEquals(Judged, Validation);

    /// <summary>The split that a recipe asks for, or that the data prescribe.</summary>
    /// <exception cref="InvalidArgumentException">Fewer than two samples, or no such fold.</exception>
    public static TrainingData Split(Dataset data, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(recipe);
        if (data.Count == 1 && BlockSplit.Of(data, recipe.InputSize, recipe.Fold ?? 0) is { } blocks)
            return JudgedBy(data.Test, blocks.Blocks, recipe, blocks.Split);
        if (data.Count < 2)
            throw new InvalidArgumentException($"training needs at least 2 samples, one of them held out; '{recipe.Data}' has {data.Count}");
        DatasetSplit split = recipe.Fold is { } fold && recipe.ValidationContiguous ? data.FoldContiguous(fold, recipe.Folds ?? 5)
            : recipe.Fold != null || data.Splits != null ? data.Fold(recipe.Fold ?? 0, recipe.Folds ?? 5, (ulong)recipe.Seed)
            : recipe.ValidationContiguous ? data.SplitContiguous(recipe.ValidationShare) : data.Split(recipe.ValidationShare, (ulong)recipe.Seed, data.Groups);
        return JudgedBy(data.Test, data, recipe, split);
    }

    /// <summary>Learned is from what the network sees of the data; judged is by the data's own pixels.</summary>
    private static TrainingData JudgedBy(Dataset? test, Dataset data, Recipe recipe, DatasetSplit split)
    {
        Dataset seen = recipe.Preprocessing is { } preprocessing ? new PreparedDataset(data, preprocessing)
            : recipe.Task == DatasetTask.Classification && !SizedDataset.Have(data, recipe.InputSize) ? new SizedDataset(data, recipe.InputSize) : data;
        return test != null
            ? new TrainingData(seen, split.Training, split.Validation, test, [.. Enumerable.Range(0, test.Count)])
            : new TrainingData(seen, split.Training, split.Validation, data, split.Validation);
    }
}
