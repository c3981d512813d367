using Volute.Formats;

namespace Volute.Training;

/// <summary>A raster with its mask that is too large to be kept: each window is read from the files.</summary>
/// <param name="name">What reports call it.</param>
/// <param name="image">The raster.</param>
/// <param name="labels">The classes of a window.</param>
/// <param name="hasMissing">Whether values of the image are missing somewhere; a pixel without any does not count.</param>
/// <param name="places">Pixels of each class, collected when they are first asked for.</param>
internal sealed class RasterSample(string name, RasterImage image, Func<RasterWindow, int[]> labels, bool hasMissing, Func<RasterSample, ClassPlaces> places)
    : WindowedSample(name, image.Shape, image.Shape[1..])
{
    public override bool IsInMemory => false;

    /// <summary>The file.</summary>
    public IRaster Raster => image.Raster;

    protected override ClassPlaces Places => places(this);

    public override SampleWindow Read(Box box, bool withImage = true)
    {
        int[] classes = labels(box.Window);
        if (!withImage && !hasMissing)
            return new([], classes, box);
        float[] values = image.Read(box.Window);
        if (hasMissing)
            RasterChannels.IgnoreMissing(values, classes);
        return new(values, classes, box);
    }
}
