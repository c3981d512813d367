namespace Volute.Training;

/// <summary>Image and labels of a part of a sample.</summary>
/// <param name="Image">[C, D, H, W] of the part; empty where labels alone were asked for.</param>
/// <param name="Labels">[D, H, W] of the part, or the class of an image.</param>
/// <param name="Box">The part.</param>
internal readonly record struct SampleWindow(float[] Image, int[] Labels, Box Box);

/// <summary>A sample that is read by windows, so that no more of a large raster is in memory than is looked at.</summary>
internal abstract class WindowedSample(string name, int[] imageShape, int[] labelShape)
{
    /// <summary>What reports call it.</summary>
    public string Name => name;

    /// <summary>[C, H, W] of a picture, [C, D, H, W] of a volume.</summary>
    public int[] ImageShape => imageShape;

    /// <summary>[] for one class, [H, W] or [D, H, W] for a mask.</summary>
    public int[] LabelShape => labelShape;

    /// <summary>D, H, W; D = 1 for a picture.</summary>
    public int[] Size { get; } = Augmentation.SpatialSize(name, imageShape, labelShape);

    /// <summary>How many channels there are.</summary>
    public int Channels => imageShape[0];

    /// <summary>Millimetres between neighbours along each axis; null where the file tells nothing.</summary>
    public double[]? Spacing { get; protected init; }

    /// <summary>Where the axes of a volume point; null where the file tells nothing.</summary>
    public string? AxisCodes { get; protected init; }

    /// <summary>Whether all of it is in memory, so that a window costs nothing.</summary>
    public abstract bool IsInMemory { get; }

    /// <summary>Pixels to lay patches around; null where they are searched for.</summary>
    protected abstract ClassPlaces? Places { get; }

    /// <summary>Gives image and labels of a part, or of more: all that is in memory. Only to be read.</summary>
    /// <param name="box">Inside the sample.</param>
    /// <param name="image">Whether the image is wanted too.</param>
    public abstract SampleWindow Read(Box box, bool image = true);

    /// <summary>The labels of a part. Only to be read.</summary>
    public int[] Labels(Box box)
    {
        SampleWindow window = Read(box, image: false);
        return window.Box.IsSame(box) ? window.Labels : window.Box.Crop(window.Labels, 1, box);
    }

    /// <summary>A part as a sample of its own, in arrays of the caller's own.</summary>
    public Sample Cut(Box box)
    {
        SampleWindow window = Read(box);
        int axes = imageShape.Length - 1;
        bool isOwn = !IsInMemory && window.Box.IsSame(box);
        return new Sample(name, isOwn ? window.Image : window.Box.Crop(window.Image, Channels, box), [Channels, .. box.Size[^axes..]],
            isOwn ? window.Labels : window.Box.Crop(window.Labels, 1, box), box.Size[^axes..])
        { Spacing = Spacing, AxisCodes = AxisCodes };
    }

    /// <summary>The whole in parts that fill little memory, one after the other; all of it where it is in memory.</summary>
    public IEnumerable<Box> Bands() => IsInMemory ? [Box.Whole(Size)] : Box.Bands(Channels, Size);

    /// <summary>The part around the middle, of at most <paramref name="side"/> positions along each axis; all of what is in memory.</summary>
    public Box Middle(int side)
        => IsInMemory ? Box.Whole(Size) : new([.. Size.Select(n => Math.Max(0, n - side) / 2)], [.. Size.Select(n => Math.Min(n, side))]);

    /// <summary>
    /// The number of a pixel of a class above 0 that is drawn first, so that small classes are as likely as large ones; null where there is only class 0.
    /// </summary>
    public long? DrawForeground(ref SeededRandom random)
        => Places is { } places ? places.Draw(ref random) : PatchPlace.ForegroundPixel(Labels(Box.Whole(Size)), ref random);
}
