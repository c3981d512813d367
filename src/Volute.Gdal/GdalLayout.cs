using System.Globalization;
using System.Runtime.InteropServices;
using Volute.Formats;

namespace Volute.Gdal;

/// <summary>Reads what a dataset says about itself; nothing is allocated by sizes that it names.</summary>
internal static unsafe class GdalLayout
{
    // mask flags of gdal.h
    private const int AllValid = 1;
    private const int MostBands = 65535;

    // A file that stores more than this in one block would be unpacked as a whole to read one pixel.
    private const long MostBlockBytes = 1L << 30;

    public static RasterLayout Read(GdalDataset dataset, string name)
    {
        int width = GdalFunctions.GDALGetRasterXSize(dataset), height = GdalFunctions.GDALGetRasterYSize(dataset), count = GdalFunctions.GDALGetRasterCount(dataset);
        if (width < 1 || height < 1 || count < 1)
            throw new FileFormatException(name, -1, $"a raster of {width} x {height} pixels and {count} bands; expected at least one of each");
        if (count > MostBands)
            throw new LimitException($"{name}: the raster", $"{count}", $"{MostBands}", "bands");
        RasterBand[] bands = new RasterBand[count];
        for (int i = 0; i < count; i++)
            bands[i] = ReadBand(GdalFunctions.GDALGetRasterBand(dataset, i + 1), i, name);
        GdalFunctions.GDALGetBlockSize(GdalFunctions.GDALGetRasterBand(dataset, 1), out int blockWidth, out int blockHeight);
        Int128 block = (Int128)blockWidth * blockHeight * bands[0].Type.Bytes();
        if (block > MostBlockBytes)
            throw new LimitException($"{name}: a block of {blockWidth} x {blockHeight} pixels", $"{block}", $"{MostBlockBytes}", "bytes; make a tiled copy: gdal_translate -co TILED=YES");
        int pages = NativeStrings.Read(GdalFunctions.GDALGetMetadata(dataset, "SUBDATASETS")).Count(line => line.Contains("_NAME=", StringComparison.Ordinal));
        if (pages > 1)
            throw new FileFormatException(name, -1, $"the file holds {pages} pictures; expected one: take each out of it, gdal_translate GTIFF_DIR:1:{name} page1.tif");
        return new RasterLayout(width, height, bands)
        {
            Place = ReadPlace(dataset),
            BlockWidth = blockWidth,
            BlockHeight = blockHeight,
            NoDataValues = ReadNoDataValues(dataset, count),
            Orientation = Text(GdalFunctions.GDALGetMetadataItem(dataset, "EXIF_Orientation", null)) is [>= '1' and <= '8' and var number] ? (Orientation)(number - '0') : Orientation.TopLeft,
        };
    }

    /// <summary>Checks a window before GDAL sees it.</summary>
    /// <exception cref="InvalidArgumentException">A window or a band that is not there, or not as many values as they have.</exception>
    public static void Check(string name, RasterLayout layout, RasterWindow window, ReadOnlySpan<int> bands, int values)
    {
        if (!window.IsInside(layout.Width, layout.Height))
            throw new InvalidArgumentException($"{name}: {window} are not inside of {layout.Width} x {layout.Height} pixels");
        foreach (int band in bands)
            if ((uint)band >= (uint)layout.Bands.Count)
                throw new InvalidArgumentException($"{name}: there is no band {band}, there are {layout.Bands.Count}, counted from 0");
        if (bands.IsEmpty || (Int128)window.Pixels * bands.Length != values)
            throw new InvalidArgumentException($"{name}: {bands.Length} bands of {window} are {(Int128)window.Pixels * bands.Length} values, got an array of {values}");
    }

    /// <summary>GDAL counts bands from 1.</summary>
    public static int[] BandMap(ReadOnlySpan<int> bands)
    {
        int[] map = bands.ToArray();
        foreach (ref int band in map.AsSpan())
            band++;
        return map;
    }

