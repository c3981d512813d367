using Volute.Formats;

namespace Volute.Training;

/// <summary>A file of many small 8-bit images and the class of each.</summary>
/// <param name="File">The file's name, as errors and descriptions call it.</param>
/// <param name="Images">[N, C, H, W] bytes.</param>
/// <param name="Labels">N classes.</param>
internal sealed record PackedImages(string File, NumberArray Images, int[] Labels);

/// <summary>Images that lie together in a few files, as those of MNIST and CIFAR do; their bytes stay in memory.</summary>
internal sealed class PackedDataset : Dataset
{
    private readonly PackedImages[] parts;
    private readonly int[] shape; // C, H, W
    private readonly string layout;
    private readonly PackedDataset? training;

    /// <param name="parts">All with the same C, H, W.</param>
    /// <param name="classes">The name of each class.</param>
    /// <param name="layout">What was recognized, in words.</param>
    /// <param name="training">The training samples, where these are their test samples.</param>
    public PackedDataset(PackedImages[] parts, IReadOnlyList<string> classes, string layout, PackedDataset? training = null)
    {
        this.parts = parts;
        this.layout = layout;
        this.training = training;
        shape = parts[0].Images.Shape[1..].ToArray();
        Classes = classes;
        Count = parts.Sum(part => part.Labels.Length);
    }

    public override DatasetTask Task => DatasetTask.Classification;

    public override int Count { get; }

    public override IReadOnlyList<string> Classes { get; }

    public override int Channels => shape[0];

    public override string NameOf(int index) => Checked(index).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public override int ClassOf(int index)
    {
        PackedImages part = Find(Checked(index), out int within);
        return part.Labels[within];
    }

    internal override string Layout => layout;

    internal override int[] ShapeOf(int index) => shape;

    internal override string ContentOf(int index)
    {
        PackedImages part = Find(Checked(index), out int within);
        int length = shape[0] * shape[1] * shape[2];
        return ContentHash.Of(part.Images.As<byte>().Slice(within * length, length), shape);
    }

    public override string Describe()
        => $"{layout}: {Count} images of {Classes.Count} classes ({DatasetException.List([.. Classes])}), "
            + $"{DatasetException.Count(Channels, "channel")}, {shape[1]} x {shape[2]}"
            + (Test == null ? "; no test samples" : $"; {Test.Count} test samples");

    /// <summary>Sets the test samples beside these.</summary>
    public PackedDataset WithTest(PackedImages[] tests)
    {
        Test = new PackedDataset(tests, Classes, layout + " (test)", this);
        return this;
    }

    private protected override Sample Read(int index)
    {
        PackedImages part = Find(index, out int within);
        int length = shape[0] * shape[1] * shape[2];
        ReadOnlySpan<byte> bytes = part.Images.As<byte>().Slice(within * length, length);
        float[] image = new float[length];
        for (int i = 0; i < length; i++)
            image[i] = bytes[i] / 255f;
        return new Sample(NameOf(index), image, [.. shape], [part.Labels[within]], []);
    }

    private protected override Standardization Measure()
    {
        if (training != null)
            return training.Standardization;
        // Bytes are counted instead of added: exact, and quick for 60,000 images.
        long[][] histograms = [.. Enumerable.Range(0, Channels).Select(_ => new long[256])];
        int plane = shape[1] * shape[2];
        foreach (PackedImages part in parts)
        {
            ReadOnlySpan<byte> bytes = part.Images.As<byte>();
            for (int first = 0, image = 0; first < bytes.Length; first += plane, image++)
                foreach (byte value in bytes.Slice(first, plane))
                    histograms[image % Channels][value]++;
        }
        return Moments.Standardize([.. histograms.Select(Measure)]);
    }

    private static Moments Measure(long[] histogram)
    {
        long count = histogram.Sum();
        double mean = histogram.Select((n, value) => n * (value / 255.0)).Sum() / count;
        return new Moments(count, mean, histogram.Select((n, value) => n * (value / 255.0 - mean) * (value / 255.0 - mean)).Sum());
    }

    private PackedImages Find(int index, out int within)
    {
        within = index;
        int part = 0;
        while (within >= parts[part].Labels.Length)
            within -= parts[part++].Labels.Length;
        return parts[part];
    }
}
