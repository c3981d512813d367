using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class ThresholdCurveTests
{
    [Fact]
    public void The_best_threshold_of_five_pixels_found_by_hand()
    {
        // Of the class: 0.9, 0.8, 0.3. Not: 0.6, 0.1. Down to 0.3: TP 3, FP 1, F = 6/7. Down to 0.8: TP 2, FN 1, F = 4/5.
        ThresholdCurve curve = new();
        curve.Add([0.9f, 0.8f, 0.3f, 0.6f, 0.1f], [1, 1, 1, 0, 0], positiveClass: 1);
        Assert.Equal(6 / 7.0, curve.Best.F, 15);
        Assert.Equal(1 / 7.0, curve.PixelError, 15);
        // 0.101 is the lowest threshold that still leaves 0.1 out.
        Assert.Equal(0.101, curve.Best.Threshold);
    }

    [Fact]
    public void Random_probabilities_agree_with_trying_every_threshold()
    {
        Random random = new(8);
        int[] labels = [.. Enumerable.Range(0, 400).Select(_ => random.Next(3) == 0 ? 255 : random.Next(2))];
        // A third of them lie exactly on a threshold, where rounding would show.
        float[] probabilities = [.. labels.Select(l => (float)(random.Next(3) == 0 ? random.Next(1001) / 1000.0 : Math.Clamp(0.3 * l + random.NextDouble(), 0, 1)))];
        double best = 0;
        for (int k = 0; k <= 1000; k++)
        {
            double tp = 0, fp = 0, fn = 0;
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels[i] == 255)
                    continue;
                bool said = probabilities[i] >= k / 1000.0;
                tp += said && labels[i] == 1 ? 1 : 0;
                fp += said && labels[i] == 0 ? 1 : 0;
                fn += !said && labels[i] == 1 ? 1 : 0;
            }
            best = Math.Max(best, 2 * tp / (2 * tp + fp + fn));
        }
        ThresholdCurve curve = new();
        curve.Add(probabilities, labels, positiveClass: 1, ignore: 255);
        Assert.Equal(best, curve.Best.F, 15);
    }

    [Fact]
    public void Without_a_pixel_of_the_class_the_error_is_not_applicable()
    {
        ThresholdCurve curve = new();
        curve.Add([0.5f, 1f], [0, 0], positiveClass: 1);
        Assert.True(double.IsNaN(curve.PixelError));
    }

    [Theory]
    [InlineData(float.NaN, "probability NaN at index 1 is not between 0 and 1")]
    [InlineData(1.5f, "probability 1.5 at index 1 is not between 0 and 1")]
    [InlineData(-0.1f, "probability -0.1 at index 1 is not between 0 and 1")]
    public void A_value_that_is_no_probability_is_named(float value, string message)
        => Assert.Equal("a: " + message, Assert.Throws<InvalidArgumentException>(() => new ThresholdCurve().Add([0, value], [0, 0], 1, null, "a")).Message);

    [Fact]
    public void Ranks_count_the_more_probable_classes_and_ties_go_by_number()
    {
        float[] p = [0.1f, 0.4f, 0.4f, 0.05f, 0.05f];
        Assert.Equal([2, 0, 1, 3, 4], Enumerable.Range(0, 5).Select(label => TopK.Rank(p, label)));
        Assert.Equal("the probability of class 0 is NaN: the model has diverged",
            Assert.Throws<InvalidArgumentException>(() => TopK.Rank([float.NaN, 1], 1)).Message);
    }
}
