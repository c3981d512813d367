using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;
using Volute.Training;

namespace Volute.Tests.Gdal;

/// <summary>Rasters that lie askew, upside down or nowhere, that are tiny, masked, turned, or several at once.</summary>
[Collection(Volute.Tests.Kernels.TeamSize.Name)]
public sealed class UnusualRasterTests : IDisposable
{
    // 16 x 8 pixels of gray 10·row + column.
    private const string Photograph = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABwr/xAAbEAAABwEAAAAAAAAAAAAAAAAABQglMkNR4f/aAAgBAQAAPwCTMtSTFsyngQC1JMWzKeD/2Q==";

    private readonly TemporaryFolder folder = new();
    private readonly IRasterDriver driver = InstalledGdal.Driver;

    public void Dispose() => folder.Dispose();

    private static LabelMap Values => new(LabelKind.Value, [1, 2, 3]);

    private FilePrediction Predict(Predictor predictor, string name, PredictionOutputs? outputs = null) => predictor.PredictFile(folder[name], folder["out"], outputs);

    private static byte[] Noise(int count)
    {
        byte[] values = new byte[count];
        new Random(count).NextBytes(values);
        return values;
    }

    [Fact]
    public void A_file_of_several_pages_is_refused_rather_than_read_in_part()
    {
        TiffPage page = new(3, 2, 8, 0, [1, 2, 3, 4, 5, 6]);
        File.WriteAllBytes(folder["stack.tif"], HandMadeTiff.Of(page, page with { Rows = [6, 5, 4, 3, 2, 1] }));
        Assert.Equal($"{folder["stack.tif"]}: the file holds 2 pictures; expected one: take each out of it, gdal_translate GTIFF_DIR:1:{folder["stack.tif"]} page1.tif",
            Assert.Throws<FileFormatException>(() => driver.Open(folder["stack.tif"])).Message);
        File.WriteAllBytes(folder["one.tif"], HandMadeTiff.Of(page));
        using IRaster one = driver.Open(folder["one.tif"]);
        Assert.Equal([1, 2, 3, 4, 5, 6], one.ReadAll<byte>());
    }

    [Fact]
    public void What_a_mask_in_the_file_leaves_out_is_missing()
    {
        byte[] values = Noise(40 * 24);
        // Rows of 5 bytes, one bit a pixel: the right half is not there.
        byte[] mask = [.. Enumerable.Range(0, 24).SelectMany(_ => (byte[])[0xFF, 0xFF, 0xF0, 0, 0])];
        File.WriteAllBytes(folder["masked.tif"], HandMadeTiff.Of(new(40, 24, 8, 0, values), new(40, 24, 1, 4, mask)));
        Predictor predictor = RasterPredictionTests.Predictor(1, Values);
        SegmentedImage expected = predictor.Segment([.. values.Select((v, i) => i % 40 < 20 ? v / 255f : 0.5f)], [1, 24, 40]);
        using IRaster found = driver.Open(Predict(predictor, "masked.tif").Output!);
        Assert.Equal(expected.Classes.Select((c, i) => (byte)(i % 40 < 20 ? c + 1 : 255)), found.ReadAll<byte>());
    }

