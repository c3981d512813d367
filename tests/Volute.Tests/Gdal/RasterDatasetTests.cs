using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;
using Volute.Training;

namespace Volute.Tests.Gdal;

/// <summary>Rasters as training data.</summary>
public sealed class RasterDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public RasterDatasetTests() => _ = InstalledGdal.Driver;

    public void Dispose() => folder.Dispose();

    private static RasterBand Band(NumberType type, double? noData = null, BandColor color = BandColor.Undefined) => new(type) { NoData = noData, Color = color };

    [Fact]
    public void Bands_of_16_bits_are_channels_and_what_holds_nothing_is_ignored_and_not_measured()
    {
        // Pixel 0 holds nothing in any band, pixel 1 in one.
        InstalledGdal.Write(folder.At("images/a.tif"), new(3, 1, [Band(NumberType.UInt16, 9), Band(NumberType.UInt16, 9), Band(NumberType.UInt16, 9), Band(NumberType.UInt16, 9)]),
            (ushort[])[9, 9, 65535, 9, 0, 13107, 9, 0, 0, 9, 0, 0]);
        InstalledGdal.Write(folder.At("masks/a.tif"), new(3, 1, [Band(NumberType.UInt8)]), (byte[])[1, 4, 1]);
        Dataset data = Dataset.Open(folder.Root);
        Sample sample = data[0];
        Assert.Equal(4, data.Channels);
        Assert.Equal([4, 1, 3], sample.ImageShape);
        Assert.Equal([float.NaN, float.NaN, 1, float.NaN, 0, 0.2f, float.NaN, 0, 0, float.NaN, 0, 0], sample.Image);
        Assert.Equal([LabelMap.Ignored, 1, 0], sample.Labels);
        Assert.Equal([1, 0.1, 0, 0], data.Standardization.Mean.Select(m => Math.Round(m, 6)));
        data.Standardization.Apply(sample.Image, 4);
        Assert.Equal(0, sample.Image[1]);
        Assert.DoesNotContain(float.NaN, sample.Image);
    }

    [Fact]
    public void What_masks_call_nothing_is_ignored_and_is_nothing_again_in_what_is_predicted()
    {
        InstalledGdal.Write(folder.At("images/a.tif"), new(4, 1, [Band(NumberType.Float32)]), (float[])[1, 2, 3, float.NaN]);
        InstalledGdal.Write(folder.At("masks/a.tif"), new(4, 1, [Band(NumberType.Int16, 77)]), (short[])[77, 300, 5, 5]);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal("5 -> 0, 300 -> 1, 77 -> ignored", data.Labels!.ToString());
        Assert.Equal([LabelMap.Ignored, 1, 0, LabelMap.Ignored], data[0].Labels);
    }

    [Fact]
    public void Colours_palettes_and_opacity_are_told_apart()
    {
        PaletteColor[] palette = [Files.Black, Files.Red];
        InstalledGdal.Write(folder.At("images/a.tif"), new(2, 1, [Band(NumberType.UInt8, null, BandColor.Red), Band(NumberType.UInt8, null, BandColor.Green), Band(NumberType.UInt8, null, BandColor.Blue)]),
            (byte[])[255, 0, 0, 51, 0, 0]);
        InstalledGdal.Write(folder.At("masks/a.tif"), new(2, 1, [new(NumberType.UInt8) { Color = BandColor.Palette, Palette = palette }]), (byte[])[1, 0]);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(LabelKind.Palette, data.Labels!.Kind);
        Assert.Equal([1, 0, 0, 0.2f, 0, 0], data[0].Image);
        Assert.Equal([1, 0], data[0].Labels);
    }

    [Fact]
    public void A_public_raster_with_opacity_loses_it_and_what_is_transparent()
    {
        string source = SharedData.Path("geotiff", "RGBA.uint16.tif");
        Directory.CreateDirectory(folder["images"]);
        File.Copy(source, folder["images/a.tif"]);
        InstalledGdal.Write(folder.At("masks/a.tif"), new(634, 411, [Band(NumberType.UInt8)]), [.. Enumerable.Range(0, 634 * 411).Select(i => (byte)(i & 1))]);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Contains("3 channels (opacity left out), 411 x 634", data.Describe());
        Assert.Equal(634 * 411 - 127316, data[0].Labels.Count(l => l == LabelMap.Ignored));
    }

    [Fact]
    public void Drawn_scenes_are_data_to_train_on_and_the_same_for_the_same_seed()
    {
        SampleMaker.Scenes(folder["scenes"], 2, 128, seed: 4);
        SampleMaker.Scene(folder["one.tif"], 300, seed: 4);
        Dataset data = Dataset.Open(folder["scenes"]);
        Assert.Equal((2, 3, 1), (data.Count, data.Channels, data.Test!.Count));
        Assert.Equal("0 -> 0, 1 -> 1, 2 -> 2, 3 -> 3, 255 -> ignored", data.Labels!.ToString());
        Assert.Equal(["meadow", "field", "house", "water"], data.Classes);
        using IRaster scene = InstalledGdal.Driver.Open(folder["one.tif"]), part = InstalledGdal.Driver.Open(folder["scenes/images/001.tif"]);
        // The second scene lies beside the first, and both are parts of the larger one.
        byte[] there = new byte[3 * 128 * 128];
        scene.ReadWindow<byte>(new(128, 0, 128, 128), [0, 1, 2], there);
        Assert.Equal(part.ReadAll<byte>(), there);
        Assert.Equal(scene.Layout.Place.Transform![0] + 64, part.Layout.Place.Transform![0]);
        Assert.Contains("UTM zone 33N", part.Layout.Place.CoordinateSystem);
    }
}
