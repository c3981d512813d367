using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// The binary versions of CIFAR: data_batch_1.bin … with test_batch.bin (CIFAR-10), train.bin with test.bin (CIFAR-100), or one such file.
/// </summary>
internal static class CifarLayout
{
    private const int Record10 = 3073, Record100 = 3074, CoarseClasses = 20;

    // The order of batches.meta.txt, which comes with the data.
    private static readonly string[] Names10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Opens a folder of CIFAR files; null where there is none.</summary>
    public static Dataset? TryOpen(string folder, string[] files, DatasetOptions options)
    {
        string[] found = [.. files.Where(f => FileKinds.Extension(f) == ".bin" && IsCifar(Path.Combine(folder, f)) != 0)];
        if (found.Length == 0)
            return null;
        string[] tests = [.. found.Where(f => Path.GetFileName(f).StartsWith("test", StringComparison.Ordinal))];
        string[] training = [.. found.Except(tests)];
        // A folder with the test file alone is data too.
        return Open(folder, training.Length > 0 ? training : tests, training.Length > 0 ? tests : [], options);
    }

    /// <summary>Opens one file.</summary>
    /// <exception cref="DatasetException">Its length is not that of CIFAR records.</exception>
    public static Dataset OpenFile(string path, DatasetOptions options)
    {
        if (FileKinds.Extension(path) != ".bin" || IsCifar(path) == 0)
            throw new DatasetException(path,
                $"a single file must be a CIFAR binary, with records of {Record10} or {Record100} bytes; its length is "
                + $"{new FileInfo(path).Length}. Other datasets are folders");
        return Open(Path.GetDirectoryName(Path.GetFullPath(path))!, [Path.GetFileName(path)], [], options);
    }

    private static PackedDataset Open(string folder, string[] training, string[] tests, DatasetOptions options)
    {
        int[] kinds = [.. training.Concat(tests).Select(f => IsCifar(Path.Combine(folder, f))).Distinct()];
        if (kinds.Length > 1)
            throw new DatasetException(folder, $"files of CIFAR-10 and CIFAR-100 are mixed: {DatasetException.List([.. training, .. tests])}");
        string[] classes = [.. options.Classes ?? Classes(folder, kinds[0])];
        PackedDataset data = new([.. training.Select(f => Read(folder, f, kinds[0], classes))], classes, $"CIFAR-{kinds[0]} binaries");
        return tests.Length == 0 ? data : data.WithTest([.. tests.Select(f => Read(folder, f, kinds[0], classes))]);
    }

    /// <summary>10 or 100 by the length of the file and, where both divide it, by its name; 0 for neither.</summary>
    private static int IsCifar(string path)
    {
        long length = new FileInfo(path).Length;
        bool ten = length > 0 && length % Record10 == 0, hundred = length > 0 && length % Record100 == 0;
        if (ten && hundred)
            return Path.GetFileName(path) is "train.bin" or "test.bin" ? 100 : 10;
        return ten ? 10 : hundred ? 100 : 0;
    }

    private static PackedImages Read(string folder, string file, int kind, string[] classes)
    {
        string path = Path.Combine(folder, file);
        CifarRecords records = kind == 10 ? Cifar.ReadCifar10(path) : Cifar.ReadCifar100(path);
        byte[] labels = classes.Length == CoarseClasses && kind == 100 ? records.CoarseLabels : records.Labels;
        int largest = labels.Max();
        if (largest >= classes.Length)
            throw new DatasetException(path, $"label {largest} is not among the {classes.Length} classes that are given");
        return new PackedImages(file, records.Images, Array.ConvertAll(labels, label => (int)label));
    }

    /// <summary>The names in the text file that comes with the data; else the known ones, or numbers.</summary>
    private static string[] Classes(string folder, int kind)
    {
        string file = Path.Combine(folder, kind == 10 ? "batches.meta.txt" : "fine_label_names.txt");
        string[] names = File.Exists(file) ? [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)] : [];
        return names.Length == kind ? names
            : kind == 10 ? Names10
            : [.. Enumerable.Range(0, kind).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }
}
