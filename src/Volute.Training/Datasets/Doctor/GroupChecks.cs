namespace Volute.Training;

/// <summary>Whether samples of one group (patient, place, film) are on both sides of a split that the data prescribe.</summary>
internal static class GroupChecks
{
    public static void Run(Dataset data, DatasetProblems problems)
    {
        if (data.AllGroups is not { } groups)
            return;
        if (data.Test is not null)
            Check(groups.Training, groups.Test, groups, "training and the test have samples of", problems);
        for (int fold = 0; fold < (data.Splits?.Count ?? 0); fold++)
        {
            DatasetSplit split = data.Splits![fold];
            Check(split.Training.Select(i => groups.Training[i]), split.Validation.Select(i => groups.Training[i]), groups,
                $"splits_final.json, fold {fold}: training and validation have samples of", problems);
        }
    }

    private static void Check(IEnumerable<string> training, IEnumerable<string?> judges, SampleGroups groups, string where, DatasetProblems problems)
    {
        string[] torn = [.. training.Intersect(judges.OfType<string>()).Order(NaturalOrder.Instance)];
        if (torn.Length == 0)
            return;
        Action<FindingKind, string, string, IReadOnlyList<string>> add = groups.IsListed ? problems.Add : problems.Warn;
        add(FindingKind.SplitGroup, $"{where} {DatasetException.Count(torn.Length, "group")} {(groups.IsListed ? "of groups.csv" : "that names show")} both: {DatasetException.List(torn)}",
            groups.IsListed ? "move each group to one side" : "move each group to one side, or say in a groups.csv (case,group) what belongs together", torn);
    }
}
