using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Gdal;

/// <summary>Rasters that are predicted window by window against the same raster in memory.</summary>
[Collection(Volute.Tests.Kernels.TeamSize.Name)]
public sealed class RasterPredictionTests : IDisposable
{
    internal const string System = """PROJCS["a",GEOGCS["b",DATUM["c",SPHEROID["d",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]""";
    private const int Classes = 3;

    private readonly TemporaryFolder folder = new();
    private readonly IRasterDriver driver = InstalledGdal.Driver;

    public void Dispose() => folder.Dispose();

    internal static Predictor Predictor(int channels, LabelMap labels, bool padded = true, int tile = 76, LabelRegion[]? regions = null)
    {
        UNetOptions options = new(channels, Classes, 2, BaseWidth: 4, Levels: 3, padded, Normalization.Batch);
        UNet network = new(options);
        Random random = new(7);
        foreach (Parameter parameter in network.State())
            parameter.Assign([.. Enumerable.Range(0, (int)parameter.Shape.Elements).Select(_ => parameter.Shape.Rank == 1 ? 0.5 + random.NextDouble() : (random.NextDouble() - 0.5) * 0.8)]);
        if (regions is not null)
        {
            // Scores on both sides of 0, that regions are there and not.
            network.Eval();
            Tensor noise = Tensor.FromArray([.. Enumerable.Range(0, channels * 4096).Select(_ => (random.NextSingle() - 0.5f) / 0.29f)], [1, channels, 64, 64]);
            float[] means = network.Forward(noise).Mean([0, 2, 3]).ToArray();
            Parameter bias = network.State().Single(parameter => parameter.Shape.Rank == 1 && parameter.Shape[0] == Classes);
            bias.Assign([.. bias.ToArray().Zip(means, (b, mean) => (double)b - mean)]);
        }
        return new Predictor(new Recipe
        {
            Model = "unet",
            UNet = options,
            Task = DatasetTask.Segmentation,
            Data = "",
            Classes = regions is null ? ["a", "b", "c"] : [.. labels.Values.Select(value => $"label {value}")],
            Regions = regions,
            Channels = channels,
            Labels = labels.ToJson(),
            Standardization = new([.. Enumerable.Repeat(0.5, channels)], [.. Enumerable.Repeat(0.29, channels)]),
            InputSize = [48, 48],
            BatchSize = 1,
            LearningRate = 1,
            Augmentation = "none",
            Tile = tile,
            Context = 22,
            Seed = 0,
        }, network);
    }

    private byte[] Scene(string name, int width, int height, int channels, double? noData = null)
    {
        Random random = new(width);
        byte[] values = new byte[width * height * channels];
        random.NextBytes(values);
        if (noData is { } nothing)
            for (int i = 0; i < width * height; i++)
                if (i % width + i / width < 60)
                    for (int c = 0; c < channels; c++)
                        values[c * width * height + i] = (byte)nothing;
        RasterBand band = new(NumberType.UInt8) { NoData = noData };
        InstalledGdal.Write(folder[name], new(width, height, [.. Enumerable.Repeat(band, channels)])
        {
            Place = new() { Transform = [500_000, 2, 0, 5_000_000, 0, -2], CoordinateSystem = System },
        }, values);
        return values;
    }

    private FilePrediction Predict(Predictor predictor, string name, PredictionOutputs? outputs = null) => predictor.PredictFile(folder[name], folder["out"], outputs);

