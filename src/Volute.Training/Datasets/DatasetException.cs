namespace Volute.Training;

/// <summary>Data that cannot be trained on as they lie; everything that was found wrong is in the one error.</summary>
public sealed class DatasetException : VoluteException
{
    private const int Shown = 6;

    /// <summary>Creates the error for what lies at <paramref name="path"/>.</summary>
    public DatasetException(string path, params IReadOnlyList<string> problems)
        : base(problems.Count == 1
            ? $"{path}: {problems[0]}"
            : $"{path}: {problems.Count} problems: {string.Join("; ", problems.Select((p, i) => $"({i + 1}) {p}"))}")
    {
        Path = path;
        Problems = problems;
    }

    /// <summary>The folder or file that was opened.</summary>
    public string Path { get; }

    /// <summary>Each problem, a sentence that names the files.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>"a, b, c and 7 more".</summary>
    internal static string List(IReadOnlyCollection<string> names)
        => names.Count <= Shown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(Shown - 1))} and {names.Count - (Shown - 1)} more";

    /// <summary>"1 image", "2 images".</summary>
    internal static string Count(int count, string noun)
        => count == 1 ? $"1 {noun}" : $"{count} {(noun.EndsWith("ss", StringComparison.Ordinal) ? noun + "es" : noun + "s")}";
}
