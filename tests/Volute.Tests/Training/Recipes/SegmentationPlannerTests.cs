using Volute.Training;

namespace Volute.Tests.Training.Recipes;

/// <summary>Recipes of segmentations; nothing is trained here but where minutes are given, when steps are measured.</summary>
[Collection(Runs.OneSequence.Name)]
public class SegmentationPlannerTests
{
    private static Dataset Pictures(int count, int height, int width, int classes = 2) => Dataset.Of([.. Enumerable.Range(0, count).Select(i =>
        new Sample($"{i:D3}", [.. Enumerable.Range(0, height * width).Select(p => (p * (i + 3) % 17) / 17f)], [1, height, width], [.. Enumerable.Range(0, height * width).Select(p => p / 40 % classes)], [height, width]))],
        [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]);

    private static Recipe Plan(Dataset data, TrainingWishes? wishes = null) => RecipeMaker.Make(data, "data", wishes ?? new());

    [Fact]
    public void Small_pictures_are_patches_of_their_own_size_and_few_share_a_batch()
    {
        Recipe recipe = Plan(Pictures(6, 64, 48));
        Assert.Equal(("staged-unet", 2), (recipe.Model, recipe.BatchSize));
        Assert.Equal([64, 48], recipe.InputSize);
        // 64 and 48 are halved to 8 and 6; then 8 is alone, and short of 12.
        Assert.Equal([[1, 1], [2, 2], [2, 2], [2, 2]], recipe.StagedUNet!.Stages.Select(stage => stage.Stride));
        Assert.Equal([16, 32, 64, 128], recipe.StagedUNet.Stages.Select(stage => stage.Width));
        Assert.Equal(Normalization.Instance, recipe.StagedUNet.Normalization);
        Assert.True(recipe.StagedUNet.DeepSupervision);
        Assert.Equal(("segmentation", false, "adamw", 0.9), (recipe.Augmentation, recipe.DiceBackground, recipe.Optimizer, recipe.ScoreMemory));
    }

    [Fact]
    public void Many_small_pictures_make_large_batches_with_batch_norm_and_few_stages_need_no_deep_supervision()
    {
        Recipe recipe = Plan(Pictures(400, 24, 24));
        // 4 patches of 256 x 256 hold 455 of these: at most 32, and 5 % of 400 are 20.
        Assert.Equal(20, recipe.BatchSize);
        Assert.Equal(Normalization.Batch, recipe.StagedUNet!.Normalization);
        Assert.Equal(3, recipe.StagedUNet.Stages.Count);
        Assert.False(recipe.StagedUNet.DeepSupervision);
        Assert.Equal("segmentation-rigid", recipe.Augmentation);
    }

    [Fact]
    public void Large_pictures_are_cut_into_256_by_256()
    {
        Recipe recipe = Plan(Pictures(5, 300, 520));
        Assert.Equal([256, 256], recipe.InputSize);
        Assert.Equal(4, Plan(Pictures(30, 300, 520)).BatchSize);
        Assert.Equal(7, recipe.StagedUNet!.Stages.Count);
    }

    [Fact]
    public void Every_choice_has_a_reason_and_most_a_source()
    {
        Recipe recipe = Plan(Pictures(4, 32, 32), new TrainingWishes { BaseWidth = 4, Epochs = 2 });
        Assert.Equal(["Network", "Normalization", "Deep supervision", "Patch", "Batch", "Memory", "Base width", "Held out", "Loss", "Optimizer", "Augmentation", "Best epoch"], recipe.Choices.Select(choice => choice.Label));
        Assert.All(recipe.Choices, choice => Assert.False(string.IsNullOrWhiteSpace(choice.Reason) || string.IsNullOrWhiteSpace(choice.Value)));
        Assert.Equal(["Base width"], recipe.Choices.Where(choice => choice.Source is null).Select(choice => choice.Label));
    }

    [Fact]
    public void Regions_are_kept_in_their_order_and_each_has_a_score_of_its_own()
    {
        using Formats.TemporaryFolder folder = Runs.RegionData.Pictures(5, 32);
        Dataset data = Dataset.Open(folder.Root);
        foreach (TrainingWishes wishes in (TrainingWishes[])[new() { BaseWidth = 4 }, new() { BaseWidth = 4, NnUNet = true }])
        {
            Recipe recipe = RecipeMaker.Make(data, folder.Root, wishes);
            Assert.Equal(["whole = 1 2 3", "core = 2 3", "enhancing = 3"], recipe.Regions!.Select(region => region.ToString()));
            Assert.Equal([1, 2, 3], recipe.Regions!.Select(region => region.Written));
            Assert.Equal(3, recipe.CreateNetwork().Forward(Tensor.Full([1, 1, .. recipe.InputSize], 0)).Shape[1]);
            PlanChoice outputs = recipe.Choices.Single(choice => choice.Label == "Outputs");
            Assert.Equal(("3 regions: whole = 1 2 3, core = 2 3, enhancing = 3", "nnU-Net"), (outputs.Value, outputs.Source));
            Assert.StartsWith("binary cross-entropy + Dice of each region", recipe.Choices.Single(choice => choice.Label == "Loss").Value);
        }
    }

