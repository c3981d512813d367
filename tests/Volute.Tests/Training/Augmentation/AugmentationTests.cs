using Volute.Training;

namespace Volute.Tests.Training;

public class AugmentationTests
{
    private static Chance Always(double amount) => new(1, amount, amount);

    private static Sample Picture(int height, int width, Func<int, int, float> value)
    {
        float[] image = new float[height * width];
        int[] mask = new int[height * width];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                mask[y * width + x] = (int)(image[y * width + x] = value(y, x));
        return new Sample("picture", image, [1, height, width], mask, [height, width]);
    }

    private static Sample Volume(int depth, int height, int width)
    {
        float[] image = [.. Enumerable.Range(0, depth * height * width).Select(i => (float)i)];
        return new Sample("volume", image, [1, depth, height, width], [.. image.Select(v => (int)v)], [depth, height, width]);
    }

    [Fact]
    public void No_option_changes_nothing()
    {
        Sample sample = Picture(5, 7, (y, x) => 10 * y + x);
        Sample same = Augmentation.Apply(sample, AugmentationOptions.None, 1);
        Assert.Equal(sample.Image, same.Image);
        Assert.Equal(sample.Labels, same.Labels);
        Assert.NotSame(sample.Image, same.Image);
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(6, 6)]
    [InlineData(1, 4)]
    public void Rotation_by_0_scale_by_1_and_deformation_by_0_change_nothing(int height, int width)
    {
        Sample sample = Picture(height, width, (y, x) => 10 * y + x);
        AugmentationOptions options = new() { Rotation = Always(0), Scale = Always(1), Shift = Always(0), Elastic = Always(0) };
        Sample same = Augmentation.Apply(sample, options, 1);
        Assert.Equal(sample.Image, same.Image);
        Assert.Equal(sample.Labels, same.Labels);
    }

    [Fact]
    public void A_flip_reverses_rows_and_a_second_one_restores_them()
    {
        Sample sample = Picture(2, 3, (y, x) => 10 * y + x);
        AugmentationOptions flip = new() { FlipWidth = 1 };
        Sample once = Augmentation.Apply(sample, flip, 1), twice = Augmentation.Apply(once, flip, 2);
        Assert.Equal([2, 1, 0, 12, 11, 10], once.Image);
        Assert.Equal([2, 1, 0, 12, 11, 10], once.Labels);
        Assert.Equal(sample.Image, twice.Image);
        Assert.Equal(sample.Labels, twice.Labels);
        Assert.Equal([10, 11, 12, 0, 1, 2], Augmentation.Apply(sample, new() { FlipHeight = 1 }, 1).Image);
    }

    [Fact]
    public void A_volume_flips_along_its_depth_alone()
    {
        Sample flipped = Augmentation.Apply(Volume(3, 2, 2), new() { FlipDepth = 1 }, 1);
        Assert.Equal([8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3], flipped.Image);
        Assert.Equal([8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3], flipped.Labels);
    }

    [Fact]
    public void A_quarter_turn_moves_the_right_column_to_the_top_row()
    {
        Sample turned = Augmentation.Apply(Picture(3, 3, (y, x) => 10 * y + x), new() { Rotation = Always(90) }, 1);
        int[] expected = [2, 12, 22, 1, 11, 21, 0, 10, 20];
        Assert.Equal(expected, turned.Labels);
        for (int i = 0; i < 9; i++)
            Assert.Equal(expected[i], turned.Image[i], 1e-4f);
    }

    [Fact]
    public void A_quarter_tilt_turns_a_volume_about_one_axis_and_keeps_the_other()
    {
        // Both tilts happen: about the columns' axis (depth and height exchange), then about the rows' axis.
        Sample sample = Volume(3, 3, 3);
        Sample tilted = Augmentation.Apply(sample, new() { Tilt = Always(90) }, 1);
        // source = R(0,1) · R(0,2) · offset, each R: a ← a cos − b sin on the matrix's columns.
        for (int d = -1; d <= 1; d++)
            for (int h = -1; h <= 1; h++)
                for (int w = -1; w <= 1; w++)
                {
                    (int depth, int height, int width) = (w, h, -d);            // the inner turn, depth and width
                    (depth, height) = (height, -depth);                          // the outer turn, depth and height
                    int expected = (depth + 1) * 9 + (height + 1) * 3 + width + 1;
                    Assert.Equal(expected, tilted.Labels[(d + 1) * 9 + (h + 1) * 3 + w + 1]);
                }
    }

    [Fact]
    public void A_shift_moves_the_content_and_mirrors_what_enters()
    {
        // A quarter of 4 pixels is 1: the content moves right and down by one.
        Sample shifted = Augmentation.Apply(Picture(4, 4, (y, x) => 10 * y + x), new() { Shift = Always(0.25) }, 1);
        Assert.Equal([11, 10, 11, 12, 1, 0, 1, 2, 11, 10, 11, 12, 21, 20, 21, 22], shifted.Image);
    }

