using Volute.Formats;

namespace Volute.Training;

/// <summary>The mask files of a dataset: all are looked at once, to find the values and to give each its class, then read when asked for.</summary>
internal sealed class MaskFiles
{
    private readonly string[] names, files;
    private readonly MaskValues?[] found;
    private readonly SampleCache cache;
    private readonly MaskRaster?[] large;

    private sealed record Classes(int[] Shape, byte[] Values);

    /// <param name="pairs">The images and their masks.</param>
    /// <param name="images">The images, to compare sizes and places with.</param>
    /// <param name="fixedMap">The map where it is given; null to take it from the masks.</param>
    /// <param name="cache">Keeps decoded files.</param>
    /// <param name="problems">Takes unreadable files, sizes and places that differ and values that the map does not know.</param>
    /// <param name="rasters">Opens rasters that are read by windows.</param>
    public MaskFiles(ImagePair[] pairs, ImageFiles images, LabelMap? fixedMap, SampleCache cache, DatasetProblems problems, LargeRasters rasters)
    {
        names = [.. pairs.Select(pair => pair.Name)];
        files = [.. pairs.Select(pair => pair.Mask)];
        this.cache = cache;
        found = new MaskValues?[pairs.Length];
        large = new MaskRaster?[pairs.Length];
        int[]?[] shapes = new int[]?[pairs.Length];
        VolumePlacement?[] placements = new VolumePlacement?[pairs.Length];
        RasterPlace?[] places = new RasterPlace?[pairs.Length];
        VoluteException?[] errors = new VoluteException?[pairs.Length];
        Parallel.For(0, pairs.Length, i =>
        {
            if (FileKinds.IsJpeg(files[i]))
                return; // Refused with its reason already.
            try
            {
                if (rasters.TryOpen(files[i]) is { } raster)
                {
                    MaskRaster mask = large[i] = new MaskRaster(raster);
                    (shapes[i], places[i]) = (mask.Shape, raster.Layout.Place);
                    found[i] = Count(mask.Bands(), i, mask.Kind, mask.Palette, mask.NoData);
                }
                else
                {
                    StoredMask mask = StoredMask.Read(files[i]);
                    (shapes[i], placements[i], places[i]) = (mask.Shape, mask.Placement, mask.Place);
                    found[i] = Count([mask.Values], i, mask.Kind, mask.Palette, mask.NoData);
                }
            }
            catch (VoluteException e)
            {
                errors[i] = e;
            }
        });
        for (int i = 0; i < errors.Length; i++)
            if (errors[i] is { } error)
                problems.Add(error, files[i]);
        string[] crowded = [.. names.Where((_, i) => shapes[i] != null && found[i] == null)];
        if (crowded.Length > 0)
            problems.Add(FindingKind.NoClasses, $"{DatasetException.Count(crowded.Length, "mask")} with more than {LabelMap.MaxClasses + 1} different values: "
                + $"{DatasetException.List(crowded)}",
                "a mask has one flat value for each class (numbered objects, photographs and resampled masks must be reduced to classes first)", crowded);
        MaskPlacement.Check(names, images, shapes, placements, places, problems);
        MaskValues[] known = [.. found.OfType<MaskValues>()];
        if (fixedMap != null)
            CheckValues(known, fixedMap, problems);
        Map = fixedMap ?? (known.Length == 0 ? null : MaskValues.Join(known, problems));
    }

    /// <summary>The map; null where problems hindered it.</summary>
    public LabelMap? Map { get; }

    /// <summary>The path of a mask.</summary>
    public string FileOf(int index) => files[index];

    /// <summary>
    /// The pixels of each class in a mask, and last those that are ignored; null where the mask could not be read, or holds what the map does not
    /// know.
    /// </summary>
    public long[]? PixelsOf(int index) => Map is { } map ? found[index]?.PerClass(map) : null;

    public int[] Read(int index, out int[] shape)
    {
        Classes mask = Kept(index);
        shape = mask.Shape;
        return Labels(mask.Values);
    }

    /// <summary>The classes of a window.</summary>
    public int[] Read(int index, RasterWindow window)
    {
        if (large[index] is { } mask)
            return mask.ReadClasses(window, Map!);
        Classes kept = Kept(index);
        return Labels(Box.Whole([1, .. kept.Shape]).Crop(kept.Values, 1, Box.Of(window)));
    }

    /// <summary>Whether two masks have the same classes everywhere.</summary>
    public bool AreEqual(int a, int b)
    {
        if (large[a] is not { } one || large[b] is not { } other)
            return Read(a, out _).AsSpan().SequenceEqual(Read(b, out _));
        return one.Shape.AsSpan().SequenceEqual(other.Shape) && Box.Bands(1, [1, .. one.Shape]).All(band => Read(a, band.Window).AsSpan().SequenceEqual(Read(b, band.Window)));
    }

    private MaskValues? Count(IEnumerable<int[]> parts, int index, LabelKind kind, IReadOnlyList<PaletteColor>? palette, int? noData)
    {
        ValueCounts counts = new(noData);
        foreach (int[] part in parts)
            counts.Add(part);
        return counts.Result is { } result ? new MaskValues(names[index], kind, result, palette, noData) : null;
    }

    private static int[] Labels(byte[] classes) => Array.ConvertAll(classes, label => label == byte.MaxValue ? LabelMap.Ignored : label);

    private Classes Kept(int index) => cache.Get(files[index], () => ReadClasses(index), mask => mask.Values.Length);

    private Classes ReadClasses(int index)
    {
        StoredMask mask = StoredMask.Read(files[index]);
        return mask.ToClasses(Map!, out int unknown) is { } classes
            ? new Classes(mask.Shape, classes)
            : throw new VoluteException($"{files[index]} has changed: it holds value {unknown}, which is not among {Map}");
    }

    private static void CheckValues(MaskValues[] masks, LabelMap map, DatasetProblems problems)
    {
        List<string> strange = [], files = [];
        foreach (MaskValues mask in masks)
        {
            int[] unknown = [.. mask.Values.Where(v => !mask.IsIn(map, v))];
            IEnumerable<string> shown = unknown.Take(4).Select(v => mask.Kind == LabelKind.Color ? $"#{v:x6}" : $"{v}");
            if (unknown.Length == 0)
                continue;
            files.Add(mask.Name);
            strange.Add($"{mask.Name} ({string.Join(" ", shown)}{(unknown.Length > 4 ? " …" : "")})");
        }
        if (strange.Count > 0)
            problems.Add(FindingKind.UnknownLabel,
                $"{DatasetException.Count(strange.Count, "mask")} with values that are not among {map}: {DatasetException.List(strange)}",
                "correct the masks, or name the values as classes in classes.csv or dataset.json", files);
    }
}
