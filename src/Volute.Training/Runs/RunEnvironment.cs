using System.Reflection;
using System.Runtime.InteropServices;
using Volute.Kernels;

namespace Volute.Training;

/// <summary>Where something was computed; no name of a machine or a user.</summary>
/// <param name="Volute">Volute's version.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="System">The operating system and architecture.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Registers">The width of its vector registers in use.</param>
/// <param name="Threads">Threads used.</param>
/// <param name="MemoryBytes">The memory that the process may use.</param>
public sealed record RunEnvironment(string Volute, string Runtime, string System, string Processor, string Registers, int Threads, long MemoryBytes)
{
    /// <summary>This process.</summary>
    public static RunEnvironment Current(int threads) => new(
        typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        ProcessorName(), Isa.Name, threads, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        try
        {
            if (File.Exists(Linux) && File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line)
                return line[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The name is a courtesy; without it the identifier below will do.
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }
}
