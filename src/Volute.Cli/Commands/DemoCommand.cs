using System.CommandLine;
using Volute.Training;

namespace Volute.Cli;

/// <summary>volute demo: makes pictures of cells, trains a U-Net on them, and shows what it finds in others.</summary>
internal static class DemoCommand
{
    private const int Images = 48, Size = 128, Epochs = 10;

    public static Command Create()
    {
        Option<string> folder = new("--out", "-o") { Description = "Where everything goes", DefaultValueFactory = _ => "demo" };
        Option<long> seed = new("--seed") { Description = "The seed of everything random" };
        Command command = new("demo", "Everything, end to end, on generated pictures of cells") { folder, seed };
        command.SetAction(parsed =>
        {
            string root = parsed.GetRequiredValue(folder);
            string data = Path.Combine(root, "cells"), run = Free(Path.Combine(root, "run")), masks = Path.Combine(root, "masks");
            if (!Directory.Exists(data))
                SampleMaker.Cells(data, Images, Size, (ulong)parsed.GetValue(seed));
            Console.WriteLine($"data    {Path.GetFullPath(data)}");
            int code = TrainCommand.Train(data, run, new TrainingWishes { Epochs = Epochs, BaseWidth = 8, Seed = parsed.GetValue(seed) }, json: false);
            if (code != 0)
                return code;
            code = PredictCommand.Predict(run, [Path.Combine(data, "test", "images")], masks, asJson: false);
            Console.WriteLine($"masks   {Path.GetFullPath(masks)}");
            string picture = Path.Combine(root, "demo.png");
            DemoPicture.Write(picture, Predictor.Open(run), Dataset.Open(data).Test!);
            Console.WriteLine($"picture {Path.GetFullPath(picture)}");
            return code;
        });
        return command;
    }

    private static string Free(string path)
    {
        string free = path;
        for (int number = 2; Directory.Exists(free); number++)
            free = $"{path}-{number}";
        return free;
    }
}
