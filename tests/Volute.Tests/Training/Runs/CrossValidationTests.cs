using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Runs;

[Collection(OneSequence.Name)]
public class CrossValidationTests(TinyData tiny)
{
    private static readonly TrainingWishes wishes = new() { Epochs = 1, BaseWidth = 4, Patch = 32, BatchSize = 2, Seed = 3, Model = "unet", Folds = 3 };

    private Recipe Cells()
    {
        Recipe recipe = RecipeMaker.Make(Dataset.Open(tiny.Cells), tiny.Cells, wishes);
        return recipe with { StepsPerEpoch = 3, UNet = recipe.UNet! with { Levels = 3 } };
    }

    private static (TrainingEnd End, IReadOnlyList<CheckpointState> States) Train(RunFolder run, Recipe recipe, Func<int, bool>? stopIn = null)
    {
        var (end, states, step) = CrossValidation.Train(run, recipe, Dataset.Open(recipe.Data), 0, (fold, trainer, _) =>
        {
            using CancellationTokenSource cancel = new();
            if (stopIn?.Invoke(fold) == true)
                cancel.Cancel();
            return trainer.Run(null, cancel.Token);
        });
        Assert.NotNull(step);
        return (end, states);
    }

    [Fact]
    public void Every_sample_is_judged_once_by_the_network_of_its_fold_and_predictions_are_the_mean_of_all()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = Cells();
        Dataset data = Dataset.Open(tiny.Cells);
        using (RunFolder run = Volute.Training.Runs.Create(folder["run"], recipe))
        {
            // Interrupted in the second fold, then resumed.
            Assert.Equal(TrainingEnd.Cancelled, Train(run, recipe, fold => fold == 1).End);
            Assert.False(Directory.Exists(CrossValidation.FolderOf(run, 2)));
            var (end, states) = Train(run, recipe);
            Assert.Equal((TrainingEnd.Finished, 3), (end, states.Count));
            RunSummary summary = RunOutcome.WriteFolds(run, recipe, data, states);
            Assert.Equal(Enumerable.Range(0, data.Count).Select(data.NameOf).Order(), summary.Evaluation.PerCase.Select(row => row.Name).Order());
            Assert.Equal(data.Count, summary.Folds.Sum(fold => fold.Cases));
            Assert.Equal(3, summary.Epochs);
            Assert.Contains("<h2>Folds</h2>", File.ReadAllText(run.ReportPath));
            Assert.Equal(summary.Folds, run.ReadSummary().Folds);
            Assert.Equal(["fold-0/model.safetensors", "fold-1/model.safetensors", "fold-2/model.safetensors", "recipe.json", "all images"], summary.Hashes.Select(hash => hash.Name));

            // Each case has the score of its own fold's network.
            Evaluation again = CrossValidation.Evaluate(run, recipe, data);
            for (int fold = 0, next = 0; fold < 3; fold++)
            {
                TrainingData own = TrainingData.Split(data, CrossValidation.RecipeOf(recipe, fold));
                Assert.Empty(own.Training.Intersect(own.Judged));
                Evaluation alone = Scoring.Score(Predictor.Open(CrossValidation.FolderOf(run, fold)), own.Judge, own.Judged, examples: 0).Evaluation;
                foreach (CaseScore row in alone.PerCase)
                    Assert.Equal((row.Name, row.Dice), (again.PerCase[next].Name, again.PerCase[next++].Dice));
                Assert.Equal(alone.PerCase.Average(row => row.Dice!.Value), summary.Folds[fold].Score!.Value, 1e-12);
            }
        }

        Sample sample = data[0];
        float[] mean = Predictor.Open(folder["run"]).Segment(sample.Image, sample.ImageShape).Probabilities;
        float[][] single = [.. Enumerable.Range(0, 3).Select(fold => Predictor.Open(Path.Combine(folder["run"], $"fold-{fold}")).Segment(sample.Image, sample.ImageShape).Probabilities)];
        Assert.NotEqual(single[0], single[1]);
        for (int i = 0; i < mean.Length; i++)
            Assert.Equal((single[0][i] + single[1][i] + single[2][i]) / 3, mean[i], 1e-5f);
    }

    [Fact]
    public void Minutes_are_divided_and_the_plan_says_what_the_folds_are_for()
    {
        Recipe recipe = RecipeMaker.Make(Dataset.Open(tiny.Cells), tiny.Cells, wishes with { Epochs = null, Minutes = 6 });
        Assert.True(CrossValidation.IsOf(recipe));
        Assert.Equal((6, 3, null), (recipe.Minutes, recipe.Folds, recipe.Fold));
        Recipe second = CrossValidation.RecipeOf(recipe, 1);
        Assert.Equal((2, 3, 1), (second.Minutes, second.Folds, second.Fold));
        Assert.False(CrossValidation.IsOf(second));
        Assert.Equal(["Folds"], recipe.Choices.Select(choice => choice.Label).Intersect(["Folds", "Held out"]));
        Assert.False(CrossValidation.IsOf(RecipeMaker.Make(Dataset.Open(tiny.Cells), tiny.Cells, wishes with { Fold = 2 })));
    }

    [Fact]
    public void Wrong_folds_are_named()
    {
        Dataset data = Dataset.Open(tiny.Cells);
        Assert.Equal("there must be at least 2 folds, got 1", Assert.Throws<InvalidArgumentException>(() => RecipeMaker.Make(data, tiny.Cells, wishes with { Folds = 1 })).Message);
        Assert.Equal("fold 3 is outside of 0..2", Assert.Throws<InvalidArgumentException>(() => RecipeMaker.Make(data, tiny.Cells, wishes with { Fold = 3 })).Message);
        using TemporaryFolder folder = new();
        Recipe recipe = Cells();
        using RunFolder run = Volute.Training.Runs.Create(folder["run"], recipe);
        Assert.EndsWith("has no weights yet: no fold was trained to the end of an epoch; go on with: volute train " + $"{tiny.Cells} --resume --out {folder["run"]}",
            Assert.Throws<VoluteException>(() => Predictor.Open(folder["run"])).Message);
    }
}
