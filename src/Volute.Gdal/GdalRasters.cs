using Volute.Formats;

namespace Volute.Gdal;

/// <summary>
/// Rasters through GDAL (gdal.org), which is looked for when the first raster is opened: GeoTIFF, JPEG, JPEG 2000, BMP, GIF and WebP, of any number
/// of bands, by windows.
/// </summary>
public static class GdalRasters
{
    /// <summary>Whether GDAL is installed.</summary>
    public static bool IsInstalled => GdalLibrary.IsThere;

    /// <summary>Makes GDAL what <see cref="RasterFiles"/>, and with it datasets and predictions, read rasters through. Loads nothing yet.</summary>
    public static void Register() => RasterFiles.Driver = Driver;

    /// <summary>The driver itself.</summary>
    public static IRasterDriver Driver { get; } = new GdalDriver();
}
