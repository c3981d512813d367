using System.Diagnostics;
using System.Globalization;

namespace Volute.Cli.Bench;

/// <summary>Fresh processes of this program, with the same settings.</summary>
internal static class OwnProcess
{
    /// <summary>Starts one; its standard output is for the caller.</summary>
    public static Process Start(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };
        // Started as `dotnet Volute.Cli.dll`, the program is the runtime, and the first argument is ours.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add($"--threads={Settings.Threads.ToString(CultureInfo.InvariantCulture)}");
        if (Settings.MemoryLimit is { } limit)
            start.ArgumentList.Add($"--memory={limit}B");
        return Process.Start(start)!;
    }
}
