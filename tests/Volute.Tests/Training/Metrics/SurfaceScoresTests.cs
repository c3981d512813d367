using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class SurfaceScoresTests
{
    private static int[] Random(int seed, int pixels, int share) => [.. new Random(seed).GetItems<int>([.. Enumerable.Repeat(0, 10 - share), .. Enumerable.Repeat(1, share)], pixels)];

    private static SurfaceScores Of(int[] prediction, int[] reference, PixelGrid grid, double tolerance)
        => SurfaceScores.Of(MaskPair.Of(prediction, reference, null, grid, new LabelSet(1)), tolerance, grid.Diagonal);

    [Fact]
    public void Equal_masks_are_perfect_and_swapped_ones_score_the_same()
    {
        PixelGrid grid = new([6, 7, 8], [2, 0.5, 0.5]);
        int[] a = Random(1, grid.Pixels, 2), b = Random(2, grid.Pixels, 1);
        Assert.Equal(new SurfaceScores(0, 0, 0, 1), Of(a, a, grid, 1));
        Assert.Equal(Of(a, b, grid, 0.5), Of(b, a, grid, 0.5));
    }

    [Fact]
    public void Distances_grow_with_the_spacing_and_NSD_with_the_tolerance()
    {
        int[] a = Random(3, 20 * 20, 1), b = Random(4, 20 * 20, 1);
        SurfaceScores one = Of(a, b, new PixelGrid([20, 20]), 1.5), three = Of(a, b, new PixelGrid([20, 20], [3, 3]), 4.5);
        Assert.Equal(3 * one.Hd95, three.Hd95, 1e-12);
        Assert.Equal(3 * one.Hd, three.Hd, 1e-12);
        Assert.Equal(3 * one.Assd, three.Assd, 1e-12);
        Assert.Equal(one.Nsd, three.Nsd);
        Assert.InRange(one.Nsd, 0.01, 0.99);
        Assert.Equal(1, Of(a, b, new PixelGrid([20, 20]), one.Hd).Nsd);
    }

    [Fact]
    public void A_distance_that_is_the_tolerance_on_paper_is_within_it()
    {
        // 3 · 0.1 is above 0.3 in binary.
        PixelGrid grid = new([8], [0.1]);
        Assert.Equal(1, Of([1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0], grid, 0.3).Nsd);
        Assert.Equal(0, Of([1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0], grid, 0.2999).Nsd);
    }

    [Fact]
    public void Where_one_mask_is_empty_distances_are_the_diagonal_of_the_whole_picture()
    {
        PixelGrid grid = new([3, 4], [1, 2]);
        int[] none = new int[12], some = new int[12];
        some[5] = 1;
        double diagonal = Math.Sqrt(9 + 64);
        Assert.Equal(new SurfaceScores(diagonal, diagonal, diagonal, 0), Of(some, none, grid, 2));
        Assert.Equal(new SurfaceScores(diagonal, diagonal, diagonal, 0), Of(none, some, grid, 2));
        Assert.True(double.IsNaN(Of(none, none, grid, 2).Hd95));
        Assert.True(double.IsNaN(Of(none, none, grid, 2).Nsd));
    }

    [Fact]
    public void The_box_around_both_gives_what_the_whole_picture_gives()
    {
        PixelGrid small = new([5, 6, 7], [2, 1, 0.7]), large = new([9, 11, 12], [2, 1, 0.7]);
        int[] a = Random(5, small.Pixels, 4), b = Random(6, small.Pixels, 4);
        int[] Placed(int[] map)
        {
            int[] placed = new int[large.Pixels];
            for (int i = 0; i < map.Length; i++)
                placed[((i / 42 + 2) * 11 + i / 7 % 6 + 3) * 12 + i % 7 + 4] = map[i];
            return placed;
        }
        Assert.Equal(Of(a, b, small, 1), Of(Placed(a), Placed(b), large, 1));
        Assert.Equal((5, 6, 7), (MaskPair.Of(Placed(a), Placed(b), null, large, new LabelSet(1))!.Grid.Depth, MaskPair.Of(Placed(a), Placed(b), null, large, new LabelSet(1))!.Grid.Height,
            MaskPair.Of(Placed(a), Placed(b), null, large, new LabelSet(1))!.Grid.Width));
    }

    [Fact]
    public void The_slice_of_a_volume_is_measured_like_a_picture()
    {
        int[] a = Random(7, 100, 6), b = Random(8, 100, 6);
        Assert.Equal(Of(a, b, new PixelGrid([10, 10], [0.5, 0.7]), 1), Of(a, b, new PixelGrid([1, 10, 10], [4, 0.5, 0.7]), 1));
    }
}
