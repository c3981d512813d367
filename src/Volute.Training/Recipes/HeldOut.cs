namespace Volute.Training;

/// <summary>Which samples are held out of training, and why; in the order that <see cref="TrainingData.Split"/> decides by.</summary>
internal static class HeldOut
{
    /// <summary>Whether neighbours by name are held out together: where neither the data's own splits nor groups say otherwise.</summary>
    public static bool IsStack(Dataset data) => data.Splits == null && data.Groups == null && StackTest.IsStack(data);

    /// <summary>The choice in words; <paramref name="random"/> is what chance would hold out.</summary>
    public static PlanChoice Explain(Dataset data, int? fold, bool isStack, string random, int folds)
    {
        const string Label = "Held out";
        if (data.Splits is { } splits)
            return new(Label, $"fold {fold ?? 0} of {splits.Count}", "the data's own splits_final.json says so");
        if (data.Count == 1)
            return new(Label, data.ShapeOf(0).Length == 4 ? $"{(fold == null ? "the last fifth" : $"fold {fold}")} of the volume's slices" : fold == null ? "every fifth block of the picture" : $"fold {fold} of its blocks",
                "there is one image only; a margin lies between what is held out and what is trained on");
        string kept = data.Groups is { } groups ? $"{groups.Distinct().Count()} groups of samples show, which must not be on both sides"
            : data.Task == DatasetTask.Classification ? "every class in proportion" : "neighbours by name are no more alike than others";
        if (fold != null)
            return isStack ? new(Label, $"fold {fold} of {folds} by name", "neighbours by name are alike: slices of one stack, which random folds would give away")
                : new(Label, $"fold {fold} of {folds}", kept);
        if (data.Groups != null)
            return new(Label, $"{random}, whole groups", kept);
        return isStack ? new(Label, "the last fifth by name", "neighbours by name are alike: slices of one stack, which a random split would give away")
            : new(Label, random, kept);
    }
}
