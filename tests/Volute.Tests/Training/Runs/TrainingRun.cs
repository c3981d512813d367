using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Runs;

/// <summary>Tests that train draw initial weights from the one sequence of the process, and run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneSequence : ICollectionFixture<TinyData>
{
    public const string Name = "One sequence of random numbers";
}

/// <summary>Drawn samples, made once for all tests.</summary>
public sealed class TinyData : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TinyData()
    {
        SampleMaker.Digits(Digits, 40, 28, seed: 1);
        SampleMaker.Cells(Cells, 5, 64, seed: 1);
        Directory.Delete(Path.Combine(Cells, "test"), recursive: true);
    }

    public string Digits => folder["digits"];

    public string Cells => folder["cells"];

    public void Dispose() => folder.Dispose();

    /// <summary>A few steps an epoch on the digits or the cells; these with dropout, which draws random numbers at every step.</summary>
    internal Recipe Recipe(string path, int epochs)
    {
        Recipe recipe = RecipeMaker.Make(Dataset.Open(path), path, new TrainingWishes { Epochs = epochs, BaseWidth = 4, Patch = 32, BatchSize = path == Digits ? 8 : 2, Seed = 3, Model = path == Digits ? "lenet" : "unet" });
        return path == Digits ? recipe with { ValidationShare = 0.2 } : recipe with { StepsPerEpoch = 3, UNet = recipe.UNet! with { Levels = 3, Dropout = 0.3 } };
    }

    internal static TrainingData Split(Recipe recipe) => TrainingData.Split(Dataset.Open(recipe.Data), recipe);
}

/// <summary>A training in a folder, begun or gone on with.</summary>
internal static class TrainingRun
{
    /// <summary>Trains in a new folder, or goes on where it is a run; stops at the first progress that <paramref name="stop"/> wants.</summary>
    public static (TrainingEnd End, CheckpointState State) Train(string path, Recipe recipe, Func<TrainingProgress, bool>? stop = null)
    {
        using RunFolder run = Directory.Exists(path) ? RunFolder.Open(path) : Volute.Training.Runs.Create(path, recipe);
        using CancellationTokenSource cancel = new();
        Trainer trainer = new(run, recipe, TinyData.Split(recipe));
        TrainingEnd end = trainer.Run(p =>
        {
            if (stop?.Invoke(p) == true)
                cancel.Cancel();
        }, cancel.Token);
        return (end, trainer.State);
    }

    /// <summary>All that a run holds but the time it took: best weights, last weights and optimizer, and the log.</summary>
    public static Dictionary<string, string> Contents(string path)
    {
        Dictionary<string, string> contents = new() { ["model"] = Convert.ToHexString(File.ReadAllBytes(Path.Combine(path, "model.safetensors"))) };
        foreach (var (name, values) in Safetensors.Read(Path.Combine(path, "checkpoint", "last.safetensors")))
            contents[name] = string.Join(' ', values.ToFloats().Select(v => BitConverter.SingleToInt32Bits(v)));
        string log = Path.Combine(path, "log.csv");
        foreach (string line in File.ReadAllLines(log))
            contents[$"log {contents.Count}"] = line[..line.LastIndexOf(',')];
        return contents;
    }
}
