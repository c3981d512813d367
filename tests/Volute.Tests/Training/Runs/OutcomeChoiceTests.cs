using Volute.Training;

namespace Volute.Tests.Training.Runs;

[Collection(OneSequence.Name)]
public class OutcomeChoiceTests(TinyData data)
{
    private Recipe Recipe(string augmentation)
        => RecipeMaker.Make(Dataset.Open(data.Cells), data.Cells, new TrainingWishes { Epochs = 1, BaseWidth = 4, Patch = 32, BatchSize = 2, Seed = 3, Augmentation = augmentation });

    [Fact]
    public void Mirror_images_are_tried_where_the_network_has_met_them_and_a_picture_is_one_tile()
    {
        Recipe recipe = Recipe("segmentation");
        TrainingData split = TinyData.Split(recipe);
        Assert.True(OutcomeChoices.TriesMirrors(recipe, split));
        Assert.False(OutcomeChoices.TriesMirrors(Recipe("none"), split));
        Assert.False(OutcomeChoices.TriesMirrors(recipe with { Tile = 32 }, split));
        Assert.False(OutcomeChoices.TriesMirrors(recipe with { Mirrors = true }, split));
    }

    [Fact]
    public void Mirror_images_are_averaged_where_they_take_a_hundredth_of_the_error_away()
    {
        Recipe recipe = Recipe("segmentation");
        TrainingData split = TinyData.Split(recipe);
        int taken = 0, left = 0;
        // Of networks that learned nothing some gain by it.
        for (int seed = 0; seed < 40 && (taken == 0 || left == 0); seed++)
        {
            Settings.Seed = seed;
            Module network = recipe.CreateNetwork();
            double Dice(Recipe of)
            {
                Predictor predictor = new(of, network);
                SegmentationEvaluator evaluator = new(recipe.Classes, LabelMap.Ignored, measures: SegmentationMeasures.None);
                foreach (int index in split.Validation)
                    evaluator.Add("", predictor.Segment(split.Data[index]).Classes, split.Data[index].Labels);
                return evaluator.Evaluate(rounds: 0).Metrics["dice"]!.Value;
            }
            double plain = Dice(recipe), mirrored = Dice(recipe with { Mirrors = true });
            Recipe chosen = OutcomeChoices.Of(recipe, network, split);
            Assert.Equal(1 - mirrored <= 0.99 * (1 - plain), chosen.Mirrors);
            (taken, left) = chosen.Mirrors ? (taken + 1, left) : (taken, left + 1);
            if (chosen.Mirrors)
                Assert.Equal("Mirrors", chosen.Choices[^1].Label);
            else
                Assert.Same(recipe, chosen);
        }
        Assert.True(taken > 0 && left > 0);
    }
}