    [Fact]
    public void A_scale_of_2_shows_the_middle_twice_as_large()
    {
        Sample scaled = Augmentation.Apply(Picture(1, 5, (_, x) => x), new() { Scale = Always(2) }, 1);
        Assert.Equal([1, 1.5f, 2, 2.5f, 3], scaled.Image);
    }

    [Fact]
    public void Image_and_mask_stay_together_under_every_geometric_change()
    {
        // A disc beside the middle: where the linearly sampled image is clearly inside or outside, the mask must agree.
        Sample sample = Picture(64, 48, (y, x) => (y - 25) * (y - 25) + (x - 20) * (x - 20) < 150 ? 1 : 0);
        AugmentationOptions options = AugmentationOptions.Segmentation with
        {
            Brightness = default,
            Contrast = default,
            Gamma = default,
            Noise = default,
            Blur = default,
            Rotation = new(1, -180, 180),
            Scale = new(1, 0.7, 1.4),
            Elastic = new(1, 2, 6),
            Shift = new(1, -0.1, 0.1),
        };
        for (ulong seed = 0; seed < 20; seed++)
        {
            Sample varied = Augmentation.Apply(sample, options, seed);
            Assert.NotEqual(sample.Labels, varied.Labels);
            Assert.InRange(varied.Labels.Sum(), 100, 2000);
            for (int i = 0; i < varied.Labels.Length; i++)
            {
                // The nearest pixel has at least a quarter of the weight of the four.
                if (varied.Labels[i] == 1)
                    Assert.True(varied.Image[i] >= 0.249f, $"seed {seed}, pixel {i}: mask 1, image {varied.Image[i]}");
                else
                    Assert.True(varied.Image[i] <= 0.751f, $"seed {seed}, pixel {i}: mask 0, image {varied.Image[i]}");
            }
        }
    }

    [Fact]
    public void A_volume_and_its_mask_stay_together()
    {
        float[] image = new float[12 * 20 * 16];
        for (int i = 0; i < image.Length; i++)
            image[i] = Math.Pow(i / 320 - 5, 2) * 2 + Math.Pow(i / 16 % 20 - 9, 2) + Math.Pow(i % 16 - 8, 2) < 30 ? 1 : 0;
        Sample sample = new("ball", image, [1, 12, 20, 16], [.. image.Select(v => (int)v)], [12, 20, 16]);
        AugmentationOptions options = new() { Rotation = new(1, -30, 30), Tilt = new(1, -20, 20), Scale = new(1, 0.8, 1.2), Elastic = new(1, 1, 2), FlipDepth = 0.5 };
        for (ulong seed = 0; seed < 10; seed++)
        {
            Sample varied = Augmentation.Apply(sample, options, seed);
            Assert.NotEqual(sample.Labels, varied.Labels);
            for (int i = 0; i < varied.Labels.Length; i++)
                Assert.True(varied.Labels[i] == 1 ? varied.Image[i] >= 0.124f : varied.Image[i] <= 0.876f);
        }
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        Sample sample = Picture(32, 32, (y, x) => y * x % 7);
        Sample first = Augmentation.Apply(sample, AugmentationOptions.Segmentation, 7), again = Augmentation.Apply(sample, AugmentationOptions.Segmentation, 7);
        Assert.Equal(first.Image, again.Image);
        Assert.Equal(first.Labels, again.Labels);
        Assert.NotEqual(first.Image, Augmentation.Apply(sample, AugmentationOptions.Segmentation, 8).Image);
    }

    [Fact]
    public void Probabilities_are_kept()
    {
        Sample sample = Picture(1, 2, (_, x) => x);
        int flips = Enumerable.Range(0, 4000).Count(seed => Augmentation.Apply(sample, new() { FlipWidth = 0.3 }, (ulong)seed).Labels[0] == 1);
        Assert.InRange(flips, 1080, 1320); // 1200 ± 4 deviations of 29
    }

    [Fact]
    public void Intensities_change_as_their_formulas_say_and_the_mask_stays()
    {
        Sample sample = new("two channels", [0, 1, 2, 3, 10, 20, 30, 40], [2, 2, 2], [0, 1, 2, 3], [2, 2]);
        Assert.Equal([1, 2, 3, 4, 15, 25, 35, 45], Augmentation.Apply(sample, new() { Brightness = Always(0.5) }, 1, 2, 10).Image);
        Assert.Equal([-1.5f, 0.5f, 2.5f, 4.5f, -5, 15, 35, 55], Augmentation.Apply(sample, new() { Contrast = Always(2) }, 1).Image);
        float[] gamma = Augmentation.Apply(sample, new() { Gamma = Always(2) }, 1).Image;
        float[] expected = [0, 1 / 3f, 4 / 3f, 3, 10, 10 + 30 / 9f, 10 + 120 / 9f, 40];
        for (int i = 0; i < 8; i++)
            Assert.Equal(expected[i], gamma[i], 1e-4f);
        Assert.Equal(sample.Labels, Augmentation.Apply(sample, new() { Gamma = Always(2), Noise = Always(1), Blur = Always(1) }, 1).Labels);
    }

