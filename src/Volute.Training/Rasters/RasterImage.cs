using Volute.Formats;

namespace Volute.Training;

/// <summary>A raster that is too large to be kept: its channels are read by windows. The file stays open, so that unpacked blocks are kept.</summary>
internal sealed class RasterImage
{
    private readonly RasterChannels channels;

    /// <param name="raster">The file, open for good.</param>
    public RasterImage(IRaster raster)
    {
        Raster = raster;
        channels = new RasterChannels(raster);
        Shape = [channels.Count, raster.Layout.Height, raster.Layout.Width];
    }

    /// <summary>The file.</summary>
    public IRaster Raster { get; }

    /// <summary>[C, H, W].</summary>
    public int[] Shape { get; }

    /// <summary>Whether a band of opacity is left out.</summary>
    public bool DropsAlpha => channels.DropsAlpha;

    /// <summary>The whole, [C, height, width] of a band of rows after the other.</summary>
    public IEnumerable<float[]> Bands() => Box.Bands(channels.Count, [1, Shape[1], Shape[2]]).Select(band => Read(band.Window));

    /// <summary>[C, height, width] of a window, as <see cref="RasterChannels"/> has it.</summary>
    public float[] Read(RasterWindow window)
    {
        float[] values = new float[(int)Kernels.Sizes.Product([channels.Count, window.Height, window.Width], $"{Raster.Name}: {window}")];
        channels.Read(window, values);
        return values;
    }
}
