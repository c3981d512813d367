using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

/// <summary>Which network a dataset gets, and what goes with it.</summary>
public class ModelChoiceTests
{
    private static Dataset Pictures(params int[] shape)
        => Dataset.Of([.. Enumerable.Range(0, 10).Select(i => new Sample($"{i}", new float[shape.Aggregate(1, (a, b) => a * b)], shape, [i % 2], []))], ["a", "b"]);

    private static Recipe Plan(Dataset data, string? model = null) => RecipeMaker.Make(data, "DATA", new TrainingWishes { Epochs = 1, Model = model });

    private static string Reason(Recipe recipe, string label) => recipe.Choices.Single(c => c.Label == label).Reason;

    [Theory]
    [InlineData("lenet", 1, 28, 28)]
    [InlineData("resnet20", 3, 32, 32)]
    [InlineData("resnet18", 1, 100, 80)]
    [InlineData("resnet18", 3, 224, 224)]
    [InlineData("resnet18acs", 3, 16, 48, 48)]
    public void The_network_goes_by_channels_and_sizes(string model, params int[] shape)
    {
        Recipe recipe = Plan(Pictures(shape));
        Assert.Equal(model, recipe.Model);
        Assert.Equal(shape[1..], recipe.InputSize);
        Assert.Equal("the size of the data", Reason(recipe, "Input"));
        Assert.Equal(2, recipe.CreateNetwork().Eval().Forward(Tensor.Full(Shape.Create([1, .. shape]), 0)).Shape[1]);
    }

    [Fact]
    public void Pictures_that_a_network_does_not_take_are_brought_to_its_own_size()
    {
        Recipe recipe = Plan(Pictures(3, 20, 20), "alexnet");
        Assert.Equal([227, 227], recipe.InputSize);
        Assert.StartsWith("the data are 20 x 20, which alexnet does not take (", Reason(recipe, "Input"));
    }

    [Fact]
    public void Pictures_far_larger_than_a_network_is_known_with_are_made_smaller()
    {
        Recipe recipe = Plan(Pictures(3, 500, 400), "resnet18");
        Assert.Equal([224, 224], recipe.InputSize);
        Assert.Equal("the data are 500 x 400: brought to the size that resnet18 is known with, which costs less", Reason(recipe, "Input"));
    }

    [Fact]
    public void Networks_without_normalization_get_a_smaller_rate_and_few_samples_small_batches_and_many_epochs()
    {
        Recipe plain = Plan(Pictures(3, 16, 32, 32), "c3d"), normalized = Plan(Pictures(3, 224, 224), "resnet18");
        Assert.Equal((3e-4, 4), (plain.LearningRate, plain.BatchSize));
        Assert.Equal((2e-3, 4), (normalized.LearningRate, normalized.BatchSize));
        Recipe unasked = RecipeMaker.Make(Pictures(3, 32, 32), "DATA", new TrainingWishes());
        Assert.Equal(100, unasked.Epochs);
        Assert.StartsWith("no layer normalizes", Reason(plain, "Learning rate"));
    }

    [Fact]
    public void Colour_pictures_are_mirrored_and_moved_and_signs_and_clips_are_not()
    {
        Assert.Equal("photographs", Plan(Pictures(3, 32, 32)).Augmentation);
        Assert.Equal("none", Plan(Pictures(1, 28, 28)).Augmentation);
        Assert.Equal("none", Plan(Pictures(3, 16, 32, 32)).Augmentation);
    }

    [Theory]
    [InlineData("dcgan", "model 'dcgan' has no classes to learn; known are staged-unet, ")]
    [InlineData("autoencoder", "model 'autoencoder' has no classes to learn; known are staged-unet, ")]
    [InlineData("lenet6", "model 'lenet6' is not known; known are staged-unet, ")]
    [InlineData("unet", "model 'unet' is for segmentation, but the data are a classification: ")]
    [InlineData("c3d", "model 'c3d' is for volumes [C, D, H, W], but 'DATA' holds pictures [C, H, W]")]
    [InlineData("sequence", "model 'sequence' is for signals [C, L], but 'DATA' holds pictures [C, H, W]")]
    public void A_network_that_does_not_fit_the_data_is_refused(string model, string message)
        => Assert.StartsWith(message, Assert.Throws<InvalidArgumentException>(() => Plan(Pictures(1, 28, 28), model)).Message);

    [Theory]
    [InlineData("deeplabv3")]
    [InlineData("fcn")]
    [InlineData("unet16")]
    public void Segmenters_of_the_catalogue_are_planned_and_predict_pictures_of_any_size(string model)
    {
        Sample[] samples = [.. Enumerable.Range(0, 5).Select(i => new Sample($"{i}", new float[3 * 70 * 50], [3, 70, 50], [.. Enumerable.Range(0, 70 * 50).Select(p => p % 2)], [70, 50]))];
        Recipe recipe = Plan(Dataset.Of(samples, ["ground", "thing"]), model);
        Assert.Equal((model, 48, 48), (recipe.Model, recipe.InputSize[0], recipe.InputSize[1]));
        Assert.Null(recipe.UNet);
        SegmentedImage found = new Predictor(recipe, recipe.CreateNetwork()).Segment(samples[0].Image, [3, 70, 50]);
        Assert.Equal(70 * 50, found.Classes.Length);
        Assert.Equal(2 * 70 * 50, found.Probabilities.Length);
    }

    [Fact]
    public void A_volume_network_of_the_catalogue_is_planned_and_predicts_volumes()
    {
        Sample[] samples = [.. Enumerable.Range(0, 5).Select(i => new Sample($"{i}", new float[20 * 34 * 40], [1, 20, 34, 40], [.. Enumerable.Range(0, 20 * 34 * 40).Select(p => p % 2)], [20, 34, 40]))];
        Recipe recipe = Plan(Dataset.Of(samples, ["ground", "thing"]), "unet3d");
        Assert.Equal([16, 32, 32], recipe.InputSize);
        Assert.Equal(0.5, recipe.TileStep);
        SegmentedImage found = new Predictor(recipe, recipe.CreateNetwork()).Segment(samples[0].Image, [1, 20, 34, 40]);
        Assert.Equal(20 * 34 * 40, found.Classes.Length);
    }

    [Fact]
    public void Widths_are_not_taken_by_networks_that_have_their_own()
    {
        Sample[] samples = [.. Enumerable.Range(0, 5).Select(i => new Sample($"{i}", new float[32 * 32], [1, 32, 32], [.. Enumerable.Range(0, 32 * 32).Select(p => p % 2)], [32, 32]))];
        Assert.Equal("--base-width is for U-Nets that are planned (staged-unet, unet), but 'unet16' has widths of its own, got 8",
            Assert.Throws<InvalidArgumentException>(() => RecipeMaker.Make(Dataset.Of(samples, ["a", "b"]), "DATA", new TrainingWishes { Model = "unet16", BaseWidth = 8 })).Message);
    }
}
