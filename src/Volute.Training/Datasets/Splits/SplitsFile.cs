using System.Text.Json;

namespace Volute.Training;

/// <summary>nnU-Net's splits_final.json: a list of {"train": [case, …], "val": [case, …]}, a fold each.</summary>
internal static class SplitsFile
{
    private const string Name = "splits_final.json";

    /// <summary>The folds; null where there is no such file.</summary>
    public static DatasetSplit[]? Read(string folder, string[] cases, DatasetProblems problems)
    {
        string file = Path.Combine(folder, Name);
        if (!File.Exists(file) || problems.Description(file, () => Parse(file)) is not { } folds)
            return null;
        Dictionary<string, int> indexOf = cases.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        string[] unknown = [.. folds.SelectMany(f => f.Training.Concat(f.Validation)).Distinct().Where(name => !indexOf.ContainsKey(name)).Order(NaturalOrder.Instance)];
        if (unknown.Length > 0)
            problems.Add(FindingKind.BrokenSplit, $"{Name} names {DatasetException.Count(unknown.Length, "case")} without image and label: {DatasetException.List(unknown)}",
                "bring the cases, or write the splits anew", unknown);
        for (int fold = 0; fold < folds.Length; fold++)
        {
            string[] both = [.. folds[fold].Training.Intersect(folds[fold].Validation).Order(NaturalOrder.Instance)];
            if (both.Length > 0)
                problems.Add(FindingKind.BrokenSplit, $"{Name}, fold {fold}: {DatasetException.Count(both.Length, "case")} to train on and to validate with: "
                    + $"{DatasetException.List(both)}", "leave each case on one side", both);
            if (folds[fold].Training.Length == 0 || folds[fold].Validation.Length == 0)
                problems.Add(FindingKind.BrokenSplit, $"{Name}, fold {fold}: {folds[fold].Training.Length} cases to train on, {folds[fold].Validation.Length} to validate with",
                    "give each side at least one");
        }
        string[] unused = [.. cases.Except(folds.SelectMany(f => f.Training.Concat(f.Validation)))];
        if (unused.Length > 0)
            problems.Warn(FindingKind.BrokenSplit, $"{Name} leaves out {DatasetException.Count(unused.Length, "case")}: {DatasetException.List(unused)}",
                "add them to the splits, or see that they should stay out", unused);
        int[] Indices(string[] names) => [.. names.Where(indexOf.ContainsKey).Select(name => indexOf[name]).Distinct().Order()];
        return [.. folds.Select(f => new DatasetSplit(Indices(f.Training), Indices(f.Validation)))];
    }

    private static (string[] Training, string[] Validation)[] Parse(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            string[] Names(JsonElement fold, string side) => [.. fold.GetProperty(side).EnumerateArray().Select(name => name.GetString()!)];
            (string[], string[])[] folds = [.. document.RootElement.EnumerateArray().Select(fold => (Names(fold, "train"), Names(fold, "val")))];
            return folds.Length > 0 ? folds : throw new FormatException("it holds no fold");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FileFormatException(file, -1, $"this is not nnU-Net's splits_final.json, a list of {{\"train\": [case, …], \"val\": [case, …]}}: {e.Message}", e);
        }
    }
}
