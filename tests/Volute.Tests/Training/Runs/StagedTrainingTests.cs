using System.Diagnostics;
using Volute.Tests.Formats;
using Volute.Training;
using static Volute.Tests.Training.Runs.TrainingRun;

namespace Volute.Tests.Training.Runs;

[Collection(OneSequence.Name)]
public class StagedTrainingTests(TinyData data)
{
    private Recipe Recipe(TrainingWishes wishes)
        => RecipeMaker.Make(Dataset.Open(data.Cells), data.Cells, wishes with { BaseWidth = 4, Patch = 32, BatchSize = 2, Seed = 3 });

    private Recipe Short(string optimizer = "sgd", int epochs = 3)
        => Recipe(new TrainingWishes { Epochs = epochs }) with { StepsPerEpoch = 4, ValidationBatches = 2, Optimizer = optimizer, Schedule = optimizer == "sgd" ? "polynomial" : "one-cycle", LearningRate = 0.01, ClipNorm = 12 };

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void A_planned_training_that_is_stopped_and_resumed_gives_the_same_bits_as_one_in_one_go(string optimizer)
    {
        using TemporaryFolder folder = new();
        Recipe recipe = Short(optimizer);
        Assert.Equal(TrainingEnd.Finished, Train(folder["whole"], recipe).End);
        TrainingRun.Train(folder["parts"], recipe, p => p.Epoch == 1 && p.Batch == 2);
        TrainingRun.Train(folder["parts"], recipe, p => p.Epoch == 2 && p.Finished is not null);
        Assert.Equal(TrainingEnd.Finished, Train(folder["parts"], recipe).End);
        Assert.Equal(Contents(folder["whole"]), Contents(folder["parts"]));
    }

