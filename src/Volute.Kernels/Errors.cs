namespace Volute;

/// <summary>The root of every error that Volute raises on purpose; its message says what was given, what was expected and what to do.</summary>
public class VoluteException : Exception
{
    /// <summary>Creates the error with its one clear line.</summary>
    public VoluteException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>Shapes that do not fit an operator: raised while the graph is built, at the user's own line.</summary>
public sealed class ShapeException : VoluteException
{
    /// <summary>Creates the error with its one clear line.</summary>
    public ShapeException(string message) : base(message) { }
}

/// <summary>An argument outside its rule: the message names the argument, the value given and the rule.</summary>
public sealed class InvalidArgumentException : VoluteException
{
    /// <summary>Creates the error with its one clear line.</summary>
    public InvalidArgumentException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A file that is not what its format demands.</summary>
public sealed class FileFormatException : VoluteException
{
    /// <summary>Creates the error: <paramref name="file"/>, the byte <paramref name="offset"/> (−1 where unknown) and what is wrong there.</summary>
    public FileFormatException(string file, long offset, string problem, Exception? inner = null)
        : base(offset < 0 ? $"{file}: {problem}" : $"{file}: {problem} (at byte {offset})", inner)
    {
        File = file;
        Offset = offset;
    }

    /// <summary>The file, as it was named by the caller.</summary>
    public string File { get; }

    /// <summary>The byte where the fault lies, or −1.</summary>
    public long Offset { get; }
}

/// <summary>Something needs more than is allowed: memory, elements, pixels.</summary>
public sealed class LimitException : VoluteException
{
    /// <summary>Creates the error: <paramref name="what"/> needs <paramref name="needed"/> <paramref name="unit"/>, <paramref name="allowed"/> are allowed.</summary>
    public LimitException(string what, string needed, string allowed, string unit)
        : base($"{what} needs {needed} {unit}, but at most {allowed} are allowed")
    {
    }
}
