using Volute.Training;

namespace Volute.Tests.Training;

public class IntensityTests
{
    private static Chance Always(double amount) => new(1, amount, amount);

    private static Sample Image(int channels, int depth, int height, int width, int seed = 1)
    {
        Random random = new(seed);
        float[] image = [.. Enumerable.Range(0, channels * depth * height * width).Select(_ => random.NextSingle() * 4 - 1)];
        return new Sample("random", image, depth == 1 ? [channels, height, width] : [channels, depth, height, width], [0], []);
    }

    private static float[] Change(Sample sample, AugmentationOptions options, ulong seed = 1) => Augmentation.Apply(sample, options, seed).Image;

    /// <summary>Low resolution in plain loops: the coarse image first, then linearly back, all axes at once.</summary>
    private static double Coarse(Sample sample, int[] size, double[] shares, int z, int y, int x)
    {
        int[] coarse = [.. size.Zip(shares, (n, share) => Math.Max(1, (int)Math.Round(n * share)))], place = [z, y, x];
        double sum = 0;
        for (int corner = 0; corner < 8; corner++)
        {
            double weight = 1;
            int[] source = new int[3];
            for (int axis = 0; axis < 3; axis++)
            {
                double position = Math.Clamp((place[axis] + 0.5) * coarse[axis] / size[axis] - 0.5, 0, coarse[axis] - 1);
                int first = (int)Math.Floor(position), taken = Math.Min(first + (corner >> axis & 1), coarse[axis] - 1);
                weight *= (corner >> axis & 1) == 1 ? position - first : 1 - (position - first);
                source[axis] = (int)Math.Floor((taken + 0.5) * size[axis] / coarse[axis]);
            }
            sum += weight * sample.Image[(source[0] * size[1] + source[1]) * size[2] + source[2]];
        }
        return sum;
    }

    [Theory]
    [InlineData(1, 9, 14, 0.5)]
    [InlineData(5, 8, 7, 0.71)]
    [InlineData(4, 4, 4, 1)]
    public void Low_resolution_takes_the_nearest_pixels_and_comes_back_linearly(int depth, int height, int width, double share)
    {
        Sample sample = Image(1, depth, height, width);
        float[] coarse = Change(sample, new() { LowResolution = Always(share) });
        int[] size = [depth, height, width];
        for (int i = 0; i < coarse.Length; i++)
            Assert.Equal(Coarse(sample, size, [share, share, share], i / (height * width), i / width % height, i % width), coarse[i], 1e-5);
        if (share == 1)
            Assert.Equal(sample.Image, coarse);
    }

    [Fact]
    public void Low_resolution_within_planes_mixes_no_slices()
    {
        Sample sample = Image(1, 6, 8, 8);
        float[] coarse = Change(sample, new() { LowResolution = Always(0.5), InPlane = true });
        for (int i = 0; i < coarse.Length; i++)
            Assert.Equal(Coarse(sample, [6, 8, 8], [1, 0.5, 0.5], i / 64, i / 8 % 8, i % 8), coarse[i], 1e-5);
    }

    [Fact]
    public void Blur_of_a_volume_is_a_gaussian_along_every_axis()
    {
        Sample sample = Image(1, 5, 6, 7);
        float[] blurred = Change(sample, new() { Blur = Always(0.8) });
        double[] kernel = [.. Enumerable.Range(-3, 7).Select(d => Math.Exp(-d * d / (2 * 0.64)))];
        double total = Math.Pow(kernel.Sum(), 3);
        for (int i = 0; i < blurred.Length; i += 11)
        {
            double sum = 0;
            for (int z = -3; z <= 3; z++)
                for (int y = -3; y <= 3; y++)
                    for (int x = -3; x <= 3; x++)
                        sum += kernel[z + 3] * kernel[y + 3] * kernel[x + 3]
                            * sample.Image[(Mirror(i / 42 + z, 5) * 6 + Mirror(i / 7 % 6 + y, 6)) * 7 + Mirror(i % 7 + x, 7)];
            Assert.Equal(sum / total, blurred[i], 1e-5);
        }

        static int Mirror(int p, int n) => p < 0 ? -p : p >= n ? 2 * (n - 1) - p : p;
    }

