using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>What a peer took for a network.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Version">Its version.</param>
/// <param name="Way">Its fastest way.</param>
/// <param name="Milliseconds">The median of that.</param>
/// <param name="PeakBytes">The highest resident memory of a fresh process that went only this way.</param>
internal sealed record PeerResult(Peer Peer, string Version, string Way, double Milliseconds, long PeakBytes);

/// <summary>What was measured of a network.</summary>
/// <param name="Case">The network and what it did.</param>
/// <param name="Milliseconds">The median.</param>
/// <param name="PeakBytes">The highest resident memory of the process.</param>
/// <param name="Peers">What the peers took.</param>
internal sealed record NetworkResult(NetworkCase Case, double Milliseconds, long PeakBytes, IReadOnlyList<PeerResult> Peers)
{
    /// <summary>The fastest peer's time / ours.</summary>
    public double? Ratio => Fastest?.Milliseconds / Milliseconds;

    /// <summary>The least memory of a peer / ours.</summary>
    public double? MemoryRatio => Peers.Count == 0 ? null : (double)Peers.Min(p => p.PeakBytes) / PeakBytes;

    private PeerResult? Fastest => Peers.MinBy(p => p.Milliseconds);

    /// <summary>The peers with their versions.</summary>
    public IEnumerable<string> Versions => Peers.Select(p => $"{p.Peer.Name} {p.Version}");

    /// <summary>The fields of a JSON object; those named after the peer are of the fastest.</summary>
    public void Write(Utf8JsonWriter json)
    {
        WriteCase(json, Case);
        json.WriteNumber("ms", Milliseconds);
        json.WriteNumber("peakBytes", PeakBytes);
        if (Fastest is not { } fastest)
            return;
        json.WriteStartArray("peers");
        foreach (PeerResult peer in Peers)
        {
            json.WriteStartObject();
            json.WriteString("name", peer.Peer.Key);
            json.WriteString("variant", peer.Way);
            json.WriteNumber("ms", peer.Milliseconds);
            json.WriteNumber("peakBytes", peer.PeakBytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("peer", fastest.Peer.Key);
        json.WriteString("peerVariant", fastest.Way);
        json.WriteNumber("peerMs", fastest.Milliseconds);
        json.WriteNumber("peerPeakBytes", fastest.PeakBytes);
        json.WriteNumber("ratio", Ratio!.Value);
        json.WriteNumber("memoryRatio", MemoryRatio!.Value);
    }

    /// <summary>What a case is, as fields of a JSON object.</summary>
    public static void WriteCase(Utf8JsonWriter json, NetworkCase work)
    {
        json.WriteString("model", work.Network.Name);
        json.WriteArray("input", work.Input);
        json.WriteString("work", work.Work);
        json.WriteNumber("parameters", work.Parameters);
    }

    /// <summary>A line for us and one for each peer.</summary>
    public string Lines()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"Volute",-12}  {Milliseconds,10:F2} ms  {PeakBytes / 1e6,6:F0} MB");
        foreach (PeerResult peer in Peers)
            text.AppendLine(CultureInfo.InvariantCulture, $"{peer.Peer.Name,-12}  {peer.Milliseconds,10:F2} ms  {peer.PeakBytes / 1e6,6:F0} MB  ({peer.Way}); its time / ours {peer.Milliseconds / Milliseconds:F2}");
        return text.ToString();
    }
}
