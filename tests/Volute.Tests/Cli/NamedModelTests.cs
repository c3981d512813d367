using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Cli;

/// <summary>volute train --model NAME: networks of the catalogue learn from data on a disk.</summary>
[Collection(TheProgram.Name)]
public class NamedModelTests
{
    /// <summary>Trains and gives the log.</summary>
    private static async Task<IReadOnlyList<TrainingLogRow>> Train(string run, params string[] arguments)
    {
        Ended ended = await VoluteProgram.Run([.. arguments, "--out", run, "--seed", "1"]);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        return TrainingLog.Read(Path.Combine(run, "log.csv"));
    }

    [Fact]
    public async Task ResNet_20_learns_the_pictures_of_CIFAR()
    {
        string data = SharedData.Path("cifar10");
        using TemporaryFolder folder = new();
        IReadOnlyList<TrainingLogRow> log = await Train(folder["run"], "train", data, "--model", "resnet20", "--epochs", "4");
        // Ten classes by chance: ln 10 = 2.30.
        Assert.True(log[^1].TrainLoss < 1.9 && log[^1].TrainLoss < log[0].TrainLoss - 0.3, string.Join(' ', log.Select(row => row.TrainLoss)));
        RunSummary summary = RunFolder.OpenToRead(folder["run"]).ReadSummary();
        Assert.Equal("resnet20, 269,722 parameters", summary.Model);
        Assert.True(summary.Metrics["accuracy"] > 0.25, $"{summary.Metrics["accuracy"]}");
        string report = File.ReadAllText(folder["run/report.html"]);
        Assert.Contains("<figure class=\"card\"><img", report);
    }

    [Fact]
    public async Task C3D_learns_where_things_move_in_clips_and_names_it_for_new_ones()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Clips(folder["clips"], 48, 16, seed: 1);
        IReadOnlyList<TrainingLogRow> log = await Train(folder["run"], "train", folder["clips"], "--model", "c3d", "--epochs", "10", "--batch", "4");
        // Four classes by chance: ln 4 = 1.39.
        Assert.True(log[^1].TrainLoss < 1.2 && log[^1].TrainLoss < log[0].TrainLoss - 0.2, string.Join(' ', log.Select(row => row.TrainLoss)));
        Assert.Contains("<figure class=\"card\"><img", File.ReadAllText(folder["run/report.html"]));

        Ended one = await VoluteProgram.Run("predict", folder["run"], folder["clips/train/left/000"]), all = await VoluteProgram.Run("predict", folder["run"], folder["clips/train/left"]);
        Assert.Matches("^.*/clips/train/left/000: (down|left|right|up) \\([0-9.]+ %\\)\n$", one.Output);
        Assert.Equal(12, all.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Ended none = await VoluteProgram.Run("predict", folder["run"], folder["clips/train"]);
        Assert.Equal((2, $"volute: folder '{folder["clips/train"]}' holds no clips (folders of numbered frames)\n"), (none.Code, none.Error));
    }
}
