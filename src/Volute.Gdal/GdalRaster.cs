using Volute.Formats;

namespace Volute.Gdal;

/// <summary>A raster that GDAL reads. One read at a time: a dataset of GDAL is not made for more.</summary>
internal sealed unsafe class GdalRaster : IRaster
{
    private readonly GdalDataset dataset;
    private readonly Lock gate = new();

    public GdalRaster(string name, GdalDataset dataset, RasterLayout layout) => (Name, this.dataset, Layout) = (name, dataset, layout);

    public string Name { get; }

    public RasterLayout Layout { get; }

    public void ReadWindow<T>(RasterWindow window, ReadOnlySpan<int> bands, Span<T> values) where T : unmanaged
    {
        int type = GdalTypes.CodeOf<T>();
        Check(window, bands, values.Length);
        int[] map = GdalLayout.BandMap(bands);
        long line = (long)window.Width * sizeof(T);
        fixed (T* buffer = values)
        fixed (int* wanted = map)
        {
            lock (gate)
            {
                using GdalErrors errors = new();
                int outcome = GdalFunctions.GDALDatasetRasterIOEx(dataset, 0, window.X, window.Y, window.Width, window.Height, buffer, window.Width,
                    window.Height, type, map.Length, wanted, sizeof(T), line, line * window.Height, 0);
                Judge(outcome, errors, window);
            }
        }
    }

    public void ReadPresence(RasterWindow window, int band, Span<byte> present)
    {
        Check(window, [band], present.Length);
        if (!Layout.Bands[band].HasMissing)
        {
            present.Fill(1);
            return;
        }
        fixed (byte* buffer = present)
        {
            lock (gate)
            {
                using GdalErrors errors = new();
                nint mask = GdalFunctions.GDALGetMaskBand(GdalFunctions.GDALGetRasterBand(dataset, band + 1));
                int outcome = GdalFunctions.GDALRasterIO(mask, 0, window.X, window.Y, window.Width, window.Height, buffer, window.Width, window.Height,
                    GdalTypes.CodeOf<byte>(), 0, 0);
                Judge(outcome, errors, window);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
            dataset.Dispose();
    }

    /// <summary>Whatever GDAL takes for an error while it reads means that not all values are the file's.</summary>
    private void Judge(int outcome, GdalErrors errors, RasterWindow window)
    {
        if (outcome != 0 || errors.First != null)
            throw new FileFormatException(Name, -1, $"{window} cannot be read: {errors.Reason}");
    }

    private void Check(RasterWindow window, ReadOnlySpan<int> bands, int values)
    {
        ObjectDisposedException.ThrowIf(dataset.IsClosed, this);
        GdalLayout.Check(Name, Layout, window, bands, values);
    }
}
