using Volute.Training;

namespace Volute.Tests.Training.Preprocessings;

/// <summary>What a network sees of a volume, and what becomes of its answer.</summary>
public class PreparedGridTests
{
    /// <summary>A volume of 3 slices, 4 rows and 5 columns that tells its axes; value and label are the voxel's number and that modulo 3.</summary>
    private static Sample Volume(string? codes, double[]? spacing = null) => new("v", [.. Enumerable.Range(1, 60).Select(i => (float)i)], [1, 3, 4, 5], [.. Enumerable.Range(1, 60).Select(i => i % 3)], [3, 4, 5])
    {
        Spacing = spacing ?? [3, 2, 1],
        AxisCodes = codes,
    };

    [Theory]
    [InlineData("SAR", new[] { 3, 4, 5 })]
    [InlineData("IPL", new[] { 3, 4, 5 })]
    [InlineData("LAS", new[] { 5, 4, 3 })]
    [InlineData("ARI", new[] { 4, 5, 3 })]
    public void Axes_are_turned_so_that_each_voxel_keeps_its_place_in_space(string wanted, int[] size)
    {
        Sample seen = new Preprocessing { Axes = wanted }.Apply(Volume("SAR"));
        Assert.Equal([1, .. size], seen.ImageShape);
        Assert.Equal(wanted, seen.AxisCodes);
        // The place of a voxel counted towards S, A and R, whichever way its axis runs.
        for (int at = 0; at < 60; at++)
        {
            int[] place = [at / (size[1] * size[2]), at / size[2] % size[1], at % size[2]], space = new int[3];
            for (int axis = 0; axis < 3; axis++)
            {
                int line = Math.Max("SAR".IndexOf(wanted[axis]), "IPL".IndexOf(wanted[axis]));
                space[line] = "SAR".Contains(wanted[axis]) ? place[axis] : size[axis] - 1 - place[axis];
            }
            int number = 1 + (space[0] * 4 + space[1]) * 5 + space[2];
            Assert.Equal((number, number % 3), ((int)seen.Image[at], seen.Labels[at]));
        }
        double[] spacing = [.. wanted.Select(code => "SI".Contains(code) ? 3.0 : "AP".Contains(code) ? 2 : 1)];
        Assert.Equal(spacing, seen.Spacing);
    }

    [Fact]
    public void A_volume_that_tells_no_place_stays_as_it_is()
    {
        Sample seen = new Preprocessing { Axes = "RAS" }.Apply(Volume(null));
        Assert.Equal(Volume(null).Image, seen.Image);
        Assert.Null(seen.AxisCodes);
    }

