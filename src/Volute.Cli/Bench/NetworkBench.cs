using System.Globalization;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>What was measured of a network.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Model">The network's name.</param>
/// <param name="Input">The shape of its input.</param>
/// <param name="IsTraining">Whether a step of training was measured, not a prediction.</param>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="Milliseconds">The median.</param>
/// <param name="PeakBytes">The highest resident memory of the process.</param>
internal sealed record NetworkResult(BenchMachine Machine, string Model, Shape Input, bool IsTraining, long Parameters, double Milliseconds, long PeakBytes)
{
    /// <summary>The peer's best way, its median, and the highest resident memory of a fresh process that went only this way.</summary>
    public (string Variant, double Milliseconds, long PeakBytes)? Peer { get; init; }

    /// <summary>One JSON document.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Machine.Write(json);
        json.WriteString("model", Model);
        json.WriteArray("input", Input);
        json.WriteString("work", Work);
        json.WriteNumber("parameters", Parameters);
        json.WriteNumber("ms", Milliseconds);
        json.WriteNumber("peakBytes", PeakBytes);
        if (Peer is var (variant, milliseconds, bytes))
        {
            json.WriteString("peerVariant", variant);
            json.WriteNumber("peerMs", milliseconds);
            json.WriteNumber("peerPeakBytes", bytes);
            json.WriteNumber("ratio", milliseconds / Milliseconds);
        }
        json.WriteEndObject();
    }

    /// <summary>Two lines for people.</summary>
    public string Text()
    {
        string ours = string.Create(CultureInfo.InvariantCulture, $"{Model} {Input}, {Work}, {Machine.Summary}\nVolute   {Milliseconds,10:F2} ms  {PeakBytes / 1e6,6:F0} MB\n");
        return Peer is var (variant, milliseconds, bytes)
            ? ours + string.Create(CultureInfo.InvariantCulture, $"PyTorch  {milliseconds,10:F2} ms  {bytes / 1e6,6:F0} MB  ({variant}); its time / ours {milliseconds / Milliseconds:F2}\n")
            : ours;
    }

    private string Work => IsTraining ? "training step" : "prediction";
}

/// <summary>Measures a network, turn by turn with PyTorch's where it is asked for.</summary>
internal static class NetworkBench
{
    private static readonly string[] s_predicting = ["eager", "channels_last", "traced"], s_training = ["eager", "channels_last"];

    /// <summary>Measures <paramref name="name"/> alone, or beside PyTorch in <paramref name="python"/>.</summary>
    public static NetworkResult Measure(NamedNetwork name, Shape input, bool train, bool againstPyTorch, string? python)
    {
        NetworkRun ours = new(name, input, train);
        if (!againstPyTorch)
        {
            double alone = Contest.Medians([ours])[0][0];
            return new NetworkResult(BenchMachine.Current(null), name.Name, input, train, ours.Parameters, alone, PeakMemory.OfThisProcess());
        }
        string[] variants = train ? s_training : s_predicting;
        double[][] medians;
        using (PyTorchPeer peer = new(python, Settings.Threads))
            medians = Contest.Medians([ours], [.. variants.Select(v => Contestant(peer, v))]);
        double best = medians[1].Min();
        string variant = variants[Array.IndexOf(medians[1], best)];
        // Memory is that of processes which did nothing else.
        using PyTorchPeer fresh = new(python, Settings.Threads);
        Contest.Medians([Contestant(fresh, variant)]);
        return new NetworkResult(BenchMachine.Current(fresh), name.Name, input, train, ours.Parameters, medians[0][0], PeakMemory.OfFreshProcess(name.Name, input, train))
        {
            Peer = (variant, best, fresh.PeakBytes),
        };

        IContestant Contestant(PyTorchPeer peer, string variant) => peer.Contestant(json =>
        {
            json.WriteString("network", name.Name);
            json.WriteArray("input", input);
            json.WriteNumber("parameters", ours.Parameters);
            json.WriteBoolean("train", train);
            json.WriteString("variant", variant);
            json.WriteNumber("threads", Settings.Threads);
        });
    }
}
