using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// Divides <see cref="Settings.MemoryLimit"/> for the prediction of a raster: what the network and the waiting rows take is known, the rest keeps
/// unpacked blocks of the files, so that tiles in a row need not unpack them again. Polygons are not counted: they grow with what is found.
/// </summary>
internal sealed class RasterMemory : IDisposable
{
    // The program with its compiled code and GDAL's, and what the garbage collector has not collected yet of a tile's arrays.
    private const long Program = 250_000_000;
    private const int Copies = 4;
    private const long WrittenBlock = 256;
    private const long LeastCache = 16 << 20, UsualCache = 64 << 20, MostCache = 1L << 30;

    private readonly long cacheBefore;

    /// <exception cref="LimitException">The limit is too small.</exception>
    public RasterMemory(string path, RasterLayout layout, RasterChannels channels, TileAxis[] axes, long plan, int classes, PredictionOutputs outputs)
    {
        int tallest = axes[1].Tiles.Max(tile => tile.Count);
        long tile = (long)axes[1].Input * axes[2].Input, width = layout.Width;
        long waiting = width * RasterRows<byte>.Capacity(layout.Height, tallest, (int)WrittenBlock) * (1 + (outputs.Probabilities is { } p ? classes * ProbabilityRaster.Bytes(p) : 0));
        long arrays = tile * sizeof(float) * (2 * channels.Count + classes) * Copies + width * WrittenBlock * sizeof(int);
        long needed = Program + plan + waiting + arrays;
        // All blocks that a row of tiles touches, and a row of blocks of what is written.
        long rows = Math.Min(layout.Height, axes[1].Input + 2L * layout.BlockHeight);
        long wanted = width * rows * channels.StoredBytes + width * WrittenBlock * (3 + (outputs.Probabilities is { } q ? classes * ProbabilityRaster.Bytes(q) : 0));
        long cache = Math.Clamp(wanted + wanted / 8, UsualCache, MostCache);
        if (Settings.MemoryLimit is { } limit)
        {
            if (needed + LeastCache > limit)
                throw new LimitException($"{path}: predicting {layout.Width} x {layout.Height} pixels by tiles of {axes[1].Input} x {axes[2].Input}", $"about {needed + LeastCache}", $"{limit}", "bytes");
            cache = Math.Min(cache, limit - needed);
        }
        IRasterDriver driver = RasterFiles.Driver!;
        cacheBefore = driver.CacheBytes;
        driver.CacheBytes = cache;
    }

    public void Dispose() => RasterFiles.Driver!.CacheBytes = cacheBefore;
}
