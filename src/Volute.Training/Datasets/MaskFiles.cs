namespace Volute.Training;

/// <summary>The mask files of a dataset: all are looked at once, to find the values and to give each its class, then read when asked for.</summary>
internal sealed class MaskFiles
{
    private readonly string[] names, files;
    private readonly SampleCache cache;

    private sealed record Classes(int[] Shape, byte[] Values);

    /// <param name="pairs">The images and their masks.</param>
    /// <param name="images">The images, to compare sizes with.</param>
    /// <param name="fixedMap">The map where it is given; null to take it from the masks.</param>
    /// <param name="cache">Keeps decoded files.</param>
    /// <param name="problems">Takes unreadable files, sizes that differ and values that the map does not know.</param>
    public MaskFiles(ImagePair[] pairs, ImageFiles images, LabelMap? fixedMap, SampleCache cache, DatasetProblems problems)
    {
        names = [.. pairs.Select(pair => pair.Name)];
        files = [.. pairs.Select(pair => pair.Mask)];
        this.cache = cache;
        MaskValues?[] found = new MaskValues?[pairs.Length];
        int[]?[] shapes = new int[]?[pairs.Length];
        object?[] errors = new object?[pairs.Length];
        Parallel.For(0, pairs.Length, i =>
        {
            if (FileKinds.IsJpeg(files[i]))
                return; // Refused with its reason already.
            try
            {
                StoredMask mask = StoredMask.Read(files[i]);
                shapes[i] = mask.Shape;
                if (mask.Distinct(LabelMap.MaxClasses + 1) is { } values)
                    found[i] = new MaskValues(names[i], mask.Kind, values, mask.Palette, mask.NoData);
                else
                    errors[i] = names[i];
            }
            catch (VoluteException e)
            {
                errors[i] = e;
            }
        });
        foreach (VoluteException error in errors.OfType<VoluteException>())
            problems.Add(error);
        if (errors.OfType<string>().ToArray() is { Length: > 0 } crowded)
            problems.Add($"{DatasetException.Count(crowded.Length, "mask")} with more than {LabelMap.MaxClasses + 1} different values: "
                + $"{DatasetException.List(crowded)}; "
                + "a mask has one flat value for each class (numbered objects, photographs and resampled masks must be reduced to classes first)");
        CheckSizes(images, shapes, problems);
        MaskValues[] known = [.. found.OfType<MaskValues>()];
        if (fixedMap != null)
            CheckValues(known, fixedMap, problems);
        Map = fixedMap ?? (known.Length == 0 ? null : MaskValues.Join(known, problems));
    }

    /// <summary>The map; null where problems hindered it.</summary>
    public LabelMap? Map { get; }

    public int[] Read(int index, out int[] shape)
    {
        Classes mask = cache.Get(files[index], () => ReadClasses(index), mask => mask.Values.Length);
        shape = mask.Shape;
        return Array.ConvertAll(mask.Values, label => label == byte.MaxValue ? LabelMap.Ignored : label);
    }

    private Classes ReadClasses(int index)
    {
        StoredMask mask = StoredMask.Read(files[index]);
        return mask.ToClasses(Map!, out int unknown) is { } classes
            ? new Classes(mask.Shape, classes)
            : throw new VoluteException($"{files[index]} has changed: it holds value {unknown}, which is not among {Map}");
    }

    private void CheckSizes(ImageFiles images, int[]?[] masks, DatasetProblems problems)
    {
        List<string> differing = [];
        for (int i = 0; i < masks.Length; i++)
            if (masks[i] is { } mask && images.ShapeOf(i) is { } image && !image.AsSpan(1).SequenceEqual(mask))
                differing.Add($"{names[i]} (image {string.Join(" x ", image[1..])}, mask {string.Join(" x ", mask)})");
        if (differing.Count > 0)
            problems.Add($"{DatasetException.Count(differing.Count, "mask")} {(differing.Count == 1 ? "has" : "have")} not the image's size: "
                + $"{DatasetException.List(differing)}");
    }

    private static void CheckValues(MaskValues[] masks, LabelMap map, DatasetProblems problems)
    {
        List<string> strange = [];
        foreach (MaskValues mask in masks)
        {
            int[] unknown = [.. mask.Values.Where(v => !mask.IsIn(map, v))];
            IEnumerable<string> shown = unknown.Take(4).Select(v => mask.Kind == LabelKind.Color ? $"#{v:x6}" : $"{v}");
            if (unknown.Length > 0)
                strange.Add($"{mask.Name} ({string.Join(" ", shown)}{(unknown.Length > 4 ? " …" : "")})");
        }
        if (strange.Count > 0)
            problems.Add($"{DatasetException.Count(strange.Count, "mask")} with values that are not among {map}: {DatasetException.List(strange)}");
    }
}