    [Theory]
    [InlineData(150, 331, true)]
    [InlineData(331, 150, false)]
    [InlineData(40, 30, true)]
    [InlineData(20, 400, true)]
    public void Windows_give_the_classes_and_probabilities_of_the_raster_in_memory(int width, int height, bool padded)
    {
        byte[] values = Scene("scene.tif", width, height, 2);
        Predictor predictor = Predictor(2, new(LabelKind.Value, [0, 7, 200]), padded);
        SegmentedImage expected = predictor.Segment([.. values.Select(v => v / 255f)], [2, height, width]);
        FilePrediction written = Predict(predictor, "scene.tif", new() { Probabilities = ProbabilityNumbers.Float32 });
        using IRaster mask = driver.Open(written.Output!), probabilities = driver.Open(written.Probabilities!);
        Assert.Equal(expected.Classes.Select(c => (byte)(c == 0 ? 0 : c == 1 ? 7 : 200)), mask.ReadAll<byte>());
        Assert.Equal(expected.Probabilities, probabilities.ReadAll<float>());
        using IRaster source = driver.Open(folder["scene.tif"]);
        Assert.Equal(source.Layout.Place.Transform, mask.Layout.Place.Transform);
        Assert.Equal(source.Layout.Place.CoordinateSystem, mask.Layout.Place.CoordinateSystem);
        Assert.Equal(source.Layout.Place.CoordinateSystem, probabilities.Layout.Place.CoordinateSystem);
        Assert.Equal((255.0, NumberType.UInt8), (mask.Layout.Bands[0].NoData!.Value, mask.Layout.Bands[0].Type));
    }

    [Fact]
    public void Pixels_that_hold_nothing_hold_nothing_in_the_mask_and_are_the_mean_to_their_neighbours()
    {
        const int Width = 170, Height = 120;
        byte[] values = Scene("scene.tif", Width, Height, 1, noData: 9);
        Predictor predictor = Predictor(1, new(LabelKind.Value, [1, 2, 3], ignored: 255));
        // 9 occurs elsewhere too: wherever it stands, the pixel was not observed.
        SegmentedImage expected = predictor.Segment([.. values.Select(v => v == 9 ? 0.5f : v / 255f)], [1, Height, Width]);
        FilePrediction written = Predict(predictor, "scene.tif", new() { Probabilities = ProbabilityNumbers.UInt8 });
        using IRaster mask = driver.Open(written.Output!), probabilities = driver.Open(written.Probabilities!);
        Assert.Equal(expected.Classes.Select((c, i) => values[i] == 9 ? (byte)255 : (byte)(c + 1)), mask.ReadAll<byte>());
        Assert.Equal(expected.Probabilities.Select((p, i) => values[i % values.Length] == 9 ? (byte)255 : (byte)(p * 254 + 0.5f)), probabilities.ReadAll<byte>());
    }

    [Fact]
    public void Palettes_and_colours_are_written_as_the_masks_had_them()
    {
        byte[] values = Scene("scene.tif", 90, 80, 1);
        PaletteColor[] palette = [new(1, 2, 3), new(40, 50, 60), new(255, 0, 0), new(0, 255, 0)];
        Predictor byPalette = Predictor(1, new(LabelKind.Palette, [0, 2, 3], null, palette)), byColor = Predictor(1, new(LabelKind.Color, [0, 0xFF0000, 0x00FF10]));
        int[] classes = byPalette.Segment([.. values.Select(v => v / 255f)], [1, 80, 90]).Classes;
        using (IRaster mask = driver.Open(Predict(byPalette, "scene.tif").Output!))
        {
            Assert.Equal(palette, mask.Layout.Bands[0].Palette!.Take(4));
            Assert.Equal(classes.Select(c => (byte)(c == 0 ? 0 : c + 1)), mask.ReadAll<byte>());
        }
        using IRaster colors = driver.Open(Predict(byColor, "scene.tif").Output!);
        Assert.Equal([BandColor.Red, BandColor.Green, BandColor.Blue], colors.Layout.Bands.Select(b => b.Color));
        Assert.Equal([.. classes.Select(c => (byte)(c == 1 ? 255 : 0)), .. classes.Select(c => (byte)(c == 2 ? 255 : 0)), .. classes.Select(c => (byte)(c == 2 ? 0x10 : 0))], colors.ReadAll<byte>());
    }

