using System.CommandLine;
using Volute.Cli.Bench;

namespace Volute.Cli;

/// <summary>volute bench start: from the start of a process to the first prediction.</summary>
internal static class BenchStartCommand
{
    public static Command Create()
    {
        Option<string> model = Model();
        Option<string?> input = BenchCommand.Input();
        PeerOptions against = new();
        Option<bool> json = CommonOptions.Json();
        Command command = new("start", "Measure the time from the start of a process to its first prediction") { model, input, json };
        against.AddTo(command);
        command.SetAction(parsed =>
        {
            StartResult found = StartBench.Measure(NetworkCase.Of(parsed.GetRequiredValue(model), parsed.GetValue(input), train: false), against.Peers(parsed));
            if (parsed.GetValue(json))
                Output.Json(found.Write);
            else
                Console.Write(found.Text());
            return 0;
        });
        return command;
    }

    /// <summary>The process that is measured: it builds a network, predicts once and says so.</summary>
    public static Command CreatePrediction()
    {
        Option<string> model = Model();
        Option<string?> input = BenchCommand.Input();
        Command command = new("predict", "Predict once, on random numbers") { model, input };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            NetworkCase work = NetworkCase.Of(parsed.GetRequiredValue(model), parsed.GetValue(input), train: false);
            new NetworkRun(work).Run(1);
            Console.WriteLine("predicted");
            return 0;
        });
        return command;
    }

    private static Option<string> Model() => new("--model") { Description = NamedNetwork.Names, Required = true };
}
