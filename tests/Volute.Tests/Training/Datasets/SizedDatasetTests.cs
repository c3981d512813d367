using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class SizedDatasetTests
{
    [Fact]
    public void Shrinking_takes_means_of_areas_and_growing_goes_linearly()
    {
        float[] image = [1, 3, 5, 7, 10, 20, 30, 50];
        Assert.Equal([4, 27.5f], SizedDataset.Brought(image, [2, 2, 2], [1, 1]));
        Assert.Equal([2, 6, 15, 40], SizedDataset.Brought(image, [2, 1, 4], [1, 2]));
        Assert.Equal([1, 1.5f, 2.5f, 3], SizedDataset.Brought([1, 3], [1, 1, 2], [1, 4]));
        Assert.Same(image, SizedDataset.Brought(image, [2, 2, 2], [2, 2]));
    }

    [Fact]
    public void Pictures_of_several_sizes_are_trained_on_and_judged_at_one()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 6; i++)
        {
            int size = 12 + 4 * i;
            folder.Gray($"dark/{i}.png", size, size, [.. Enumerable.Range(0, size * size).Select(p => (byte)(p % 40))]);
            folder.Gray($"light/{i}.png", size, size, [.. Enumerable.Range(0, size * size).Select(p => (byte)(200 + p % 40))]);
        }
        Dataset data = Dataset.Open(folder.Root);
        Recipe recipe = RecipeMaker.Make(data, folder.Root, new TrainingWishes { Epochs = 1 });
        Assert.Equal("lenet", recipe.Model);
        Assert.Equal([28, 28], recipe.InputSize);
        Assert.Contains(recipe.Choices, c => c is { Label: "Input", Value: "1 x 28 x 28", Reason: "the data differ in size: all are brought to the one that lenet is known with" });
        TrainingData seen = TrainingData.Split(data, recipe);
        Assert.All(Enumerable.Range(0, seen.Data.Count), i => Assert.Equal([1, 28, 28], seen.Data[i].ImageShape));
        // What judges has its own sizes, and the predictor brings them to the network's.
        Assert.Equal([1, 12, 12], seen.Judge[0].ImageShape);
        Scored scored = Scoring.Score(new Predictor(recipe, recipe.CreateNetwork()), seen.Judge, seen.Judged);
        Assert.Equal(seen.Judged.Length, scored.Evaluation.Cases);
    }
}
