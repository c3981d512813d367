using Volute.Training;

namespace Volute.Tests.Training;

/// <summary>Made-up outcomes for tests of folders and reports.</summary>
internal static class Samples
{
    /// <summary>A small segmentation with every field filled.</summary>
    public static RunSummary Summary()
    {
        SegmentationEvaluator evaluator = new(["background", "cell", "<img src=x onerror=alert(1)>"]);
        Random random = new(1);
        for (int i = 0; i < 6; i++)
        {
            int[] labels = [.. Enumerable.Range(0, 400).Select(p => p / 150)];
            int[] predictions = [.. labels.Select(l => random.Next(10) == 0 ? random.Next(3) : l)];
            float[] probabilities = [.. Enumerable.Range(0, 1200).Select(p => predictions[p % 400] == p / 400 ? 0.9f : 0.05f)];
            evaluator.Add($"slice {i}", predictions, labels, probabilities, grid: new PixelGrid([20, 20]));
        }
        return Of(evaluator.Evaluate(200));
    }

    /// <summary>A summary around <paramref name="evaluation"/>.</summary>
    public static RunSummary Of(Evaluation evaluation) => new()
    {
        Run = "cells-1",
        Data = "cells, 24 images to train, 6 held out",
        Model = "U-Net, base width 16, 1,944,051 parameters",
        Epochs = 40,
        BestEpoch = 36,
        Seconds = 1843,
        Finished = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Seed = 42,
        Plan = [new PlanChoice("Patch", "256 × 256", "the largest of 32-multiples that fits 8 GB", "nnU-Net")],
        Warnings = ["slice 3: 12 % of the pixels are saturated"],
        Environment = new RunEnvironment("0.1.0", ".NET 10.0.0", "Linux, X64", "Example CPU", "512 bits", 8, 16L << 30),
        Hashes = [new NamedHash("model.safetensors", new string('a', 64))],
        Evaluation = evaluation,
    };
}