    [Fact]
    public void Polygons_have_the_area_of_their_class_and_lie_where_the_raster_lies()
    {
        Scene("scene.tif", 130, 110, 1, noData: 9);
        FilePrediction written = Predict(Predictor(1, new(LabelKind.Value, [10, 20, 30])), "scene.tif", new() { Polygons = true });
        using IRaster mask = driver.Open(written.Output!);
        byte[] classes = mask.ReadAll<byte>();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(written.Polygons!));
        Assert.Equal("FeatureCollection", json.RootElement.GetProperty("type").GetString());
        JsonElement[] features = [.. json.RootElement.GetProperty("features").EnumerateArray()];
        foreach (var (value, name) in ((int, string)[])[(10, "a"), (20, "b"), (30, "c")])
        {
            JsonElement[] of = [.. features.Select(f => f.GetProperty("properties")).Where(p => p.GetProperty("value").GetInt32() == value)];
            Assert.All(of, p => Assert.Equal(name, p.GetProperty("class").GetString()));
            int pixels = classes.Count(c => c == value);
            Assert.Equal((pixels, 4.0 * pixels, 4.0 * pixels), (of.Sum(p => p.GetProperty("pixels").GetInt32()), of.Sum(p => p.GetProperty("area").GetDouble()), of.Sum(p => p.GetProperty("squareMetres").GetDouble())));
        }
        // Outer rings run counter-clockwise on the map, holes the other way; together they are as large as they say.
        foreach (JsonElement feature in features)
        {
            double[] areas = [.. feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(Area)];
            Assert.True(areas[0] > 0 && areas.Skip(1).All(hole => hole < 0));
            Assert.Equal(feature.GetProperty("properties").GetProperty("area").GetDouble(), areas.Sum(), 1e-3);
        }
        double[] corner = [.. features.SelectMany(f => f.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray()).Select(c => c[0].GetDouble())];
        Assert.Equal((500_000.0, 500_260.0), (corner.Min(), corner.Max()));

        static double Area(JsonElement ring)
        {
            double[][] corners = [.. ring.EnumerateArray().Select(c => (double[])[c[0].GetDouble() - 500_000, c[1].GetDouble() - 5_000_000])];
            Assert.Equal(corners[0], corners[^1]);
            return corners.Zip(corners.Skip(1), (a, b) => a[0] * b[1] - b[0] * a[1]).Sum() / 2;
        }
    }

    [Fact]
    public void A_limit_that_is_too_small_is_said_before_anything_is_written()
    {
        Scene("scene.tif", 400, 300, 1);
        Settings.MemoryLimit = 100_000_000;
        try
        {
            string message = Assert.Throws<LimitException>(() => Predict(Predictor(1, new(LabelKind.Value, [0, 1, 2])), "scene.tif")).Message;
            Assert.StartsWith($"{folder["scene.tif"]}: predicting 400 x 300 pixels by tiles of 76 x 76 needs about ", message);
            Assert.EndsWith(" bytes, but at most 100000000 are allowed", message);
        }
        finally
        {
            Settings.MemoryLimit = null;
        }
        Assert.Empty(Directory.GetFiles(folder["out"]));
    }

    [Fact]
    public void What_is_written_beside_a_mask_replaces_no_other_mask()
    {
        Predictor predictor = Predictor(1, new(LabelKind.Value, [0, 1, 2]));
        string[] inputs = [folder["in/a.tif"], folder["in/a-probabilities.tif"]];
        predictor.CheckOutputs(inputs, folder["out"], new() { Polygons = true });
        Assert.Equal($"'{inputs[0]}' and '{inputs[1]}' would both be given the mask '{folder["out/a-probabilities.tif"]}'; predict them into different folders",
            Assert.Throws<InvalidArgumentException>(() => predictor.CheckOutputs(inputs, folder["out"], new() { Probabilities = ProbabilityNumbers.UInt8 })).Message);
    }

    [Fact]
    public void Another_number_of_channels_is_refused()
    {
        Scene("scene.tif", 80, 80, 2);
        Assert.Equal($"{folder["scene.tif"]}: the network was trained on 3 channels, the raster has 2",
            Assert.Throws<InvalidArgumentException>(() => Predict(Predictor(3, new(LabelKind.Value, [0, 1, 2])), "scene.tif")).Message);
    }
}
