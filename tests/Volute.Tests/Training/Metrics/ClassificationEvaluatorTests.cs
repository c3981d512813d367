using System.Text.Json;
using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class ClassificationEvaluatorTests
{
    private static readonly string[] names = ["cat", "dog", "owl"];

    [Fact]
    public void Six_pictures_scored_by_hand()
    {
        ClassificationEvaluator evaluator = new(names, top: 2);
        evaluator.Add("1", 0, 0, [0.8f, 0.1f, 0.1f]);
        evaluator.Add("2", 0, 0, [0.6f, 0.3f, 0.1f]);
        evaluator.Add("3", 1, 0, [0.2f, 0.7f, 0.1f]);
        evaluator.Add("4", 1, 1, [0.0f, 0.9f, 0.1f]);
        evaluator.Add("5", 0, 1, [0.5f, 0.1f, 0.4f]);
        evaluator.Add("6", 0, 1, [0.5f, 0.4f, 0.1f]);
        Evaluation evaluation = evaluator.Evaluate(0);
        Assert.Equal((6, "classification", "accuracy"), (evaluation.Cases, evaluation.Task, evaluation.Headline));
        Assert.Equal(3 / 6.0, evaluation.Metrics["accuracy"]);
        Assert.Equal(5 / 6.0, evaluation.Metrics["top2Accuracy"]);
        Assert.Equal([[2, 1, 0], [2, 1, 0], [0, 0, 0]], evaluation.Confusion);
        ClassScore cat = evaluation.PerClass[0], dog = evaluation.PerClass[1], owl = evaluation.PerClass[2];
        Assert.Equal((0.5, 2 / 3.0), (cat.Precision!.Value, cat.Recall!.Value));
        Assert.Equal(4 / 7.0, cat.F1!.Value, 15);
        Assert.Equal((0.5, 1 / 3.0), (dog.Precision!.Value, dog.Recall!.Value));
        Assert.True(double.IsNaN(owl.F1!.Value));
        Assert.Equal((0, 6), (owl.Cases, owl.NotApplicable));
        // The mean leaves the owl out, of which there is none.
        Assert.Equal((4 / 7.0 + 0.4) / 2, evaluation.Metrics["f1"]!.Value, 15);
        Assert.Null(cat.Dice);
    }

    [Fact]
    public void The_worst_answers_are_the_surest_of_the_wrong_ones()
    {
        ClassificationEvaluator evaluator = new(["a", "b"]);
        evaluator.Add("right, unsure", 0, 0, [0.6f, 0.4f]);
        evaluator.Add("wrong, sure", 1, 0, [0.1f, 0.9f]);
        evaluator.Add("right, sure", 1, 1, [0.1f, 0.9f]);
        evaluator.Add("wrong, unsure", 0, 1, [0.7f, 0.3f]);
        Evaluation evaluation = evaluator.Evaluate(0);
        Assert.Equal(["wrong, sure", "wrong, unsure", "right, unsure", "right, sure"], evaluation.Worst(9).Select(i => evaluation.PerCase[i].Name));
        Assert.Equal(["right, sure", "right, unsure"], evaluation.Best(2).Select(i => evaluation.PerCase[i].Name));
    }

    [Fact]
    public void Top_k_needs_probabilities_of_every_picture_and_more_classes_than_k()
    {
        ClassificationEvaluator partly = new(names, top: 2), few = new(names, top: 3);
        partly.Add("1", 0, 0, [1, 0, 0]);
        partly.Add("2", 0, 0);
        few.Add("1", 0, 0, [1, 0, 0]);
        Assert.DoesNotContain("top2Accuracy", partly.Evaluate(0).Metrics.Keys);
        Assert.DoesNotContain("top3Accuracy", few.Evaluate(0).Metrics.Keys);
        Assert.Null(partly.Evaluate(0).PerCase[1].Probability);
    }

    [Fact]
    public void Ignored_pictures_are_passed_over()
    {
        ClassificationEvaluator evaluator = new(names, ignore: -1);
        evaluator.Add("1", 2, -1);
        evaluator.Add("2", 2, 2);
        Evaluation evaluation = evaluator.Evaluate();
        Assert.Equal(1, evaluation.Cases);
        Assert.Equal(1, evaluation.Metrics["accuracy"]);
        Assert.Empty(evaluation.Intervals);
    }

    [Fact]
    public void No_picture_at_all_gives_nulls_and_no_error()
    {
        using JsonDocument document = JsonDocument.Parse(new ClassificationEvaluator(names).Evaluate().ToJson());
        Assert.Equal(0, document.RootElement.GetProperty("cases").GetInt32());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("metrics").GetProperty("accuracy").ValueKind);
    }

    [Fact]
    public void The_accuracy_interval_has_the_width_of_a_binomial_one()
    {
        ClassificationEvaluator evaluator = new(["a", "b"]);
        for (int i = 0; i < 400; i++)
            evaluator.Add($"{i}", i % 5 == 0 ? 1 : 0, 0);
        Interval interval = evaluator.Evaluate(2000).Intervals["accuracy"];
        double deviation = Math.Sqrt(0.8 * 0.2 / 400);
        Assert.Equal(0.8 - 1.96 * deviation, interval.Low, deviation / 4);
        Assert.Equal(0.8 + 1.96 * deviation, interval.High, deviation / 4);
    }

    [Fact]
    public void The_document_has_the_promised_shape()
    {
        ClassificationEvaluator evaluator = new(names);
        evaluator.Add("p1", 1, 0, [0.2f, 0.5f, 0.3f]);
        string json = evaluator.Evaluate(0).ToJson();
        Assert.StartsWith("{\"cases\":1,\"task\":\"classification\",\"headline\":\"accuracy\",\"metrics\":{\"accuracy\":0,\"f1\":0,", json);
        Assert.Contains("\"perCase\":[{\"name\":\"p1\",\"reference\":\"cat\",\"predicted\":\"dog\",\"probability\":0.5}]", json);
        Assert.Contains("{\"name\":\"owl\",\"reference\":0,\"predicted\":0,\"cases\":0,\"notApplicable\":1,\"precision\":null,\"recall\":null,\"f1\":null,\"intervals\":{}}", json);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        ClassificationEvaluator evaluator = new(names);
        Assert.Equal("p: 2 probabilities for 3 classes", Assert.Throws<InvalidArgumentException>(() => evaluator.Add("p", 0, 0, [1, 0])).Message);
        Assert.StartsWith("p: label 3 at index 0 is none of the 3 classes (0 to 2)", Assert.Throws<InvalidArgumentException>(() => evaluator.Add("p", 0, 3)).Message);
        Assert.Equal("top-k accuracy needs k >= 1, got 0", Assert.Throws<InvalidArgumentException>(() => new ClassificationEvaluator(names, top: 0)).Message);
    }

    [Fact]
    public void Metrics_are_found_by_name()
    {
        Assert.Same(Metric.Dice, Metric.Named("dice"));
        Assert.False(Metric.Named("pixelError").HigherIsBetter);
        Assert.Equal("Top-5 accuracy", Metric.Named("top5Accuracy").Title);
        Assert.Equal(new Metric("own", "own", ""), Metric.Named("own"));
    }
}
