using System.Runtime.InteropServices;
using Volute.Formats;

namespace Volute.Gdal;

/// <summary>Opens and creates rasters through GDAL.</summary>
internal sealed class GdalDriver : IRasterDriver
{
    private const uint RasterOnly = 0x02, VerboseErrors = 0x40;

    // Formats that are one file each. Others name further files, addresses in the net or programs: nobody who opens a picture expects that.
    private static readonly Lazy<NativeStrings> Formats = new(() => new("GTiff", "JPEG", "JP2OpenJPEG", "JP2KAK", "BMP", "GIF", "WEBP"));

    private static readonly Lazy<bool> Ready = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(GdalDriver).Assembly, GdalLibrary.Resolve);
        GdalFunctions.GDALAllRegister();
        return true;
    });

    public IReadOnlyList<string> Extensions { get; } = [".tif", ".tiff", ".jp2", ".j2k", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp"];

    public long CacheBytes
    {
        get
        {
            Prepare();
            return GdalFunctions.GDALGetCacheMax64();
        }
        set
        {
            if (value < 0)
                throw new InvalidArgumentException($"the cache of rasters must have 0 bytes or more, got {value}");
            Prepare();
            GdalFunctions.GDALSetCacheMax64(value);
        }
    }

    public IRaster Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // A full name is never one of those that GDAL takes for more than a file (/vsicurl/..., NETCDF:...).
        if (!File.Exists(path))
            throw new VoluteException($"there is no file '{path}'");
        string full = Path.GetFullPath(path);
        if (full.StartsWith("/vsi", StringComparison.Ordinal))
            throw new InvalidArgumentException($"'{path}': names that begin with /vsi are GDAL's own; move the file");
        Prepare();
        using GdalErrors errors = new();
        nint handle = GdalFunctions.GDALOpenEx(full, RasterOnly | VerboseErrors, Formats.Value.Address, 0, 0);
        if (handle == 0)
            throw new FileFormatException(path, -1, $"GDAL cannot open it: {errors.Reason}");
        GdalDataset dataset = new(handle);
        try
        {
            return new GdalRaster(path, dataset, GdalLayout.Read(dataset, path));
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    public IRasterWriter Create(string path, RasterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (layout.Width < 1 || layout.Height < 1 || layout.Bands.Count < 1)
            throw new InvalidArgumentException($"{path}: a raster has at least one pixel and one band, got {layout.Width} x {layout.Height} and {layout.Bands.Count} bands");
        Prepare();
        return new GdalRasterWriter(path, layout);
    }

    private static void Prepare()
    {
        GdalLibrary.Require();
        _ = Ready.Value;
    }
}
