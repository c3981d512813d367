using System.Text.Json;
using Volute.Training;

namespace Volute.Tests.Training.Metrics;

/// <summary>Surfaces, objects, partitions and calibration as parts of an evaluation.</summary>
public class MeasuredSegmentationTests
{
    private static readonly PixelGrid grid = new([4, 6], [2, 1]);

    private static int[] Map(string digits) => [.. digits.Where(char.IsDigit).Select(c => c - '0')];

    /// <summary>Liver in all; the tumour is missed in b and made up in c.</summary>
    private static SegmentationEvaluator Evaluator(SegmentationMeasures measures = SegmentationMeasures.All)
    {
        SegmentationEvaluator evaluator = new(["background", "liver", "tumour"], volumeUnit: "mm²", distanceUnit: "mm", measures: measures);
        evaluator.Add("a", Map("111000 111000 000022 000022"), Map("111000 111000 000022 000022"), grid: grid);
        evaluator.Add("b", Map("110000 110000 000000 000000"), Map("111000 111000 000022 000000"), grid: grid);
        evaluator.Add("c", Map("111000 111000 000020 000000"), Map("111000 111000 000000 000000"), grid: grid);
        return evaluator;
    }

    [Fact]
    public void Misses_and_false_alarms_cost_the_diagonal_and_are_counted()
    {
        Evaluation evaluation = Evaluator().Evaluate(200);
        ClassScore liver = evaluation.PerClass[1], tumour = evaluation.PerClass[2];
        double diagonal = Math.Sqrt(64 + 36);
        Assert.Equal(2 * diagonal / 3, tumour.Hd95!.Value, 1e-12);
        Assert.Equal(2 * diagonal / 3, tumour.Assd!.Value, 1e-12);
        Assert.Equal(1 / 3.0, tumour.Nsd!.Value, 1e-12);
        Assert.Equal((3, 0, 1, 1), (tumour.Cases, tumour.NotApplicable, tumour.Missed, tumour.FalseAlarms));
        // In b a column is missing: distance 1 from 2 of 6 surface pixels, none the other way.
        Assert.Equal(1 / 3.0, liver.Hd95!.Value, 1e-12);
        Assert.Equal((1 / 3.0 + 0) / 2 / 3, liver.Assd!.Value, 1e-12);
        Assert.Equal((liver.Hd95.Value + tumour.Hd95.Value) / 2, evaluation.Metrics["hd95"]!.Value, 1e-12);
        Assert.Null(evaluation.PerClass[0].Hd95);
        Assert.EndsWith("Here in mm, tolerance 1 mm; the means are over 6 pairs of case and class, in 1 of which the class was missed and in 1 a false alarm.", evaluation.Definitions["hd95"]);
        Assert.Equal([false, true, true], evaluation.PerCase.Select(c => c.PerClass![2].Missed));
        Assert.Equal(diagonal, evaluation.PerCase[1].PerClass![2].Hd95);
        Assert.True(evaluation.Intervals["hd95"].Low <= evaluation.Metrics["hd95"] && evaluation.Metrics["hd95"] <= evaluation.Intervals["hd95"].High);
        Assert.True(tumour.Intervals.ContainsKey("nsd"));
    }

    [Fact]
    public void Objects_of_all_cases_are_counted_together()
    {
        Evaluation evaluation = Evaluator().Evaluate(0);
        ClassScore tumour = evaluation.PerClass[2];
        // One found, one missed, one made up.
        Assert.Equal((0.5, 0.5, 0.5), (tumour.ObjectF1, tumour.ObjectPrecision, tumour.ObjectRecall));
        Assert.Equal(1, evaluation.PerClass[1].ObjectF1);
        Assert.Equal(0.75, evaluation.Metrics["objectF1"]);
        Assert.Equal((2L, 1L, 1L), (tumour.Objects![0].Reference, tumour.Objects[0].Found, tumour.Objects[0].FalseAlarms));
        Assert.Equal((0L, 1L, 0L), (evaluation.PerCase[1].PerClass![2].ObjectsFound, evaluation.PerCase[1].PerClass![2].ObjectsMissed, evaluation.PerCase[1].PerClass![2].ObjectFalseAlarms));
    }

    [Fact]
    public void The_volume_of_a_pixel_is_that_of_the_grid()
        => Assert.Equal(-2 * 2, Evaluator().Evaluate(0).PerCase[1].PerClass![1].VolumeError);

    [Fact]
    public void What_is_not_asked_for_or_has_no_place_is_left_out()
    {
        Assert.DoesNotContain("hd95", Evaluator(SegmentationMeasures.Objects).Evaluate(0).Metrics.Keys);
        Assert.DoesNotContain("objectF1", Evaluator(SegmentationMeasures.Surfaces).Evaluate(0).Metrics.Keys);
        Assert.DoesNotContain("vRand", Evaluator().Evaluate(0).Metrics.Keys);
        SegmentationEvaluator plain = new(["no", "yes"]);
        plain.Add("a", [0, 1], [0, 1]);
        Evaluation evaluation = plain.Evaluate(0);
        Assert.DoesNotContain("hd95", evaluation.Metrics.Keys);
        Assert.Null(evaluation.DistanceUnit);
        Assert.DoesNotContain("objects", evaluation.ToJson());
    }

