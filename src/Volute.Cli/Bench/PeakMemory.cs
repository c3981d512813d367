using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>The highest resident memory of a process.</summary>
internal static class PeakMemory
{
    /// <summary>Of this process so far, in bytes.</summary>
    public static long OfThisProcess()
    {
        const string Status = "/proc/self/status", Field = "VmHWM:";
        if (File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line)
            return long.Parse(line.AsSpan(Field.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    /// <summary>Of a fresh process of this program that measures the same network alone.</summary>
    /// <exception cref="VoluteException">The process failed.</exception>
    public static long OfFreshProcess(string model, Shape input, bool train)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };
        // Started as `dotnet Volute.Cli.dll`, the program is the runtime, and the first argument is ours.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        string[] arguments = ["bench", "net", "--json", "--model", model, "--input", string.Join(',', input.ToArray()), "--threads", Settings.Threads.ToString(CultureInfo.InvariantCulture)];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        if (Settings.MemoryLimit is { } limit)
            start.ArgumentList.Add($"--memory={limit}B");
        if (train)
            start.ArgumentList.Add("--train");
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new VoluteException($"the process that measures our memory ended with exit code {process.ExitCode}");
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("peakBytes").GetInt64();
    }
}
