using System.Text.Json;
using Volute.Training;

namespace Volute.Cli.Bench;

/// <summary>Where and with what something was measured.</summary>
/// <param name="Environment">This process.</param>
/// <param name="PyTorch">The peer's version, where there is one.</param>
internal sealed record BenchMachine(RunEnvironment Environment, string? PyTorch)
{
    /// <summary>This machine, with the threads in use.</summary>
    public static BenchMachine Current(PyTorchPeer? peer) => new(RunEnvironment.Current(Settings.Threads), peer?.Version);

    /// <summary>The processor and the threads.</summary>
    public string Summary => $"{Environment.Processor}, {Environment.Registers}, {Environment.Threads} thread{(Environment.Threads == 1 ? "" : "s")}";

    /// <summary>What was run, with versions.</summary>
    public string Versions => $"Volute {Environment.Volute}, {Environment.Runtime}, {Environment.System}{(PyTorch is null ? "" : $", PyTorch {PyTorch}")}";

    /// <summary>The fields of a JSON document.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("machine", $"{Environment.Processor}, {Environment.Registers}");
        json.WriteNumber("threads", Environment.Threads);
        json.WriteString("versions", Versions);
    }
}
