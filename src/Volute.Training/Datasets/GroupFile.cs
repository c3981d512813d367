using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// groups.csv beside the images: lines case,group. What is of one patient, place or film must not be both trained on and validated with.
/// </summary>
internal static class GroupFile
{
    /// <summary>
    /// The group of each sample; null where there is no such file. A sample that is not listed, or a listed one that is not there, is a problem.
    /// </summary>
    public static string[]? Read(string root, string[] names, DatasetProblems problems)
    {
        string file = Path.Combine(root, "groups.csv");
        if (!File.Exists(file))
            return null;
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
        string[] unlisted = [.. names.Where(name => !groupOf.ContainsKey(name))],
            absent = [.. groupOf.Keys.Except(names).Order(NaturalOrder.Instance)];
        if (unlisted.Length > 0)
            problems.Add($"{DatasetException.Count(unlisted.Length, "image")} without a group in groups.csv: {DatasetException.List(unlisted)}");
        if (absent.Length > 0)
            problems.Add($"{DatasetException.Count(absent.Length, "case")} of groups.csv without an image: {DatasetException.List(absent)}");
        return [.. names.Select(name => groupOf.GetValueOrDefault(name, ""))];
    }
}
