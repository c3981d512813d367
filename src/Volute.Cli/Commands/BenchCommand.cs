using System.CommandLine;

namespace Volute.Cli;

/// <summary>volute bench conv|net|start: how fast convolutions, networks and their starts are here, and how fast beside PyTorch and ONNX Runtime.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure convolutions and networks, alone or beside PyTorch and ONNX Runtime")
    {
        BenchConvolutionsCommand.Create(), BenchNetworkCommand.Create(), BenchStartCommand.Create(), BenchStartCommand.CreatePrediction(),
    };

    /// <summary>The option of the input's shape.</summary>
    public static Option<string?> Input() => new("--input") { Description = "The input's shape, for example 1,1,572,572; the network's usual one unless given" };

    /// <summary>What is being measured, where someone looks at a terminal.</summary>
    public static void Progress(string text)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r\u001b[K{text}");
    }

    /// <summary>What was asked for, as it stands in a report.</summary>
    public static string CommandLine() => $"volute {string.Join(' ', Environment.GetCommandLineArgs().Skip(1))}";
}
