namespace Volute.Training;

/// <summary>What a reader of the scores should know about the data.</summary>
internal static class OutcomeWarnings
{
    // Below this many independent cases an interval says little.
    private const int FewCases = 5;

    /// <summary>What opening the data found, and what is odd about the cases that judge.</summary>
    public static IReadOnlyList<string> Of(Dataset data, Evaluation evaluation)
    {
        List<string> warnings = [.. data.Warnings.Concat(data.Test?.Warnings ?? []).Select(finding => finding.ToString()).Distinct()];
        int independent = evaluation.PerCase.Select((score, i) => score.Group ?? $"\0{i}").Distinct().Count();
        if (evaluation.Cases > 0 && independent < FewCases)
            warnings.Add($"Only {Wording.Count(independent, independent == evaluation.Cases ? "case" : "group")} judged the network: another choice of cases may give another score; train with --folds 5 to have every sample judged.");
        string[] absent = [.. evaluation.PerClass.Where((score, c) => score.Reference == 0 && c != evaluation.Background).Select(score => $"“{score.Name}”")];
        if (evaluation.Cases > 0 && absent.Length > 0)
            warnings.Add($"No judged case has {string.Join(", ", absent.Take(10))}{(absent.Length > 10 ? ", …" : "")}: how well {(absent.Length == 1 ? "it is" : "they are")} found is not known.");
        return warnings;
    }
}
