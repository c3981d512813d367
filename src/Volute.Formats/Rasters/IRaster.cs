namespace Volute.Formats;

/// <summary>A raster that is read window by window, however large it is. Any thread may read; reads of one raster wait for each other.</summary>
public interface IRaster : IDisposable
{
    /// <summary>The file, as it was named.</summary>
    string Name { get; }

    /// <summary>Its size, bands and place.</summary>
    RasterLayout Layout { get; }

    /// <summary>Reads a window of some bands, values converted to <typeparamref name="T"/>: rounded, and limited to what it holds.</summary>
    /// <typeparam name="T">byte, ushort, short, uint, int, float or double.</typeparam>
    /// <param name="window">Inside the raster.</param>
    /// <param name="bands">Which bands, from 0.</param>
    /// <param name="values">[bands, height, width], filled.</param>
    /// <exception cref="InvalidArgumentException">A window or a band that is not there, or not as many values as they have.</exception>
    /// <exception cref="FileFormatException">The file is damaged there.</exception>
    void ReadWindow<T>(RasterWindow window, ReadOnlySpan<int> bands, Span<T> values) where T : unmanaged;

    /// <summary>Reads which pixels of a band are there.</summary>
    /// <param name="window">Inside the raster.</param>
    /// <param name="band">From 0.</param>
    /// <param name="present">[height, width], filled: 0 where the value is missing.</param>
    /// <exception cref="InvalidArgumentException">A window or a band that is not there, or not as many values as they have.</exception>
    /// <exception cref="FileFormatException">The file is damaged there.</exception>
    void ReadPresence(RasterWindow window, int band, Span<byte> present);
}

/// <summary>
/// A raster that is written window by window under a temporary name, and is there as a whole after <see cref="Commit"/> or not at all.
/// </summary>
public interface IRasterWriter : IDisposable
{
    /// <summary>What is written.</summary>
    RasterLayout Layout { get; }

    /// <summary>Writes a window of some bands, values converted to what the raster holds: rounded, and limited to it.</summary>
    /// <typeparam name="T">byte, ushort, short, uint, int, float or double.</typeparam>
    /// <param name="window">Inside the raster; whole rows of blocks are written fastest.</param>
    /// <param name="bands">Which bands, from 0.</param>
    /// <param name="values">[bands, height, width].</param>
    /// <exception cref="InvalidArgumentException">A window or a band that is not there, or not as many values as they have.</exception>
    /// <exception cref="VoluteException">It cannot be written: the disk is full.</exception>
    void WriteWindow<T>(RasterWindow window, ReadOnlySpan<int> bands, ReadOnlySpan<T> values) where T : unmanaged;

    /// <summary>Finishes the file, forces it to the disk and gives it its name.</summary>
    /// <exception cref="VoluteException">It cannot be finished; what had that name is as it was.</exception>
    void Commit();
}

/// <summary>What reads and writes rasters; Volute.Gdal has one.</summary>
public interface IRasterDriver
{
    /// <summary>The extensions that it reads, in lower case with their dots.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>The bytes of unpacked blocks that are kept over all open rasters.</summary>
    long CacheBytes { get; set; }

    /// <summary>Opens a raster.</summary>
    /// <exception cref="FileFormatException">It is damaged, or none of the formats that are known.</exception>
    /// <exception cref="VoluteException">There is no such file, or what the driver needs is not installed.</exception>
    IRaster Open(string path);

    /// <summary>Begins a tiled, compressed GeoTIFF.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="layout">What it will be; the blocks' sizes are the driver's choice.</param>
    /// <exception cref="VoluteException">It cannot be written, or what the driver needs is not installed.</exception>
    IRasterWriter Create(string path, RasterLayout layout);
}