    [Fact]
    public void A_picture_with_probabilities_is_judged_at_its_best_threshold_and_as_predicted()
    {
        int[] labels = Map("110111 110111 110111 110111");
        float[] clear = [.. labels.Select(l => l == 1 ? 0.85f : 0.55f)];
        SegmentationEvaluator evaluator = new(["border", "cell"]);
        evaluator.Add("a", [.. clear.Select(p => p >= 0.5f ? 1 : 0)], labels, clear, grid: grid);
        Evaluation evaluation = evaluator.Evaluate(0);
        Assert.Equal((1, 1, 0, 0), (evaluation.Metrics["vRand"], evaluation.Metrics["vInfo"], evaluation.Metrics["warpingError"], evaluation.Metrics["randError"]));
        // Cells of 8 and 12 pixels in one: shares 0.4 and 0.6.
        Assert.Equal(2 * 0.52 / 1.52, evaluation.Metrics["vRandPredicted"]!.Value, 1e-12);
        Assert.Equal(0, evaluation.Metrics["vInfoPredicted"]!.Value, 1e-12);
        // No pixel of the wall can go without joining the cells.
        Assert.Equal(4 / 24.0, evaluation.Metrics["warpingErrorPredicted"]!.Value, 1e-12);
        Assert.Equal(evaluation.Metrics["vRandPredicted"], evaluation.PerCase[0].VRand);
    }

    [Fact]
    public void Probabilities_of_one_class_and_of_both_calibrate_alike()
    {
        Random random = new(6);
        int[] labels = [.. Enumerable.Range(0, 24).Select(_ => random.Next(2))];
        float[] p = [.. labels.Select(l => (float)((l + 2 * random.NextDouble()) / 3))];
        SegmentationEvaluator one = new(["no", "yes"], ignore: 9), both = new(["no", "yes"], ignore: 9);
        labels[3] = 9;
        one.Add("a", labels.Select(l => l & 1).ToArray(), labels, p);
        both.Add("a", labels.Select(l => l & 1).ToArray(), labels, [.. p.Select(v => 1 - v), .. p]);
        Evaluation a = one.Evaluate(0), b = both.Evaluate(0);
        Assert.Equal(23, a.Calibration!.Answers);
        Assert.Equal(a.Metrics["ece"], b.Metrics["ece"]);
        Assert.Equal(a.Metrics["temperature"], b.Metrics["temperature"]);
        Assert.Equal(a.Metrics["pixelError"], b.Metrics["pixelError"]);
    }

    [Fact]
    public void Pixels_that_are_not_labelled_count_for_nothing()
    {
        int[] labels = Map("110111 110119 110199 110111"), prediction = Map("110111 110110 110110 110111"), other = Map("110111 110111 110101 110111");
        string Json(int[] predicted)
        {
            SegmentationEvaluator evaluator = new(["border", "cell"], ignore: 9);
            evaluator.Add("a", predicted, labels, grid: grid);
            Evaluation evaluation = evaluator.Evaluate(0);
            return JsonSerializer.Serialize(new[] { evaluation.Metrics["hd95"], evaluation.Metrics["nsd"], evaluation.Metrics["objectF1"], evaluation.Metrics["dice"] });
        }
        Assert.Equal("[0,1,1,1]", Json(prediction));
        Assert.Equal("[0,1,1,1]", Json(other));
    }

    [Fact]
    public void Every_metric_has_a_title_a_definition_and_a_name_that_finds_it()
    {
        SegmentationEvaluator evaluator = new(["border", "cell"]);
        evaluator.Add("a", Map("110111 110111 110111 110111"), Map("110111 110111 110111 110111"), new float[24], grid: grid);
        Evaluation evaluation = evaluator.Evaluate(0);
        foreach (string name in (string[])["hd95", "assd", "nsd", "objectF1", "objectPrecision", "objectRecall", "vRand", "vInfo", "warpingError", "pixelError", "ece", "temperature"])
            Assert.Contains(name, evaluation.Metrics.Keys);
        foreach (string name in evaluation.Metrics.Keys)
        {
            Assert.NotEqual(name, Metric.Named(name).Title);
            Assert.StartsWith(Metric.Named(name).Definition, evaluation.Definitions[name]);
            Assert.True(evaluation.Definitions[name].Length > 10);
        }
        Assert.Equal(evaluation.ToJson(), Evaluation.FromJson(evaluation.ToJson()).ToJson());
    }
}
