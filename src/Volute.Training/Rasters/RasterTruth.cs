using Volute.Formats;

namespace Volute.Training;

/// <summary>The given classes of a raster, read by windows.</summary>
internal sealed class RasterTruth
{
    private readonly IRaster raster;
    private readonly MaskRaster mask;
    private readonly LabelMap map;

    /// <param name="raster">The mask.</param>
    /// <param name="image">What it is of.</param>
    /// <param name="map">The meaning of its values.</param>
    /// <exception cref="InvalidArgumentException">It has another size or lies elsewhere.</exception>
    public RasterTruth(IRaster raster, IRaster image, LabelMap map)
    {
        (this.raster, this.map) = (raster, map);
        mask = new MaskRaster(raster);
        RasterLayout own = raster.Layout, other = image.Layout;
        if ((own.Width, own.Height) != (other.Width, other.Height))
            throw new InvalidArgumentException($"{raster.Name} has {own.Width} x {own.Height} pixels, {image.Name} {other.Width} x {other.Height}; warp the mask onto the image's grid by nearest neighbour");
        if (other.Place.Difference(own.Place) is { } difference)
            throw new InvalidArgumentException($"{raster.Name} lies elsewhere than {image.Name}: {difference}; warp the mask onto the image's grid by nearest neighbour");
    }

    /// <summary>The class of each pixel of a window, <see cref="LabelMap.Ignored"/> for those that do not count.</summary>
    /// <exception cref="VoluteException">The mask holds a value that the map does not know.</exception>
    public int[] Read(RasterWindow window)
    {
        int[] values = mask.Read(window);
        int last = 0, lastClass = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (i == 0 || values[i] != last)
            {
                last = values[i];
                lastClass = StoredMask.ClassOf(last, mask.Kind, mask.Palette, mask.NoData, map)
                    ?? throw new VoluteException($"{raster.Name}: value {(mask.Kind == LabelKind.Color ? $"#{last:x6}" : $"{last}")} is not among {map}");
            }
            values[i] = lastClass;
        }
        return values;
    }
}
