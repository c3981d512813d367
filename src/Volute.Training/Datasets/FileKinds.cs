namespace Volute.Training;

/// <summary>What a file's name says about it.</summary>
internal static class FileKinds
{
    private static readonly string[] Own = [".png", ".pgm", ".ppm", ".pbm", ".pnm", ".pam", ".nii", ".nii.gz", ".npy"];

    // Images by their name that no reader here understands, unless a driver of rasters does: named in an error, never passed over.
    private static readonly string[] Foreign = [".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".jp2", ".dcm", ".mha",
        ".mhd", ".nrrd", ".ome.tif", ".ome.tiff"];

    public static string ReadableList => string.Join(" ", Own.Concat(Formats.RasterFiles.Extensions));

    /// <summary>Whether the name is that of an image or volume, readable or not.</summary>
    public static bool IsImage(string file)
        => Extension(file) is { } e && (Own.Contains(e) || Foreign.Contains(e) || Formats.RasterFiles.Extensions.Contains(e)) || Formats.Nifti.IsNamed(file);

    /// <summary>Whether the name is that of an image in a format that is not read here.</summary>
    public static bool IsForeign(string file) => Foreign.Contains(Extension(file)) && !ReadableList.Split(' ').Contains(Extension(file));

    public static bool IsJpeg(string file) => Extension(file) is ".jpg" or ".jpeg" or ".jpe" or ".jfif";

    /// <summary>The extension in lower case with its dot, both parts of a known double one (.nii.gz); the rest of the name may have dots.</summary>
    public static string Extension(string file)
    {
        string name = Path.GetFileName(file).ToLowerInvariant();
        foreach (string known in (ReadOnlySpan<string>)[".nii.gz", ".hdr.gz", ".img.gz", ".ome.tif", ".ome.tiff"])
            if (name.Length > known.Length && name.EndsWith(known, StringComparison.Ordinal))
                return known;
        return Path.GetExtension(name);
    }

    /// <summary>The whole name without extension; with its subfolders, / between them.</summary>
    public static string Stem(string relativePath)
        => relativePath[..^Extension(relativePath).Length].Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>
    /// The paths, relative to <paramref name="folder"/>, of all its files but hidden ones, those that file managers leave and
    /// the voxels of a pair whose header is there, in natural order.
    /// </summary>
    public static string[] FilesOf(string folder, bool recursive)
        => [.. Directory.EnumerateFiles(folder, "*",
            new EnumerationOptions { RecurseSubdirectories = recursive, AttributesToSkip = 0, IgnoreInaccessible = false, MaxRecursionDepth = 8 })
            .Select(file => Path.GetRelativePath(folder, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(IsLitter) && !IsSecondOfPair(folder, file))
            .Order(NaturalOrder.Instance)];

    /// <summary>The names of the subfolders that are not hidden, in natural order.</summary>
    public static string[] FoldersOf(string folder)
        => [.. Directory.EnumerateDirectories(folder).Select(f => Path.GetFileName(f)).Where(f => !IsLitter(f)).Order(NaturalOrder.Instance)];

    private static bool IsSecondOfPair(string folder, string file)
        => Extension(file) is ".img" or ".img.gz" && ((string[])[".hdr", ".hdr.gz", ".HDR"]).Any(header => File.Exists(Path.Combine(folder, Stem(file) + header)));

    private static bool IsLitter(string name) => name.StartsWith('.') || name is "Thumbs.db" or "desktop.ini" or "__MACOSX";
}
