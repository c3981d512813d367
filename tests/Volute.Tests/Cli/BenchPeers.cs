using System.ComponentModel;
using System.Diagnostics;
using Volute.Tests.Formats;

namespace Volute.Tests.Cli;

/// <summary>Peers for volute bench: scripts that answer at once with made-up times, and whether the real ones are here.</summary>
internal static class BenchPeers
{
    public const string Python = "/usr/bin/python3";

    /// <summary>The folder benchmarks/compare of the project.</summary>
    public static readonly string Compare = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "benchmarks", "compare"));

    /// <summary>A script that says that everything takes so many milliseconds and bytes; asked for a model it leaves an empty file.</summary>
    public static string Answering(TemporaryFolder folder, string name, double milliseconds, long bytes) => Script(folder, name, $$"""
        #!/bin/sh
        echo '{"version":"{{name}}"}'
        while read request; do
          case "$request" in *'"export"'*) touch "$(echo "$request" | sed 's/.*"export":"\([^"]*\)".*/\1/')";; esac
          echo '{"ms":[{{milliseconds}}],"peakBytes":{{bytes}}}'
        done
        """);

    /// <summary>Whether a program runs these arguments without complaint.</summary>
    public static async Task<bool> Runs(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    public static Task<bool> HasTorch() => Runs(Python, "-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)");

    public static string Saved(TemporaryFolder folder, string name, string text)
    {
        File.WriteAllText(folder[name], text);
        return folder[name];
    }

    public static string Script(TemporaryFolder folder, string name, string text)
    {
        string path = Saved(folder, name, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
