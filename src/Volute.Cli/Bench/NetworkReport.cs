using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>What measuring networks found: as JSON, as lines for people, as a page.</summary>
/// <param name="Peers">Who was asked, in the order of the columns.</param>
/// <param name="Outcomes">The cases.</param>
internal sealed record NetworkReport(IReadOnlyList<Peer> Peers, IReadOnlyList<NetworkOutcome> Outcomes)
{
    private const string None = "–";

    private readonly BenchMachine _machine = BenchMachine.Current([.. Outcomes.SelectMany(o => o.Result?.Versions ?? []).Distinct()]);

    /// <summary>One JSON document; of one network that was asked for alone, without a list around it.</summary>
    public void Write(Utf8JsonWriter json, bool isAlone)
    {
        json.WriteStartObject();
        _machine.Write(json);
        if (isAlone)
        {
            Outcomes[0].Result!.Write(json);
            json.WriteEndObject();
            return;
        }
        json.WriteStartArray("networks");
        foreach (NetworkOutcome outcome in Outcomes)
        {
            json.WriteStartObject();
            if (outcome.Result is { } result)
                result.Write(json);
            else
                NetworkResult.WriteCase(json, outcome.Case);
            json.WriteStartArray("failures");
            foreach (string failure in outcome.Failures)
                json.WriteStringValue(failure);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A few lines a network for people.</summary>
    public string Text()
    {
        StringBuilder text = new();
        foreach (NetworkOutcome outcome in Outcomes)
        {
            text.AppendLine($"{outcome.Case.Title}, {_machine.Summary}").Append(outcome.Result?.Lines());
            foreach (string failure in outcome.Failures)
                text.AppendLine($"not measured: {failure}");
        }
        return text.ToString();
    }

    /// <summary>The same as a page of Markdown, without a date: pages of two runs differ in numbers only.</summary>
    /// <param name="command">The command line that made it.</param>
    public string Markdown(string command)
    {
        StringBuilder page = new();
        page.AppendLine("# Networks").AppendLine();
        page.AppendLine($"{_machine.Summary}, {_machine.Versions}.").AppendLine();
        page.AppendLine("```bash").AppendLine(command).AppendLine("```").AppendLine();
        bool compared = Peers.Count > 0;
        string times = string.Concat(Peers.Select(p => $" {p.Name} ms |")), bytes = string.Concat(Peers.Select(p => $" {p.Name} MB |")), numbers = string.Concat(Peers.Select(_ => "---:|"));
        if (compared)
            page.AppendLine("Medians, turn by turn. The ratio is the fastest peer's time / ours, that of memory the least peak of a peer / ours: above 1, ours is faster, or smaller.").AppendLine();
        page.AppendLine($"| network | input | work | Volute ms |{times}{(compared ? " ratio |" : "")} Volute MB |{bytes}{(compared ? " ratio |" : "")}");
        page.AppendLine($"|---|---|---|---:|{numbers}{(compared ? "---:|" : "")}---:|{numbers}{(compared ? "---:|" : "")}");
        foreach (NetworkOutcome outcome in Outcomes)
            page.AppendLine(Row(outcome));
        NetworkResult[] both = [.. Outcomes.Select(o => o.Result).OfType<NetworkResult>().Where(r => r.Ratio is not null)];
        if (both.Length > 0)
            page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Geometric means of {both.Length}: time {Mean(both, r => r.Ratio):F2}, memory {Mean(both, r => r.MemoryRatio):F2}.");
        string[] failures = [.. from outcome in Outcomes from failure in outcome.Failures select $"- {outcome.Case.Title}: {failure}"];
        if (failures.Length > 0)
            page.AppendLine().AppendLine("Not measured:").AppendLine().AppendLine(string.Join('\n', failures));
        return page.ToString();
    }

    private string Row(NetworkOutcome outcome)
    {
        NetworkResult? result = outcome.Result;
        List<string> cells = [outcome.Case.Network.Name, string.Join(" x ", outcome.Case.Input.ToArray()), outcome.Case.Work, Time(result?.Milliseconds)];
        cells.AddRange(Peers.Select(p => Time(Of(p)?.Milliseconds)));
        if (Peers.Count > 0)
            cells.Add(Ratio(result?.Ratio));
        cells.Add(Megabytes(result?.PeakBytes));
        cells.AddRange(Peers.Select(p => Megabytes(Of(p)?.PeakBytes)));
        if (Peers.Count > 0)
            cells.Add(Ratio(result?.MemoryRatio));
        return $"| {string.Join(" | ", cells)} |";

        PeerResult? Of(Peer peer) => result?.Peers.FirstOrDefault(r => r.Peer == peer);
    }

    private static double Mean(NetworkResult[] results, Func<NetworkResult, double?> ratio) => Math.Exp(results.Average(r => Math.Log(ratio(r)!.Value)));

    private static string Time(double? milliseconds) => milliseconds?.ToString(milliseconds >= 100 ? "F1" : "F2", CultureInfo.InvariantCulture) ?? None;

    private static string Ratio(double? ratio) => ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? None;

    private static string Megabytes(long? bytes) => bytes is { } b ? (b / 1e6).ToString("F0", CultureInfo.InvariantCulture) : None;
}
