namespace Volute.Training;

/// <summary>Tells by a folder's layout what data it holds; the layouts are tried from the most to the least particular.</summary>
internal static class DatasetLayouts
{
    private const string Expected = "expected images/ with masks/, one subfolder for each class, x beside x_mask, IDX files "
        + "(train-images-idx3-ubyte …) or CIFAR binaries (data_batch_1.bin …)";

    public static Dataset Open(string path, DatasetOptions options)
    {
        DatasetProblems problems = new(path);
        Dataset? data = Look(path, options, problems);
        problems.ThrowIfAny();
        data!.Warnings = problems.Findings;
        return data;
    }

    /// <summary>
    /// Opens what lies at <paramref name="path"/> as far as that goes: faults go to <paramref name="problems"/>; null where nothing could be opened.
    /// </summary>
    /// <exception cref="VoluteException">What hinders any further look.</exception>
    public static Dataset? Look(string path, DatasetOptions options, DatasetProblems problems)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new InvalidArgumentException("the path of a dataset must not be empty");
        if (File.Exists(path))
            return CifarLayout.OpenFile(path, options);
        if (!Directory.Exists(path))
            throw new DatasetException(path, $"there is no such folder or file; {Expected}");
        try
        {
            return OpenFolder(path, options, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static Dataset? OpenFolder(string path, DatasetOptions options, DatasetProblems problems)
    {
        string[] files = FileKinds.FilesOf(path, recursive: false), folders = FileKinds.FoldersOf(path);
        if (files.Length == 0 && folders.Length == 0)
            throw new DatasetException(path, $"the folder is empty; {Expected}");
        if ((IdxLayout.TryOpen(path, files, options) ?? CifarLayout.TryOpen(path, files, options)) is { } packed)
            return packed;
        if (MaskFolderLayout.AreFolders(path))
            return MaskFolderLayout.OpenFolders(path, options, problems);
        if (TryOpenClasses(path, folders, options, problems) is { } classes)
            return classes;
        return MaskFolderLayout.EndingOfMasks(files) is { } ending ? MaskFolderLayout.OpenSiblings(path, ending, options, problems)
            : throw Unknown(path, files, folders);
    }

    /// <summary>One subfolder for each class, either at once or within train/ and test/ (or val/, valid/).</summary>
    private static ClassFolderDataset? TryOpenClasses(string path, string[] folders, DatasetOptions options, DatasetProblems problems)
    {
        string train = Path.Combine(path, "train");
        if (folders.Contains("train") && FileKinds.FoldersOf(train).Length > 0)
        {
            string? test = new[] { "test", "val", "valid" }.FirstOrDefault(folders.Contains);
            return ClassFolderDataset.Open(path, train, test == null ? null : Path.Combine(path, test), options, problems);
        }
        bool any = folders.Any(folder => FileKinds.FilesOf(Path.Combine(path, folder), recursive: true).Any(FileKinds.IsImage));
        return any ? ClassFolderDataset.Open(path, path, null, options, problems) : null;
    }

    private static string Counted(string[] names, string noun) => names.Length == 0 ? "" : $"{DatasetException.Count(names.Length, noun)} ({DatasetException.List(names)})";

    private static DatasetException Unknown(string path, string[] files, string[] folders)
    {
        int images = files.Count(FileKinds.IsImage);
        string found = images > 0
            ? $"{DatasetException.Count(images, "image")} without masks or classes"
            : string.Join(" and ", new[] { Counted(files, "file"), Counted(folders, "folder") }.Where(text => text.Length > 0));
        return new DatasetException(path, $"no known layout, only {found}; {Expected}");
    }
}
