using System.Runtime.ExceptionServices;

namespace Volute.Training;

/// <summary>What is wrong with a dataset: collected while it is looked at, thrown as one error.</summary>
internal sealed class DatasetProblems(string path)
{
    private readonly List<string> problems = [];
    private VoluteException? cause;

    public int Count => problems.Count;

    public void Add(string problem) => problems.Add(problem);

    /// <summary>A file that could not be read; its error names it.</summary>
    public void Add(VoluteException error)
    {
        problems.Add(error.Message);
        cause ??= error;
    }

    /// <summary>Throws what was found; an unreadable file alone as the error that its reader gave.</summary>
    public void ThrowIfAny()
    {
        if (problems.Count == 1 && cause != null)
            ExceptionDispatchInfo.Throw(cause);
        if (problems.Count > 0)
            throw new DatasetException(path, problems);
    }
}