    [Fact]
    public void Noise_has_the_deviation_that_was_asked_for()
    {
        Sample sample = new("flat", new float[10_000], [1, 100, 100], [3], []);
        float[] noise = Augmentation.Apply(sample, new() { Noise = Always(0.5) }, 3, 4).Image;
        Assert.Equal(0, noise.Average(), 0.1);
        Assert.Equal(2, Math.Sqrt(noise.Average(v => v * v)), 0.1);
    }

    [Fact]
    public void Blur_is_a_normalized_gaussian()
    {
        float[] point = new float[15 * 15];
        point[7 * 15 + 7] = 1;
        float[] blurred = Augmentation.Apply(new Sample("point", point, [1, 15, 15], [0], []), new() { Blur = Always(1.2) }, 1).Image;
        Assert.Equal(1, blurred.Sum(), 1e-5f);
        Assert.Equal(Math.Exp(-1 / (2 * 1.44)), blurred[7 * 15 + 8] / blurred[7 * 15 + 7], 1e-5);
        Assert.Equal(Math.Exp(-(4 + 1) / (2 * 1.44)), blurred[9 * 15 + 8] / blurred[7 * 15 + 7], 1e-5);
    }

    [Fact]
    public void Blur_keeps_a_flat_volume_flat_up_to_its_borders()
    {
        float[] blurred = Augmentation.Apply(new Sample("flat", [.. Enumerable.Repeat(5f, 60)], [1, 3, 4, 5], [0], []), new() { Blur = Always(2) }, 1).Image;
        Assert.All(blurred, value => Assert.Equal(5, value, 1e-5f));
    }

    [Fact]
    public void Elastic_displacements_pass_through_their_grid_and_have_its_deviation()
    {
        // At the corners of the box the field is the node itself: over many seeds its deviation is the one asked for.
        double sum = 0;
        const int Seeds = 2000;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SeededRandom random = new(seed);
            double[] positions = new double[9];
            new ElasticField([1, 9, 9], 3, 10, ref random).AddRow(2, 0, 0, positions);
            sum += positions[0] * positions[0];
            for (int w = 1; w < 9; w++)
                Assert.True(Math.Abs(positions[w] - positions[w - 1]) < 40);
        }
        Assert.Equal(10, Math.Sqrt(sum / Seeds), 0.7);
    }

    [Fact]
    public void Mirroring_repeats_no_border_pixel()
    {
        Assert.Equal([2, 1, 0, 1, 2, 3, 2, 1, 0], Enumerable.Range(-2, 9).Select(i => Resampler.Mirror(i, 4)));
        Assert.Equal([2.0, 1, 0, 1, 2, 3, 2, 1, 0], Enumerable.Range(-2, 9).Select(i => Resampler.Mirror((double)i, 4)));
        Assert.Equal(0, Resampler.Mirror(-7, 1));
        Assert.Equal(0, Resampler.Mirror(3.5, 1));
        Assert.Equal(0.25, Resampler.Mirror(-0.25, 4));
    }

    public static TheoryData<AugmentationOptions, string> BadOptions => new()
    {
        { new() { FlipWidth = 1.5 }, "the probability of FlipWidth must be 0 to 1, got 1.5" },
        { new() { Rotation = new(0.5, 10, -10) }, "the range of Rotation must lie within -360 to 360, its smaller end first; got 10 to -10" },
        { new() { Scale = new(1, 0, 2) }, "the range of Scale must lie within 0.01 to 100, its smaller end first; got 0 to 2" },
        { new() { ElasticGrid = 1 }, "ElasticGrid must be 2 to 64 points an axis, got 1" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void A_wrong_option_is_named(AugmentationOptions options, string message)
        => Assert.Equal(message, Assert.Throws<InvalidArgumentException>(() => Augmentation.Apply(Picture(2, 2, (_, _) => 0), options, 1)).Message);

    [Fact]
    public void A_mask_of_another_size_is_refused()
    {
        Sample sample = new("a", new float[4], [1, 2, 2], new int[6], [2, 3]);
        Assert.Equal("a: the mask [2, 3] must have the image's size [2, 2]",
            Assert.Throws<ShapeException>(() => Augmentation.Apply(sample, AugmentationOptions.None, 1)).Message);
    }
}
