namespace Volute.Training;

/// <summary>The layouts of images with masks: two folders side by side, or x.png beside x_mask.png.</summary>
internal static class MaskFolderLayout
{
    private static readonly string[] ImageFolders = ["images", "imgs", "image", "imagesTr"],
        MaskFolders = ["masks", "labels", "mask", "labelsTr", "gt"];
    private static readonly string[] MaskEndings = ["_mask", "_masks", "_seg", "_label", "_labels"];

    /// <summary>Whether there is a folder of images or of masks in <paramref name="root"/> or its train/.</summary>
    public static bool AreFolders(string root)
    {
        string start = Start(root);
        return Find(start, ImageFolders) != null || Find(start, MaskFolders) != null;
    }

    /// <summary>
    /// Opens images/ and masks/ in <paramref name="root"/> or its train/, with those of test/ where there are some; null with the reason in
    /// <paramref name="problems"/> where there is no pair.
    /// </summary>
    public static Dataset? OpenFolders(string root, DatasetOptions options, DatasetProblems problems)
    {
        string start = Start(root);
        string? images = Find(start, ImageFolders), masks = Find(start, MaskFolders);
        if (images == null || masks == null)
        {
            problems.Add(FindingKind.Layout, $"{Path.GetRelativePath(root, images ?? masks!)}/ is there, but no folder of {(images == null ? "images" : "masks")} beside it",
                $"expected one of {string.Join(", ", (images == null ? ImageFolders : MaskFolders).Select(f => f + "/"))}");
            return null;
        }
        string file = Path.Combine(start, "dataset.json"), test = Path.Combine(root, "test");
        bool channels = File.Exists(file);
        DatasetJson? json = channels ? problems.Description(file, () => DatasetJson.Read(file)) : null;
        ImagePair[] pairs = Pairing.OfFolders(images, masks, channels, problems);
        ImagePair[] tests = Find(test, ImageFolders) is { } testImages && Find(test, MaskFolders) is { } testMasks
            ? Pairing.OfFolders(testImages, testMasks, false, problems) : [];
        // Images of imagesTs alone are what nnU-Net's users predict, not what judges.
        if (Directory.Exists(Path.Combine(start, "imagesTs")) && Directory.Exists(Path.Combine(start, "labelsTs")))
            tests = Pairing.OfFolders(Path.Combine(start, "imagesTs"), Path.Combine(start, "labelsTs"), channels, problems);
        if (pairs.Length == 0)
        {
            if (problems.Count == 0)
                problems.Add(FindingKind.Layout, $"{Path.GetFileName(images)}/ and {Path.GetFileName(masks)}/ hold no images ({FileKinds.ReadableList})",
                    "put images and their masks there");
            return null;
        }
        string layout = $"{Path.GetRelativePath(root, images)}/ with {Path.GetRelativePath(root, masks)}/".Replace(Path.DirectorySeparatorChar, '/');
        return MaskFolderDataset.Open(new(root, start, layout, pairs, tests, Classes(start, json, problems), json), options, problems);
    }

    /// <summary>The ending that tells masks from images in one folder; null where no name ends so.</summary>
    public static string? EndingOfMasks(string[] files)
    {
        string[] pictures = [.. files.Where(FileKinds.IsImage)];
        return MaskEndings.FirstOrDefault(e => pictures.Any(f => FileKinds.Stem(f).EndsWith(e, StringComparison.Ordinal)));
    }

    /// <summary>Opens x.png beside x_mask.png; null with the reason in <paramref name="problems"/> where there is no pair.</summary>
    public static Dataset? OpenSiblings(string root, string ending, DatasetOptions options, DatasetProblems problems)
    {
        Dictionary<string, string> stems = Pairing.Stems(root, ".", problems), masks = [];
        foreach (string stem in stems.Keys.Where(s => s.EndsWith(ending, StringComparison.Ordinal)).ToArray())
        {
            masks.Add(stem[..^ending.Length], stems[stem]);
            stems.Remove(stem);
        }
        Pairing.RefuseJpegs(masks.Values, root, problems);
        Pairing.Unmatched(stems.Keys, masks.Keys, ".", ".", problems);
        ImagePair[] pairs = [.. stems.Keys.Where(masks.ContainsKey).Order(NaturalOrder.Instance).Select(s => new ImagePair(s, [stems[s]], masks[s]))];
        return pairs.Length == 0 ? null
            : MaskFolderDataset.Open(new(root, root, $"images with masks called x{ending}", pairs, [], Classes(root, null, problems), null), options, problems);
    }

    /// <summary>classes.csv goes before dataset.json.</summary>
    private static NamedLabels? Classes(string folder, DatasetJson? json, DatasetProblems problems)
    {
        string csv = Path.Combine(folder, "classes.csv");
        return File.Exists(csv) ? problems.Description(csv, () => NamedLabels.FromCsv(csv)) : json?.Labels;
    }

    private static string Start(string root)
        => new[] { root, Path.Combine(root, "train") }.FirstOrDefault(f => Directory.Exists(f) && Find(f, ImageFolders) != null) ?? root;

    private static string? Find(string folder, string[] names)
        => names.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists);
}
