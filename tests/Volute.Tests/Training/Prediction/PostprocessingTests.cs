using Volute.Training;

namespace Volute.Tests.Training.Prediction;

/// <summary>The largest component is kept only where it helps and hurts no class.</summary>
public class PostprocessingTests
{
    private static readonly PixelGrid s_row = new([1, 1, 12]);

    private static Postprocessing Decided(int classes, params (int[] Found, int[] Right)[] cases)
    {
        Postprocessing.Choice choice = new(classes);
        foreach (var (found, right) in cases)
            choice.Add(found, right, s_row);
        return choice.Decide();
    }

    [Fact]
    public void Only_the_largest_component_of_a_class_stays()
    {
        int[] classes = [1, 1, 0, 1, 1, 1, 0, 2, 0, 2, 2, 0];
        new Postprocessing(false, [1]).Apply(classes, s_row);
        Assert.Equal([0, 0, 0, 1, 1, 1, 0, 2, 0, 2, 2, 0], classes);
    }

    [Fact]
    public void Only_the_largest_component_of_the_whole_foreground_stays()
    {
        int[] classes = [1, 1, 0, 1, 1, 2, 0, 2, 0, 2, 2, 0];
        new Postprocessing(true, []).Apply(classes, s_row);
        Assert.Equal([0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 0], classes);
    }

    [Fact]
    public void A_false_spot_apart_from_its_class_decides_for_that_class_alone()
    {
        // Class 2 truly has two parts, class 1 one.
        Postprocessing decided = Decided(3, ([1, 0, 0, 1, 1, 1, 0, 2, 0, 2, 2, 0], [0, 0, 0, 1, 1, 1, 0, 2, 0, 2, 2, 0]));
        Assert.False(decided.LargestForeground);
        Assert.Equal([1], decided.LargestOf);
    }

    [Fact]
    public void Spots_of_all_classes_apart_from_one_body_decide_for_the_foreground()
    {
        Postprocessing decided = Decided(3, ([1, 0, 1, 1, 1, 2, 2, 0, 2, 0, 0, 0], [0, 0, 1, 1, 1, 2, 2, 0, 0, 0, 0, 0]));
        Assert.True(decided.LargestForeground);
        Assert.Empty(decided.LargestOf);
    }

    [Fact]
    public void Nothing_is_done_where_one_case_loses_more_than_another_gains()
    {
        (int[], int[]) gains = ([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0], [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]),
            loses = ([1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
        Assert.Equal((false, 0), (Decided(2, gains, loses).LargestForeground, Decided(2, gains, loses).LargestOf.Count));
    }

    private static readonly LabelSet s_whole = new(1, 2), s_core = new(2);

    private static Postprocessing DecidedOfRegions(int[] found, int[] right)
    {
        Postprocessing.Choice choice = new([s_whole, s_core]);
        choice.Add(found, right, s_row);
        return choice.Decide();
    }

    [Fact]
    public void Of_a_region_the_largest_component_of_all_its_labels_stays()
    {
        int[] classes = [1, 2, 0, 1, 2, 1, 0, 2, 0, 0, 2, 2];
        new Postprocessing(false, [0]).Apply(classes, s_row, [s_whole, s_core]);
        Assert.Equal([0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0], classes);
        classes = [1, 2, 0, 1, 2, 1, 0, 2, 0, 0, 2, 2];
        new Postprocessing(false, [1]).Apply(classes, s_row, [s_whole, s_core]);
        Assert.Equal([1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 2, 2], classes);
    }

    [Fact]
    public void A_region_loses_its_spots_only_where_no_region_within_it_is_hurt()
    {
        // The core truly has two parts, one of which lies in a spot of the whole; a third part is false.
        Assert.Empty(DecidedOfRegions([1, 1, 1, 2, 1, 0, 2, 0, 1, 0, 1, 0], [1, 1, 1, 2, 1, 0, 2, 0, 0, 0, 0, 0]).LargestOf);
    }

    [Fact]
    public void Of_regions_that_overlap_the_one_that_gains_most_loses_its_spots()
    {
        // Spots are false in whole and core, but the foreground as one would lose the third region.
        Postprocessing.Choice choice = new([s_whole, s_core, new LabelSet(3)]);
        choice.Add([1, 1, 2, 2, 1, 0, 2, 0, 1, 0, 3, 0], [1, 1, 2, 2, 1, 0, 0, 0, 0, 0, 3, 0], s_row);
        Assert.False(choice.Decide().LargestForeground);
        Assert.Equal([0], choice.Decide().LargestOf);
    }

    [Fact]
    public void A_core_with_a_false_part_in_the_right_whole_is_left_since_the_whole_would_lose_it()
    {
        Postprocessing decided = DecidedOfRegions([1, 2, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0], [1, 1, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0]);
        Assert.Equal((false, 0), (decided.LargestForeground, decided.LargestOf.Count));
        // Where its false part lies outside of the whole, both gain.
        decided = DecidedOfRegions([2, 0, 1, 2, 2, 2, 1, 0, 1, 1, 0, 0], [0, 0, 1, 2, 2, 2, 1, 0, 1, 1, 0, 0]);
        Assert.False(decided.LargestForeground);
        Assert.Equal([1], decided.LargestOf);
    }

    [Fact]
    public void Ignored_voxels_decide_nothing()
        => Assert.Empty(Decided(2, ([1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], [-1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])).LargestOf);
}
