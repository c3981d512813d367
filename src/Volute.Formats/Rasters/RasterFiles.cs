namespace Volute.Formats;

/// <summary>
/// Rasters (GeoTIFF and other formats that are read by windows), through the driver that was given; without one nothing but PNG, Netpbm and
/// the other formats of this library is read.
/// </summary>
public static class RasterFiles
{
    private const string NoDriver = "TIFF, JPEG and other rasters are read through GDAL: call GdalRasters.Register() of Volute.Gdal first";

    /// <summary>The driver, null where none was given.</summary>
    public static IRasterDriver? Driver { get; set; }

    /// <summary>The extensions that can be read, in lower case with their dots.</summary>
    public static IReadOnlyList<string> Extensions => Driver?.Extensions ?? [];

    /// <summary>Whether a file's name ends as those that the driver reads.</summary>
    public static bool Reads(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Opens a raster.</summary>
    /// <exception cref="VoluteException">It cannot be read, or there is no driver.</exception>
    public static IRaster Open(string path) => (Driver ?? throw new VoluteException($"'{path}': {NoDriver}")).Open(path);

    /// <summary>Begins a tiled, compressed GeoTIFF.</summary>
    /// <exception cref="VoluteException">It cannot be written, or there is no driver.</exception>
    public static IRasterWriter Create(string path, RasterLayout layout) => (Driver ?? throw new VoluteException($"'{path}': {NoDriver}")).Create(path, layout);
}
