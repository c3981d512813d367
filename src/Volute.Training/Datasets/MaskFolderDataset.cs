namespace Volute.Training;

/// <summary>Images and volumes with a mask of the same size for each.</summary>
internal sealed class MaskFolderDataset : Dataset
{
    private readonly ImageFiles images;
    private readonly MaskFiles masks;
    private readonly string layout;
    private readonly MaskFolderDataset? training;
    private readonly string[]? groups;

    private MaskFolderDataset(ImageFiles images, MaskFiles masks, IReadOnlyList<string> classes, string layout, MaskFolderDataset? training,
        string[]? groups)
    {
        this.groups = groups;
        this.images = images;
        this.masks = masks;
        this.layout = layout;
        this.training = training;
        Classes = classes;
    }

    public override DatasetTask Task => DatasetTask.Segmentation;

    public override int Count => images.Names.Length;

    public override IReadOnlyList<string> Classes { get; }

    public override int Channels => images.Channels;

    public override LabelMap Labels => masks.Map!;

    public override IReadOnlyList<string>? Groups => groups;

    public override string NameOf(int index) => images.Names[Checked(index)];

    public override string Describe()
        => $"{layout}: {DatasetException.Count(Count, "image")} with masks, {images.Describe()}; masks {Labels}"
            + (Test == null ? "; no test samples" : $"; {DatasetException.Count(Test.Count, "test sample")}");

    /// <summary>Opens pairs, with those of the test samples where there are some.</summary>
    /// <param name="root">The folder of it all.</param>
    /// <param name="pairs">At least one.</param>
    /// <param name="testPairs">The pairs set apart, or none.</param>
    /// <param name="names">The classes where a file beside the images names them.</param>
    /// <param name="layout">What was recognized, in words.</param>
    /// <param name="options">Memory and fixed classes.</param>
    /// <param name="problems">What was wrong so far; thrown here with the rest.</param>
    public static MaskFolderDataset Open(string root, ImagePair[] pairs, ImagePair[] testPairs, NamedLabels? names, string layout,
        DatasetOptions options, DatasetProblems problems)
    {
        SampleCache cache = new(options.CacheBytes);
        ImageFiles images = Images(pairs, cache, problems);
        MaskFiles masks = new(pairs, images, options.Labels ?? names?.Map, cache, problems);
        string[] classes = masks.Map is { } map ? [.. options.Classes ?? names?.Names ?? [.. map.Values.Select(map.NameOf)]] : [];
        if (masks.Map != null && classes.Length != masks.Map.Count)
            problems.Add($"{classes.Length} class names are given, the masks have {masks.Map.Count} classes ({masks.Map})");
        MaskFolderDataset data = new(images, masks, classes, layout, null, GroupFile.Read(root, images.Names, problems));
        if (testPairs.Length == 0)
        {
            problems.ThrowIfAny();
            return data;
        }
        ImageFiles testImages = Images(testPairs, cache, problems);
        MaskFiles testMasks = new(testPairs, testImages, masks.Map, cache, problems);
        if (images.Channels > 0 && testImages.Channels > 0 && testImages.Channels != images.Channels)
            problems.Add($"the training images have {DatasetException.Count(images.Channels, "channel")}, the test images {testImages.Channels}; "
                + "both must have the same");
        problems.ThrowIfAny();
        data.Test = new MaskFolderDataset(testImages, testMasks, classes, layout + " (test)", data, null);
        return data;
    }

    private static ImageFiles Images(ImagePair[] pairs, SampleCache cache, DatasetProblems problems)
        => new([.. pairs.Select(pair => pair.Name)], [.. pairs.Select(pair => pair.Images)], cache, problems);

    private protected override Sample Read(int index)
    {
        float[] image = images.Read(index, out int[] shape);
        int[] labels = masks.Read(index, out int[] labelShape);
        if (images.HasMissing(index))
            for (int i = 0; i < labels.Length; i++)
                if (RasterChannels.IsMissing(image, labels.Length, i))
                    labels[i] = LabelMap.Ignored;
        return new Sample(NameOf(index), image, shape, labels, labelShape) { Spacing = images.SpacingOf(index) };
    }

    private protected override Standardization Measure() => training?.Standardization ?? images.Standardize();
}
