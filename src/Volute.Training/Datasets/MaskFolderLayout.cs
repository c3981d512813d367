namespace Volute.Training;

/// <summary>The layouts of images with masks: two folders side by side, or x.png beside x_mask.png.</summary>
internal static class MaskFolderLayout
{
    private static readonly string[] ImageFolders = ["images", "imgs", "image", "imagesTr"],
        MaskFolders = ["masks", "labels", "mask", "labelsTr", "gt"];
    private static readonly string[] MaskEndings = ["_mask", "_masks", "_seg", "_label", "_labels"];

    /// <summary>
    /// Opens images/ and masks/ in <paramref name="root"/> or its train/, with those of test/ where there are some; null where neither is there.
    /// </summary>
    public static Dataset? TryOpenFolders(string root, DatasetOptions options)
    {
        string start = new[] { root, Path.Combine(root, "train") }.FirstOrDefault(f => Find(f, ImageFolders) != null && Directory.Exists(f)) ?? root;
        string? images = Find(start, ImageFolders), masks = Find(start, MaskFolders);
        if (images == null && masks == null)
            return null;
        if (images == null || masks == null)
            throw new DatasetException(root,
                $"{Path.GetRelativePath(root, images ?? masks!)}/ is there, but no folder of {(images == null ? "images" : "masks")} beside it; "
                + $"expected one of {string.Join(", ", (images == null ? ImageFolders : MaskFolders).Select(f => f + "/"))}");
        DatasetProblems problems = new(root);
        string json = Path.Combine(start, "dataset.json");
        ImagePair[] pairs = Pairing.OfFolders(images, masks, File.Exists(json), problems);
        string test = Path.Combine(root, "test");
        ImagePair[] tests = Find(test, ImageFolders) is { } testImages && Find(test, MaskFolders) is { } testMasks
            ? Pairing.OfFolders(testImages, testMasks, false, problems) : [];
        if (Directory.Exists(Path.Combine(start, "imagesTs")) && Directory.Exists(Path.Combine(start, "labelsTs")))
            tests = Pairing.OfFolders(Path.Combine(start, "imagesTs"), Path.Combine(start, "labelsTs"), File.Exists(json), problems);
        if (pairs.Length == 0 && problems.Count == 0)
            problems.Add($"{Path.GetFileName(images)}/ and {Path.GetFileName(masks)}/ hold no images ({FileKinds.ReadableList})");
        if (pairs.Length == 0)
            problems.ThrowIfAny();
        string layout = $"{Path.GetRelativePath(root, images)}/ with {Path.GetRelativePath(root, masks)}/".Replace(Path.DirectorySeparatorChar, '/');
        return MaskFolderDataset.Open(root, pairs, tests, Names(start, json), layout, options, problems);
    }

    /// <summary>Opens x.png beside x_mask.png; null where no name ends so.</summary>
    public static Dataset? TryOpenSiblings(string root, string[] files, DatasetOptions options)
    {
        string[] pictures = [.. files.Where(FileKinds.IsImage)];
        string? ending = MaskEndings.FirstOrDefault(e => pictures.Any(f => FileKinds.Stem(f).EndsWith(e, StringComparison.Ordinal)));
        if (ending == null)
            return null;
        DatasetProblems problems = new(root);
        Dictionary<string, string> stems = Pairing.Stems(root, ".", problems), masks = [];
        foreach (string stem in stems.Keys.Where(s => s.EndsWith(ending, StringComparison.Ordinal)).ToArray())
        {
            masks.Add(stem[..^ending.Length], stems[stem]);
            stems.Remove(stem);
        }
        Pairing.RefuseJpegs(masks.Values, root, problems);
        Pairing.Unmatched(stems.Keys, masks.Keys, ".", ".", problems);
        ImagePair[] pairs = [.. stems.Keys.Where(masks.ContainsKey).Order(NaturalOrder.Instance).Select(s => new ImagePair(s, [stems[s]], masks[s]))];
        if (pairs.Length == 0)
            problems.ThrowIfAny();
        return MaskFolderDataset.Open(root, pairs, [], Names(root, ""), $"images with masks called x{ending}", options, problems);
    }

    private static NamedLabels? Names(string folder, string json)
    {
        string csv = Path.Combine(folder, "classes.csv");
        return File.Exists(csv) ? NamedLabels.FromCsv(csv) : File.Exists(json) ? NamedLabels.FromDatasetJson(json) : null;
    }

    private static string? Find(string folder, string[] names)
        => names.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists);
}
