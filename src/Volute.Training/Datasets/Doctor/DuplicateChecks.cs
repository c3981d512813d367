namespace Volute.Training;

/// <summary>The same pixels under two names: within the training samples, and in what judges them.</summary>
internal static class DuplicateChecks
{
    public static void Run(Dataset data, DatasetProblems problems)
    {
        Dictionary<string, List<int>> same = [];
        for (int i = 0; i < data.Count; i++)
            if (data.ContentOf(i) is { } content)
                (same.TryGetValue(content, out List<int>? members) ? members : same[content] = []).Add(i);
        int[][] copies = [.. same.Values.Where(members => members.Count > 1).Select(members => members.ToArray())];
        int[][] contrary = [.. copies.Where(members => members.Skip(1).Any(i => !AnswersAgree(data, members[0], i)))];
        Report(data, contrary, "differ in their answers", problems.Add, "keep the one whose mask or class is right, remove the others");
        Report(data, [.. copies.Except(contrary)], "have the same answers", problems.Warn, "remove all but one; splits keep them together meanwhile");
        CheckTest(data, same, problems);
        CheckSplits(data, copies, problems);
    }

    private static void Report(Dataset data, int[][] copies, string how, Action<FindingKind, string, string, IReadOnlyList<string>> add, string cure)
    {
        if (copies.Length > 0)
            add(FindingKind.Duplicate, $"{DatasetException.Count(copies.Length, "picture")} under several names, which {how}: "
                + DatasetException.List([.. copies.Select(members => string.Join(" = ", members.Select(data.NameOf)))]), cure, [.. copies.SelectMany(c => c).Select(data.NameOf)]);
    }

    private static bool AnswersAgree(Dataset data, int a, int b)
        => data.Masks is not { } masks ? data.ClassOf(a) == data.ClassOf(b)
            : masks.PixelsOf(a) is not { } one || masks.PixelsOf(b) is not { } other
                || one.AsSpan().SequenceEqual(other) && masks.AreEqual(a, b);

    private static void CheckTest(Dataset data, Dictionary<string, List<int>> same, DatasetProblems problems)
    {
        if (data.Test is not { } test)
            return;
        List<string> pairs = [], files = [];
        for (int i = 0; i < test.Count; i++)
            if (test.ContentOf(i) is { } content && same.TryGetValue(content, out List<int>? members))
            {
                pairs.Add($"{data.NameOf(members[0])} = {test.NameOf(i)}");
                files.Add(test.NameOf(i));
            }
        if (pairs.Count > 0)
            problems.Add(FindingKind.Leak, $"{DatasetException.Count(pairs.Count, "picture")} both in training and in the test: {DatasetException.List(pairs)}",
                "remove them from one side: a network is not judged by what it has seen", files);
    }

    private static void CheckSplits(Dataset data, int[][] copies, DatasetProblems problems)
    {
        for (int fold = 0; fold < (data.Splits?.Count ?? 0); fold++)
        {
            DatasetSplit split = data.Splits![fold];
            string[] torn = [.. copies.Where(members => members.Any(split.Training.Contains) && members.Any(split.Validation.Contains))
                .Select(members => string.Join(" = ", members.Select(data.NameOf)))];
            if (torn.Length > 0)
                problems.Add(FindingKind.Leak, $"splits_final.json, fold {fold}: {DatasetException.Count(torn.Length, "picture")} both to train on and to validate with: "
                    + DatasetException.List(torn), "leave the copies on one side", torn);
        }
    }
}