    private static RasterBand ReadBand(nint band, int number, string name)
    {
        if (band == 0)
            throw new FileFormatException(name, -1, $"band {number} cannot be read");
        int code = GdalFunctions.GDALGetRasterDataType(band);
        NumberType type = GdalTypes.TypeOf(code)
            ?? throw new FileFormatException(name, -1, $"band {number} holds numbers of GDAL's type {code} (complex ones have 8 to 11); expected integers or floating point");
        if (Text(GdalFunctions.GDALGetMetadataItem(band, "PIXELTYPE", "IMAGE_STRUCTURE")) == "SIGNEDBYTE" && type == NumberType.UInt8)
            throw new FileFormatException(name, -1, $"band {number} holds bytes with a sign, which GDAL takes for bytes without one before version 3.7; "
                + "convert it: gdal_translate -ot Int16");
        double noData = 0;
        int isThere = 0;
        // The values of 64 bits have functions of their own, and do not fit a double; the mask knows them.
        if (type is not (NumberType.Int64 or NumberType.UInt64))
            noData = GdalFunctions.GDALGetRasterNoDataValue(band, out isThere);
        BandColor color = GdalTypes.ColorOf(GdalFunctions.GDALGetRasterColorInterpretation(band));
        nint table = GdalFunctions.GDALGetRasterColorTable(band);
        return new RasterBand(type)
        {
            NoData = isThere != 0 ? noData : null,
            Color = color == BandColor.Palette && table == 0 ? BandColor.Gray : color,
            Palette = color == BandColor.Palette && table != 0 ? ReadPalette(table) : null,
            HasMissing = (GdalFunctions.GDALGetMaskFlags(band) & AllValid) == 0,
        };
    }

    private static double[]? ReadNoDataValues(GdalDataset dataset, int bands)
    {
        string[] texts = Text(GdalFunctions.GDALGetMetadataItem(dataset, "NODATA_VALUES", null)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double[] values = [.. texts.Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        return values.Length == bands ? values : null;
    }

    private static PaletteColor[] ReadPalette(nint table)
    {
        PaletteColor[] colors = new PaletteColor[Math.Clamp(GdalFunctions.GDALGetColorEntryCount(table), 0, 1 << 16)];
        for (int i = 0; i < colors.Length; i++)
        {
            _ = GdalFunctions.GDALGetColorEntryAsRGB(table, i, out GdalFunctions.ColorEntry color);
            colors[i] = new PaletteColor((byte)color.Red, (byte)color.Green, (byte)color.Blue, (byte)color.Alpha);
        }
        return colors;
    }

    private static RasterPlace ReadPlace(GdalDataset dataset)
    {
        double[] transform = new double[6];
        bool isPlaced;
        fixed (double* numbers = transform)
            isPlaced = GdalFunctions.GDALGetGeoTransform(dataset, numbers) == 0;
        int points = GdalFunctions.GDALGetGCPCount(dataset);
        GdalFunctions.ControlPoint* first = GdalFunctions.GDALGetGCPs(dataset);
        GroundPoint[] known = new GroundPoint[first == null ? 0 : Math.Max(0, points)];
        for (int i = 0; i < known.Length; i++)
            known[i] = new GroundPoint(Text(first[i].Id), first[i].Column, first[i].Row, first[i].X, first[i].Y, first[i].Z);
        return new RasterPlace
        {
            Transform = isPlaced && transform.All(double.IsFinite) ? transform : null,
            CoordinateSystem = Text(GdalFunctions.GDALGetProjectionRef(dataset)),
            Points = known,
            PointsCoordinateSystem = known.Length > 0 ? Text(GdalFunctions.GDALGetGCPProjection(dataset)) : "",
            RationalFunctions = NativeStrings.Read(GdalFunctions.GDALGetMetadata(dataset, "RPC")),
            AreaOrPoint = Text(GdalFunctions.GDALGetMetadataItem(dataset, "AREA_OR_POINT", null)) is { Length: > 0 } kind ? kind : null,
        };
    }

    private static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";
}
