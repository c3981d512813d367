using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class RegionEvaluationTests
{
    private static Recipe RecipeOf(LabelRegion[] regions, params int[] values) => new()
    {
        Model = "staged-unet",
        Task = DatasetTask.Segmentation,
        Data = "",
        Classes = [.. values.Select(value => $"label {value}")],
        Channels = 1,
        Labels = new LabelMap(LabelKind.Value, values).ToJson(),
        Regions = regions,
        Standardization = new([0], [1]),
        InputSize = [8, 8],
        BatchSize = 1,
        LearningRate = 1,
        Augmentation = "none",
        Seed = 0,
    };

    [Fact]
    public void Each_region_is_counted_against_all_else_by_the_labels_that_make_it_up()
    {
        Random random = new(1);
        Recipe recipe = RecipeOf([new("whole", [1, 2, 3], 1), new("core", [2, 3], 2), new("active", [3], 3)], 0, 1, 2, 3);
        SegmentationEvaluator evaluator = new(SegmentationSettings.Of(recipe));
        int[] labels = [.. Enumerable.Range(0, 64).Select(i => i % 9 == 0 ? LabelMap.Ignored : random.Next(4))], found = [.. labels.Select(_ => random.Next(4))];
        evaluator.Add("a", found, labels, grid: new PixelGrid([8, 8]));
        Evaluation evaluation = evaluator.Evaluate(rounds: 0);
        double sum = 0;
        for (int r = 0; r < 3; r++)
        {
            int both = 0, either = 0;
            for (int i = 0; i < 64; i++)
            {
                if (labels[i] == LabelMap.Ignored)
                    continue;
                // Region r holds all labels above r.
                both += labels[i] > r && found[i] > r ? 1 : 0;
                either += (labels[i] > r ? 1 : 0) + (found[i] > r ? 1 : 0);
            }
            Assert.Equal(2.0 * both / either, evaluation.PerClass[r].Dice!.Value, 1e-12);
            Assert.Equal(2.0 * both / either, evaluation.PerCase[0].PerClass![r].Dice!.Value, 1e-12);
            sum += 2.0 * both / either;
        }
        Assert.Equal(sum / 3, evaluation.Metrics["dice"]!.Value, 1e-12);
        int compared = labels.Count(label => label >= 0);
        Assert.Equal((double)labels.Zip(found).Count(pair => pair.First == pair.Second) / compared, evaluation.Metrics["pixelAccuracy"]!.Value, 1e-12);
        Assert.Equal(compared, evaluation.Confusion.Sum(row => row.Sum()));
        Assert.Equal(["label 0", "label 1", "label 2", "label 3"], evaluation.Labels!);
        Assert.Equal(evaluation.Labels, Evaluation.FromJson(evaluation.ToJson()).Labels!);
        Assert.DoesNotContain("ece", evaluation.Metrics.Keys);
    }

    [Fact]
    public void Surfaces_and_objects_of_a_region_are_those_of_its_labels_together()
    {
        Recipe recipe = RecipeOf([new("whole", [1, 2], 1), new("core", [2], 2)], 0, 1, 2);
        SegmentationEvaluator regions = new(SegmentationSettings.Of(recipe)), plain = new(["none", "whole"]);
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i / 10 is > 1 and < 7 && i % 10 is > 2 and < 8 ? (i % 10 > 4 ? 2 : 1) : 0)];
        int[] found = [.. Enumerable.Range(0, 100).Select(i => i / 10 is > 2 and < 8 && i % 10 is > 1 and < 7 ? (i / 10 > 4 ? 2 : 1) : 0)];
        PixelGrid grid = new([10, 10]);
        regions.Add("a", found, labels, grid: grid);
        plain.Add("a", [.. found.Select(l => Math.Min(l, 1))], [.. labels.Select(l => Math.Min(l, 1))], grid: grid);
        ClassScore expected = plain.Evaluate(0).PerClass[1], got = regions.Evaluate(0).PerClass[0];
        Assert.Equal((expected.Hd95, expected.Assd, expected.Nsd, expected.ObjectF1), (got.Hd95, got.Assd, got.Nsd, got.ObjectF1));
        Assert.True(got.Assd > 0);
    }

    [Fact]
    public void Labels_that_regions_do_not_tell_apart_are_not_compared_one_by_one()
    {
        Recipe recipe = RecipeOf([new("whole", [1, 2], 1)], 0, 1, 2);
        SegmentationEvaluator evaluator = new(SegmentationSettings.Of(recipe));
        evaluator.Add("a", [0, 1, 1, 1], [0, 1, 2, 0]);
        Evaluation evaluation = evaluator.Evaluate(rounds: 0);
        Assert.Equal(0.8, evaluation.Metrics["dice"]!.Value, 1e-12);
        Assert.True(double.IsNaN(evaluation.Metrics["pixelAccuracy"]!.Value));
        Assert.Empty(evaluation.Confusion);
        Assert.Contains("Left out: the values that are written for regions do not tell all labels apart (label 0, label 1, label 2).", ConfusionSection.Of(evaluation)!.ToString());
        Assert.Contains("not applicable where the values written for regions do not tell all labels apart", evaluation.Definitions["pixelAccuracy"]);
    }
}
