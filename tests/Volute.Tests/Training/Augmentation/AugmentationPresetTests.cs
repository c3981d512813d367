using Volute.Training;

namespace Volute.Tests.Training;

public class AugmentationPresetTests
{
    [Theory]
    [InlineData(new[] { 256, 256 }, 180, 0, false)]
    [InlineData(new[] { 256, 384 }, 180, 0, false)]      // 1.5 is not more than 1.5
    [InlineData(new[] { 56, 40 }, 180, 0, false)]
    [InlineData(new[] { 128, 320 }, 15, 0, false)]
    [InlineData(new[] { 320, 128 }, 15, 0, false)]
    [InlineData(new[] { 40, 56, 40 }, 30, 30, false)]
    [InlineData(new[] { 128, 128, 128 }, 30, 30, false)]
    [InlineData(new[] { 64, 192, 160 }, 30, 30, false)]  // 3 is not more than 3
    [InlineData(new[] { 20, 320, 256 }, 180, 0, true)]
    public void Patches_are_turned_as_nnUNet_turns_them(int[] patch, double rotation, double tilt, bool inPlane)
    {
        AugmentationOptions options = AugmentationOptions.NnUNet(patch);
        Assert.Equal(new Chance(0.2, -rotation, rotation), options.Rotation);
        Assert.Equal(tilt == 0 ? default : new Chance(0.2, -tilt, tilt), options.Tilt);
        Assert.Equal(inPlane, options.InPlane);
        if (patch.Length == 3)
        {
            AugmentationOptions own = AugmentationOptions.Named("segmentation", patch);
            Assert.Equal((rotation, tilt, inPlane), (own.Rotation.Max, own.Tilt.Max, own.InPlane));
        }
    }

    [Fact]
    public void Names_mean_what_recipes_say()
    {
        Assert.Equal(AugmentationOptions.None, AugmentationOptions.Named("none", [64, 64]));
        Assert.Equal(AugmentationOptions.Photographs, AugmentationOptions.Named("photographs", [32, 32]));
        Assert.Equal(AugmentationOptions.Segmentation, AugmentationOptions.Named("segmentation", [64, 64]));
        Assert.Equal(AugmentationOptions.Segmentation with { Elastic = default }, AugmentationOptions.Named("segmentation-rigid", [64, 64]));
        Assert.False(AugmentationOptions.Named("segmentation-rigid", [64, 64, 64]).Elastic.IsPossible);
        Assert.Equal(AugmentationOptions.NnUNet([20, 64, 64]), AugmentationOptions.Named("nnunet", [20, 64, 64]));
        Assert.Equal("augmentation 'more' is not known; known are none, digits, photographs, segmentation, segmentation-rigid and nnunet",
            Assert.Throws<InvalidArgumentException>(() => AugmentationOptions.Named("more", [64, 64])).Message);
        Assert.Equal("a patch has a size [H, W] or [D, H, W], got [64]", Assert.Throws<InvalidArgumentException>(() => AugmentationOptions.NnUNet([64])).Message);
    }

    [Fact]
    public void A_volume_is_turned_about_all_axes_or_about_none()
    {
        Sample sample = Volume(5, 5, 5);
        int turned = 0;
        AugmentationOptions options = new() { Rotation = new(0.3, 90, 90), Tilt = new(0.3, 90, 90) };
        int[] all = Augmentation.Apply(sample, options with { Rotation = new(1, 90, 90), Tilt = new(1, 90, 90) }, 1).Labels;
        for (ulong seed = 0; seed < 400; seed++)
        {
            int[] labels = Augmentation.Apply(sample, options, seed).Labels;
            if (labels.AsSpan().SequenceEqual(sample.Labels))
                continue;
            Assert.Equal(all, labels);
            turned++;
        }
        Assert.InRange(turned, 84, 156); // 120 ± 4 deviations of 9
    }

    [Fact]
    public void Flips_alone_and_flips_within_a_resampling_are_the_same()
    {
        // An elastic deformation by 0 leaves every pixel in its place, but no longer copies rows.
        Sample sample = Volume(3, 4, 5);
        AugmentationOptions flips = new() { FlipWidth = 0.5, FlipHeight = 0.5, FlipDepth = 0.5 };
        for (ulong seed = 0; seed < 20; seed++)
        {
            int[] copied = Augmentation.Apply(sample, flips, seed).Labels;
            Sample resampled = Augmentation.Apply(sample, flips with { Elastic = new(1, 0, 0) }, seed);
            Assert.Equal(copied, resampled.Labels);
            Assert.Equal(copied, resampled.Image.Select(v => (int)v));
        }
    }

    [Fact]
    public void Within_planes_every_slice_keeps_its_place()
    {
        // The value is the slice's number: whatever happens within planes cannot change it.
        Sample sample = new("slices", [.. Enumerable.Range(0, 6 * 40 * 30).Select(i => (float)(i / 1200))], [1, 6, 40, 30], [.. Enumerable.Range(0, 6 * 40 * 30).Select(i => i / 1200)], [6, 40, 30]);
        AugmentationOptions options = new() { Rotation = new(1, -180, 180), Scale = new(1, 0.7, 1.4), Elastic = new(1, 2, 10), InPlane = true };
        for (ulong seed = 0; seed < 5; seed++)
        {
            Sample varied = Augmentation.Apply(sample, options, seed);
            Assert.Equal(sample.Labels, varied.Labels);
            Assert.Equal(sample.Image, varied.Image);
        }
        Assert.NotEqual(sample.Labels, Augmentation.Apply(sample, options with { InPlane = false }, 1).Labels);
    }

    private static Sample Volume(int depth, int height, int width)
    {
        float[] image = [.. Enumerable.Range(0, depth * height * width).Select(i => (float)i)];
        return new Sample("volume", image, [1, depth, height, width], [.. image.Select(v => (int)v)], [depth, height, width]);
    }
}
