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

    private static readonly RegionLabels s_regions = new([new("whole", [1, 2, 3], 1), new("core", [2, 3], 2)], new LabelMap(LabelKind.Value, [0, 1, 2, 3]));

    /// <summary>Whether a label is of the whole, or of the core.</summary>
    private static bool Belongs(int region, int label) => region == 0 ? label is 1 or 2 or 3 : label is 2 or 3;

    /// <summary>Binary cross-entropy and Dice of scores [N, 2, pixels] of two regions in plain loops; ignored pixels left out.</summary>
    private static double PlainRegions(double[] scores, int[] labels, int samples)
    {
        int pixels = labels.Length / samples;
        double entropy = 0, dice = 0;
        for (int r = 0; r < 2; r++)
        {
            double overlap = 0, sizes = 0;
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels[i] == LabelMap.Ignored)
                    continue;
                double p = 1 / (1 + Math.Exp(-scores[(i / pixels * 2 + r) * pixels + i % pixels])), t = Belongs(r, labels[i]) ? 1 : 0;
                entropy -= t * Math.Log(p) + (1 - t) * Math.Log(1 - p);
                overlap += p * t;
                sizes += p + t;
            }
            dice += (1 - (2 * overlap + 1e-5) / (sizes + 1e-5)) / 2;
        }
        return entropy / (2 * labels.Count(label => label != LabelMap.Ignored)) + dice;
    }

    private static (int[] Labels, double[] Scores) RegionBatch()
    {
        Random random = new(9);
        int[] labels = [.. Enumerable.Range(0, 48).Select(i => i % 7 == 3 ? LabelMap.Ignored : random.Next(4))];
        return (labels, [.. Enumerable.Range(0, 96).Select(_ => (double)(float)(random.NextDouble() * 6 - 3))]);
    }

    private static Tensor RegionScores(double[] values) => Tensor.FromArray([.. values.Select(v => (float)v)], [2, 2, 4, 6]);

    [Fact]
    public void Of_regions_it_is_binary_cross_entropy_plus_the_Dice_of_each_over_the_pixels_that_have_a_label()
    {
        var (labels, scores) = RegionBatch();
        Assert.Equal(PlainRegions(scores, labels, 2), SegmentationLoss.Of([RegionScores(scores)], Labels(labels, 2, 4, 6), false, regions: s_regions).Item(), 1e-5);
    }

    [Fact]
    public void The_slope_of_the_loss_of_regions_is_that_of_finite_differences_and_nothing_where_a_pixel_has_no_label()
    {
        const double Step = 1e-5;
        var (labels, scores) = RegionBatch();
        Tensor given = RegionScores(scores);
        float[] slopes = Gradient.Of(SegmentationLoss.Of([given], Labels(labels, 2, 4, 6), false, regions: s_regions), [given])[0].ToArray();
        for (int i = 0; i < scores.Length; i++)
        {
            double[] above = [.. scores], below = [.. scores];
            (above[i], below[i]) = (above[i] + Step, below[i] - Step);
            Assert.Equal((PlainRegions(above, labels, 2) - PlainRegions(below, labels, 2)) / (2 * Step), slopes[i], 1e-6);
            if (labels[i / 48 * 24 + i % 24] == LabelMap.Ignored)
                Assert.Equal(0, slopes[i]);
        }
    }

    [Fact]
    public void Regions_are_supervised_at_coarser_resolutions_too()
    {
        var (labels, scores) = RegionBatch();
        double[] coarse = scores[..24];
        int[] coarseLabels = [.. Enumerable.Range(0, 12).Select(i => labels[i / 6 * 24 + i / 3 % 2 * 12 + i % 3 * 2])];
        double expected = (2 * PlainRegions(scores, labels, 2) + PlainRegions(coarse, coarseLabels, 2)) / 3;
        Tensor small = Tensor.FromArray([.. coarse.Select(v => (float)v)], [2, 2, 2, 3]);
        Assert.Equal(expected, SegmentationLoss.Of([RegionScores(scores), small], Labels(labels, 2, 4, 6), false, regions: s_regions).Item(), 1e-5);
    }

    [Fact]
    public void A_batch_without_any_label_has_a_loss_that_is_a_number_and_no_gradient()
    {
        Tensor scores = Scores(1, 2, 4, 4).Scores;
        Tensor loss = SegmentationLoss.Of([scores], Labels([.. Enumerable.Repeat(LabelMap.Ignored, 16)], 1, 4, 4), false);
        Assert.True(double.IsFinite(loss.Item()));
        Assert.All(Gradient.Of(loss, [scores])[0].ToArray(), g => Assert.Equal(0, g));
        loss = SegmentationLoss.Of([scores], Labels([.. Enumerable.Repeat(LabelMap.Ignored, 16)], 1, 4, 4), false, regions: s_regions);
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
