using Volute.Formats;

namespace Volute.Training;

/// <summary>The image files of a dataset: all are looked at once when it is opened (size, channels, moments), then read when asked for.</summary>
internal sealed class ImageFiles
{
    private readonly string[][] files;
    private readonly SampleCache cache;
    private readonly int[][] shapes;
    private readonly double[]?[] spacings;
    private readonly VolumePlacement?[] placements;
    private readonly RasterPlace?[] places;
    private readonly string?[] contents;
    private readonly bool[] constant;
    private readonly Moments[] moments;
    private readonly bool dropsAlpha;
    private readonly bool[] missing;
    private readonly RasterImage?[] large;

    /// <param name="names">What each image is called.</param>
    /// <param name="files">For each image its file, or one for each channel.</param>
    /// <param name="cache">Keeps decoded files.</param>
    /// <param name="problems">Takes unreadable files, mixed channels and values that are none.</param>
    /// <param name="rasters">Opens rasters that are read by windows; null where all images are read as a whole.</param>
    public ImageFiles(string[] names, string[][] files, SampleCache cache, DatasetProblems problems, LargeRasters? rasters = null)
    {
        Names = names;
        this.files = files;
        this.cache = cache;
        shapes = new int[names.Length][];
        spacings = new double[]?[names.Length];
        placements = new VolumePlacement?[names.Length];
        places = new RasterPlace?[names.Length];
        contents = new string?[names.Length];
        constant = new bool[names.Length];
        bool[] infinite = new bool[names.Length];
        Moments[][] found = new Moments[names.Length][];
        VoluteException?[] errors = new VoluteException?[names.Length];
        bool[] alpha = new bool[names.Length];
        missing = new bool[names.Length];
        large = new RasterImage?[names.Length];
        Parallel.For(0, names.Length, i =>
        {
            try
            {
                large[i] = files[i] is [var file] && rasters?.TryOpen(file) is { } raster ? new RasterImage(raster) : null;
                if (large[i] is { } image)
                    (shapes[i], places[i], alpha[i]) = (image.Shape, image.Raster.Layout.Place, image.DropsAlpha);
                else
                {
                    StoredImage[] parts = Stored(i);
                    shapes[i] = ShapeOf(parts, names[i]);
                    (spacings[i], placements[i], places[i], alpha[i]) = (parts[0].Spacing, parts[0].Placement, parts[0].Place, parts.Any(part => part.DropsAlpha));
                }
                ImageStatistics statistics = Measure(i);
                (found[i], contents[i], constant[i]) = (statistics.Moments, statistics.Content, statistics.IsConstant);
                (infinite[i], missing[i]) = (statistics.IsInfinite, statistics.HasMissing);
            }
            catch (VoluteException e)
            {
                errors[i] = e;
            }
        });
        for (int i = 0; i < errors.Length; i++)
            if (errors[i] is ChannelSizesException sizes)
                problems.Add(FindingKind.SizeDiffers, sizes.Message, "resample the channels to one size", files[i]);
            else if (errors[i] is { } error)
                problems.Add(error, files[i].FirstOrDefault(file => error.Message.Contains(file, StringComparison.Ordinal)) ?? files[i][0]);
        CheckValues(infinite, problems);
        dropsAlpha = alpha.Any(a => a);
        CheckAlike(FindingKind.ChannelsDiffer, shape => shape[0], channels => DatasetException.Count(channels, "channel"),
            "convert them to the same number of channels", problems);
        CheckAlike(FindingKind.DimensionsDiffer, shape => shape.Length, rank => rank == 3 ? "2 axes (a picture)" : "3 axes (a volume)",
            "keep pictures and volumes in datasets of their own", problems);
        Channels = shapes.Where(shape => shape != null).GroupBy(shape => shape[0]).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key).FirstOrDefault()?.Key ?? 0;
        // Joined in the order of the files, so that the sums do not depend on which thread was first.
        moments = new Moments[Channels];
        foreach (Moments[] one in found.Where(m => m != null && m.Length == Channels))
            for (int c = 0; c < moments.Length; c++)
                moments[c] += one[c];
    }

    public string[] Names { get; }

    public int Channels { get; }

    /// <summary>[C, H, W] or [C, D, H, W] of an image; null where it could not be read.</summary>
    public int[]? ShapeOf(int index) => shapes[index];

    /// <summary>The paths of an image: one, or one for each channel.</summary>
    public string[] FilesOf(int index) => files[index];

    /// <summary>Where a volume lies; null where its file tells no place, or could not be read.</summary>
    public VolumePlacement? PlacementOf(int index) => placements[index];

    /// <summary>Where a raster lies; null for what is none, or could not be read.</summary>
    public RasterPlace? PlaceOf(int index) => places[index];

    /// <summary>The same for images of the same pixels; null where it could not be read.</summary>
    public string? ContentOf(int index) => contents[index];

    /// <summary>Whether all pixels hold the same value.</summary>
    public bool IsConstant(int index) => constant[index];

    /// <summary>The spacing of an image's pixels in millimetres; null where its file tells none.</summary>
    public double[]? SpacingOf(int index) => spacings[index];

    /// <summary>Whether values of an image are missing: NaN.</summary>
    public bool HasMissing(int index) => missing[index];

    public Standardization Standardize() => Moments.Standardize(moments);

    /// <summary>The raster of an image that is read by windows; null for one that is read as a whole.</summary>
    public RasterImage? LargeOf(int index) => large[index];

    public float[] Read(int index, out int[] shape) => Join(Stored(index), Names[index], out shape);

    /// <summary>[C, …] of an image in parts that fill little memory, one after the other: all of it where it is read as a whole.</summary>
    public IEnumerable<float[]> Bands(int index) => large[index]?.Bands() ?? [Read(index, out _)];

    private ImageStatistics Measure(int index)
    {
        ImageStatistics? statistics = null;
        foreach (float[] band in Bands(index))
        {
            statistics ??= new ImageStatistics(shapes[index]);
            statistics.Add(band);
        }
        return statistics!;
    }

    /// <summary>"1 channel, 256 x 256".</summary>
    public string Describe()
    {
        int[][] sizes = [.. shapes.Select(shape => shape[1..]).DistinctBy(size => string.Join(" x ", size))];
        int[] smallest = sizes.MinBy(Pixels)!, largest = sizes.MaxBy(Pixels)!;
        string size = sizes.Length == 1 ? string.Join(" x ", sizes[0]) : $"sizes from {string.Join(" x ", smallest)} to {string.Join(" x ", largest)}";
        return $"{DatasetException.Count(Channels, "channel")}{(dropsAlpha ? " (opacity left out)" : "")}, {size}";
    }

    private static long Pixels(int[] size) => size.Aggregate(1L, (product, n) => product * n);

    private StoredImage[] Stored(int index)
        => [.. files[index].Select(file => cache.Get(file, () => StoredImage.Read(file), image => image.Bytes))];

    /// <summary>The channels of all files, one after the other.</summary>
    internal static float[] Join(StoredImage[] parts, string name, out int[] shape)
    {
        shape = ShapeOf(parts, name);
        if (parts.Length == 1)
            return parts[0].ToFloats();
        float[] image = new float[Kernels.Sizes.Product(shape, name)];
        int done = 0;
        foreach (StoredImage part in parts)
        {
            float[] values = part.ToFloats();
            values.CopyTo(image, done);
            done += values.Length;
        }
        return image;
    }

    private static int[] ShapeOf(StoredImage[] parts, string name)
    {
        string[] sizes = [.. parts.Select(part => string.Join(" x ", part.Shape[1..])).Distinct()];
        return sizes.Length == 1 ? [parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]]
            : throw new ChannelSizesException($"the channels of {name} differ in size: {string.Join(" and ", sizes)}");
    }

    /// <summary>Lists the images that are not as most are.</summary>
    private void CheckAlike(FindingKind finding, Func<int[], int> property, Func<int, string> say, string cure, DatasetProblems problems)
    {
        IGrouping<int, int>[] kinds = [.. Enumerable.Range(0, Names.Length).Where(i => shapes[i] != null).GroupBy(i => property(shapes[i]))
            .OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key)];
        if (kinds.Length < 2)
            return;
        string Say(IGrouping<int, int> kind) => $"{(kind.Count() == 1 ? "has" : "have")} {say(kind.Key)}";
        IEnumerable<string> others = kinds.Skip(1)
            .Select(kind => $"{kind.Count()} {Say(kind)}: {DatasetException.List([.. kind.Select(i => Names[i])])}");
        problems.Add(finding, $"{DatasetException.Count(kinds[0].Count(), "image")} {Say(kinds[0])}, {string.Join(", ", others)}", cure,
            [.. kinds.Skip(1).SelectMany(kind => kind).Select(i => Names[i])]);
    }

    private void CheckValues(bool[] infinite, DatasetProblems problems)
    {
        string[] wrong = [.. Names.Where((_, i) => infinite[i])], holes = [.. Names.Where((_, i) => missing[i])];
        if (wrong.Length > 0)
            problems.Add(FindingKind.NotFinite, $"{DatasetException.Count(wrong.Length, "image")} with infinite values: {DatasetException.List(wrong)}",
                "replace them by the values that were measured, or by NaN where there are none", wrong);
        if (holes.Length > 0)
            problems.Warn(FindingKind.NotFinite, $"{DatasetException.Count(holes.Length, "image")} with NaN: {DatasetException.List(holes)}",
                "see that NaN stands only where nothing was measured; such pixels take no part", holes);
    }

    /// <summary>Channels of one case that do not lie on each other.</summary>
    private sealed class ChannelSizesException(string message) : VoluteException(message);
}
