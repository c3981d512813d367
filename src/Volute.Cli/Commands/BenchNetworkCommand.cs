using System.CommandLine;
using Volute.Cli.Bench;
using Volute.Formats;

namespace Volute.Cli;

/// <summary>volute bench net: time and memory of predictions and training steps.</summary>
internal static class BenchNetworkCommand
{
    public static Command Create()
    {
        Option<string?> model = new("--model") { Description = NamedNetwork.Names };
        Option<string?> input = BenchCommand.Input();
        Option<bool> train = new("--train") { Description = "Measure a step of training (cross-entropy, SGD with momentum), not a prediction" };
        Option<string?> networks = new("--networks") { Description = "A file of networks, one JSON object a line, instead of --model, --input and --train" };
        Option<string?> report = new("--report") { Description = "Also write a page of Markdown" };
        PeerOptions against = new();
        Option<bool> json = CommonOptions.Json();
        Command command = new("net", "Measure networks") { model, input, train, networks, report, json };
        against.AddTo(command);
        command.SetAction(parsed =>
        {
            IReadOnlyList<Peer> peers = against.Peers(parsed);
            string? file = parsed.GetValue(networks);
            if (file is null == parsed.GetValue(model) is null)
                throw new InvalidArgumentException("bench net needs either --model or --networks; volute bench net --help explains them");
            if (file is not null && (parsed.GetValue(input) is not null || parsed.GetValue(train)))
                throw new InvalidArgumentException("--input and --train stand in the lines of --networks");
            NetworkReport found = file is null ? One(NetworkCase.Of(parsed.GetValue(model)!, parsed.GetValue(input), parsed.GetValue(train)), peers, parsed.GetValue(report))
                : Many(NetworkFile.Read(file), peers, parsed.GetValue(report));
            if (parsed.GetValue(json))
                Output.Json(writer => found.Write(writer, isAlone: file is null));
            else
                Console.Write(found.Text());
            int failed = found.Outcomes.Count(o => o.Failures.Count > 0);
            return failed == 0 ? 0 : throw new VoluteException($"{failed} of {found.Outcomes.Count} networks not measured, or not beside every peer: {found.Outcomes.First(o => o.Failures.Count > 0).Failures[0]}");
        });
        return command;
    }

    private static NetworkReport One(NetworkCase work, IReadOnlyList<Peer> peers, string? page)
    {
        if (peers.FirstOrDefault(p => p.Ways(work.IsTraining).Count == 0) is { } unable)
            throw new InvalidArgumentException($"--against {unable.Key}: {unable.Name} does not train; leave it or --train out");
        NetworkReport found = new(peers, [new NetworkOutcome(work, NetworkBench.Measure(work, peers), [])]);
        Save(found, page);
        return found;
    }

    private static NetworkReport Many(IReadOnlyList<NetworkCase> cases, IReadOnlyList<Peer> peers, string? page)
    {
        List<NetworkOutcome> outcomes = [];
        NetworkReport found = new(peers, []);
        foreach (NetworkCase work in cases)
        {
            BenchCommand.Progress($"{outcomes.Count + 1} of {cases.Count}: {work.Title}");
            outcomes.Add(NetworkBench.MeasureAmongMany(work, peers));
            found = new(peers, [.. outcomes]);
            // A long run that is cut off leaves what it found.
            Save(found, page);
        }
        BenchCommand.Progress("");
        return found;
    }

    private static void Save(NetworkReport found, string? page)
    {
        if (page is not null)
            AtomicFile.WriteAllText(page, found.Markdown(BenchCommand.CommandLine()));
    }
}
