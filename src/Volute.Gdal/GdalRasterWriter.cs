using System.Globalization;
using System.Runtime.InteropServices;
using Volute.Formats;

namespace Volute.Gdal;

/// <summary>A tiled GeoTIFF that GDAL writes: deflate, with the predictor that suits its numbers, and 64-bit offsets where it could grow beyond 4 GiB.</summary>
internal sealed unsafe class GdalRasterWriter : IRasterWriter
{
    private const int Block = 256, RgbColors = 1;

    private readonly string name;
    private readonly AtomicFile.PendingFile file;
    private readonly GdalDataset dataset;

    /// <summary>Begins the file.</summary>
    /// <exception cref="VoluteException">GDAL cannot create it.</exception>
    public GdalRasterWriter(string path, RasterLayout layout)
    {
        name = path;
        NumberType type = layout.Bands[0].Type;
        int code = GdalTypes.CodeOf(type);
        if (layout.Bands.Any(band => band.Type != type))
            throw new InvalidArgumentException($"{path}: all bands of a GeoTIFF have one type, got {string.Join(", ", layout.Bands.Select(b => b.Type).Distinct())}");
        Layout = layout with { BlockWidth = Block, BlockHeight = Block };
        bool isColor = layout.Bands.Count == 3 && layout.Bands[0].Color == BandColor.Red;
        file = AtomicFile.Begin(path);
        try
        {
            file.Create().Dispose();
            using NativeStrings options = new("TILED=YES", $"BLOCKXSIZE={Block}", $"BLOCKYSIZE={Block}", "COMPRESS=DEFLATE",
                type is NumberType.Float32 or NumberType.Float64 ? "PREDICTOR=3" : "PREDICTOR=2", "BIGTIFF=IF_SAFER",
                isColor ? "INTERLEAVE=PIXEL" : "INTERLEAVE=BAND", isColor ? "PHOTOMETRIC=RGB" : "PHOTOMETRIC=MINISBLACK");
            using GdalErrors errors = new();
            nint handle = GdalFunctions.GDALCreate(GdalFunctions.GDALGetDriverByName("GTiff"), file.TemporaryPath, layout.Width, layout.Height, layout.Bands.Count, code, options.Address);
            if (handle == 0)
                throw Failure(errors);
            dataset = new GdalDataset(handle);
            Describe();
            // GDAL's settings report by their results or by errors: any error means that the file would not say what it should.
            if (errors.First != null)
                throw Failure(errors);
        }
        catch (Exception e)
        {
            dataset?.Dispose();
            file.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new VoluteException($"cannot write '{path}': {e.Message}", e);
            throw;
        }
    }

    public RasterLayout Layout { get; }

    public void WriteWindow<T>(RasterWindow window, ReadOnlySpan<int> bands, ReadOnlySpan<T> values) where T : unmanaged
    {
        int type = GdalTypes.CodeOf<T>();
        ObjectDisposedException.ThrowIf(dataset.IsClosed, this);
        GdalLayout.Check(name, Layout, window, bands, values.Length);
        int[] map = GdalLayout.BandMap(bands);
        long line = (long)window.Width * sizeof(T);
        fixed (T* buffer = values)
        fixed (int* wanted = map)
        {
            using GdalErrors errors = new();
            int outcome = GdalFunctions.GDALDatasetRasterIOEx(dataset, 1, window.X, window.Y, window.Width, window.Height, buffer, window.Width, window.Height,
                type, map.Length, wanted, sizeof(T), line, line * window.Height, 0);
            if (outcome != 0 || errors.First != null)
                throw Failure(errors);
        }
    }

    public void Commit()
    {
        ObjectDisposedException.ThrowIf(dataset.IsClosed, this);
        using (GdalErrors errors = new())
        {
            // What closing returns says something since GDAL 3.7 only; its errors are heard in every version.
            GdalFunctions.GDALFlushCache(dataset.DangerousGetHandle());
            dataset.Dispose();
            if (errors.First != null)
                throw Failure(errors);
        }
        try
        {
            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot write '{name}': {e.Message}", e);
        }
    }

    public void Dispose()
    {
        dataset.Dispose();
        file.Dispose();
        // What a GeoTIFF has no room for, GDAL puts beside it.
        File.Delete(file.TemporaryPath + ".aux.xml");
    }

    /// <summary>Place, colours and missing values, before the first pixel: they stand in the file's head.</summary>
    private void Describe()
    {
        RasterPlace place = Layout.Place;
        if (place.AreaOrPoint is { } kind)
            _ = GdalFunctions.GDALSetMetadataItem(dataset, "AREA_OR_POINT", kind, null);
        if (place.CoordinateSystem.Length > 0)
            _ = GdalFunctions.GDALSetProjection(dataset, place.CoordinateSystem);
        if (place.Transform is { } transform)
        {
            double[] numbers = [.. transform];
            if (numbers.Length != 6)
                throw new InvalidArgumentException($"{name}: a transform has 6 numbers, got {numbers.Length}");
            fixed (double* first = numbers)
                _ = GdalFunctions.GDALSetGeoTransform(dataset, first);
        }
        else if (place.Points.Count > 0)
        {
            SetPoints(place);
        }
        foreach (string line in place.RationalFunctions)
            if (line.IndexOf('=') is > 0 and var at)
                _ = GdalFunctions.GDALSetMetadataItem(dataset, line[..at], line[(at + 1)..], "RPC");
        if (Layout.NoDataValues is { } values)
            _ = GdalFunctions.GDALSetMetadataItem(dataset, "NODATA_VALUES", string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))), null);
        for (int i = 0; i < Layout.Bands.Count; i++)
            Describe(GdalFunctions.GDALGetRasterBand(dataset, i + 1), Layout.Bands[i]);
    }

    private static void Describe(nint band, RasterBand what)
    {
        if (what.Palette is { } palette)
        {
            nint table = GdalFunctions.GDALCreateColorTable(RgbColors);
            for (int i = 0; i < palette.Count; i++)
                GdalFunctions.GDALSetColorEntry(table, i, new() { Red = palette[i].Red, Green = palette[i].Green, Blue = palette[i].Blue, Alpha = palette[i].Alpha });
            _ = GdalFunctions.GDALSetRasterColorTable(band, table);
            GdalFunctions.GDALDestroyColorTable(table);
        }
        if (what.NoData is { } value)
            _ = GdalFunctions.GDALSetRasterNoDataValue(band, value);
    }

    private void SetPoints(RasterPlace place)
    {
        GdalFunctions.ControlPoint[] points = [.. place.Points.Select(p => new GdalFunctions.ControlPoint
        {
            Id = Marshal.StringToCoTaskMemUTF8(p.Id),
            Info = Marshal.StringToCoTaskMemUTF8(""),
            Column = p.Column,
            Row = p.Row,
            X = p.X,
            Y = p.Y,
            Z = p.Z,
        })];
        fixed (GdalFunctions.ControlPoint* first = points)
            _ = GdalFunctions.GDALSetGCPs(dataset, points.Length, first, place.PointsCoordinateSystem);
        foreach (GdalFunctions.ControlPoint point in points)
        {
            Marshal.FreeCoTaskMem(point.Id);
            Marshal.FreeCoTaskMem(point.Info);
        }
    }

    private VoluteException Failure(GdalErrors errors)
        => new($"cannot write '{name}': {errors.Reason.Replace(file.TemporaryPath, name, StringComparison.Ordinal)}; the old file is as it was");
}
