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
    public static long OfFreshProcess(NetworkCase work)
    {
        string[] arguments = ["bench", "net", "--json", "--model", work.Network.Name, "--input", string.Join(',', work.Input.ToArray())];
        using Process process = OwnProcess.Start([.. arguments, .. work.IsTraining ? (string[])["--train"] : []]);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new VoluteException($"the process that measures our memory ended with exit code {process.ExitCode}");
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("peakBytes").GetInt64();
    }
}
