using System.Globalization;
using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;

namespace Volute.Tests.Gdal;

/// <summary>Public GeoTIFFs against what GDAL's Python bindings said of them: golden/record.py.</summary>
public sealed class GeotiffTests
{
    public static TheoryData<string> Names => ["RGB.byte.tif", "RGBA.uint16.tif", "cogeo.tif", "float_nan.tif", "float_raster_with_nodata.tif", "rotated.tif"];

    private static JsonElement Recorded(string file)
        => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Gdal", "golden", "geotiff.json"))).RootElement.EnumerateArray()
            .Single(record => record.GetProperty("file").GetString() == file);

    private static double Number(JsonElement value)
        => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.GetString()!, CultureInfo.InvariantCulture);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_file_says_of_itself_is_what_GDALs_own_bindings_say(string file)
    {
        using IRaster raster = InstalledGdal.Driver.Open(SharedData.Path("geotiff", file));
        JsonElement expected = Recorded(file);
        RasterLayout layout = raster.Layout;
        Assert.Equal((expected.GetProperty("width").GetInt32(), expected.GetProperty("height").GetInt32()), (layout.Width, layout.Height));
        Assert.Equal(expected.GetProperty("block").EnumerateArray().Select(b => b.GetInt32()), [layout.BlockWidth, layout.BlockHeight]);
        Assert.Equal(expected.GetProperty("transform").EnumerateArray().Select(t => t.GetDouble()), layout.Place.Transform ?? []);
        Assert.Equal(expected.GetProperty("coordinateSystem").GetString(), layout.Place.CoordinateSystem);
        Assert.Equal(expected.GetProperty("areaOrPoint").GetString(), layout.Place.AreaOrPoint);
        Assert.Equal(expected.GetProperty("bands").EnumerateArray().Select(Describe), layout.Bands.Select(Describe));
    }

    private static string Describe(JsonElement band)
        => $"{band.GetProperty("type").GetString()!.Replace("Byte", "UInt8")} {band.GetProperty("color").GetString()} {band.GetProperty("noData") switch
        {
            { ValueKind: JsonValueKind.String } none when none.GetString() == "None" => "",
            var value => Number(value).ToString("R", CultureInfo.InvariantCulture),
        }}";

    private static string Describe(RasterBand band) => $"{band.Type} {band.Color} {band.NoData?.ToString("R", CultureInfo.InvariantCulture)}";

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_missing_pixels_are_those_that_GDALs_own_bindings_read(string file)
    {
        using IRaster raster = InstalledGdal.Driver.Open(SharedData.Path("geotiff", file));
        int width = raster.Layout.Width, height = raster.Layout.Height, number = 0;
        foreach (JsonElement band in Recorded(file).GetProperty("bands").EnumerateArray())
        {
            foreach (JsonElement[] pixel in band.GetProperty("pixels").EnumerateArray().Select(p => p.EnumerateArray().ToArray()))
            {
                double[] one = new double[1];
                raster.ReadWindow<double>(new(pixel[0].GetInt32(), pixel[1].GetInt32(), 1, 1), [number], one);
                Assert.Equal(Number(pixel[2]), one[0]);
            }
            double[] values = new double[width * height];
            byte[] present = new byte[values.Length];
            raster.ReadWindow<double>(new(0, 0, width, height), [number], values);
            raster.ReadPresence(new(0, 0, width, height), number, present);
            Assert.Equal(band.GetProperty("present").GetInt32(), present.Count(p => p != 0));
            double sum = band.GetProperty("sum").GetDouble();
            Assert.InRange(values.Where((_, i) => present[i] != 0).Sum(), sum - Math.Abs(sum) * 1e-12, sum + Math.Abs(sum) * 1e-12);
            number++;
        }
    }

    [Fact]
    public void Damaged_blocks_are_errors_that_name_the_file_the_window_and_GDALs_reason()
    {
        string path = SharedData.Path("geotiff", "corrupt.tif");
        using IRaster raster = InstalledGdal.Driver.Open(path);
        FileFormatException error = Assert.Throws<FileFormatException>(() => raster.ReadAll<byte>());
        Assert.StartsWith($"{path}: pixels 0 to 1023 of rows 0 to 1023 cannot be read: ", error.Message);
        Assert.Contains("TIFF", error.Message);
        // Blocks that are whole are read all the same.
        byte[] corner = new byte[3];
        raster.ReadWindow<byte>(new(0, 0, 1, 1), [0, 1, 2], corner);
        Assert.Equal(Recorded("cogeo.tif").GetProperty("bands").EnumerateArray().Select(b => b.GetProperty("pixels")[0][2].GetDouble()), corner.Select(c => (double)c));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_that_is_written_in_anothers_place_has_its_transform_and_coordinate_system_to_the_letter(string file)
    {
        using TemporaryFolder folder = new();
        using IRaster raster = InstalledGdal.Driver.Open(SharedData.Path("geotiff", file));
        RasterLayout source = raster.Layout;
        byte[] values = [.. Enumerable.Range(0, source.Width * source.Height).Select(i => (byte)(i % 7))];
        InstalledGdal.Write(folder["copy.tif"], new RasterLayout(source.Width, source.Height, [new(NumberType.UInt8) { NoData = 255 }]) { Place = source.Place }, values);
        using IRaster copy = InstalledGdal.Driver.Open(folder["copy.tif"]);
        Assert.Equal(source.Place.Transform, copy.Layout.Place.Transform);
        Assert.Equal(source.Place.CoordinateSystem, copy.Layout.Place.CoordinateSystem);
        Assert.Equal(source.Place.AreaOrPoint, copy.Layout.Place.AreaOrPoint);
        Assert.Equal((255.0, 256, 256), (copy.Layout.Bands[0].NoData, copy.Layout.BlockWidth, copy.Layout.BlockHeight));
        Assert.Equal(values, copy.ReadAll<byte>());
        Assert.Equal(["copy.tif"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }
}
