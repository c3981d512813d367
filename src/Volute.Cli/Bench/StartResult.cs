using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>A peer's median from the start of a process to the first prediction.</summary>
internal sealed record PeerStart(Peer Peer, string Version, double Milliseconds);

/// <summary>Medians from the start of a process to the first prediction.</summary>
/// <param name="Case">The network.</param>
/// <param name="Milliseconds">Ours.</param>
/// <param name="Peers">The peers'.</param>
internal sealed record StartResult(NetworkCase Case, double Milliseconds, IReadOnlyList<PeerStart> Peers)
{
    private readonly BenchMachine _machine = BenchMachine.Current([.. Peers.Select(p => $"{p.Peer.Name} {p.Version}")]);

    /// <summary>One JSON document.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        _machine.Write(json);
        json.WriteString("model", Case.Network.Name);
        json.WriteArray("input", Case.Input);
        json.WriteString("work", "start and first prediction");
        json.WriteNumber("ms", Milliseconds);
        if (Peers.Count > 0)
        {
            json.WriteStartArray("peers");
            foreach (PeerStart peer in Peers)
            {
                json.WriteStartObject();
                json.WriteString("name", peer.Peer.Key);
                json.WriteNumber("ms", peer.Milliseconds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("ratio", Peers.Min(p => p.Milliseconds) / Milliseconds);
        }
        json.WriteEndObject();
    }

    /// <summary>A line for us and one for each peer.</summary>
    public string Text()
    {
        StringBuilder text = new();
        text.AppendLine($"{Case.Network.Name} {Case.Input}, from the start of a process to its first prediction, {_machine.Summary}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"Volute",-12}  {Milliseconds,8:F0} ms");
        foreach (PeerStart peer in Peers)
            text.AppendLine(CultureInfo.InvariantCulture, $"{peer.Peer.Name,-12}  {peer.Milliseconds,8:F0} ms; its time / ours {peer.Milliseconds / Milliseconds:F2}");
        return text.ToString();
    }
}
