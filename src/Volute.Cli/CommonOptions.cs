using System.CommandLine;

namespace Volute.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "On an error, print the whole trace", Recursive = true };

    public static readonly Option<int?> Threads = new("--threads") { Description = "Threads to use; results are the same for any number", Recursive = true };

    public static readonly Option<string?> Memory = new("--memory") { Description = "The most memory that a plan may take, such as 8GB: what does not fit is computed again", Recursive = true };

    public static Option<bool> Json() => new("--json") { Description = "Print exactly one JSON document" };
}
