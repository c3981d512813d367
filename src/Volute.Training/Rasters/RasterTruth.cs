using Volute.Formats;

namespace Volute.Training;

/// <summary>The given classes of a raster, read by windows.</summary>
internal sealed class RasterTruth
{
    private readonly MaskRaster mask;
    private readonly LabelMap map;

    /// <param name="raster">The mask.</param>
    /// <param name="image">What it is of.</param>
    /// <param name="map">The meaning of its values.</param>
    /// <exception cref="InvalidArgumentException">It has another size or lies elsewhere.</exception>
    public RasterTruth(IRaster raster, IRaster image, LabelMap map)
    {
        this.map = map;
        mask = new MaskRaster(raster);
        RasterLayout own = raster.Layout, other = image.Layout;
        if ((own.Width, own.Height) != (other.Width, other.Height))
            throw new InvalidArgumentException($"{raster.Name} has {own.Width} x {own.Height} pixels, {image.Name} {other.Width} x {other.Height}; warp the mask onto the image's grid by nearest neighbour");
        if (other.Place.Difference(own.Place) is { } difference)
            throw new InvalidArgumentException($"{raster.Name} lies elsewhere than {image.Name}: {difference}; warp the mask onto the image's grid by nearest neighbour");
    }

    /// <inheritdoc cref="MaskRaster.ReadClasses"/>
    public int[] Read(RasterWindow window) => mask.ReadClasses(window, map);
}
