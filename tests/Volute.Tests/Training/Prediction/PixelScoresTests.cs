using Volute.Training;

namespace Volute.Tests.Training.Prediction;

public class PixelScoresTests
{
    // Regions that do not lie within each other, written in the order of the file: the last one over the others.
    private static readonly RegionLabels s_regions = new([new("left", [10, 30], 10), new("right", [20, 30], 20), new("both", [30], 30)], new LabelMap(LabelKind.Value, [0, 10, 20, 30]));

    [Theory]
    [InlineData(-1f, -2f, -3f, 0)]
    [InlineData(0.1f, -2f, -3f, 1)]
    [InlineData(5f, 0.1f, -3f, 2)]
    [InlineData(-1f, 0.1f, 0.1f, 3)]
    [InlineData(0f, 0f, 0f, 0)]
    public void A_pixel_has_the_class_of_the_last_region_that_is_likelier_than_not(float left, float right, float both, int expected)
    {
        // The second of two pixels.
        float[] scores = [9, left, 9, right, 9, both];
        PixelScores meaning = new(3, s_regions);
        Assert.Equal(expected, meaning.Class(scores, 1, 2));
        meaning.Soften(scores, 1, 2);
        Assert.Equal([9, 9, 9], (float[])[scores[0], scores[2], scores[4]]);
        Assert.Equal(((float[])[left, right, both]).Select(s => (float)(1 / (1 + Math.Exp(-s)))), (float[])[scores[1], scores[3], scores[5]]);
    }

    [Fact]
    public void Of_classes_the_largest_score_decides_and_probabilities_sum_to_one()
    {
        float[] scores = [1, 7, 2, 8, 2, 3];
        PixelScores meaning = new(3, null);
        Assert.Equal((1, 1), (meaning.Class(scores, 0, 2), meaning.Class(scores, 1, 2)));
        meaning.Soften(scores, 0, 2);
        Assert.Equal(Math.E / (1 + 2 * Math.E), scores[2], 1e-6);
        Assert.Equal(1, scores[0] + scores[2] + scores[4], 1e-6);
    }

    [Fact]
    public void Labels_are_told_apart_where_their_regions_are_written_as_themselves()
    {
        Assert.True(s_regions.TellApart);
        RegionLabels coarse = new([new("all", [1, 2], 1)], new LabelMap(LabelKind.Value, [0, 1, 2]));
        Assert.False(coarse.TellApart);
        Assert.Equal([0, 1, 1, -1], ((int[])[0, 1, 2, -1]).Select(coarse.WrittenFor));
        Assert.Equal("region 'all' has value 7, which is none of the labels: 0 -> 0, 1 -> 1",
            Assert.Throws<VoluteException>(() => new RegionLabels([new("all", [1, 7], 1)], new LabelMap(LabelKind.Value, [0, 1]))).Message);
    }
}
