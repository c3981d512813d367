using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;
using static Volute.Tests.Training.Runs.TrainingRun;

namespace Volute.Tests.Training.Runs;

[Collection(OneSequence.Name)]
public class TrainerTests(TinyData data)
{
    private string PathOf(string kind) => kind == "digits" ? data.Digits : data.Cells;

    private static TrainingEnd Train(string path, Recipe recipe) => TrainingRun.Train(path, recipe).End;

    [Theory]
    [InlineData("digits")]
    [InlineData("cells")]
    public void A_training_leaves_all_files_of_a_run_and_they_are_readable(string kind)
    {
        using TemporaryFolder folder = new();
        string path = folder["run"];
        Recipe recipe = data.Recipe(PathOf(kind), 2);
        var (end, state) = TrainingRun.Train(path, recipe);
        Assert.Equal(TrainingEnd.Finished, end);
        using (RunFolder run = RunFolder.Open(path))
            RunOutcome.Write(run, recipe, TinyData.Split(recipe), state);
        Assert.Equal(["lock", "log.csv", "model.safetensors", "recipe.json", "report.html", "summary.json"], Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.Equal(["last.safetensors"], Directory.GetFiles(Path.Combine(path, "checkpoint")).Select(Path.GetFileName));
        IReadOnlyList<TrainingLogRow> log = TrainingLog.Read(Path.Combine(path, "log.csv"));
        Assert.Equal([1, 2], log.Select(row => row.Epoch));
        Assert.Equal(state.Step, log[^1].Step);
        Assert.Equal(state.BestScore, log.Max(row => row.Metrics[kind == "digits" ? "accuracy" : "dice"]));
        RunSummary summary = RunFolder.OpenToRead(path).ReadSummary();
        Assert.Equal((2, state.BestEpoch, 3L), (summary.Epochs, summary.BestEpoch, summary.Seed));
        Assert.Equal(kind == "digits" ? 10 : 1, summary.Evaluation.Cases);
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(path, "report.html")));
        Assert.Equal(recipe.Model, Predictor.Open(path).Recipe.Model);
    }

    [Theory]
    [InlineData("digits")]
    [InlineData("cells")]
    public void A_training_that_is_stopped_and_resumed_gives_the_same_bits_as_one_in_one_go(string kind)
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(PathOf(kind), 4);
        Assert.Equal(TrainingEnd.Finished, Train(folder["whole"], recipe));
        Dictionary<string, string> expected = Contents(folder["whole"]);

        Assert.Equal(TrainingEnd.Cancelled, TrainingRun.Train(folder["epochs"], recipe, p => p.Epoch == 2 && p.Finished is not null).End);
        Assert.Equal(TrainingEnd.Finished, Train(folder["epochs"], recipe));
        Assert.Equal(expected, Contents(folder["epochs"]));

        TrainingRun.Train(folder["batches"], recipe, p => p.Epoch == 1 && p.Batch == 2);
        TrainingRun.Train(folder["batches"], recipe, p => p.Epoch == 3 && p.Batch == 1);
        Assert.Equal(TrainingEnd.Finished, Train(folder["batches"], recipe));
        Assert.Equal(expected, Contents(folder["batches"]));
    }

    [Fact]
    public void A_training_that_is_killed_after_an_epoch_was_logged_trains_that_epoch_again()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Digits, 3);
        Train(folder["whole"], recipe);
        TrainingRun.Train(folder["killed"], recipe, p => p.Epoch == 1 && p.Finished is not null);
        File.AppendAllText(folder["killed/log.csv"], "2,10,0.002,1.5,1.5,0.5,1\n3,1");
        Train(folder["killed"], recipe);
        Assert.Equal(Contents(folder["whole"]), Contents(folder["killed"]));
    }

    [Fact]
    public void A_training_that_is_stopped_before_its_first_step_can_be_reported_and_resumed()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Digits, 1);
        using (RunFolder run = Volute.Training.Runs.Create(folder["run"], recipe))
        {
            Trainer trainer = new(run, recipe, TinyData.Split(recipe));
            Assert.Equal(TrainingEnd.Cancelled, trainer.Run(null, new CancellationToken(canceled: true)));
            Assert.Equal(new CheckpointState(0, 0, 0, trainer.State.RandomStream, trainer.State.Seconds, 0, null, 0), trainer.State);
            Assert.Equal(0, RunOutcome.Write(run, recipe, TinyData.Split(recipe), trainer.State).Epochs);
        }
        Train(folder["run"], recipe);
        Train(folder["whole"], recipe);
        Assert.Equal(Contents(folder["whole"]), Contents(folder["run"]));
    }

    [Fact]
    public void A_finished_training_is_not_changed_by_resuming_it_but_can_be_extended()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Digits, 2);
        Train(folder["run"], recipe);
        Dictionary<string, string> before = Contents(folder["run"]);
        Assert.Equal(TrainingEnd.Finished, Train(folder["run"], recipe));
        Assert.Equal(before, Contents(folder["run"]));
        var (_, state) = TrainingRun.Train(folder["run"], RecipeMaker.Extend(recipe, new TrainingWishes { Epochs = 3 }));
        Assert.Equal((3, 12), (state.Epoch, state.Step));
    }

    [Fact]
    public void The_weights_of_the_best_epoch_are_kept_beside_the_last_ones()
    {
        using TemporaryFolder folder = new();
        string path = folder["run"];
        Recipe recipe = data.Recipe(data.Digits, 4) with { LearningRate = 0.1 };
        Dictionary<int, string> weights = [];
        var (_, state) = TrainingRun.Train(path, recipe, p =>
        {
            if (p.Finished is not null)
                weights[p.Epoch] = Weights(Path.Combine(path, "checkpoint", "last.safetensors"));
            return false;
        });
        double?[] scores = [.. TrainingLog.Read(Path.Combine(path, "log.csv")).Select(row => row.Metrics["accuracy"])];
        Assert.Equal(Array.IndexOf(scores, scores.Max()) + 1, state.BestEpoch);
        Assert.Equal(weights[state.BestEpoch], Weights(Path.Combine(path, "model.safetensors")));
        Assert.Equal(weights[4], Weights(Path.Combine(path, "checkpoint", "last.safetensors")));
    }

    private static string Weights(string file)
        => string.Join(' ', Safetensors.Read(file).Where(e => !e.Key.StartsWith("optimizer.", StringComparison.Ordinal)).SelectMany(e => e.Value.ToFloats()));

    [Fact]
    public void Training_stops_when_validation_has_not_improved_for_as_many_epochs_as_the_patience()
    {
        using TemporaryFolder folder = new();
        // A rate so small that no answer changes: the first epoch stays the best.
        Recipe recipe = data.Recipe(data.Digits, 9) with { LearningRate = 1e-12, Patience = 2 };
        var (end, state) = TrainingRun.Train(folder["run"], recipe);
        Assert.Equal((TrainingEnd.StoppedEarly, 3, 1), (end, state.Epoch, state.BestEpoch));
        Assert.Equal(TrainingEnd.StoppedEarly, Train(folder["run"], recipe));
        Assert.Equal(3, TrainingLog.Read(folder["run/log.csv"]).Count);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_and_keeps_the_last_checkpoint()
    {
        using TemporaryFolder folder = new();
        string last = folder["run/checkpoint/last.safetensors"], model = folder["run/model.safetensors"];
        Recipe recipe = data.Recipe(data.Digits, 1);
        Train(folder["run"], recipe);
        byte[] before = File.ReadAllBytes(last), best = File.ReadAllBytes(model);
        string message = Assert.Throws<VoluteException>(() => Train(folder["run"], recipe with { Epochs = 2, LearningRate = 1e30 })).Message;
        Assert.Matches("^the loss became (NaN|infinite) at step 6 \\(epoch 2\\); the last checkpoint is kept. Train with a lower learning rate, or with --check-numerics to find the layer$", message);
        Assert.Equal(before, File.ReadAllBytes(last));
        Assert.Equal(best, File.ReadAllBytes(model));
        Assert.Equal(TrainingEnd.Finished, Train(folder["run"], recipe with { Epochs = 2 }));
    }

    [Fact]
    public void Weights_that_the_last_step_of_an_epoch_broke_are_not_saved()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Digits, 2) with { BatchSize = 40, LearningRate = 1e41 };
        string message = Assert.Throws<VoluteException>(() => Train(folder["run"], recipe)).Message;
        Assert.Equal("'features.0.weight' became NaN or infinite at step 1 (epoch 1); there is no checkpoint yet. Train with a lower learning rate, or with --check-numerics to find the layer", message);
        Assert.False(File.Exists(folder["run/model.safetensors"]));
        Assert.Empty(Directory.GetFiles(folder["run/checkpoint"]));
    }

    [Fact]
    public void A_second_trainer_of_the_same_folder_is_refused()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Digits, 1);
        using RunFolder run = Volute.Training.Runs.Create(folder["run"], recipe);
        Assert.Equal($"run folder '{folder["run"]}' is in use by process {Environment.ProcessId}; wait until it ends, or choose another folder",
            Assert.Throws<VoluteException>(() => Train(folder["run"], recipe)).Message);
    }

    [Fact]
    public void What_a_killed_training_was_writing_is_removed_when_the_next_begins()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Digits, 1);
        Volute.Training.Runs.Create(folder["run"], recipe).Dispose();
        Directory.CreateDirectory(folder["run/checkpoint"]);
        string[] stale = [folder[$"run/.model.safetensors.{Guid.NewGuid():N}.tmp"], folder[$"run/checkpoint/.last.safetensors.{Guid.NewGuid():N}.tmp"]],
            others = [folder["run/.notes.tmp"], folder["run/notes.0123456789abcdef0123456789abcdef.tmp"]];
        foreach (string file in stale.Concat(others))
            File.WriteAllText(file, "x");
        RunFolder.OpenToRead(folder["run"]);
        Assert.All(stale, file => Assert.True(File.Exists(file)));
        Train(folder["run"], recipe);
        Assert.All(stale, file => Assert.False(File.Exists(file)));
        Assert.All(others, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public void A_folder_in_which_a_training_was_killed_at_its_very_start_can_be_used_again()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Digits, 1);
        File.WriteAllText(folder.At($"run/.recipe.json.{Guid.NewGuid():N}.tmp"), "{");
        Volute.Training.Runs.Create(folder["run"], recipe).Dispose();
        Assert.Equal(["lock", "recipe.json"], Directory.GetFiles(folder["run"]).Select(Path.GetFileName).Order());
    }
}
