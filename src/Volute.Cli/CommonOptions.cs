using System.CommandLine;

namespace Volute.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "On an error, print the whole trace", Recursive = true };

    public static readonly Option<int?> Threads = new("--threads") { Description = "Threads to use; results are the same for any number", Recursive = true };

    public static Option<bool> Json() => new("--json") { Description = "Print exactly one JSON document" };
}
