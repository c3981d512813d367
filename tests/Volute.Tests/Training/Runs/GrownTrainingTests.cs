using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;
using static Volute.Tests.Training.Runs.TrainingRun;

namespace Volute.Tests.Training.Runs;

/// <summary>Trainings that begin on slices and go on in volumes.</summary>
[Collection(OneSequence.Name)]
public sealed class GrownTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Recipe _recipe;

    public GrownTrainingTests()
    {
        SampleMaker.Phantom(_folder["data"], 4, 32, seed: 1);
        Directory.Delete(_folder["data/imagesTs"], recursive: true);
        Directory.Delete(_folder["data/labelsTs"], recursive: true);
        _recipe = RecipeMaker.Make(Dataset.Open(_folder["data"]), _folder["data"], new TrainingWishes { Grow = true, Epochs = 4, BaseWidth = 3, Patch = 16, BatchSize = 2, Seed = 3 })
            with { StepsPerEpoch = 2, ValidationBatches = 1 };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_plan_has_kernels_in_planes_and_a_stage_on_slices_with_the_same_state()
    {
        Assert.Equal(VolumeForm.Acs, _recipe.StagedUNet!.Volumes);
        Assert.Equal(0.25, _recipe.Growth!.Share);
        Assert.Equal(_recipe.InputSize.Skip(1), _recipe.Growth.Patch);
        Recipe slices = _recipe.OfSlices();
        Assert.True(slices.OnSlices);
        Assert.Equal(1, slices.Epochs);
        Assert.Equal(15, (_recipe with { Epochs = null, Minutes = 60 }).OfSlices().Minutes);
        Assert.Equal(slices.CreateNetwork().State().Select(p => (p.Name, p.Shape)), _recipe.CreateNetwork().State().Select(p => (p.Name, p.Shape)));
        PlanChoice growth = Assert.Single(_recipe.Choices, choice => choice.Label == "Growth");
        Assert.StartsWith("25 % of the training on slices (", growth.Value.Replace("25%", "25 %", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Matches("^the slices' weights go on; 0[.][0-9]+ instead of 0[.][0-9]+ billion multiplications a patch$", growth.Reason);
    }

    [Fact]
    public void Volumes_begin_with_what_slices_have_taught()
    {
        using RunFolder run = Volute.Training.Runs.Create(_folder["run"], _recipe);
        List<bool> stages = [];
        var (end, trainer) = TrainingStages.Run(run, _recipe, TinyData.Split(_recipe), spent: 2, (stage, onSlices) =>
        {
            stages.Add(onSlices);
            if (!onSlices)
            {
                Dictionary<string, NumberArray> taught = new(Safetensors.Read(Path.Combine(run.SlicesPath, "model.safetensors")));
                Assert.All(stage.Network.State(), p => Assert.Equal(taught[p.Name].ToFloats(), p.ToArray()));
                Assert.Equal(stage.State.Begun, stage.State.Seconds);
                Assert.True(stage.State.Begun > 2, "planning and slices took their time");
            }
            return stage.Run();
        });
        Assert.Equal([true, false], stages);
        Assert.Equal(TrainingEnd.Finished, end);
        Assert.Equal(4, trainer!.State.Epoch);
        RunSummary summary = RunOutcome.Write(run, _recipe, TinyData.Split(_recipe), trainer.State);
        Assert.InRange(summary.Metrics["dice"]!.Value, 0, 1);
        // A training that is there goes on in volumes alone.
        stages.Clear();
        TrainingStages.Run(run, _recipe with { Epochs = 5 }, TinyData.Split(_recipe), 0, (stage, onSlices) =>
        {
            stages.Add(onSlices);
            return stage.Run();
        });
        Assert.Equal([false], stages);
    }

    [Fact]
    public void A_training_that_is_stopped_in_either_stage_and_resumed_gives_the_same_bits_as_one_in_one_go()
    {
        Recipe recipe = _recipe with { Epochs = 8, StepsPerEpoch = 1 };
        Assert.Equal(TrainingEnd.Finished, Grow("whole", recipe, _ => false));
        Assert.Equal(TrainingEnd.Cancelled, Grow("parts", recipe, p => p.Epochs == 2 && p.Epoch == 1 && p.Finished is not null));
        Assert.False(File.Exists(_folder["parts/model.safetensors"]), "there is no network of volumes yet");
        Assert.Equal(TrainingEnd.Cancelled, Grow("parts", recipe, p => p.Epochs == 8 && p.Epoch == 3 && p.Finished is not null));
        Assert.Equal(TrainingEnd.Finished, Grow("parts", recipe, _ => false));
        Assert.Equal(Contents(_folder["whole/slices"]), Contents(_folder["parts/slices"]));
        Assert.Equal(Contents(_folder["whole"]), Contents(_folder["parts"]));
    }

    [Fact]
    public void What_cannot_grow_is_refused()
    {
        TinyData data = new();
        Assert.Equal($"growing begins on slices of volumes, but '{data.Cells}' holds pictures [C, 64, 64]",
            Assert.Throws<InvalidArgumentException>(() => RecipeMaker.Make(Dataset.Open(data.Cells), data.Cells, new TrainingWishes { Grow = true })).Message);
        Assert.Equal("growing is for the staged-unet by this machine's plan, got model 'unet'",
            Assert.Throws<InvalidArgumentException>(() => RecipeMaker.Make(Dataset.Open(_folder["data"]), "data", new TrainingWishes { Grow = true, Model = "unet" })).Message);
        Assert.Equal("growing is for the staged-unet by this machine's plan, got nnU-Net's budget",
            Assert.Throws<InvalidArgumentException>(() => RecipeMaker.Make(Dataset.Open(_folder["data"]), "data", new TrainingWishes { Grow = true, NnUNet = true })).Message);
        Assert.Equal("only a staged U-Net of volumes whose kernels lie in planes ('stagedUNet.volumes') grows from slices ('growth')",
            Assert.Throws<VoluteException>(() => (_recipe with { StagedUNet = _recipe.StagedUNet! with { Volumes = null } }).OfSlices()).Message);
        data.Dispose();
    }

    private TrainingEnd Grow(string name, Recipe recipe, Func<TrainingProgress, bool> stop)
    {
        using RunFolder run = Directory.Exists(_folder[name]) ? RunFolder.Open(_folder[name]) : Volute.Training.Runs.Create(_folder[name], recipe);
        using CancellationTokenSource cancel = new();
        return TrainingStages.Run(run, recipe, TinyData.Split(recipe), 0, (stage, _) => stage.Run(p =>
        {
            if (stop(p))
                cancel.Cancel();
        }, cancel.Token)).End;
    }
}
