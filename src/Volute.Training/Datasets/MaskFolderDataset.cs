using System.Collections.Concurrent;
using Volute.Formats;

namespace Volute.Training;

/// <summary>Images and volumes with a mask of the same size for each.</summary>
internal sealed class MaskFolderDataset : Dataset
{
    private readonly ImageFiles images;
    private readonly MaskFiles masks;
    private readonly MaskFolders folders;
    private readonly MaskFolderDataset? training;
    private readonly ConcurrentDictionary<int, ClassPlaces> places = [];
    private SampleGroups? groups;
    private long cacheBytes;
    private DatasetSplit[]? splits;

    private MaskFolderDataset(ImageFiles images, MaskFiles masks, IReadOnlyList<string> classes, MaskFolders folders, MaskFolderDataset? training)
    {
        this.images = images;
        this.masks = masks;
        this.folders = folders;
        this.training = training;
        Classes = classes;
    }

    public override DatasetTask Task => DatasetTask.Segmentation;

    public override int Count => images.Names.Length;

    public override IReadOnlyList<string> Classes { get; }

    public override int Channels => images.Channels;

    public override LabelMap Labels => masks.Map!;

    public override IReadOnlyList<string>? Groups => training == null ? groups?.Training : null;

    public override IReadOnlyList<DatasetSplit>? Splits => splits;

    public override IReadOnlyList<LabelRegion>? Regions => folders.Classes?.Regions;

    public override IReadOnlyList<string>? ChannelNames => folders.Json?.Channels;

    internal override long CacheBytes => cacheBytes;

    internal override string Layout => folders.Layout + (training == null ? "" : " (test)");

    internal override ImageFiles Images => images;

    internal override MaskFiles Masks => masks;

    public override string NameOf(int index) => images.Names[Checked(index)];

    internal override string? ContentOf(int index) => images.ContentOf(index);

    internal override RasterPlace? PlaceOf(int index) => images.PlaceOf(index);

    public override string Describe()
        => $"{Layout}: {DatasetException.Count(Count, "image")} with masks, {images.Describe()}"
            + (ChannelNames is { } names ? $" ({string.Join(", ", names)})" : "") + $"; masks {Labels}"
            + (Regions is { } regions ? $"; regions {string.Join(", ", regions)}" : "")
            + (Splits is { } prescribed ? $"; {DatasetException.Count(prescribed.Count, "fold")} by splits_final.json" : "")
            + (Groups == null ? "" : groups!.Describe())
            + (Test == null ? "; no test samples" : $"; {DatasetException.Count(Test.Count, "test sample")}");

    /// <summary>Opens pairs, with those of the test samples where there are some; what is wrong goes to <paramref name="problems"/>.</summary>
    public static MaskFolderDataset Open(MaskFolders folders, DatasetOptions options, DatasetProblems problems)
    {
        SampleCache cache = new(options.CacheBytes);
        LargeRasters rasters = new(options.CacheBytes);
        ImageFiles images = ReadImages(folders.Pairs, cache, problems, rasters);
        MaskFiles masks = new(folders.Pairs, images, options.Labels ?? folders.Classes?.Map, cache, problems, rasters);
        string[] classes = masks.Map is { } map ? [.. options.Classes ?? folders.Classes?.Names ?? [.. map.Values.Select(map.NameOf)]] : [];
        if (masks.Map != null && classes.Length != masks.Map.Count)
            problems.Add(FindingKind.BrokenDescription, $"{classes.Length} class names are given, the masks have {masks.Map.Count} classes ({masks.Map})",
                "name every class once");
        folders.Json?.Check(folders.Pairs, images.Channels, problems);
        MaskFolderDataset data = new(images, masks, classes, folders, null) { cacheBytes = options.CacheBytes };
        data.splits = SplitsFile.Read(folders.Start, images.Names, problems);
        data.groups = SampleGroups.Find(folders.Root, images.Names, [.. folders.Tests.Select(pair => pair.Name)], name => name, problems);
        if (folders.Tests.Length == 0)
            return data;
        ImageFiles testImages = ReadImages(folders.Tests, cache, problems, rasters);
        MaskFiles testMasks = new(folders.Tests, testImages, masks.Map, cache, problems, rasters);
        if (images.Channels > 0 && testImages.Channels > 0 && testImages.Channels != images.Channels)
            problems.Add(FindingKind.ChannelsDiffer,
                $"the training images have {DatasetException.Count(images.Channels, "channel")}, the test images {testImages.Channels}", "both must have the same");
        data.Test = new MaskFolderDataset(testImages, testMasks, classes, folders, data) { groups = data.groups };
        return data;
    }

    /// <summary>The groups of training and test samples.</summary>
    internal override SampleGroups? AllGroups => groups;

    internal override string? GroupOf(int index) => training == null ? groups?.Training[index] : training.groups?.Test[index];

    private static ImageFiles ReadImages(ImagePair[] pairs, SampleCache cache, DatasetProblems problems, LargeRasters rasters)
        => new([.. pairs.Select(pair => pair.Name)], [.. pairs.Select(pair => pair.Images)], cache, problems, rasters);

    internal override bool IsLarge(int index) => images.LargeOf(index) != null;

    internal override int[] ShapeOf(int index) => images.ShapeOf(Checked(index))!;

    internal override WindowedSample Look(int index) => images.LargeOf(Checked(index)) is not { } raster ? base.Look(index)
        : new RasterSample(NameOf(index), raster, window => masks.Read(index, window), images.HasMissing(index), sample => places.GetOrAdd(index, i => ClassPlaces.Of(sample, (ulong)i)));

    private protected override Sample Read(int index)
    {
        if (images.LargeOf(index) is not null)
        {
            WindowedSample raster = Look(index);
            FormatLimits.Default.CheckPicture(raster.Size[2], raster.Size[1], raster.Channels, sizeof(float), $"{raster.Name}: the raster as a whole");
            return raster.Cut(Box.Whole(raster.Size));
        }
        float[] image = images.Read(index, out int[] shape);
        int[] labels = masks.Read(index, out int[] labelShape);
        if (images.HasMissing(index))
            RasterChannels.IgnoreMissing(image, labels);
        return new Sample(NameOf(index), image, shape, labels, labelShape) { Spacing = images.SpacingOf(index), AxisCodes = images.PlacementOf(index)?.Codes };
    }

    private protected override Standardization Measure() => training?.Standardization ?? images.Standardize();
}
