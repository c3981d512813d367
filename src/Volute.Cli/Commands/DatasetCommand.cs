using System.CommandLine;
using Volute.Training;

namespace Volute.Cli;

/// <summary>volute dataset make|info: generated samples as ordinary files, and what a folder is taken for.</summary>
internal static class DatasetCommand
{
    public static Command Create() => new("dataset", "Make samples, or look at a folder") { Make(), Info() };

    private static Command Make()
    {
        Argument<string> kind = new("KIND") { Description = "cells (images and masks), digits (a folder a class), clips (films, a folder of frames each), phantom (CT-like volumes with labels), raster (satellite-like GeoTIFFs with masks; one of any size where --out ends with .tif)" };
        kind.AcceptOnlyFromAmong("cells", "digits", "clips", "phantom", "raster");
        Option<string> folder = new("--out", "-o") { Description = "The folder to fill, or a raster's file", Required = true };
        Option<int?> count = new("--count") { Description = "How many samples" };
        Option<int?> size = new("--size") { Description = "Pixels on a side" };
        Option<ulong> seed = new("--seed") { Description = "The same seed makes the same files" };
        Command command = new("make", "Draw honest samples") { kind, folder, count, size, seed };
        command.SetAction(parsed =>
        {
            string to = parsed.GetRequiredValue(folder);
            switch (parsed.GetRequiredValue(kind))
            {
                case "cells":
                    SampleMaker.Cells(to, parsed.GetValue(count) ?? 40, parsed.GetValue(size) ?? 256, parsed.GetValue(seed));
                    break;
                case "digits":
                    SampleMaker.Digits(to, parsed.GetValue(count) ?? 2000, parsed.GetValue(size) ?? 28, parsed.GetValue(seed));
                    break;
                case "clips":
                    SampleMaker.Clips(to, parsed.GetValue(count) ?? 160, parsed.GetValue(size) ?? 32, parsed.GetValue(seed));
                    break;
                case "raster" when to.EndsWith(".tif", StringComparison.OrdinalIgnoreCase):
                    SampleMaker.Scene(to, parsed.GetValue(size) ?? 1024, parsed.GetValue(seed));
                    break;
                case "raster":
                    SampleMaker.Scenes(to, parsed.GetValue(count) ?? 8, parsed.GetValue(size) ?? 384, parsed.GetValue(seed));
                    break;
                default:
                    SampleMaker.Phantom(to, parsed.GetValue(count) ?? 24, parsed.GetValue(size) ?? 96, parsed.GetValue(seed));
                    break;
            }
            Console.WriteLine(Path.GetFullPath(to));
            return 0;
        });
        return command;
    }

    private static Command Info()
    {
        Argument<string> data = new("DATA") { Description = "A folder" };
        Command command = new("info", "Say what a folder is taken for") { data };
        command.SetAction(parsed =>
        {
            Dataset dataset = Dataset.Open(parsed.GetRequiredValue(data));
            Console.WriteLine(dataset.Describe());
            if (dataset.Labels is { } labels)
                Console.WriteLine($"mask values: {labels}");
            return 0;
        });
        return command;
    }
}
