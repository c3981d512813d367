using System.CommandLine;
using Volute.Cli.Bench;
using Volute.Formats;
using Volute.Kernels;

namespace Volute.Cli;

/// <summary>volute bench conv|net: how fast convolutions and networks are here, and how fast beside PyTorch.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure convolutions and networks, alone or beside PyTorch") { Convolutions(), Network() };

    private static Command Convolutions()
    {
        Option<string[]> shapes = new("--shapes") { Description = "Files of convolutions, one JSON object a line", Required = true, AllowMultipleArgumentsPerToken = true };
        Option<string> passes = new("--passes") { Description = "Some of output, input and weight, separated by commas", DefaultValueFactory = _ => "output,input,weight" };
        Option<bool> all = new("--all-algorithms") { Description = "Measure every algorithm that supports a case, not only the chosen one" };
        Option<string?> report = new("--report") { Description = "Also write a page of Markdown" };
        Option<string?> against = Against(), python = Python();
        Option<bool> json = CommonOptions.Json();
        Command command = new("conv", "Measure the passes of convolutions") { shapes, passes, all, against, python, report, json };
        command.SetAction(parsed =>
        {
            Pass[] wanted = Passes(parsed.GetRequiredValue(passes));
            ConvolutionCase[] cases = [.. parsed.GetRequiredValue(shapes).SelectMany(ShapeFile.Read)];
            using PyTorchPeer? peer = parsed.GetValue(against) is null ? null : new PyTorchPeer(parsed.GetValue(python), Settings.Threads);
            double peak = Peak.Measure(Settings.Threads);
            ConvolutionBench bench = new(peer, parsed.GetValue(all));
            List<ConvolutionResult> results = [];
            foreach (ConvolutionCase c in cases)
            {
                foreach (Pass pass in wanted)
                {
                    results.Add(bench.Measure(c, pass));
                    Progress($"{results.Count} of {cases.Length * wanted.Length}: {c.Name}");
                }
            }
            Progress("");
            ConvolutionReport found = new(BenchMachine.Current(peer), Math.Max(peak, Peak.Measure(Settings.Threads)), results);
            if (parsed.GetValue(report) is { } page)
                AtomicFile.WriteAllText(page, found.Markdown(CommandLine()));
            if (parsed.GetValue(json))
                Output.Json(found.Write);
            else
                Console.Write(found.Text());
            return 0;
        });
        return command;
    }

    private static Command Network()
    {
        Option<string> model = new("--model") { Description = NamedNetwork.Names, Required = true };
        Option<string?> input = new("--input") { Description = "The input's shape, for example 1,1,572,572; the network's usual one unless given" };
        Option<bool> train = new("--train") { Description = "Measure a step of training (cross-entropy, SGD with momentum), not a prediction" };
        Option<string?> against = Against(), python = Python();
        Option<bool> json = CommonOptions.Json();
        Command command = new("net", "Measure a network") { model, input, train, against, python, json };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(model);
            NamedNetwork network = NamedNetwork.Find(name) ?? throw new InvalidArgumentException($"'{name}' is no network's name; there are {NamedNetwork.Names}");
            Shape shape = parsed.GetValue(input) is { } text ? ShapeOption.Parse(text) : network.Input;
            NetworkResult found = NetworkBench.Measure(network, shape, parsed.GetValue(train), parsed.GetValue(against) is not null, parsed.GetValue(python));
            if (parsed.GetValue(json))
                Output.Json(found.Write);
            else
                Console.Write(found.Text());
            return 0;
        });
        return command;
    }

    private static Option<string?> Against()
    {
        Option<string?> against = new("--against") { Description = "Measure PyTorch too, turn by turn: pytorch" };
        against.AcceptOnlyFromAmong("pytorch");
        return against;
    }

    private static Option<string?> Python() => new("--python") { Description = "The Python that has PyTorch; /usr/bin/python3, else python3, unless given" };

    private static Pass[] Passes(string text)
    {
        string[] known = ["output", "input", "weight"], wanted = text.Split(',', StringSplitOptions.TrimEntries);
        return wanted.FirstOrDefault(w => !known.Contains(w)) is { } other ? throw new InvalidArgumentException($"--passes must be some of {string.Join(", ", known)}, got '{other}'")
            : [.. wanted.Distinct().Select(w => (Pass)Array.IndexOf(known, w))];
    }

    /// <summary>What is being measured, where someone looks at a terminal.</summary>
    private static void Progress(string text)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r\u001b[K{text}");
    }

    private static string CommandLine() => $"volute {string.Join(' ', Environment.GetCommandLineArgs().Skip(1))}";
}
