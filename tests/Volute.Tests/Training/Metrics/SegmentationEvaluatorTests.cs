using System.Text.Json;
using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class SegmentationEvaluatorTests
{
    private static readonly string[] names = ["background", "liver", "tumour"];

    /// <summary>Case a has both classes, b lacks the tumour in both, c has a tumour that was missed.</summary>
    private static SegmentationEvaluator Evaluator()
    {
        SegmentationEvaluator evaluator = new(names, volumeUnit: "mm³");
        evaluator.Add("a", [0, 1, 1, 1, 2, 2, 0, 0], [0, 1, 1, 0, 2, 0, 2, 2], pixelVolume: 2);
        evaluator.Add("b", [0, 0, 1, 1], [0, 1, 1, 1]);
        evaluator.Add("c", [0, 0, 1, 1], [2, 0, 1, 1]);
        return evaluator;
    }

    [Fact]
    public void Three_cases_scored_by_hand()
    {
        Evaluation evaluation = Evaluator().Evaluate(rounds: 0);
        // Liver: a TP 2 FP 1 FN 0, b TP 2 FP 0 FN 1, c TP 2. Tumour: a TP 1 FP 1 FN 2, b in neither, c FN 1.
        ClassScore liver = evaluation.PerClass[1], tumour = evaluation.PerClass[2];
        Assert.Equal((0.8 + 0.8 + 1) / 3, liver.Dice!.Value, 15);
        Assert.Equal((2 / 3.0 + 2 / 3.0 + 1) / 3, liver.Iou!.Value, 15);
        Assert.Equal(12 / 14.0, liver.DicePooled!.Value, 15);
        Assert.Equal(6 / 8.0, liver.IouPooled!.Value, 15);
        Assert.Equal((2 / 3.0 + 1 + 1) / 3, liver.Precision!.Value, 15);
        Assert.Equal((1 + 2 / 3.0 + 1) / 3, liver.Recall!.Value, 15);
        // 1 pixel of 2 mm³ too many, 1 of 1 mm³ too few, none.
        Assert.Equal((2 - 1 + 0) / 3.0, liver.VolumeError!.Value, 15);
        Assert.Equal((2 + 1 + 0) / 3.0, liver.VolumeErrorAbsolute!.Value, 15);
        Assert.Equal((3, 0, 0), (liver.Cases, liver.NotApplicable, liver.Missed));
        Assert.Equal((0.4 + 0) / 2, tumour.Dice!.Value, 15);
        Assert.Equal((0.25 + 0) / 2, tumour.Iou!.Value, 15);
        Assert.Equal((2, 1, 1), (tumour.Cases, tumour.NotApplicable, tumour.Missed));
        Assert.Equal((4L, 2L), (tumour.Reference, tumour.Predicted));

        Assert.Equal((liver.Dice.Value + tumour.Dice.Value) / 2, evaluation.Metrics["dice"]!.Value, 15);
        Assert.Equal((12 / 14.0 + 2 / 6.0) / 2, evaluation.Metrics["dicePooled"]!.Value, 15);
        Assert.Equal(10 / 16.0, evaluation.Metrics["pixelAccuracy"]);
        Assert.Equal(6 / 16.0, evaluation.Metrics["pixelErrorPlain"]);
        Assert.Equal(1, evaluation.Metrics["missed"]);
        // Liver: (2 + 1) / (4 + 3 + 2); tumour: (2 + 1) / (6 + 1).
        Assert.Equal((3 / 9.0 + 3 / 7.0) / 2, evaluation.Metrics["relativeVolumeError"]!.Value, 15);
        Assert.Equal([[3, 1, 1], [1, 6, 0], [3, 0, 1]], evaluation.Confusion);

        Assert.Equal([2, 0, 1], evaluation.Worst(3));
        Assert.Equal([1, 0], evaluation.Best(2));
    }

    [Fact]
    public void Case_scores_leave_out_the_background_and_absent_classes()
    {
        IReadOnlyList<CaseScore> cases = Evaluator().Evaluate(0).PerCase;
        Assert.Equal(["a", "b", "c"], cases.Select(c => c.Name));
        Assert.Equal((0.8 + 0.4) / 2, cases[0].Dice!.Value, 15);
        Assert.Equal(0.8, cases[1].Dice!.Value, 15);
        Assert.Equal(0.5, cases[2].Dice!.Value, 15);
        Assert.Equal(0.5, cases[0].PixelAccuracy);
        Assert.True(double.IsNaN(cases[1].PerClass![2].Dice!.Value));
        Assert.True(double.IsNaN(cases[1].PerClass![2].VolumeError!.Value));
        // Two pixels of the tumour for three, 2 mm³ each.
        Assert.Equal(-2, cases[0].PerClass![2].VolumeError);
    }

    [Fact]
    public void Without_a_background_every_class_counts()
    {
        SegmentationEvaluator evaluator = new(["membrane", "cell"], background: null);
        evaluator.Add("a", [0, 0, 1, 1], [0, 1, 1, 1]);
        Assert.Equal((2 / 3.0 + 0.8) / 2, evaluator.Evaluate(0).Metrics["dice"]!.Value, 15);
    }

    [Fact]
    public void Ignored_pixels_count_in_no_metric()
    {
        SegmentationEvaluator with = new(["no", "yes"], ignore: 255), without = new(["no", "yes"]);
        with.Add("a", [0, 1, 1, 0, 1], [0, 1, 255, 1, 255], [0.1f, 0.9f, 0.9f, 0.4f, float.NaN]);
        without.Add("a", [0, 1, 0], [0, 1, 1], [0.1f, 0.9f, 0.4f]);
        Assert.Equal(without.Evaluate(0).ToJson(), with.Evaluate(0).ToJson());
    }

    [Fact]
    public void A_case_with_nothing_labelled_is_not_applicable()
    {
        SegmentationEvaluator evaluator = new(["no", "yes"], ignore: 9);
        evaluator.Add("empty", [0, 1], [9, 9]);
        Evaluation evaluation = evaluator.Evaluate();
        Assert.Equal(1, evaluation.Cases);
        Assert.True(double.IsNaN(evaluation.Metrics["dice"]!.Value));
        Assert.True(double.IsNaN(evaluation.Metrics["pixelAccuracy"]!.Value));
        Assert.Equal(0, evaluation.Metrics["missed"]);
        Assert.Empty(evaluation.Worst(5));
    }

    [Fact]
    public void The_pixel_error_of_isbi_pools_the_cases_under_one_threshold()
    {
        SegmentationEvaluator evaluator = new(["membrane", "cell"]);
        evaluator.Add("a", [0, 1], [0, 1], [0.2f, 0.4f]);
        evaluator.Add("b", [1, 1], [0, 1], [0.6f, 0.9f]);
        Evaluation evaluation = evaluator.Evaluate(0);
        Assert.Equal([0.0, 0.0], evaluation.PerCase.Select(c => c.PixelError!.Value));
        // At 0.4: TP 2, FP 1, F = 4/5; at 0.9: TP 1, FN 1, F = 2/3.
        Assert.Equal(0.2, evaluation.Metrics["pixelError"]!.Value, 15);
        Assert.Contains("'cell'", evaluation.Definitions["pixelError"]);
    }

    [Fact]
    public void Intervals_contain_the_value_and_follow_the_seed()
    {
        Random random = new(2);
        SegmentationEvaluator evaluator = new(["no", "yes"]);
        for (int i = 0; i < 30; i++)
        {
            int[] labels = [.. Enumerable.Range(0, 100).Select(_ => random.Next(2))];
            evaluator.Add($"{i}", [.. labels.Select(l => random.Next(5) < i % 5 ? 1 - l : l)], labels);
        }
        Evaluation evaluation = evaluator.Evaluate(seed: 4);
        Interval interval = evaluation.PerClass[1].Intervals["dice"];
        Assert.InRange(evaluation.PerClass[1].Dice!.Value, interval.Low, interval.High);
        Assert.InRange(interval.High - interval.Low, 0.05, 0.4);
        Assert.Equal(interval, evaluation.Intervals["dice"]);
        Assert.Equal(evaluation.ToJson(), evaluator.Evaluate(seed: 4).ToJson());
        Assert.NotEqual(evaluation.ToJson(), evaluator.Evaluate(seed: 5).ToJson());
    }

    [Fact]
    public void The_document_has_the_promised_shape()
    {
        using JsonDocument document = JsonDocument.Parse(Evaluator().Evaluate(100).ToJson());
        JsonElement root = document.RootElement;
        Assert.Equal(3, root.GetProperty("cases").GetInt32());
        Assert.Equal("segmentation", root.GetProperty("task").GetString());
        foreach (string metric in new[] { "dice", "iou", "dicePooled", "iouPooled", "pixelAccuracy", "pixelErrorPlain", "precision", "recall" })
        {
            Assert.Equal(JsonValueKind.Number, root.GetProperty("metrics").GetProperty(metric).ValueKind);
            Assert.NotEqual("", root.GetProperty("definitions").GetProperty(metric).GetString());
        }
        Assert.Equal("tumour", root.GetProperty("perClass")[2].GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Number, root.GetProperty("perClass")[1].GetProperty("intervals").GetProperty("dice").GetProperty("low").ValueKind);
        JsonElement b = root.GetProperty("perCase")[1];
        Assert.Equal("b", b.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, b.GetProperty("perClass")[2].GetProperty("dice").ValueKind);
        Assert.False(b.TryGetProperty("probability", out _));
        Assert.False(b.TryGetProperty("quality", out _));
    }

    [Fact]
    public void A_document_read_back_is_the_same_document()
    {
        string json = Evaluator().Evaluate(100).ToJson();
        Evaluation evaluation = Evaluation.FromJson(json);
        Assert.True(double.IsNaN(evaluation.PerCase[1].PerClass![2].Dice!.Value));
        Assert.Null(evaluation.PerCase[1].Probability);
        Assert.Equal(json, evaluation.ToJson());
        Assert.StartsWith("not an evaluation document: ", Assert.Throws<VoluteException>(() => Evaluation.FromJson("{\"cases\":\"x\"}")).Message);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        SegmentationEvaluator evaluator = new(["no", "yes"]);
        Assert.Equal("a: the volume of a pixel must be above 0, got 0", Assert.Throws<InvalidArgumentException>(() => evaluator.Add("a", [0], [0], pixelVolume: 0)).Message);
        Assert.Equal("a: 3 probabilities for 1 labels; one for each is needed, or one for each and each of the 2 classes",
            Assert.Throws<InvalidArgumentException>(() => evaluator.Add("a", [0], [0], [0, 0, 0])).Message);
        Assert.Equal("a: probability NaN at index 0 is not between 0 and 1",
            Assert.Throws<InvalidArgumentException>(() => evaluator.Add("a", [0], [0], [float.NaN, 1])).Message);
        Assert.Equal("a: a grid of 2 x 3 pixels for 1 labels; both need the same size",
            Assert.Throws<InvalidArgumentException>(() => evaluator.Add("a", [0], [0], grid: new PixelGrid([2, 3]))).Message);
        Assert.Equal("background 2 is none of the 2 classes; give null where there is none",
            Assert.Throws<InvalidArgumentException>(() => new SegmentationEvaluator(["no", "yes"], background: 2)).Message);
        Assert.Equal("probabilities are of class 1, which is none of the 1 classes",
            Assert.Throws<InvalidArgumentException>(() => new SegmentationEvaluator(["all"]).Add("a", [0], [0], [0])).Message);
        Assert.Equal(0, evaluator.Evaluate(0).Cases);
    }
}