    [Fact]
    public void The_border_of_zeros_is_cut_off_and_comes_back_as_the_first_class()
    {
        float[] image = new float[60];
        foreach (int at in (int[])[1 * 20 + 1 * 5 + 2, 1 * 20 + 2 * 5 + 3])
            image[at] = at;
        Sample sample = Volume("SAR") with { Image = image };
        Preprocessing preprocessing = new() { Axes = "IAR", Crop = true };
        Assert.Equal([1, 1, 2, 2], preprocessing.Apply(sample).ImageShape);
        int[] found = Stored(preprocessing, sample, (_, h, w) => [0, 1 + h, 2 * w]);
        // Of the box's four voxels, class 1 has score 1 or 2, class 2 score 0 or 2: at (1, 1, 2) 1, (1, 1, 3) 2, (1, 2, 2) 1, and 1 before 2 where both are equal.
        int[] expected = new int[60];
        (expected[27], expected[28], expected[32], expected[33]) = (1, 2, 1, 1);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Half_as_many_voxels_are_means_of_smooth_neighbours_and_ramps_stay_ramps()
    {
        // A ramp along the width, 16 voxels of 1 mm; the width is read at 2 mm.
        Sample ramp = new("r", [.. Enumerable.Range(0, 64).Select(i => (float)(i % 16))], [1, 2, 2, 16], [.. Enumerable.Range(0, 64).Select(i => i % 16 < 8 ? 0 : 1)], [2, 2, 16]) { Spacing = [1, 1, 1], AxisCodes = "SAR" };
        Sample seen = new Preprocessing { Axes = "SAR", Spacing = [1, 1, 2] }.Apply(ramp);
        Assert.Equal([1, 2, 2, 8], seen.ImageShape);
        for (int w = 2; w < 6; w++)
            Assert.Equal(2 * w + 0.5f, seen.Image[w], 4);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], seen.Labels[..8]);
    }

    [Fact]
    public void Slices_far_apart_are_not_interpolated_across()
    {
        Sample volume = new("f", [0, 0, 0, 0, 8, 8, 8, 8], [1, 2, 2, 2], new int[8], [2, 2, 2]) { Spacing = [10, 1, 1], AxisCodes = "SAR" };
        Sample seen = new Preprocessing { Spacing = [5, 1, 1] }.Apply(volume);
        Assert.Equal([1, 4, 2, 2], seen.ImageShape);
        Assert.Equal([0f, 0, 8, 8], [seen.Image[0], seen.Image[4], seen.Image[8], seen.Image[12]]);
    }

    [Fact]
    public void Ignored_voxels_stay_ignored_where_most_of_a_voxel_is()
    {
        Sample volume = new("i", new float[8], [1, 1, 1, 8], [-1, -1, 1, 1, 1, 1, 0, 0], [1, 1, 8]) { Spacing = [1, 1, 1], AxisCodes = "SAR" };
        Assert.Equal([-1, 1, 1, 0], new Preprocessing { Spacing = [1, 1, 2] }.Apply(volume).Labels);
    }

    [Theory]
    [InlineData(ZScore.Image)]
    [InlineData(ZScore.Content)]
    public void Values_are_scaled_by_the_volume_itself(ZScore score)
    {
        Sample sample = new("z", [0, 0, 2, 4, 6, 0, 0, 0], [1, 2, 2, 2], new int[8], [2, 2, 2]);
        float[] seen = new Preprocessing { ZScore = score }.Apply(sample).Image;
        float[] counted = score == ZScore.Image ? seen : seen[2..5];
        Assert.Equal(0, counted.Average(), 5);
        Assert.Equal(1, counted.Average(v => v * v), 5);
        if (score == ZScore.Content)
            Assert.Equal([0f, 0, 0, 0, 0], [seen[0], seen[1], seen[5], seen[6], seen[7]]);
    }

    [Fact]
    public void Scores_come_back_slab_by_slab_as_they_do_at_once()
    {
        Sample sample = new("s", new float[7 * 6 * 5], [1, 7, 6, 5], [], []) { Spacing = [1, 1, 1], AxisCodes = "IPR" };
        Preprocessing preprocessing = new() { Axes = "SRA", Spacing = [2, 1.5, 0.7] };
        float[] Score(int d, int h, int w) => [MathF.Sin(d + 2 * h), MathF.Cos(d * w), MathF.Sin(3 * w - h)];
        int[] once = Stored(preprocessing, sample, Score), bySlabs = Stored(preprocessing, sample, Score, slab: 1);
        Assert.Equal(once, bySlabs);
        Assert.Equal(3, once.Distinct().Count());
    }

    /// <summary>The classes of the stored voxels from scores of the prepared ones, given to <see cref="StoredClasses"/> in slabs.</summary>
    private static int[] Stored(Preprocessing preprocessing, Sample sample, Func<int, int, int, float[]> scores, int slab = int.MaxValue)
    {
        PreparedGrid grid = new(preprocessing, sample);
        int[] size = grid.Size;
        int classes = scores(0, 0, 0).Length;
        StoredClasses stored = new(grid, new PixelScores(classes, null), probabilities: true);
        ScoreSlab held = new(classes, Math.Min(slab, size[0]), size[1], size[2]);
        for (int first = 0; first < size[0]; first += Math.Min(slab, size[0]))
        {
            int count = Math.Min(slab, size[0] - first);
            float[] output = new float[classes * count * size[1] * size[2]];
            for (int c = 0, i = 0; c < classes; c++)
                for (int d = 0; d < count; d++)
                    for (int h = 0; h < size[1]; h++)
                        for (int w = 0; w < size[2]; w++)
                            output[i++] = scores(first + d, h, w)[c];
            held.Add(output, [count, size[1], size[2]], new Tile(first, 0, first, count), new Tile(0, 0, 0, size[1]), new Tile(0, 0, 0, size[2]));
            stored.Take(held, first + count);
            held.Drop(first + count);
        }
        int voxels = grid.StoredVoxels;
        Assert.All(Enumerable.Range(0, voxels), i => Assert.Equal(1, Enumerable.Range(0, classes).Sum(c => stored.Probabilities[c * voxels + i]), 5));
        Assert.All(Enumerable.Range(0, voxels), i => Assert.Equal(stored.Classes[i], Enumerable.Range(0, classes).MaxBy(c => stored.Probabilities[c * voxels + i])));
        return stored.Classes;
    }
}
