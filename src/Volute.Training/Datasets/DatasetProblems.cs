using System.Runtime.ExceptionServices;

namespace Volute.Training;

/// <summary>What is found in a dataset while it is looked at. Opening throws the faults as one error; the doctor reports all.</summary>
internal sealed class DatasetProblems(string path)
{
    private readonly List<(Finding Finding, VoluteException? Cause)> found = [];

    /// <summary>The faults so far.</summary>
    public int Count => found.Count(f => f.Finding.Severity == FindingSeverity.Fault);

    public IReadOnlyList<Finding> Findings => [.. found.Select(f => f.Finding)];

    public void Add(FindingKind kind, string message, string cure, params IReadOnlyList<string> files)
        => found.Add((new(FindingSeverity.Fault, kind, message, files, cure), null));

    public void Warn(FindingKind kind, string message, string cure, params IReadOnlyList<string> files)
        => found.Add((new(FindingSeverity.Warning, kind, message, files, cure), null));

    /// <summary>A file that could not be read; its error names it.</summary>
    public void Add(VoluteException error, string file)
    {
        VoluteException cause = error is LabelValueException { InnerException: VoluteException inner } ? inner : error;
        (FindingKind kind, string cure) = error is LabelValueException ? (FindingKind.NonIntegerLabel, "resample the mask again, by nearest neighbour")
            : FileKinds.IsForeign(file) ? (FindingKind.ForeignFormat, $"convert it to one of {FileKinds.ReadableList}")
            : (FindingKind.DamagedFile, "get the file anew from where it came from, or remove it with its partner");
        found.Add((new(FindingSeverity.Fault, kind, cause.Message, [file], cure), cause));
    }

    /// <summary>What <paramref name="read"/> gives; null, with its error as a fault, where a file beside the images is not what it should be.</summary>
    public T? Description<T>(string file, Func<T?> read) where T : class
    {
        try
        {
            return read();
        }
        catch (VoluteException error)
        {
            found.Add((new(FindingSeverity.Fault, FindingKind.BrokenDescription, error.Message, [file], "correct the file, or remove it"), error));
            return null;
        }
    }

    /// <summary>The faults of opening that were thrown at once.</summary>
    public void Add(DatasetException error)
    {
        foreach (string problem in error.Problems)
            Add(FindingKind.Layout, problem, "arrange the files in one of the layouts that are known");
    }

    /// <summary>Throws what was found; an unreadable file alone as the error that its reader gave, which says what to do.</summary>
    public void ThrowIfAny()
    {
        (Finding Finding, VoluteException? Cause)[] faults = [.. found.Where(f => f.Finding.Severity == FindingSeverity.Fault)];
        if (faults is [{ Cause: { } only }])
            ExceptionDispatchInfo.Throw(only);
        if (faults.Length > 0)
            throw new DatasetException(path, [.. faults.Select(f => f.Cause?.Message ?? f.Finding.ToString())]);
    }
}