    [Fact]
    public void Four_bands_of_16_bits_are_four_channels()
    {
        ushort[] values = [.. Enumerable.Range(0, 4 * 60 * 50).Select(i => (ushort)(i * 7919))];
        InstalledGdal.Write(folder["a.tif"], new(60, 50, [.. Enumerable.Repeat(new RasterBand(NumberType.UInt16), 4)]), values);
        Predictor predictor = RasterPredictionTests.Predictor(4, Values);
        SegmentedImage expected = predictor.Segment([.. values.Select(v => v / 65535f)], [4, 50, 60]);
        using IRaster found = driver.Open(Predict(predictor, "a.tif").Output!);
        Assert.Equal(expected.Classes.Select(c => (byte)(c + 1)), found.ReadAll<byte>());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 200)]
    [InlineData(200, 1)]
    public void A_raster_of_single_pixels_is_predicted(int width, int height)
    {
        byte[] values = Noise(width * height);
        InstalledGdal.Write(folder["a.tif"], new(width, height, [new(NumberType.UInt8)]), values);
        Predictor predictor = RasterPredictionTests.Predictor(1, Values);
        SegmentedImage expected = predictor.Segment([.. values.Select(v => v / 255f)], [1, height, width]);
        using IRaster found = driver.Open(Predict(predictor, "a.tif").Output!);
        Assert.Equal(expected.Classes.Select(c => (byte)(c + 1)), found.ReadAll<byte>());
    }

    [Fact]
    public void Infinite_numbers_are_missing_and_harm_no_neighbour()
    {
        float[] values = [.. Noise(50 * 40).Select(v => v / 255f)];
        (values[700], values[1000], values[1001]) = (float.PositiveInfinity, float.NegativeInfinity, float.NaN);
        InstalledGdal.Write(folder["a.tif"], new(50, 40, [new(NumberType.Float32)]), values);
        Predictor predictor = RasterPredictionTests.Predictor(1, Values);
        SegmentedImage expected = predictor.Segment([.. values.Select(v => float.IsFinite(v) ? v : 0.5f)], [1, 40, 50]);
        using IRaster found = driver.Open(Predict(predictor, "a.tif").Output!);
        Assert.Equal(expected.Classes.Select((c, i) => (byte)(float.IsFinite(values[i]) ? c + 1 : 255)), found.ReadAll<byte>());
    }

    [Theory]
    [InlineData(2.0, 0.0, 0.0, -2.0)]
    [InlineData(2.0, 0.0, 0.0, 2.0)]
    [InlineData(-2.0, 0.0, 0.0, -2.0)]
    [InlineData(1.5, 1.0, 1.0, -1.5)]
    [InlineData(0.0, 2.0, 3.0, 0.0)]
    public void South_up_mirrored_and_rotated_rasters_keep_their_place_and_their_polygons_turn_the_right_way(double acrossX, double downX, double acrossY, double downY)
    {
        double[] transform = [500_000, acrossX, downX, 5_000_000, acrossY, downY];
        InstalledGdal.Write(folder["a.tif"], new(60, 40, [new(NumberType.UInt8)]) { Place = new() { Transform = transform, CoordinateSystem = RasterPredictionTests.System } }, Noise(60 * 40));
        FilePrediction written = Predict(RasterPredictionTests.Predictor(1, Values), "a.tif", new() { Polygons = true });
        using IRaster mask = driver.Open(written.Output!);
        Assert.Equal(transform, mask.Layout.Place.Transform);
        double pixel = Math.Abs(acrossX * downY - downX * acrossY), sum = 0;
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(written.Polygons!));
        foreach (JsonElement feature in json.RootElement.GetProperty("features").EnumerateArray())
        {
            double[] areas = [.. feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(Area)];
            Assert.True(areas[0] > 0 && areas.Skip(1).All(hole => hole < 0));
            Assert.Equal(feature.GetProperty("properties").GetProperty("pixels").GetInt32() * pixel, areas.Sum(), 1e-3);
            sum += areas.Sum();
        }
        Assert.Equal(60 * 40 * pixel, sum, 1e-2);

        static double Area(JsonElement ring)
        {
            double[][] corners = [.. ring.EnumerateArray().Select(c => (double[])[c[0].GetDouble() - 500_000, c[1].GetDouble() - 5_000_000])];
            return corners.Zip(corners.Skip(1), (a, b) => a[0] * b[1] - b[0] * a[1]).Sum() / 2;
        }
    }

    [Fact]
    public void A_raster_that_is_known_by_ground_points_alone_gives_a_mask_with_the_same_points()
    {
        GroundPoint[] points = [new("1", 0, 0, 10, 50, 0), new("2", 30, 0, 11, 50, 0), new("3", 0, 20, 10, 49, 5)];
        InstalledGdal.Write(folder["a.tif"], new(30, 20, [new(NumberType.UInt8)]) { Place = new() { Points = points, PointsCoordinateSystem = RasterPredictionTests.System } }, Noise(600));
        FilePrediction written = Predict(RasterPredictionTests.Predictor(1, Values), "a.tif", new() { Polygons = true });
        using IRaster source = driver.Open(folder["a.tif"]), mask = driver.Open(written.Output!);
        Assert.Equal(points.Select(p => p with { Id = "" }), mask.Layout.Place.Points.Select(p => p with { Id = "" }));
        Assert.Equal(source.Layout.Place.PointsCoordinateSystem, mask.Layout.Place.PointsCoordinateSystem);
        // Its polygons are in pixels, and in no coordinate system.
        Assert.DoesNotContain("\"crs\"", File.ReadAllText(written.Polygons!));
        Assert.DoesNotContain("squareMetres", File.ReadAllText(written.Polygons!));
    }

    [Fact]
    public void Colours_of_classes_are_no_holes_where_nothing_has_a_colour_too()
    {
        byte[] values = Noise(50 * 40);
        InstalledGdal.Write(folder["a.tif"], new(50, 40, [new(NumberType.UInt8) { NoData = 9 }]), values);
        LabelMap colors = new(LabelKind.Color, [0xFF0000, 0x00FF00, 0x0000FF], ignored: 0x00FFFF);
        FilePrediction written = Predict(RasterPredictionTests.Predictor(1, colors), "a.tif");
        using IRaster mask = driver.Open(written.Output!);
        Assert.Equal([0.0, 255.0, 255.0], mask.Layout.NoDataValues);
        byte[] seen = mask.ReadAll<byte>(), present = new byte[2000];
        for (int band = 0; band < 3; band++)
        {
            mask.ReadPresence(new(0, 0, 50, 40), band, present);
            Assert.Equal(values.Select(v => v != 9), present.Select(p => p != 0));
        }
        // Read as a mask again, what holds nothing does not count.
        Directory.CreateDirectory(folder["data/images"]);
        Directory.CreateDirectory(folder["data/masks"]);
        File.Copy(folder["a.tif"], folder["data/images/a.tif"]);
        File.Copy(written.Output!, folder["data/masks/a.tif"]);
        Dataset data = Dataset.Open(folder["data"]);
        Assert.InRange(data.Classes.Count, 2, 3);
        Assert.Equal(values.Select(v => v == 9), data[0].Labels.Select(label => label == LabelMap.Ignored));
        Assert.Equal(seen.Take(2000).Select((red, i) => values[i] == 9 ? LabelMap.Ignored : data.Labels!.Values.ToList().IndexOf(red << 16 | seen[2000 + i] << 8 | seen[4000 + i])), data[0].Labels);
    }

    [Fact]
    public void A_photograph_is_seen_as_its_camera_was_held()
    {
        byte[] plain = Convert.FromBase64String(Photograph);
        // Exif: the first row is the right side, the first column the top.
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        File.WriteAllBytes(folder.At("images/a.jpg"), [.. plain[..2], .. exif, .. plain[2..]]);
        InstalledGdal.Write(folder.At("masks/a.tif"), new(8, 16, [new(NumberType.UInt8)]), [.. Enumerable.Range(0, 128).Select(i => (byte)(i % 2))]);
        Dataset data = Dataset.Open(folder.Root);
        Sample sample = data[0];
        Assert.Equal([1, 16, 8], sample.ImageShape);
        Assert.Equal(Enumerable.Range(0, 128).Select(i => (10 * (7 - i % 8) + i / 8) / 255f), sample.Image);
    }

    [Fact]
    public void A_mask_that_lies_elsewhere_than_its_image_is_named()
    {
        RasterPlace place = new() { Transform = [500_000, 2, 0, 5_000_000, 0, -2], CoordinateSystem = RasterPredictionTests.System };
        byte[] classes = [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))];
        foreach (string name in (string[])["a", "b"])
        {
            InstalledGdal.Write(folder.At($"images/{name}.tif"), new(5, 4, [new(NumberType.UInt8)]) { Place = place }, Noise(20));
            InstalledGdal.Write(folder.At($"masks/{name}.tif"), new(5, 4, [new(NumberType.UInt8)]) { Place = name == "a" ? place : place.Part(1, 0) }, classes);
        }
        Finding finding = Dataset.Open(folder.Root).Warnings.Single(warning => warning.Kind == FindingKind.PlacementDiffers);
        Assert.Contains("1 mask has another place or orientation than the image: b (image and mask: corner (500000, 5000000) and (500002, 5000000))", finding.ToString());
    }
}
