using Volute.Formats;

namespace Volute.Training;

/// <summary>Which rasters of a dataset are read by windows: those that would fill much of the memory for decoded files.</summary>
/// <param name="cacheBytes">The bytes that may be kept of decoded files, and as many of unpacked blocks.</param>
internal sealed class LargeRasters(long cacheBytes)
{
    // 64 MB as floats, and at most a quarter of what may be kept.
    private const long Most = 1 << 24, Share = 4;
    private const long LeastBlocks = 16 << 20;

    /// <summary>Opens a raster that is read by windows; null for what is read as a whole: small rasters, and files that are not stored in blocks.</summary>
    /// <exception cref="VoluteException">The file is damaged.</exception>
    public IRaster? TryOpen(string path)
    {
        if (!RasterPrediction.Takes(path))
            return null;
        IRaster raster = RasterFiles.Open(path);
        RasterLayout layout = raster.Layout;
        if ((long)layout.Width * layout.Height * layout.Bands.Count <= Math.Min(Most, cacheBytes / Share / sizeof(float)) || layout.Orientation != Orientation.TopLeft)
        {
            raster.Dispose();
            return null;
        }
        IRasterDriver driver = RasterFiles.Driver!;
        driver.CacheBytes = Math.Min(driver.CacheBytes, Math.Max(cacheBytes, LeastBlocks));
        return raster;
    }
}
