using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// groups.csv beside the images: lines case,group. What is of one patient, place or film must not be both trained on and validated with.
/// </summary>
internal static class GroupFile
{
    /// <summary>
    /// The group of each sample by name; null where there is no such file. A training sample that is not listed, or a listed one that is not there,
    /// is a problem.
    /// </summary>
    public static Dictionary<string, string>? Read(string root, string[] names, string[] tests, DatasetProblems problems)
    {
        string file = Path.Combine(root, "groups.csv");
        if (!File.Exists(file) || problems.Description(file, () => Parse(file)) is not { } groupOf)
            return null;
        string[] unlisted = [.. names.Where(name => !groupOf.ContainsKey(name))],
            absent = [.. groupOf.Keys.Except(names).Except(tests).Order(NaturalOrder.Instance)];
        if (unlisted.Length > 0)
            problems.Add(FindingKind.BrokenDescription, $"{DatasetException.Count(unlisted.Length, "image")} without a group in groups.csv: {DatasetException.List(unlisted)}",
                "add a line case,group for each", unlisted);
        if (absent.Length > 0)
            problems.Add(FindingKind.BrokenDescription, $"{DatasetException.Count(absent.Length, "case")} of groups.csv without an image: {DatasetException.List(absent)}",
                "bring the images, or remove the lines", absent);
        return groupOf;
    }

    private static Dictionary<string, string> Parse(string file)
    {
        Dictionary<string, string> groupOf = new(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string[] cells = [.. line.Split(',').Select(cell => cell.Trim())];
            if (line.Trim().Length == 0 || number == 1 && cells[0].Equals("case", StringComparison.OrdinalIgnoreCase))
                continue;
            if (cells.Length != 2 || cells[0].Length == 0 || cells[1].Length == 0)
                throw new FileFormatException(file, -1, $"line {number} is '{line}', expected case,group");
            groupOf[cells[0]] = cells[1];
        }
        return groupOf;
    }
}