    [Fact]
    public void Inverted_gamma_bends_the_negative()
    {
        Sample sample = new("values", [0, 1, 2, 4], [1, 2, 2], [0], []);
        float[] expected = [0, 4 - 4 * 9 / 16f, 3, 4], bent = Change(sample, new() { InvertedGamma = Always(2) });
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], bent[i], 1e-4f);
    }

    [Fact]
    public void Multiplicative_brightness_is_a_factor()
        => Assert.Equal([-2, 0, 3, 8], Change(new Sample("values", [-1, 0, 1.5f, 4], [1, 2, 2], [0], []), new() { BrightnessFactor = Always(2) }));

    [Fact]
    public void Noise_by_variance_has_its_square_root_as_deviation()
    {
        float[] noise = Change(new Sample("flat", new float[20_000], [1, 100, 200], [0], []), new() { NoiseVariance = Always(0.09) });
        Assert.Equal(0.3, Math.Sqrt(noise.Average(v => v * v)), 0.01);
    }

    [Fact]
    public void Kept_statistics_are_those_from_before()
    {
        Sample sample = Image(2, 1, 20, 20);
        float[] bent = Change(sample, new() { Gamma = Always(1.5), InvertedGamma = Always(0.7), KeepStatistics = true });
        Assert.NotEqual(sample.Image, bent);
        foreach (int c in new[] { 0, 1 })
        {
            float[] before = sample.Image[(c * 400)..((c + 1) * 400)], after = bent[(c * 400)..((c + 1) * 400)];
            Assert.Equal(before.Average(), after.Average(), 1e-4f);
            Assert.Equal(before.Average(v => v * v), after.Average(v => v * v), 1e-3f);
        }
        float[] stretched = Change(sample, new() { Contrast = Always(1.25), KeepStatistics = true });
        Assert.Equal((sample.Image[..400].Min(), sample.Image[..400].Max()), (stretched[..400].Min(), stretched[..400].Max()));
        Assert.True(Change(sample, new() { Contrast = Always(1.25) }).Max() > sample.Image.Max());
    }

    [Fact]
    public void Factors_are_as_often_below_one_as_above()
    {
        // Of 0.7 to 1.5 a uniform draw would be below 1 in 3 of 8 cases.
        SeededRandom random = new(5);
        double[] factors = [.. Enumerable.Range(0, 4000).Select(_ => new Chance(1, 0.7, 1.5).Factor(ref random))];
        Assert.InRange(factors.Count(f => f < 1), 1870, 2130); // 2000 ± 4 deviations of 32
        Assert.InRange(factors.Min(), 0.7, 0.71);
        Assert.InRange(factors.Max(), 1.49, 1.5);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(new Chance(1, 1.1, 1.5).Factor(ref random), 1.1, 1.5));
    }

    [Fact]
    public void Channels_draw_their_own_amounts_where_asked_and_half_of_them_take_part_in_a_blur()
    {
        Sample sample = new("ones", [.. Enumerable.Repeat(1f, 12)], [3, 2, 2], [0], []);
        AugmentationOptions options = new() { BrightnessFactor = new(1, 0.5, 2) };
        Assert.Single(Change(sample, options).Distinct());
        Assert.Equal(3, Change(sample, options with { PerChannel = true }).Distinct().Count());

        Sample noise = Image(4, 1, 8, 8);
        int changed = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            float[] blurred = Change(noise, new() { Blur = Always(1), PerChannel = true }, seed);
            changed += Enumerable.Range(0, 4).Count(c => blurred[c * 64] != noise.Image[c * 64]);
        }
        Assert.InRange(changed, 340, 460); // 400 ± 4 deviations of 14
    }
}
