using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class CalibrationTests
{
    [Fact]
    public void Three_answers_binned_by_hand()
    {
        Calibration calibration = new(2);
        calibration.Add([0.9f, 0.1f], 0);
        calibration.Add([0.9f, 0.1f], 1);
        calibration.Add([0.25f, 0.75f], 1);
        CalibrationScore score = calibration.Score()!;
        Assert.Equal((2 * Math.Abs(0.5 - 0.9f) + Math.Abs(1 - 0.75)) / 3, score.Ece!.Value, 1e-12);
        ReliabilityBin high = score.Bins[13];
        Assert.Equal((13 / 15.0, 14 / 15.0, 2L, 0.5), (high.From, high.To, high.Count, high.Accuracy));
        Assert.Equal((3L, 3L, 3L), (score.Answers, score.Sampled, score.Bins.Sum(b => b.Count)));
        Assert.True(double.IsNaN(score.Bins[0].Confidence!.Value));
    }

    [Fact]
    public void The_temperature_that_scores_were_multiplied_with_is_found_again()
    {
        // Labels in the proportions that the probabilities say: T = 1 of these logits, 2.5 of those 2.5 times as large.
        List<float> fair = [], sharp = [];
        List<int> labels = [];
        foreach (int right in new[] { 5, 6, 7, 8, 9 })
            for (int i = 0; i < 10; i++)
            {
                float z = (float)Math.Log(right / (10.0 - right));
                fair.AddRange([z, 0]);
                sharp.AddRange([2.5f * z, 0]);
                labels.Add(i < right ? 0 : 1);
            }
        Assert.Equal(1, TemperatureScaling.Fit([.. fair], [.. labels], 2), 1e-6);
        Assert.Equal(2.5, TemperatureScaling.Fit([.. sharp], [.. labels], 2), 1e-6);
    }

    [Fact]
    public void A_temperature_without_a_minimum_stops_at_the_limit()
    {
        Assert.Equal(1 / TemperatureScaling.Limit, TemperatureScaling.Fit([2, 0, 0, 1], [0, 1], 2), 1e-9);
        Assert.Equal(TemperatureScaling.Limit, TemperatureScaling.Fit([2, 0, 0, 1], [1, 0], 2), 1e-9);
        Assert.Equal(1, TemperatureScaling.Fit([3, 3], [0], 2));
    }

    [Fact]
    public void More_answers_than_are_kept_are_drawn_evenly_and_all_counted()
    {
        // 400,000 answers of 8 classes are 3.2 million numbers; 2 million are kept at most.
        Calibration calibration = new(8);
        Random random = new(5);
        float[] row = new float[8];
        for (int i = 0; i < 400_000; i++)
        {
            int label = random.Next(8), best = random.Next(10) < 7 ? label : random.Next(8);
            row.AsSpan().Fill(0.02f);
            row[best] = 0.86f;
            calibration.Add(row, label);
        }
        CalibrationScore score = calibration.Score()!;
        Assert.Equal(400_000, score.Answers);
        Assert.InRange(score.Sampled, 100_000, 262_144);
        // Right are 0.7 + 0.3 / 8 of them; a good temperature says so.
        Assert.Equal(0.86 - 0.7375, score.Ece!.Value, 0.005);
        Assert.InRange(score.EceScaled!.Value, 0, 0.005);
        Assert.InRange(score.Temperature!.Value, 1.1, 2);
    }

    [Fact]
    public void A_classifier_that_is_too_sure_gets_a_temperature_above_one()
    {
        ClassificationEvaluator evaluator = new(["a", "b"]);
        for (int i = 0; i < 20; i++)
            evaluator.Add($"{i}", 0, i % 4 == 0 ? 1 : 0, [0.99f, 0.01f]);
        Evaluation evaluation = evaluator.Evaluate(0);
        Assert.Equal(0.99 - 0.75, evaluation.Metrics["ece"]!.Value, 1e-6);
        // softmax(log 99 / T) = 3/4.
        Assert.Equal(Math.Log(99) / Math.Log(3), evaluation.Metrics["temperature"]!.Value, 1e-4);
        Assert.Equal(0, evaluation.Metrics["eceScaled"]!.Value, 1e-6);
        Assert.Equal(20, evaluation.Calibration!.Answers);
        Assert.Equal(evaluation.ToJson(), Evaluation.FromJson(evaluation.ToJson()).ToJson());
        evaluator.Add("without", 0, 0);
        Assert.Null(evaluator.Evaluate(0).Calibration);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Assert.Equal("temperature scaling needs at least one row of 2 scores and a label for each row, got 3 scores and 1 labels",
            Assert.Throws<InvalidArgumentException>(() => TemperatureScaling.Fit([1, 2, 3], [0], 2)).Message);
        Assert.Equal("label 2 is none of the 2 classes (0 to 1)", Assert.Throws<InvalidArgumentException>(() => TemperatureScaling.Fit([1, 2], [2], 2)).Message);
        Assert.Equal("temperature scaling needs finite scores, got NaN", Assert.Throws<InvalidArgumentException>(() => TemperatureScaling.Fit([1, float.NaN], [0], 2)).Message);
    }
}
