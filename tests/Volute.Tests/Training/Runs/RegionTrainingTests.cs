using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;
using static Volute.Tests.Training.Runs.TrainingRun;

namespace Volute.Tests.Training.Runs;

/// <summary>Regions from the folder to the written mask. Who knows nothing says of each pixel "perhaps", and reaches a Dice below 0.65.</summary>
[Collection(OneSequence.Name)]
public class RegionTrainingTests
{
    private static Recipe Recipe(string path, int epochs, int steps, int patch = 32, int? folds = null)
        => RecipeMaker.Make(Dataset.Open(path), path, new TrainingWishes { Epochs = epochs, BaseWidth = 8, Patch = patch, BatchSize = 2, Seed = 5, Augmentation = "none", Folds = folds })
            with
        { StepsPerEpoch = steps, ValidationBatches = 2, LearningRate = 0.01 };

    private static RunSummary Outcome(string path, Recipe recipe, CheckpointState state)
    {
        using RunFolder run = RunFolder.Open(path);
        return RunOutcome.Write(run, recipe, TinyData.Split(recipe), state);
    }

    [Fact]
    public void Pictures_with_regions_are_learned_and_masks_hold_the_values_that_regions_write()
    {
        using TemporaryFolder data = RegionData.Pictures(8, 48), folder = new();
        Recipe recipe = Recipe(data.Root, epochs: 2, steps: 120);
        RunSummary summary = Outcome(folder["run"], recipe, Train(folder["run"], recipe).State);
        Assert.Equal(["epoch", "step", "learningRate", "trainLoss", "validationLoss", "pseudoDice", "seconds"], File.ReadLines(folder["run/log.csv"]).First().Split(','));
        Evaluation evaluation = summary.Evaluation;
        Assert.Equal(["whole", "core", "enhancing"], evaluation.PerClass.Select(score => score.Name));
        Assert.All(evaluation.PerClass, score => Assert.InRange(score.Dice!.Value, 0.75, 1));
        Assert.Equal(["background", "label 1", "label 2", "enhancing"], evaluation.Labels!);
        Assert.Null(evaluation.Background);
        string report = File.ReadAllText(folder["run/report.html"]);
        Assert.Contains("<h2>Regions</h2>", report);
        Assert.Contains("<th scope=\"row\">label 2</th>", report);

        Predictor untrained = new(recipe, recipe.CreateNetwork());
        Dataset all = Dataset.Open(data.Root);
        Assert.All(Scoring.Score(untrained, all, [0, 1, 2], examples: 0).Evaluation.PerClass, score => Assert.InRange(score.Dice!.Value, 0, 0.65));

        Predictor predictor = Predictor.Open(folder["run"]);
        string mask = predictor.PredictFile(data["imagesTr/r0_0000.png"], folder["out"]).Output!;
        int[] written = [.. ImageFile.Read(mask).ToBytes().Select(v => (int)v)];
        Assert.Equal([0, 1, 2, 3], written.Distinct().Order());
        float[] p = predictor.Segment(all[0]).Probabilities;
        int pixels = 48 * 48;
        Assert.Equal(3 * pixels, p.Length);
        Assert.Equal(Enumerable.Range(0, pixels).Select(i => p[2 * pixels + i] > 0.5f ? 3 : p[pixels + i] > 0.5f ? 2 : p[i] > 0.5f ? 1 : 0), written);
    }

    [Fact]
    public void Volumes_with_regions_are_learned_and_predicted_slab_by_slab()
    {
        using TemporaryFolder data = RegionData.Volumes(4, 24), folder = new();
        Recipe recipe = Recipe(data.Root, epochs: 2, steps: 120, patch: 16);
        RunSummary summary = Outcome(folder["run"], recipe, Train(folder["run"], recipe).State);
        Assert.All(summary.Evaluation.PerClass, score => Assert.InRange(score.Dice!.Value, 0.75, 1));
        Predictor predictor = Predictor.Open(folder["run"]);
        FilePrediction found = predictor.PredictFile(data["imagesTr/r0_0000.nii.gz"], folder["out"], new PredictionOutputs { Probabilities = ProbabilityNumbers.Float32 });
        int[] written = Nifti.Read(found.Output!).ToLabels();
        Assert.Equal([0, 1, 2, 3], written.Distinct().Order());
        NiftiVolume probabilities = Nifti.Read(found.Probabilities!);
        Assert.Equal([3, 24, 24, 24], probabilities.Voxels.Shape.ToArray());
        float[] p = probabilities.ToFloats();
        int voxels = written.Length;
        // What is dropped afterwards became background.
        Assert.All(Enumerable.Range(0, voxels), i => Assert.Contains(written[i], (int[])[0, p[2 * voxels + i] > 0.5f ? 3 : p[voxels + i] > 0.5f ? 2 : p[i] > 0.5f ? 1 : 0]));
        Assert.InRange(Enumerable.Range(0, voxels).Count(i => written[i] == 0 && p[i] > 0.5f), 0, voxels / 50);
    }

    [Fact]
    public void A_training_on_regions_that_is_stopped_and_resumed_gives_the_same_bits_as_one_in_one_go()
    {
        using TemporaryFolder data = RegionData.Pictures(5, 32), folder = new();
        Recipe recipe = Recipe(data.Root, epochs: 3, steps: 4) with { Augmentation = "segmentation" };
        Assert.Equal(TrainingEnd.Finished, Train(folder["whole"], recipe).End);
        Train(folder["parts"], recipe, p => p.Epoch == 1 && p.Batch == 2);
        Train(folder["parts"], recipe, p => p.Epoch == 2 && p.Finished is not null);
        Assert.Equal(TrainingEnd.Finished, Train(folder["parts"], recipe).End);
        Assert.Equal(Contents(folder["whole"]), Contents(folder["parts"]));
    }

    [Fact]
    public void Networks_of_folds_answer_with_the_mean_of_their_sigmoids()
    {
        using TemporaryFolder data = RegionData.Pictures(5, 32), folder = new();
        Recipe recipe = Recipe(data.Root, epochs: 1, steps: 3, folds: 2);
        Dataset all = Dataset.Open(data.Root);
        using (RunFolder run = Volute.Training.Runs.Create(folder["run"], recipe))
            CrossValidation.Train(run, recipe, all, 0, (_, trainer, _) => trainer.Run(null));
        float[] together = Predictor.Open(folder["run"]).Segment(all[0]).Probabilities;
        float[][] each = [.. Enumerable.Range(0, 2).Select(fold => Predictor.Open(folder[$"run/fold-{fold}"]).Segment(all[0]).Probabilities)];
        for (int i = 0; i < together.Length; i++)
            Assert.Equal((each[0][i] + each[1][i]) / 2, together[i], 1e-5f);
    }
}
