namespace Volute.Training;

/// <summary>Whether every class of a classification has enough samples.</summary>
internal static class ClassChecks
{
    private const int RareCases = 3;
    private const double RareShare = 1e-3;

    public static void Run(Dataset data, DatasetProblems problems)
    {
        int[] counts = new int[data.Classes.Count];
        for (int i = 0; i < data.Count; i++)
            if (data.ClassOf(i) is >= 0 and int label)
                counts[label]++;
        string[] rare = [.. data.Classes.Where((_, c) => counts[c] > 0 && (counts[c] < RareCases || counts[c] < RareShare * data.Count))];
        if (rare.Length > 0)
            problems.Warn(FindingKind.RareClass, $"{DatasetException.Count(rare.Length, "class")} of hardly any samples: "
                + DatasetException.List([.. rare.Select(name => $"{name} ({counts[data.Classes.ToList().IndexOf(name)]})")]),
                "bring more of them: a validation may have none, and what is not seen is not learned", rare);
    }
}
