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
}
