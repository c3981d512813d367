using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// Divides <see cref="Settings.MemoryLimit"/> for the prediction of a raster: what the network and the waiting rows take is known, the rest keeps
/// unpacked blocks of the files, so that tiles in a row need not unpack them again. Polygons grow with what is found: they may take half of the rest.
/// </summary>
internal sealed class RasterMemory : IDisposable
{
    // The program with its compiled code and GDAL's, and what the garbage collector has not collected yet of a tile's arrays.
    private const long Program = 250_000_000;
    private const int Copies = 4;
    private const long WrittenBlock = 256;
    private const long LeastCache = 16 << 20, UsualCache = 64 << 20, MostCache = 1L << 30;

    private readonly long cacheBefore;

    /// <param name="path">The raster.</param>
    /// <param name="layout">Its size.</param>
    /// <param name="over">Its tiles.</param>
    /// <param name="outputs">How many scores a pixel has.</param>
    /// <param name="probabilities">Bytes of a pixel's probabilities that are written; 0 where none are.</param>
    /// <param name="polygons">Whether regions are outlined.</param>
    /// <exception cref="LimitException">The limit is too small.</exception>
    public RasterMemory(string path, RasterLayout layout, RasterTiles over, int outputs, int probabilities, bool polygons = false)
    {
        int seenRows = over.Axes[1].Input, seenColumns = over.Axes[2].Input;
        long tile = (long)seenRows * seenColumns, width = layout.Width;
        long waiting = width * RasterRows<byte>.Capacity(layout.Height, over.MostRows, (int)WrittenBlock) * (1 + probabilities);
        long arrays = tile * AroundPixel(over.Channels.Count, outputs) + width * WrittenBlock * sizeof(int) + (polygons ? width * RegionTracer.RowBytes : 0);
        long needed = Program + over.PlanBytes + waiting + arrays;
        // A file of few huge blocks is unpacked by these, whatever the cache.
        long least = Math.Max(LeastCache, 2L * layout.BlockWidth * layout.BlockHeight * over.Channels.StoredBytes);
        // All blocks that a row of tiles touches, and a row of blocks of what is written.
        long rows = Math.Min(layout.Height, seenRows + 2L * layout.BlockHeight);
        long wanted = width * rows * over.Channels.StoredBytes + width * WrittenBlock * (3 + probabilities);
        long cache = Math.Clamp(wanted + wanted / 8, UsualCache, MostCache);
        if (Settings.MemoryLimit is { } limit)
        {
            if (needed + least > limit)
                throw new LimitException($"{path}: predicting {layout.Width} x {layout.Height} pixels by tiles of {seenRows} x {seenColumns}", $"about {needed + least}", $"{limit}", "bytes");
            if (polygons)
                PolygonBytes = (limit - needed - least) / 2;
            cache = Math.Min(cache, limit - needed - (PolygonBytes ?? 0));
        }
        IRasterDriver driver = RasterFiles.Driver!;
        cacheBefore = driver.CacheBytes;
        driver.CacheBytes = cache;
    }

    /// <summary>The most bytes of outlines; null where there is no limit, or there are none.</summary>
    public long? PolygonBytes { get; }

    /// <summary>The bytes of the arrays around a tile, for each of its pixels: what is read, seen and found, with what waits for the collector.</summary>
    public static int AroundPixel(int channels, int outputs) => sizeof(float) * (2 * channels + outputs) * Copies;

    public void Dispose() => RasterFiles.Driver!.CacheBytes = cacheBefore;
}
