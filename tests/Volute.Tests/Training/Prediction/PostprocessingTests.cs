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

    [Fact]
    public void Ignored_voxels_decide_nothing()
        => Assert.Empty(Decided(2, ([1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], [-1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])).LargestOf);
}
