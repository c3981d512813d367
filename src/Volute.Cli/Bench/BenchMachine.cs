using System.Text.Json;
using Volute.Training;

namespace Volute.Cli.Bench;

/// <summary>Where and with what something was measured.</summary>
/// <param name="Environment">This process.</param>
/// <param name="Peers">The peers with their versions.</param>
internal sealed record BenchMachine(RunEnvironment Environment, IReadOnlyList<string> Peers)
{
    /// <summary>This machine, with the threads in use.</summary>
    public static BenchMachine Current(params IReadOnlyList<string> peers) => new(RunEnvironment.Current(Settings.Threads), peers);

    /// <summary>The processor and the threads.</summary>
    public string Summary => $"{Environment.Processor}, {Environment.Registers}, {Environment.Threads} thread{(Environment.Threads == 1 ? "" : "s")}";

    /// <summary>What was run, with versions.</summary>
    public string Versions => string.Join(", ", [$"Volute {Environment.Volute}", Environment.Runtime, Environment.System, .. Peers]);

    /// <summary>The fields of a JSON document.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("machine", $"{Environment.Processor}, {Environment.Registers}");
        json.WriteNumber("threads", Environment.Threads);
        json.WriteString("versions", Versions);
    }
}
