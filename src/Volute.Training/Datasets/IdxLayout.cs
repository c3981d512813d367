using System.Text.RegularExpressions;
using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// The layout of MNIST and its kin: train-images-idx3-ubyte with train-labels-idx1-ubyte, t10k-… or test-… beside them; each may end in .gz.
/// </summary>
internal static partial class IdxLayout
{
    public static Dataset? TryOpen(string folder, string[] files, DatasetOptions options)
    {
        string? train = files.FirstOrDefault(f => ImagesName().Match(f) is { Success: true } m && m.Groups["part"].Value == "train");
        string? test = files.FirstOrDefault(f => ImagesName().Match(f) is { Success: true } m && m.Groups["part"].Value != "train");
        if ((train ?? test) is not { } first)
            return null;
        PackedImages images = Read(folder, first, files);
        int[] values = [.. images.Labels.Distinct().Order()];
        string[] classes = [.. options.Classes ?? [.. values.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture))]];
        PackedDataset data = new([Number(images, classes, folder)], classes, "IDX files");
        if (train == null || test == null)
            return data;
        PackedImages tests = Read(folder, test, files);
        if (!tests.Images.Shape[1..].SequenceEqual(images.Images.Shape[1..]))
            throw new DatasetException(folder, $"{train} holds images of {Size(images)}, {test} of {Size(tests)}; both must have the same size");
        return data.WithTest([Number(tests, classes, folder)]);
    }

    private static string Size(PackedImages images) => $"{images.Images.Shape[2]} x {images.Images.Shape[3]}";

    private static PackedImages Read(string folder, string imagesFile, string[] files)
    {
        string labelsStart = ImagesName().Match(imagesFile).Groups["start"].Value + "-labels";
        string labelsFile = files.FirstOrDefault(f => f.StartsWith(labelsStart, StringComparison.Ordinal))
            ?? throw new DatasetException(folder,
                $"{imagesFile} is there, but not its labels; expected {labelsStart}-idx1-ubyte or {labelsStart}-idx1-ubyte.gz");
        NumberArray images = Idx.Read(Path.Combine(folder, imagesFile)), labels = Idx.Read(Path.Combine(folder, labelsFile));
        if (images.Type != NumberType.UInt8 || images.Shape.Length != 3)
            throw new DatasetException(folder,
                $"{imagesFile} holds {images.Type} of shape [{string.Join(", ", images.Shape.ToArray())}], "
                + "expected bytes of shape [images, rows, columns]");
        if (labels.Shape.Length != 1 || labels.Shape[0] != images.Shape[0])
            throw new DatasetException(folder,
                $"{imagesFile} holds {images.Shape[0]} images, {labelsFile} labels of shape [{string.Join(", ", labels.Shape.ToArray())}]; "
                + "expected one label for each image");
        if (images.Count == 0)
            throw new DatasetException(folder, $"{imagesFile} holds no pixels: its shape is [{string.Join(", ", images.Shape.ToArray())}]");
        ReadOnlySpan<int> shape = images.Shape;
        return new PackedImages(imagesFile, NumberArray.From(images.As<byte>().ToArray(), shape[0], 1, shape[1], shape[2]), labels.ToInts());
    }

    /// <summary>
    /// Replaces label values by the numbers of their classes; classes are called by their values, unless they are counted from 0 under other names.
    /// </summary>
    private static PackedImages Number(PackedImages images, string[] classes, string folder)
    {
        int[] labels = new int[images.Labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = images.Labels[i], named = Array.IndexOf(classes, label.ToString(System.Globalization.CultureInfo.InvariantCulture));
            labels[i] = named >= 0 ? named
                : (uint)label < (uint)classes.Length && !classes.Any(c => int.TryParse(c, out _)) ? label
                : throw new DatasetException(folder,
                    $"{images.File}: image {i} has label {label}, which is not among the classes {DatasetException.List(classes)}");
        }
        return images with { Labels = labels };
    }

    [GeneratedRegex(@"^(?<start>(.*[^a-z0-9])?(?<part>train|t10k|test))-images[-.]idx3-ubyte(\.gz)?$")]
    private static partial Regex ImagesName();
}
