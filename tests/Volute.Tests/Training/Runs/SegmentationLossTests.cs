using Volute.Training;

namespace Volute.Tests.Training.Runs;

public class SegmentationLossTests
{
    private static Batch Labels(int[] labels, params int[] shape) => new([], [], labels, shape, ["a"]);

    /// <summary>Cross-entropy and Dice of scores [1, C, H, W] in plain loops; ignored pixels left out.</summary>
    private static double Plain(double[] scores, int[] labels, int classes, bool background)
    {
        int pixels = labels.Length, counted = labels.Count(label => label != LabelMap.Ignored);
        double entropy = 0, dice = 0;
        double[] overlap = new double[classes], sizes = new double[classes];
        for (int i = 0; i < pixels; i++)
        {
            double[] p = [.. Enumerable.Range(0, classes).Select(c => Math.Exp(scores[c * pixels + i]))];
            double sum = p.Sum();
            if (labels[i] == LabelMap.Ignored)
                continue;
            entropy -= Math.Log(p[labels[i]] / sum);
            for (int c = 0; c < classes; c++)
            {
                sizes[c] += p[c] / sum + (c == labels[i] ? 1 : 0);
                overlap[c] += c == labels[i] ? p[c] / sum : 0;
            }
        }
        int first = background ? 0 : 1;
        for (int c = first; c < classes; c++)
            dice += (1 - (2 * overlap[c] + 1e-5) / (sizes[c] + 1e-5)) / (classes - first);
        return entropy / counted + dice;
    }

    private static (Tensor Scores, double[] Values) Scores(int seed, int classes, int height, int width)
    {
        Random random = new(seed);
        double[] values = [.. Enumerable.Range(0, classes * height * width).Select(_ => (double)(float)(random.NextDouble() * 4 - 2))];
        return (Tensor.FromArray([.. values.Select(v => (float)v)], [1, classes, height, width]), values);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_cross_entropy_plus_Dice_of_the_pixels_that_have_a_label(bool background)
    {
        int[] labels = [.. Enumerable.Range(0, 24).Select(i => i % 5 == 0 ? LabelMap.Ignored : i % 3)];
        var (scores, values) = Scores(1, 3, 4, 6);
        Assert.Equal(Plain(values, labels, 3, background), SegmentationLoss.Of([scores], Labels(labels, 1, 4, 6), background).Item(), 1e-5);
    }

    [Fact]
    public void Coarser_resolutions_count_half_as_much_each_and_all_together_one()
    {
        int[] labels = [.. Enumerable.Range(0, 64).Select(i => i * 7 % 3)];
        var (fine, fineValues) = Scores(1, 3, 8, 8);
        var (middle, middleValues) = Scores(2, 3, 8, 4);
        var (coarse, coarseValues) = Scores(3, 3, 4, 2);
        // Of two the first is taken, of four the second.
        int[] middleLabels = [.. Enumerable.Range(0, 32).Select(i => labels[i / 4 * 8 + i % 4 * 2])];
        int[] coarseLabels = [.. Enumerable.Range(0, 8).Select(i => labels[i / 2 * 2 * 8 + i % 2 * 4 + 1])];
        double expected = (4 * Plain(fineValues, labels, 3, false) + 2 * Plain(middleValues, middleLabels, 3, false) + Plain(coarseValues, coarseLabels, 3, false)) / 7;
        Assert.Equal(expected, SegmentationLoss.Of([fine, middle, coarse], Labels(labels, 1, 8, 8), false).Item(), 1e-5);
    }

    [Fact]
    public void A_batch_without_any_label_has_a_loss_that_is_a_number_and_no_gradient()
    {
        Tensor scores = Scores(1, 2, 4, 4).Scores;
        Tensor loss = SegmentationLoss.Of([scores], Labels([.. Enumerable.Repeat(LabelMap.Ignored, 16)], 1, 4, 4), false);
        Assert.True(double.IsFinite(loss.Item()));
        Assert.All(Gradient.Of(loss, [scores])[0].ToArray(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Border_weights_make_the_cross_entropy_a_weighted_mean_at_every_resolution()
    {
        int[] labels = [.. Enumerable.Range(0, 128).Select(i => i % 8 < 3 ? 1 : i % 8 > 4 ? 2 : 0)];
        labels[9] = LabelMap.Ignored;
        BorderWeighting weighting = new(10, 2, [0.5, 2, 3]);
        // Two samples whose maps differ.
        for (int i = 64; i < 96; i++)
            labels[i] = 0;
        double[] weights = [.. weighting.Map(labels.AsSpan(0, 64), new PixelGrid([8, 8])).Concat(weighting.Map(labels.AsSpan(64), new PixelGrid([8, 8]))).Select(w => (double)w)];
        Random random = new(4);
        double[] fine = [.. Enumerable.Range(0, 2 * 3 * 64).Select(_ => (double)random.NextSingle())], coarse = [.. Enumerable.Range(0, 2 * 3 * 16).Select(_ => (double)random.NextSingle())];
        int[] at = [.. Enumerable.Range(0, 32).Select(i => i / 16 * 64 + i / 4 % 4 * 16 + i % 4 * 2)];
        double expected = (2 * Weighted(fine, labels, weights) + Weighted(coarse, [.. at.Select(i => labels[i])], [.. at.Select(i => weights[i])])) / 3;
        Tensor Scores(double[] values, int side) => Tensor.FromArray([.. values.Select(v => (float)v)], [2, 3, side, side]);
        Batch batch = Labels(labels, 2, 8, 8);
        double dice = SegmentationLoss.Of([Scores(fine, 8), Scores(coarse, 4)], batch, true).Item() - Unweighted();
        Assert.Equal(expected + dice, SegmentationLoss.Of([Scores(fine, 8), Scores(coarse, 4)], batch, true, weighting).Item(), 1e-4);

        double Unweighted() => (2 * Weighted(fine, labels, [.. labels.Select(l => l < 0 ? 0.0 : 1)]) + Weighted(coarse, [.. at.Select(i => labels[i])], [.. at.Select(i => labels[i] < 0 ? 0.0 : 1)])) / 3;
    }

    /// <summary>Σ w·(−ln p) / Σ w of scores [2, 3, pixels] in plain loops.</summary>
    private static double Weighted(double[] scores, int[] labels, double[] weights)
    {
        double sum = 0;
        int pixels = labels.Length / 2;
        for (int i = 0; i < labels.Length; i++)
        {
            double[] p = [.. Enumerable.Range(0, 3).Select(c => Math.Exp(scores[(i / pixels * 3 + c) * pixels + i % pixels]))];
            if (labels[i] >= 0)
                sum -= weights[i] * Math.Log(p[labels[i]] / p.Sum());
        }
        return sum / weights.Sum();
    }
}
