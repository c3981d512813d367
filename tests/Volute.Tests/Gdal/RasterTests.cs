using System.Text;
using Volute.Formats;
using Volute.Gdal;
using Volute.Tests.Formats;

namespace Volute.Tests.Gdal;

/// <summary>Rasters that are written, read back, refused and damaged.</summary>
public sealed class RasterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static RasterLayout Gray(int width, int height, NumberType type = NumberType.UInt8) => new(width, height, [new(type)]);

    [Fact]
    public void Without_GDAL_the_error_says_what_was_looked_for_and_how_to_install_it()
    {
        Assert.Equal(0, GdalLibrary.Load(["libnothing-of-that-name.so.1", "libnor-this.so"]));
        Assert.Equal("GDAL is not installed (looked for libnothing.so); install it: Debian and Ubuntu: apt-get install libgdal32 (or libgdal-dev); "
            + "macOS: brew install gdal; Windows: OSGeo4W or conda install libgdal; or name the library in VOLUTE_GDAL", GdalLibrary.Missing(["libnothing.so"]));
    }

    [Fact]
    public void Windows_of_every_type_come_back_as_they_were_written()
    {
        Check<byte>(NumberType.UInt8, i => (byte)(i * 7));
        Check<ushort>(NumberType.UInt16, i => (ushort)(i * 977));
        Check<short>(NumberType.Int16, i => (short)(i * 977 - 30000));
        Check<uint>(NumberType.UInt32, i => (uint)i * 40_000_000);
        Check<int>(NumberType.Int32, i => i * 40_000_000 - 2_000_000_000);
        Check<float>(NumberType.Float32, i => MathF.Sin(i) * 1e30f);
        Check<double>(NumberType.Float64, i => Math.Sin(i) * 1e300);

        void Check<T>(NumberType type, Func<int, T> value) where T : unmanaged
        {
            const int Width = 300, Height = 270, Bands = 2;
            string path = folder[$"{type}.tif"];
            RasterLayout layout = new(Width, Height, [new(type), new(type)]);
            T[] values = [.. Enumerable.Range(0, Width * Height * Bands).Select(i => value(i % 100))];
            using (IRasterWriter writer = InstalledGdal.Driver.Create(path, layout))
            {
                // Two windows, whose border lies within blocks.
                writer.WriteWindow<T>(new(0, 0, Width, 100), [0, 1], Rows(values, 0, 100));
                writer.WriteWindow<T>(new(0, 100, Width, Height - 100), [0, 1], Rows(values, 100, Height));
                writer.Commit();
            }
            using IRaster raster = InstalledGdal.Driver.Open(path);
            Assert.Equal(type, raster.Layout.Bands[1].Type);
            Assert.Equal(values, raster.ReadAll<T>());
            T[] inner = new T[6];
            raster.ReadWindow<T>(new(255, 260, 3, 2), [1], inner);
            Assert.Equal(Enumerable.Range(0, 6).Select(i => values[(Height + 260 + i / 3) * Width + 255 + i % 3]), inner);

            static T[] Rows(T[] all, int first, int end)
                => [.. all.AsSpan(first * Width, (end - first) * Width), .. all.AsSpan((Height + first) * Width, (end - first) * Width)];
        }
    }

    [Fact]
    public void Ground_points_and_rational_functions_are_carried_over()
    {
        string system;
        using (IRaster known = InstalledGdal.Driver.Open(SharedData.Path("geotiff", "RGB.byte.tif")))
            system = known.Layout.Place.CoordinateSystem;
        string[] functions = ["LINE_OFF=1000", "SAMP_OFF=2000", "LAT_OFF=45.5", "LONG_OFF=7.25", "HEIGHT_OFF=100", "LINE_SCALE=1000", "SAMP_SCALE=2000", "LAT_SCALE=0.1",
            "LONG_SCALE=0.2", "HEIGHT_SCALE=500", .. ((string[])["LINE_NUM", "LINE_DEN", "SAMP_NUM", "SAMP_DEN"]).Select((n, i) => $"{n}_COEFF={string.Join(' ', Enumerable.Range(1, 20).Select(c => c + i))}")];
        RasterPlace place = new()
        {
            Points = [new("north", 0.5, 0.5, 500_000, 5_000_000, 10), new("west", 9, 2, 500_100, 4_999_900, 0), new("3", 4, 7.25, 500_050, 4_999_950, 1)],
            PointsCoordinateSystem = system,
            RationalFunctions = functions,
        };
        InstalledGdal.Write(folder["points.tif"], Gray(10, 8) with { Place = place }, new byte[80]);
        using IRaster raster = InstalledGdal.Driver.Open(folder["points.tif"]);
        Assert.Null(raster.Layout.Place.Transform);
        Assert.Equal(place.Points.Select(p => p with { Id = "" }), raster.Layout.Place.Points.Select(p => p with { Id = "" }));
        Assert.Equal(system, raster.Layout.Place.PointsCoordinateSystem);
        Assert.Empty(functions.Select(f => f.Split('=')[0]).Except(raster.Layout.Place.RationalFunctions.Select(f => f.Split('=')[0])));
        Assert.Contains("LAT_OFF=45.5", raster.Layout.Place.RationalFunctions);
        Assert.Single(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Palettes_come_back_with_their_opacity_left_to_TIFF_which_has_none()
    {
        PaletteColor[] colors = [new(0, 0, 0), new(10, 200, 30), new(255, 0, 128)];
        InstalledGdal.Write(folder["classes.tif"], new(4, 1, [new(NumberType.UInt8) { Color = BandColor.Palette, Palette = colors }]), (byte[])[0, 1, 2, 1]);
        using IRaster raster = InstalledGdal.Driver.Open(folder["classes.tif"]);
        Assert.Equal(BandColor.Palette, raster.Layout.Bands[0].Color);
        Assert.Equal(colors, raster.Layout.Bands[0].Palette!.Take(3));
    }

    [Fact]
    public void Pixels_of_the_value_that_is_set_aside_are_missing()
    {
        InstalledGdal.Write(folder["a.tif"], new(4, 1, [new(NumberType.Int16) { NoData = -1 }]), (short[])[5, -1, 0, -1]);
        using IRaster raster = InstalledGdal.Driver.Open(folder["a.tif"]);
        byte[] present = new byte[4];
        raster.ReadPresence(new(0, 0, 4, 1), 0, present);
        Assert.Equal([true, false, true, false], present.Select(p => p != 0));
    }

    [Fact]
    public void A_file_that_is_not_committed_is_not_there_and_the_old_one_stays()
    {
        InstalledGdal.Write(folder["a.tif"], Gray(3, 1), (byte[])[1, 2, 3]);
        byte[] before = File.ReadAllBytes(folder["a.tif"]);
        using (IRasterWriter writer = InstalledGdal.Driver.Create(folder["a.tif"], Gray(3, 1)))
            writer.WriteWindow<byte>(new(0, 0, 3, 1), [0], [9, 9, 9]);
        Assert.Equal(before, File.ReadAllBytes(folder["a.tif"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Windows_that_are_not_there_are_refused_before_GDAL_is_asked()
    {
        InstalledGdal.Write(folder["a.tif"], Gray(3, 2), new byte[6]);
        using IRaster raster = InstalledGdal.Driver.Open(folder["a.tif"]);
        string Refused(RasterWindow window, int band, int values)
            => Assert.Throws<InvalidArgumentException>(() => raster.ReadWindow<byte>(window, [band], new byte[values])).Message[(folder.Root.Length + 1)..];
        Assert.Equal("a.tif: pixels 1 to 3 of rows 0 to 0 are not inside of 3 x 2 pixels", Refused(new(1, 0, 3, 1), 0, 3));
        Assert.Equal("a.tif: pixels 2147483647 to 4294967293 of rows 0 to 0 are not inside of 3 x 2 pixels", Refused(new(int.MaxValue, 0, int.MaxValue, 1), 0, 3));
        Assert.Equal("a.tif: there is no band 1, there are 1, counted from 0", Refused(new(0, 0, 1, 1), 1, 1));
        Assert.Equal("a.tif: 1 bands of pixels 0 to 1 of rows 0 to 1 are 4 values, got an array of 3", Refused(new(0, 0, 2, 2), 0, 3));
    }

    [Fact]
    public void What_is_no_raster_is_refused_by_name()
    {
        File.WriteAllText(folder["text.tif"], "this is no raster");
        Assert.StartsWith($"{folder["text.tif"]}: GDAL cannot open it: ", Assert.Throws<FileFormatException>(() => InstalledGdal.Driver.Open(folder["text.tif"])).Message);
        // A file that names another one is none of the formats that are opened.
        InstalledGdal.Write(folder["a.tif"], Gray(3, 2), new byte[6]);
        File.WriteAllText(folder["link.tif"], $"""<VRTDataset rasterXSize="3" rasterYSize="2"><VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>{folder["a.tif"]}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>""");
        Assert.Throws<FileFormatException>(() => InstalledGdal.Driver.Open(folder["link.tif"]));
        Assert.Equal("there is no file '/vsimem/x.tif'", Assert.Throws<VoluteException>(() => InstalledGdal.Driver.Open("/vsimem/x.tif")).Message);
    }

    [Fact]
    public void Every_truncation_and_many_flipped_bits_give_a_result_or_a_declared_error()
    {
        InstalledGdal.Write(folder["seed.tif"], Gray(40, 30, NumberType.UInt16), Array.ConvertAll(Enumerable.Range(0, 1200).ToArray(), i => (ushort)(i * 37)));
        byte[] seed = File.ReadAllBytes(folder["seed.tif"]);
        int errors = 0;
        for (int length = 0; length < seed.Length; length += 1 + seed.Length / 150)
            errors += Opens(seed[..length]) ? 0 : 1;
        Random random = new(3);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. seed];
            // Half of them among the first bytes, where the tags are.
            damaged[random.Next(i % 2 == 0 ? Math.Min(400, seed.Length) : seed.Length)] ^= (byte)(1 << random.Next(8));
            errors += Opens(damaged) ? 0 : 1;
        }
        Assert.InRange(errors, 100, 449);

        bool Opens(byte[] bytes)
        {
            File.WriteAllBytes(folder["damaged.tif"], bytes);
            try
            {
                using IRaster raster = InstalledGdal.Driver.Open(folder["damaged.tif"]);
                RasterWindow window = new(0, 0, Math.Min(raster.Layout.Width, 64), Math.Min(raster.Layout.Height, 64));
                raster.ReadWindow<float>(window, [0], new float[window.Pixels]);
                return true;
            }
            catch (Exception e) when (e is FileFormatException or LimitException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("a.jpg", "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABwr/xAAbEAAABwEAAAAAAAAAAAAAAAAABQglMkNR4f/aAAgBAQAAPwCTMtSTFsyngQC1JMWzKeD/2Q==")]
    [InlineData("a.jp2", "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAACAAAABAAAQcHAAAAAAAPY29scgEAAAAAABEAAAEGanAyY/9P/1EAKQACAAAAEAAAAAgAAAAAAAAAAAAAABAAAAAIAAAAAAAAAAAAAQcBAf9SAA0BAAABAAAEBAABmf9cAARAQP9kAD0AAUNyZWF0ZWQgYnkgT3BlbkpQRUcgdmVyc2lvbiAyLjUuMC4gTE9TU0xFU1Mgc2V0dGluZ3MgdXNlZP+QAAoAAAAAAHsAAf+T34NQEjNS21XCvSOO9ZB0JmZljjioHUuwDR48pOeLX59ML+gH7V4ZLnG1k3/qOHWYNMLmcut/HWOfWTKESn+u3j3Bqt49warfTuUom0xNpibTE2mJtMTaYm8gJvm+b5vm+b5vm+b5vm+b5vm+b//Z")]
    public void Photographs_in_JPEG_and_JPEG_2000_are_rasters_that_lie_nowhere(string name, string base64)
    {
        File.WriteAllBytes(folder[name], Convert.FromBase64String(base64));
        using IRaster raster = InstalledGdal.Driver.Open(folder[name]);
        Assert.Equal((16, 8, NumberType.UInt8, BandColor.Gray), (raster.Layout.Width, raster.Layout.Height, raster.Layout.Bands.Single().Type, raster.Layout.Bands[0].Color));
        Assert.Equal((null, ""), (raster.Layout.Place.Transform, raster.Layout.Place.CoordinateSystem));
        Assert.Equal(Enumerable.Range(0, 128).Select(i => (byte)(i / 16 * 10 + i % 16)), raster.ReadAll<byte>());
    }

    [Fact]
    public void Many_threads_may_open_and_read_at_once()
    {
        int size = 128;
        ushort[] values = [.. Enumerable.Range(0, size * size).Select(i => (ushort)i)];
        InstalledGdal.Write(folder["a.tif"], Gray(size, size, NumberType.UInt16), values);
        File.WriteAllText(folder["broken.tif"], "II*\0", Encoding.Latin1);
        using IRaster shared = InstalledGdal.Driver.Open(folder["a.tif"]);
        Parallel.For(0, 64, new() { MaxDegreeOfParallelism = 4 }, i =>
        {
            ushort[] row = new ushort[size];
            if (i % 4 == 0)
                Assert.Contains("broken.tif", Assert.Throws<FileFormatException>(() => InstalledGdal.Driver.Open(folder["broken.tif"])).Message);
            using IRaster own = InstalledGdal.Driver.Open(folder["a.tif"]);
            (i % 2 == 0 ? shared : own).ReadWindow<ushort>(new(0, i, size, 1), [0], row);
            Assert.Equal(values.AsSpan(i * size, size).ToArray(), row);
        });
    }
}
