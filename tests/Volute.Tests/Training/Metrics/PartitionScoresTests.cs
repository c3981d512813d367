using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class PartitionScoresTests
{
    [Fact]
    public void Equal_partitions_are_perfect_whatever_their_numbers()
    {
        PartitionScores scores = PartitionScores.Of([0, 2, 2, 1, 3, 3], 3, [0, 1, 1, 2, 3, 3], 3);
        Assert.Equal((1, 1, 1, 0), (scores.Rand, scores.RandSplit, scores.RandMerge, scores.RandError));
        Assert.Equal(1, scores.Info, 1e-12);
        Assert.Equal((0.0, 0.0), (scores.SplitEntropy, scores.MergeEntropy));
    }

    [Fact]
    public void A_merge_and_a_split_counted_by_hand()
    {
        // Two segments of two pixels in one: shares 1/2, 1/2 against 1.
        PartitionScores merged = PartitionScores.Of([1, 1, 1, 1], 1, [1, 1, 2, 2], 2), split = PartitionScores.Of([1, 1, 2, 2], 2, [1, 1, 1, 1], 1);
        Assert.Equal((1, 0.5, 2 / 3.0), (merged.RandSplit, merged.RandMerge, merged.Rand));
        Assert.Equal((0.5, 1, 2 / 3.0), (split.RandSplit, split.RandMerge, split.Rand));
        Assert.Equal((0.0, 1.0), (merged.SplitEntropy, merged.MergeEntropy));
        Assert.Equal((1.0, 0.0), (split.SplitEntropy, split.MergeEntropy));
        // Of 2 pairs together in the reference and 6 in the prediction, 2 are in both.
        Assert.Equal(1 - 2 * 2 / 8.0, merged.RandError, 1e-12);
        Assert.Equal(0, merged.Info);
    }

    [Fact]
    public void Pixels_left_to_a_border_stand_alone_and_those_outside_the_reference_do_not_count()
        => Assert.Equal(PartitionScores.Of([1, 2, 3, 3], 3, [1, 1, 1, 1], 1), PartitionScores.Of([0, 0, 1, 1, 0, 2], 2, [1, 1, 1, 1, 0, 0], 1));

    [Fact]
    public void A_reference_without_segments_is_not_applicable()
    {
        PartitionScores scores = PartitionScores.Of([1, 1], 1, [0, 0], 0);
        Assert.True(double.IsNaN(scores.Rand) && double.IsNaN(scores.RandError) && double.IsNaN(scores.Info));
    }

    [Fact]
    public void One_segment_in_both_has_nothing_to_tell_and_tells_it_all()
        => Assert.Equal(1, PartitionScores.Of([1, 1], 1, [1, 1], 1).Info);
}
