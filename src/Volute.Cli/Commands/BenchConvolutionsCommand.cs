using System.CommandLine;
using Volute.Cli.Bench;
using Volute.Formats;
using Volute.Kernels;

namespace Volute.Cli;

/// <summary>volute bench conv: how fast the passes of convolutions are.</summary>
internal static class BenchConvolutionsCommand
{
    public static Command Create()
    {
        Option<string[]> shapes = new("--shapes") { Description = "Files of convolutions, one JSON object a line", Required = true, AllowMultipleArgumentsPerToken = true };
        Option<string> passes = new("--passes") { Description = "Some of output, input and weight, separated by commas", DefaultValueFactory = _ => "output,input,weight" };
        Option<bool> all = new("--all-algorithms") { Description = "Measure every algorithm that supports a case, not only the chosen one" };
        Option<string?> report = new("--report") { Description = "Also write a page of Markdown" };
        Option<string?> against = new("--against") { Description = "Measure PyTorch too, turn by turn: pytorch" };
        against.AcceptOnlyFromAmong("pytorch");
        Option<string?> python = PeerOptions.Python();
        Option<bool> json = CommonOptions.Json();
        Command command = new("conv", "Measure the passes of convolutions") { shapes, passes, all, against, python, report, json };
        command.SetAction(parsed =>
        {
            Pass[] wanted = Passes(parsed.GetRequiredValue(passes));
            ConvolutionCase[] cases = [.. parsed.GetRequiredValue(shapes).SelectMany(ShapeFile.Read)];
            using PeerFolder? folder = parsed.GetValue(against) is null ? null : new PeerFolder();
            using PeerProcess? peer = folder is null ? null : new PeerProcess(new PyTorch(parsed.GetValue(python)), folder, Settings.Threads);
            peer?.WaitUntilReady();
            BenchMachine machine = peer is null ? BenchMachine.Current() : BenchMachine.Current($"PyTorch {peer.Version}");
            double peak = Peak.Measure(Settings.Threads);
            ConvolutionBench bench = new(peer, parsed.GetValue(all));
            List<ConvolutionResult> results = [];
            foreach (ConvolutionCase c in cases)
            {
                foreach (Pass pass in wanted)
                {
                    results.Add(bench.Measure(c, pass));
                    BenchCommand.Progress($"{results.Count} of {cases.Length * wanted.Length}: {c.Name}");
                }
            }
            BenchCommand.Progress("");
            ConvolutionReport found = new(machine, Math.Max(peak, Peak.Measure(Settings.Threads)), results);
            if (parsed.GetValue(report) is { } page)
                AtomicFile.WriteAllText(page, found.Markdown(BenchCommand.CommandLine()));
            if (parsed.GetValue(json))
                Output.Json(found.Write);
            else
                Console.Write(found.Text());
            return 0;
        });
        return command;
    }

    private static Pass[] Passes(string text)
    {
        string[] known = ["output", "input", "weight"], wanted = text.Split(',', StringSplitOptions.TrimEntries);
        return wanted.FirstOrDefault(w => !known.Contains(w)) is { } other ? throw new InvalidArgumentException($"--passes must be some of {string.Join(", ", known)}, got '{other}'")
            : [.. wanted.Distinct().Select(w => (Pass)Array.IndexOf(known, w))];
    }
}
