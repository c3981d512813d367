using Volute.Training;

namespace Volute.Tests.Training.Recipes;

public class TargetSpacingTests
{
    [Fact]
    public void The_target_is_the_median_of_each_axis()
        => Assert.Equal([2.5, 1, 0.8], TargetSpacing.Of([[1, 1, 0.6], [2, 1, 0.8], [3, 1, 0.9], [4, 1, 0.8]], [.. Enumerable.Repeat((int[])[80, 90, 100], 4)]));

    [Fact]
    public void Slices_far_apart_take_the_tenth_percentile_of_their_distances()
    {
        double[][] spacings = [[3, 0.5, 0.5], [4, 0.5, 0.5], [5, 0.5, 0.5]];
        // Sorted 3, 4, 5: a tenth of the way is 3.2.
        Assert.Equal([3.2, 0.5, 0.5], TargetSpacing.Of(spacings, [.. Enumerable.Repeat((int[])[20, 100, 100], 3)]), (a, b) => Math.Abs(a - b) < 1e-12);
        // Many slices are not far apart, whatever their distance.
        Assert.Equal([4, 0.5, 0.5], TargetSpacing.Of(spacings, [.. Enumerable.Repeat((int[])[40, 100, 100], 3)]));
    }

    [Fact]
    public void Slices_never_come_nearer_than_the_other_axes()
    {
        double[][] spacings = [[0.1, 1, 1], [0.1, 1, 1], [4, 1, 1], [4, 1, 1], [4, 1, 1], [4, 1, 1]];
        Assert.Equal([1, 1, 1], TargetSpacing.Of(spacings, [.. Enumerable.Repeat((int[])[20, 100, 100], 6)]));
    }

    [Fact]
    public void The_coarsest_axis_comes_first_and_the_others_keep_their_order()
    {
        Assert.Equal([1, 0, 2], TargetSpacing.AxisOrder([0.5, 3, 0.6]));
        Assert.Equal([0, 1, 2], TargetSpacing.AxisOrder([1, 1, 1]));
    }

    [Fact]
    public void Sizes_after_resampling_are_rounded_and_halves_to_the_even_number()
        => Assert.Equal([30, 50, 33], TargetSpacing.Resampled([10, 101, 50], [3, 0.5, 0.66], [1, 1, 1]));

    [Fact]
    public void A_patch_that_shows_less_than_a_quarter_of_the_median_image_asks_for_a_network_of_low_resolution()
    {
        PlanningRules rules = PlanningRules.NnUNet(3);
        NetworkPlan full = NetworkPlan.Make([1, 0.8, 0.8], [300, 512, 512], 100.0 * 300 * 512 * 512, 1, 2, rules);
        NetworkPlan low = TargetSpacing.LowResolution(full, 100, rules)!;
        double Seen(NetworkPlan plan) => plan.Patch.Aggregate(1.0, (p, n) => p * n) / plan.MedianShape.Aggregate(1.0, (p, n) => p * n);
        Assert.True(Seen(full) < 0.25);
        Assert.True(Seen(low) >= 0.25);
        // All axes are alike within a factor of 2, and grow together by whole powers of 1.03.
        double power = Math.Log(low.Spacing[0]) / Math.Log(1.03);
        Assert.Equal(Math.Round(power), power, 6);
        Assert.Equal(low.Spacing[0] * 0.8, low.Spacing[1], 6);
        Assert.InRange(Seen(NetworkPlan.Make([.. low.Spacing.Select(s => s / 1.03)], [.. low.MedianShape.Select(n => (int)Math.Round(n * 1.03))], 1e12, 1, 2, rules)), 0, 0.25);
    }

    [Fact]
    public void Slices_stay_as_far_apart_as_they_are_until_the_other_axes_come_near()
    {
        PlanningRules rules = PlanningRules.NnUNet(3);
        NetworkPlan full = NetworkPlan.Make([5, 0.7, 0.7], [100, 512, 512], 50.0 * 100 * 512 * 512, 1, 2, rules);
        NetworkPlan low = TargetSpacing.LowResolution(full, 50, rules)!;
        Assert.Equal(5, low.Spacing[0]);
        Assert.InRange(low.Spacing[1], 0.7 * 1.03, 2.6);
    }

    [Fact]
    public void A_network_of_low_resolution_that_sees_nearly_as_many_voxels_is_dropped()
    {
        PlanningRules rules = PlanningRules.NnUNet(3);
        NetworkPlan small = NetworkPlan.Make([1, 1, 1], [128, 128, 128], 1e9, 1, 2, rules);
        Assert.Null(TargetSpacing.LowResolution(small, 100, rules));
        NetworkPlan nearly = NetworkPlan.Make([1, 1, 1], [210, 210, 210], 1e10, 1, 2, rules);
        Assert.True(nearly.Patch.Aggregate(1.0, (p, n) => p * n) < 0.25 * 210 * 210 * 210);
        Assert.Null(TargetSpacing.LowResolution(nearly, 100, rules));
    }
}
