using System.Text.RegularExpressions;

namespace Volute.Training;

/// <summary>An image, or the files of its channels, with its mask.</summary>
/// <param name="Name">The stem that they share, subfolders included.</param>
/// <param name="Images">One path, or one for each channel.</param>
/// <param name="Mask">The mask's path.</param>
internal sealed record ImagePair(string Name, string[] Images, string Mask);

/// <summary>
/// Finds the mask of each image by the whole name without extension: 1 is never 10, and dots are part of a name. Files without a partner are
/// listed from both sides, none is passed over.
/// </summary>
internal static partial class Pairing
{
    /// <summary>Pairs the files of two folders.</summary>
    /// <param name="images">The folder of the images.</param>
    /// <param name="masks">The folder of the masks.</param>
    /// <param name="channels">
    /// Whether a case's channels are files of their own, case_0000, case_0001 (nnU-Net's layout); where not, they still are when only so the names
    /// fit.
    /// </param>
    /// <param name="problems">Takes what does not fit.</param>
    public static ImagePair[] OfFolders(string images, string masks, bool channels, DatasetProblems problems)
    {
        string imagesName = Path.GetFileName(images), masksName = Path.GetFileName(masks);
        Dictionary<string, string> maskOf = Stems(masks, masksName, problems), imageOf = Stems(images, imagesName, problems);
        RefuseJpegs(maskOf.Values, masks, problems);
        if (channels || IsByChannel(imageOf.Keys, maskOf.Keys))
            return OfChannels(imageOf, maskOf, imagesName, masksName, problems);
        Unmatched(imageOf.Keys, maskOf.Keys, imagesName, masksName, problems);
        return [.. imageOf.Keys.Where(maskOf.ContainsKey).Order(NaturalOrder.Instance)
            .Select(stem => new ImagePair(stem, [imageOf[stem]], maskOf[stem]))];
    }

    /// <summary>Adds JPEG masks to <paramref name="problems"/>, with the reason.</summary>
    public static void RefuseJpegs(IEnumerable<string> masks, string folder, DatasetProblems problems)
    {
        string[] jpegs = [.. masks.Where(FileKinds.IsJpeg).Select(file => Path.GetRelativePath(folder, file))];
        if (jpegs.Length > 0)
            problems.Add(FindingKind.JpegMask, $"{DatasetException.Count(jpegs.Length, "mask")} {(jpegs.Length == 1 ? "is" : "are")} JPEG "
                + $"({DatasetException.List(jpegs)}): "
                + "JPEG changes values near edges, so that classes cannot be told apart", "save masks as PNG", jpegs);
    }

    /// <summary>Adds files of the one side that the other does not have to <paramref name="problems"/>, in one sentence.</summary>
    public static void Unmatched(IReadOnlyCollection<string> images, IReadOnlyCollection<string> masks, string imagesName, string masksName,
        DatasetProblems problems)
    {
        string[] lonelyImages = [.. images.Except(masks).Order(NaturalOrder.Instance)],
            lonelyMasks = [.. masks.Except(images).Order(NaturalOrder.Instance)];
        if (lonelyImages.Length + lonelyMasks.Length == 0)
            return;
        List<string> sides = [];
        if (lonelyImages.Length > 0)
            sides.Add($"{DatasetException.Count(lonelyImages.Length, "image")} in {imagesName}/ without a mask: "
                + $"{DatasetException.List(lonelyImages)}");
        if (lonelyMasks.Length > 0)
            sides.Add($"{DatasetException.Count(lonelyMasks.Length, "mask")} in {masksName}/ without an image: {DatasetException.List(lonelyMasks)}");
        int fitting = images.Intersect(masks).Count();
        problems.Add(FindingKind.UnmatchedFiles, $"{string.Join(", and ", sides)} (an image and its mask have the same name without extension; "
            + $"{DatasetException.Count(fitting, "pair")} {(fitting == 1 ? "fits" : "fit")})",
            "rename the files, bring their partners, or move them elsewhere", [.. lonelyImages, .. lonelyMasks]);
    }

    /// <summary>The file of each stem; two files of one stem are a problem.</summary>
    public static Dictionary<string, string> Stems(string folder, string name, DatasetProblems problems)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string file in FileKinds.FilesOf(folder, recursive: true).Where(FileKinds.IsImage))
            if (!files.TryAdd(FileKinds.Stem(file), Path.Combine(folder, file)))
                problems.Add(FindingKind.AmbiguousName, $"{name}/ holds both {Path.GetRelativePath(folder, files[FileKinds.Stem(file)])} and {file}",
                    "which one is meant? Remove one", Path.GetRelativePath(folder, files[FileKinds.Stem(file)]), file);
        return files;
    }

    private static bool IsByChannel(IReadOnlyCollection<string> images, IReadOnlyCollection<string> masks)
        => images.Count > 0 && images.All(stem => ChannelEnding().IsMatch(stem)) && !images.Any(masks.Contains)
            && images.Any(stem => masks.Contains(stem[..^5]));

    private static ImagePair[] OfChannels(Dictionary<string, string> imageOf, Dictionary<string, string> maskOf, string imagesName, string masksName,
        DatasetProblems problems)
    {
        string[] odd = [.. imageOf.Keys.Where(stem => !ChannelEnding().IsMatch(stem))];
        if (odd.Length > 0)
            problems.Add(FindingKind.UnmatchedFiles, $"{DatasetException.Count(odd.Length, "image")} in {imagesName}/ without a channel number: {DatasetException.List(odd)}",
                "expected case_0000, case_0001, … as dataset.json demands", odd);
        Dictionary<string, string[]> cases = imageOf.Keys.Except(odd).GroupBy(stem => stem[..^5])
            .ToDictionary(g => g.Key, g => g.Order(StringComparer.Ordinal).Select(stem => imageOf[stem]).ToArray());
        int most = cases.Count == 0 ? 0 : cases.Values.Max(files => files.Length);
        string[] incomplete = [.. cases.Keys.Where(name => !Enumerable.Range(0, most).All(i => imageOf.ContainsKey($"{name}_{i:d4}")))
            .Order(NaturalOrder.Instance)];
        if (incomplete.Length > 0)
            problems.Add(FindingKind.UnmatchedFiles, $"{DatasetException.Count(incomplete.Length, "case")} in {imagesName}/ without all of the channels 0000 to {most - 1:d4}: "
                + $"{DatasetException.List(incomplete)}", "bring the missing channels, or remove the case", incomplete);
        Unmatched(cases.Keys, maskOf.Keys, imagesName, masksName, problems);
        return [.. cases.Keys.Where(maskOf.ContainsKey).Order(NaturalOrder.Instance).Select(name => new ImagePair(name, cases[name], maskOf[name]))];
    }

    [GeneratedRegex("_[0-9]{4}$")]
    private static partial Regex ChannelEnding();
}
