using System.Diagnostics;

namespace Volute;

/// <summary>Finds the user's own line among the frames of the call stack: the first one outside Volute.</summary>
internal static class SourceLine
{
    /// <summary>What calls of its own accord, and is nobody's program.</summary>
    private static readonly HashSet<string> s_own = ["Volute", "Volute.Kernels", "Volute.Formats", "Volute.Figures", "Volute.Training", "Volute.Cli", "Volute.Explorer"];

    /// <summary>"Program.cs:12", or null where no debug information is at hand.</summary>
    public static string? Find()
    {
        foreach (StackFrame frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
        {
            string? assembly = DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName;
            if (assembly is null || s_own.Contains(assembly.Split(',')[0]))
                continue;
            return frame.GetFileName() is { } file ? $"{Path.GetFileName(file)}:{frame.GetFileLineNumber()}" : null;
        }
        return null;
    }

    /// <summary>A shape error with the module it happened in and the user's line.</summary>
    public static ShapeException Error(string message)
    {
        string where = (Scope.Current, Find()) switch
        {
            ("", null) => "",
            ("", { } line) => $" [{line}]",
            (var path, null) => $" [in {path}]",
            var (path, line) => $" [in {path}, {line}]",
        };
        return new ShapeException(message + where);
    }
}