    [Fact]
    public void What_cannot_be_learned_of_regions_is_refused()
    {
        using Formats.TemporaryFolder folder = Runs.RegionData.Pictures(5, 32);
        Dataset data = Dataset.Open(folder.Root);
        string Refused(TrainingWishes wishes) => Assert.Throws<InvalidArgumentException>(() => RecipeMaker.Make(data, "here", wishes)).Message;
        const string Asked = "'here' asks for regions, of which a pixel may have several (whole = 1 2 3, core = 2 3, enhancing = 3)";
        Assert.Equal($"model 'unet' gives each pixel one class, but {Asked}; staged-unet learns them", Refused(new() { Model = "unet" }));
        Assert.Equal($"border weights part objects of classes, but {Asked}; leave them out, or name each label as a class of its own in a classes.csv (value,name)", Refused(new() { BorderWeights = true }));
    }

    [Fact]
    public void The_same_data_and_wishes_give_the_same_recipe()
    {
        using Volute.Tests.Formats.TemporaryFolder folder = new();
        string Json(string name)
        {
            using RunFolder run = Volute.Training.Runs.Create(folder[name], Plan(Pictures(6, 40, 40)));
            return File.ReadAllText(run.RecipePath);
        }
        Assert.Equal(Json("a"), Json("b"));
    }

    [Fact]
    public void What_is_asked_for_is_kept()
    {
        Recipe recipe = Plan(Pictures(6, 64, 64), new TrainingWishes { Patch = 20, BatchSize = 9, BaseWidth = 3, LearningRate = 0.5, Epochs = 7 });
        Assert.Equal((9, 0.5, 7), (recipe.BatchSize, recipe.LearningRate, recipe.Epochs));
        Assert.Equal([20, 20], recipe.InputSize);
        Assert.Equal(3, recipe.StagedUNet!.Stages[0].Width);
    }

    [Fact]
    public void A_step_that_does_not_fit_the_memory_gets_a_smaller_batch_then_a_smaller_patch()
    {
        Dataset data = Pictures(80, 128, 128);
        Recipe free = Plan(data, new TrainingWishes { BaseWidth = 4 });
        Assert.Equal((4, 128), (free.BatchSize, free.InputSize[0]));
        long step = StepProbe.PlanStep(free, TrainingData.Split(data, free)).PeakBytes;
        Recipe less = Plan(data, new TrainingWishes { BaseWidth = 4, MemoryBytes = step - 1 });
        Assert.Equal((2, 128), (less.BatchSize, less.InputSize[0]));
        Recipe least = Plan(data, new TrainingWishes { BaseWidth = 4, MemoryBytes = step / 4 });
        Assert.True(least.InputSize[0] < 128);
        Assert.InRange(StepProbe.PlanStep(least, TrainingData.Split(data, least)).PeakBytes, 1, step / 4);
        Assert.Matches("^a training step with a batch of 2 patches of 8 x 8 and base width 4 needs more bytes of memory, but at most 1,000 are allowed$",
            Assert.Throws<LimitException>(() => Plan(data, new TrainingWishes { BaseWidth = 4, MemoryBytes = 1000 })).Message);
    }

    [Fact]
    public void NnU_Net_s_budget_gives_nnU_Net_s_patch_batch_pools_and_training()
    {
        Recipe recipe = Plan(Pictures(30, 512, 512), new TrainingWishes { NnUNet = true });
        Assert.Equal([512, 512], recipe.InputSize);
        Assert.Equal((2, 250, 1000, "sgd", "polynomial"), (recipe.BatchSize, recipe.StepsPerEpoch, recipe.Epochs, recipe.Optimizer, recipe.Schedule));
        Assert.Equal((0.01, 3e-5, 12.0), (recipe.LearningRate, recipe.WeightDecay, recipe.ClipNorm));
        Assert.Equal([32, 64, 128, 256, 512, 512, 512, 512], recipe.StagedUNet!.Stages.Select(stage => stage.Width));
    }

    [Fact]
    public void Minutes_choose_the_width_and_the_steps_by_measuring()
    {
        Recipe recipe = Plan(Pictures(6, 32, 32), new TrainingWishes { Minutes = 0.05 });
        Assert.Equal(8, recipe.StagedUNet!.Stages[0].Width);
        Assert.Equal(0.05, recipe.Minutes);
        Assert.Null(recipe.Epochs);
        Assert.InRange(recipe.StepsPerEpoch!.Value, 1, 250);
        Assert.Matches("^about [0-9,]+ steps, [0-9]+ an epoch$", recipe.Choices.Single(choice => choice.Label == "Time").Value);
        Assert.Contains("there is time for", recipe.Choices.Single(choice => choice.Label == "Base width").Reason);
        // With hours, the widest.
        recipe = Plan(Pictures(6, 16, 16), new TrainingWishes { Minutes = 600 });
        Assert.Equal((32, "sgd"), (recipe.StagedUNet!.Stages[0].Width, recipe.Optimizer));
    }
}
