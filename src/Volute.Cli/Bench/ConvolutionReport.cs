using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>What convolutions' measuring found: as JSON, as lines for people, as a page.</summary>
/// <param name="Machine">Where.</param>
/// <param name="PeakGflops">The probed peak of multiply-adds at the same threads.</param>
/// <param name="Results">The cases.</param>
internal sealed record ConvolutionReport(BenchMachine Machine, double PeakGflops, IReadOnlyList<ConvolutionResult> Results)
{
    private bool IsCompared => Results.Any(r => r.Ratio is not null);

    private bool HasAlgorithms => Results.Any(r => r.Algorithms is not null);

    /// <summary>One JSON document.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Machine.Write(json);
        json.WriteNumber("peakGflops", PeakGflops);
        json.WriteStartArray("cases");
        foreach (ConvolutionResult result in Results)
            Write(json, result);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The table and the means for people.</summary>
    public string Text()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Summary}, peak {PeakGflops:F0} GFLOP/s");
        int name = Math.Max(4, Results.Max(r => r.Case.Name.Length));
        text.AppendLine(CultureInfo.InvariantCulture, $"{"case".PadRight(name)}  {"pass",-6}  {"algorithm",-14}  {"ms",10}  {"GFLOP/s",8}  {"share",6}{(IsCompared ? $"  {"PyTorch ms",10}  {"ratio",6}" : "")}{(HasAlgorithms ? "  all algorithms, ms" : "")}");
        foreach (ConvolutionResult r in Results)
        {
            text.Append(CultureInfo.InvariantCulture, $"{r.Case.Name.PadRight(name)}  {r.PassName,-6}  {r.Algorithm,-14}  {Time(r.Milliseconds),10}  {r.Gflops,8:F0}  {r.Gflops / PeakGflops,6:P0}");
            if (IsCompared)
                text.Append(CultureInfo.InvariantCulture, $"  {Time(r.PeerMilliseconds!.Value),10}  {r.Ratio,6:F2}");
            text.AppendLine(HasAlgorithms ? $"  {AlgorithmList(r)}" : "");
        }
        if (IsCompared)
        {
            text.AppendLine("geometric means of PyTorch's time / ours (above 1: ours is faster)");
            foreach (var (family, count, mean, worst) in Means())
                text.AppendLine(CultureInfo.InvariantCulture, $"  {family,-36}  {count,4}  {mean,6:F2}  worst {worst.Ratio:F2}: {worst.Case.Name}, {worst.PassName}");
        }
        return text.ToString();
    }

    /// <summary>The same as a page of Markdown.</summary>
    /// <param name="command">The command line that made it.</param>
    public string Markdown(string command)
    {
        StringBuilder page = new();
        page.AppendLine("# Convolutions").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Summary}, {Machine.Versions}, {DateTime.UtcNow:yyyy-MM-dd}.");
        page.AppendLine(CultureInfo.InvariantCulture, $"Peak {PeakGflops:F0} GFLOP/s of multiply-adds, probed in the same run. GFLOP/s are nominal: 2 x multiplies / time; the packing of weights counts.");
        if (HasAlgorithms)
            page.AppendLine("A case in which another algorithm seems faster than the chosen one is measured again, whole, at most twice.");
        page.AppendLine();
        page.AppendLine("```bash").AppendLine(command).AppendLine("```").AppendLine();
        if (IsCompared)
        {
            page.AppendLine("Geometric means of PyTorch's time (the better of contiguous and channels_last) / ours; above 1, ours is faster:").AppendLine();
            page.AppendLine("| family | passes | mean | worst | |").AppendLine("|---|---:|---:|---:|---|");
            foreach (var (family, count, mean, worst) in Means())
                page.AppendLine(CultureInfo.InvariantCulture, $"| {family} | {count} | {mean:F2} | {worst.Ratio:F2} | {worst.Case.Name}, {worst.PassName} |");
            page.AppendLine();
        }
        page.AppendLine($"| case | pass | algorithm | ms | GFLOP/s | share |{(IsCompared ? " PyTorch ms | ratio |" : "")}{(HasAlgorithms ? " all algorithms, ms |" : "")}");
        page.AppendLine($"|---|---|---|---:|---:|---:|{(IsCompared ? "---:|---:|" : "")}{(HasAlgorithms ? "---|" : "")}");
        foreach (ConvolutionResult r in Results)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {r.Case.Name} | {r.PassName} | {r.Algorithm} | {Time(r.Milliseconds)} | {r.Gflops:F0} | {r.Gflops / PeakGflops:P0} |");
            if (IsCompared)
                page.Append(CultureInfo.InvariantCulture, $" {Time(r.PeerMilliseconds!.Value)} | {r.Ratio:F2} |");
            page.AppendLine(HasAlgorithms ? $" {AlgorithmList(r)} |" : "");
        }
        return page.ToString();
    }

    private void Write(Utf8JsonWriter json, ConvolutionResult result)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Case.Name);
        json.WriteString("pass", result.PassName);
        json.WriteString("algorithm", result.Algorithm);
        json.WriteNumber("ms", result.Milliseconds);
        json.WriteNumber("gflops", result.Gflops);
        json.WriteNumber("share", result.Gflops / PeakGflops);
        json.WriteNumber("peakBytes", result.PeakBytes);
        if (result.PeerMilliseconds is { } peer)
        {
            json.WriteNumber("peerMs", peer);
            json.WriteNumber("ratio", result.Ratio!.Value);
        }
        if (result.Algorithms is { } algorithms)
        {
            json.WriteStartArray("algorithms");
            foreach (AlgorithmTime algorithm in algorithms)
            {
                json.WriteStartObject();
                json.WriteString("name", algorithm.Name);
                json.WriteNumber("ms", algorithm.Milliseconds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteBoolean("chosenIsSlower", result.ChosenIsSlower);
        }
        json.WriteEndObject();
    }

    /// <summary>For all, then for each family that occurs: how many, the geometric mean of the ratios, the worst.</summary>
    private IEnumerable<(string Family, int Count, double Mean, ConvolutionResult Worst)> Means()
    {
        yield return Mean("all", [.. Results]);
        foreach (string family in Family.Names)
        {
            ConvolutionResult[] members = [.. Results.Where(r => Family.Of(r.Case) == family)];
            if (members.Length > 0)
                yield return Mean(family, members);
        }
    }

    private static (string, int, double, ConvolutionResult) Mean(string family, ConvolutionResult[] members)
        => (family, members.Length, Math.Exp(members.Average(r => Math.Log(r.Ratio!.Value))), members.MinBy(r => r.Ratio)!);

    private static string AlgorithmList(ConvolutionResult r)
        => string.Join(", ", r.Algorithms!.OrderBy(a => a.Milliseconds).Select(a => $"{a.Name} {Time(a.Milliseconds)}")) + (r.ChosenIsSlower ? " (chosen is slower)" : "");

    /// <summary>Milliseconds with four digits that mean something.</summary>
    private static string Time(double milliseconds)
        => milliseconds.ToString(milliseconds switch { >= 1000 => "F0", >= 100 => "F1", >= 10 => "F2", >= 1 => "F3", _ => "F4" }, CultureInfo.InvariantCulture);
}