    [Fact]
    public void The_best_epoch_is_chosen_by_a_moving_average()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = Short(epochs: 6) with { ScoreMemory = 0.5 };
        CheckpointState state = Train(folder["run"], recipe).State;
        double[] scores = [.. TrainingLog.Read(folder["run/log.csv"]).Select(row => row.Metrics["pseudoDice"]!.Value)], moving = [.. scores];
        for (int i = 1; i < moving.Length; i++)
            moving[i] = 0.5 * moving[i - 1] + 0.5 * scores[i];
        Assert.Equal(moving.Max(), state.BestScore!.Value, 1e-9);
        Assert.Equal(moving[^1], state.MovingScore!.Value, 1e-9);
        Assert.Equal(Array.IndexOf(moving, moving.Max()) + 1, state.BestEpoch);
        Assert.All(TrainingLog.Read(folder["run/log.csv"]), row => Assert.True(row.ValidationLoss > 0));
    }

    [Fact]
    public void Cells_are_learned_in_a_minute_s_fraction_and_images_of_any_size_are_predicted()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = Recipe(new TrainingWishes { Epochs = 6 }) with { StepsPerEpoch = 60, LearningRate = 0.02 };
        Train(folder["run"], recipe);
        Assert.InRange(TrainingLog.Read(folder["run/log.csv"]).Max(row => row.Metrics["pseudoDice"]!.Value), 0.65, 1);
        Predictor predictor = Predictor.Open(folder["run"]);
        foreach (int[] shape in (int[][])[[1, 3, 5], [1, 33, 70], [1, 64, 64]])
        {
            SegmentedImage found = predictor.Segment(new float[shape[1] * shape[2]], shape);
            Assert.Equal(shape[1] * shape[2], found.Classes.Length);
            Assert.All(found.Probabilities, p => Assert.InRange(p, 0, 1));
        }
    }

    [Fact]
    public void Minutes_hold_planning_training_and_the_final_scoring()
    {
        using TemporaryFolder folder = new();
        const double Seconds = 6;
        Stopwatch clock = Stopwatch.StartNew();
        Recipe recipe = Recipe(new TrainingWishes { Minutes = Seconds / 60 });
        using RunFolder run = Volute.Training.Runs.Create(folder["run"], recipe);
        TrainingData split = TinyData.Split(recipe);
        Trainer trainer = new(run, recipe, split, clock.Elapsed.TotalSeconds);
        List<double> shares = [];
        Assert.Equal(TrainingEnd.Finished, trainer.Run(p => shares.Add(p.Share)));
        Assert.True(shares[^1] > 0.9, $"the rate ended where {shares[^1]:P0} of the training was done");
        Assert.InRange(trainer.State.Seconds, 0.4 * Seconds, Seconds + 1);
        RunOutcome.Write(run, recipe, split, trainer.State);
        // Tests share the machine: the promise of 10 % is for longer trainings.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.6 * Seconds, 1.5 * Seconds);
    }

    [Fact]
    public void A_training_whose_minutes_are_used_up_is_not_changed_by_resuming_it_but_can_be_extended()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = Short() with { Epochs = null, Minutes = 1.0 / 60 };
        CheckpointState first = Train(folder["run"], recipe).State;
        Dictionary<string, string> before = Contents(folder["run"]);
        Assert.Equal(TrainingEnd.Finished, Train(folder["run"], recipe).End);
        Assert.Equal(before, Contents(folder["run"]));
        Assert.Equal(first.Reserve, Train(folder["run"], recipe).State.Reserve);
        using (RunFolder run = RunFolder.Open(folder["run"]))
        {
            Assert.True(new Trainer(run, recipe, TinyData.Split(recipe)).WasFinished);
            Assert.False(new Trainer(run, recipe with { Minutes = 1 }, TinyData.Split(recipe)).WasFinished);
        }
        Recipe longer = RecipeMaker.Extend(recipe, new TrainingWishes { Minutes = (first.Seconds + first.Reserve!.Value + 1) / 60 });
        Assert.True(Train(folder["run"], longer).State.Step > first.Step);
    }

    [Fact]
    public void A_training_whose_minutes_planning_took_is_one_step()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = Short() with { Epochs = null, Minutes = 0.01 };
        using RunFolder run = Volute.Training.Runs.Create(folder["run"], recipe);
        Trainer trainer = new(run, recipe, TinyData.Split(recipe), spent: 60);
        Assert.False(trainer.WasFinished);
        Assert.Equal(TrainingEnd.Finished, trainer.Run());
        Assert.Equal((1, 1, 1), (trainer.State.Epoch, trainer.State.Step, trainer.State.BestEpoch));
        Assert.True(File.Exists(run.ModelPath));
    }

    [Fact]
    public void Rates_rise_and_fall_as_the_schedules_say()
    {
        Recipe recipe = Short() with { LearningRate = 0.1 };
        Assert.Equal([0.1 * 0.01, 0.1 * Math.Pow(0.98, 0.9), 0.1 * Math.Pow(0.5, 0.9), 0], ((double[])[0, 0.02, 0.5, 1]).Select(recipe.Rate), (a, b) => Math.Abs(a - b) < 1e-12);
        recipe = recipe with { Schedule = "one-cycle" };
        Assert.Equal([0.004, 0.1, 1e-5], ((double[])[0, 0.25, 1]).Select(recipe.Rate), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal("the recipe's schedule 'step' is not known here; known are one-cycle and polynomial", Assert.Throws<VoluteException>(() => (recipe with { Schedule = "step" }).Rate(0)).Message);
        Assert.Equal("the recipe's optimizer 'lion' is not known here; known are adamw and sgd", Assert.Throws<VoluteException>(() => (recipe with { Optimizer = "lion" }).CreateOptimizer(new LeNet())).Message);
        Assert.Equal("the recipe's model is 'staged-unet', but it has no options of one ('stagedUNet')", Assert.Throws<VoluteException>(() => (recipe with { StagedUNet = null }).CreateNetwork()).Message);
    }
}
