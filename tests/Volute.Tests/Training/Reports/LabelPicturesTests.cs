using Volute.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Reports;

public class LabelPicturesTests
{
    private static (int, int, int) Pixel(Picture picture, int y, int x) => (picture[y, x, 0], picture[y, x, 1], picture[y, x, 2]);

    [Fact]
    public void The_first_colours_are_far_apart_and_all_256_differ()
    {
        IReadOnlyList<PaletteColor> colors = LabelPalette.Colors(256);
        Assert.Equal(new PaletteColor(0, 0, 0), colors[0]);
        Assert.Equal(256, colors.Distinct().Count());
        for (int a = 0; a < 24; a++)
            for (int b = 0; b < a; b++)
            {
                int distance = Math.Abs(colors[a].Red - colors[b].Red) + Math.Abs(colors[a].Green - colors[b].Green) + Math.Abs(colors[a].Blue - colors[b].Blue);
                Assert.True(distance >= 30, $"classes {a} and {b} are only {distance} apart: {colors[a]}, {colors[b]}");
            }
    }

    [Fact]
    public void A_mask_has_the_colour_of_each_class()
    {
        PngImage mask = LabelPictures.Mask([0, 1, 2, 255], 2, 2, classes: 3, ignore: 255);
        Assert.Equal((0, 0, 0), Pixel(mask, 0, 0));
        Assert.Equal((230, 159, 0), Pixel(mask, 0, 1));
        Assert.Equal((128, 128, 128), Pixel(mask, 1, 1));
        Assert.Equal("label 3 at index 1 is none of the 3 classes (0 to 2)",
            Assert.Throws<InvalidArgumentException>(() => LabelPictures.Mask([0, 3], 2, 1, classes: 3)).Message);
    }

    [Fact]
    public void An_overlay_leaves_the_background_as_it_is()
    {
        Picture image = Picture.FromBytes([10, 200, 100], 3, 1, 1);
        Picture overlay = LabelPictures.Overlay(image, [0, 1, 7], ignore: 7);
        Assert.Equal((10, 10, 10), Pixel(overlay, 0, 0));
        Assert.Equal((218, 175, 80), Pixel(overlay, 0, 1));
        Assert.Equal((122, 122, 122), Pixel(overlay, 0, 2));
        Assert.Equal("a picture of 3 x 1 pixels needs 3 labels, got 2", Assert.Throws<InvalidArgumentException>(() => LabelPictures.Overlay(image, [0, 1])).Message);
    }

    [Fact]
    public void Errors_are_told_apart()
    {
        Picture image = Picture.FromBytes(new byte[6], 6, 1, 1);
        //                       background  hit  miss  false alarm  wrong class  ignored
        int[] labels = [0, 1, 1, 0, 1, 9], predictions = [0, 1, 0, 2, 2, 1];
        Picture errors = LabelPictures.Errors(image, predictions, labels, ignore: 9);
        (int, int, int) Scaled(int kind, double share)
        {
            PaletteColor color = LabelPictures.ErrorLegend[kind].Color;
            return ((int)(share * color.Red), (int)(share * color.Green), (int)(share * color.Blue));
        }
        Assert.Equal(["hit", "miss", "false alarm", "wrong class"], LabelPictures.ErrorLegend.Select(entry => entry.Meaning));
        Assert.Equal([(0, 0, 0), Scaled(0, 0.35), Scaled(1, 0.95), Scaled(2, 0.95), Scaled(3, 0.95), (0, 0, 0)], Enumerable.Range(0, 6).Select(x => Pixel(errors, 0, x)));
    }

    [Fact]
    public void Thumbnails_are_means_and_deep_pictures_are_stretched()
    {
        Picture large = Picture.FromBytes([.. Enumerable.Range(0, 64).Select(i => (byte)(i % 8 < 4 ? 10 : 30))], 8, 8, 1);
        Picture small = Thumbnail.Of(large, 2);
        Assert.Equal((2, 2), (small.Width, small.Height));
        Assert.Equal([10, 30, 10, 30], small.ToBytes());
        Assert.Same(large.GetType(), Thumbnail.Of(large, 8).GetType());
        // A CT-like picture: nearly all values between 1000 and 1099, one far outside that must not darken all others.
        ushort[] values = [.. Enumerable.Range(0, 400).Select(i => (ushort)(1000 + i / 4))];
        values[399] = 60000;
        byte[] shown = Thumbnail.Of(Picture.FromUInt16(values, 20, 20, 1), 20).ToBytes();
        Assert.Equal(0, shown[0]);
        Assert.Equal(255, shown[398]);
        Assert.InRange(shown[200], 120, 135);
        Assert.Equal((1, 4), (Thumbnail.Of(Picture.FromBytes(new byte[400], 2, 200, 1), 4).Width, 4));
        byte[] constant = Thumbnail.Of(Picture.FromUInt16([7, 7, 7, 7], 2, 2, 1), 2).ToBytes();
        Assert.Single(constant.Distinct());
    }

    [Fact]
    public void Labels_of_a_thumbnail_are_those_at_its_pixel_centres()
    {
        Picture large = Picture.FromBytes(new byte[36], 6, 6, 1), small = Picture.FromBytes(new byte[4], 2, 2, 1);
        int[] labels = [.. Enumerable.Range(0, 36)];
        Assert.Equal([7, 10, 25, 28], Thumbnail.Labels(labels, large, small));
        Assert.Equal(labels, Thumbnail.Labels(labels, large, large));
    }

    [Fact]
    public void Pictures_of_few_colours_get_a_palette_and_stay_the_same()
    {
        Picture few = LabelPictures.Overlay(Picture.FromBytes([0, 8, 16, 16], 2, 2, 1), [0, 0, 1, 1]);
        PngImage indexed = Assert.IsType<PngImage>(Thumbnail.Indexed(few));
        Assert.Equal(3, indexed.Palette!.Count);
        Assert.Equal(few.ToBytes(), indexed.ToBytes());
        Picture many = Picture.FromBytes([.. Enumerable.Range(0, 300 * 3).Select(i => (byte)(i % 3 == 0 ? i / 3 / 200 : i / 3 % 200))], 300, 1, 3);
        Assert.Same(many, Thumbnail.Indexed(many));
    }
}
