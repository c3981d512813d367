namespace Volute.Training;

/// <summary>Chooses what a segmentation by a network of a fixed form needs: patches, batches, held-out samples. <see cref="SegmentationPlanner"/> also forms the network.</summary>
internal static class PatchPlanner
{
    // Poolings of two by four levels; also what networks with strides of 8 and 16 divide by.
    private const int Multiple = 16;

    private const int LargestPatch = 256, MostLevels = 5, UNetWidth = 16;
    private const double UNetRate = 3e-3, Rate = 1e-3;

    /// <summary>The recipe, where what does not depend on the network is known.</summary>
    /// <exception cref="InvalidArgumentException">A wish that the network does not take.</exception>
    public static Recipe Plan(Recipe common, NamedNetwork known, Dataset data, TrainingWishes wishes)
    {
        bool isUNet = known.Name == "unet";
        if (!isUNet && wishes.BaseWidth is { } asked)
            throw new InvalidArgumentException($"--base-width is for U-Nets that are planned (staged-unet, unet), but '{known.Name}' has widths of its own, got {asked}");
        int axes = known.Input.Rank - 2;
        int[] shortest = [.. Enumerable.Range(1, axes).Select(axis => Enumerable.Range(0, data.Count).Min(i => data.ShapeOf(i)[axis]))];
        if (axes == 2)
            shortest = [shortest.Min(), shortest.Min()];
        int[] patch = [.. shortest.Select((size, axis) => wishes.Patch ?? Math.Max(Multiple, Math.Min(axes == 2 ? LargestPatch : known.Input[axis + 2], size / Multiple * Multiple)))];
        if (wishes.Patch % Multiple is not (null or 0))
            throw new InvalidArgumentException($"the patch must be a multiple of {Multiple} (four poolings), got {wishes.Patch}");
        long pixels = patch.Aggregate(1L, (a, b) => a * b), whole = shortest.Aggregate(1L, (a, b) => a * b);
        int batch = wishes.BatchSize ?? (int)Math.Clamp(4 * LargestPatch * LargestPatch / pixels, 2, 8);
        bool isStack = HeldOut.IsStack(data);
        int levels = patch.Min() >= 128 ? MostLevels : MostLevels - 1, width = wishes.BaseWidth ?? UNetWidth;
        double rate = wishes.LearningRate ?? (isUNet ? UNetRate : Rate);
        string size = string.Join(" x ", patch);
        return common with
        {
            UNet = isUNet ? new UNetOptions(data.Channels, data.Classes.Count, 2, width, levels, Padded: true, Normalization.Batch) : null,
            InputSize = patch,
            BatchSize = batch,
            StepsPerEpoch = (int)Math.Max(20, Math.Min(200, data.Count * Math.Max(1, whole / pixels) / batch)),
            // As far as a U-Net of padded 3x3 convolutions sees: predictions are the same for any tiles.
            Context = 3 * (1 << levels) - 2,
            TileStep = axes == 3 ? 0.5 : null,
            LearningRate = rate,
            Augmentation = wishes.Augmentation ?? "segmentation",
            ValidationContiguous = isStack,
            Choices =
            [
                isUNet ? new("Network", $"U-Net, {levels} levels, base width {width}, batch norm", "the widest that trains well on a processor in minutes")
                    : new("Network", known.Name, axes == 3 ? "asked for; it sees voxels as they are stored (staged-unet also turns and resamples them)" : "asked for"),
                new("Patch", size, shortest.Min() < LargestPatch ? $"the shortest side of the images is {shortest.Min()}" : "sees enough around each pixel, and gives many steps"),
                new("Batch", $"{batch}", "as many patches as give steady statistics"),
                HeldOut.Explain(data, common.Fold, isStack, "a random fifth", common.Folds ?? 5),
                new("Loss", "cross-entropy + Dice", "pixels and regions both count"),
                new("Learning rate", $"{rate}, one cycle", "rises for the first quarter, then falls to nearly nothing"),
            ],
        };
    }
}
