using System.Text.Json.Serialization;

namespace Volute.Training;

/// <summary>What planning needs to know of one image.</summary>
/// <param name="Name">The sample.</param>
/// <param name="Shape">Its size, [D, H, W] or [H, W].</param>
/// <param name="Cropped">The size of the box around all that is not 0 in every channel; the whole where all is 0.</param>
/// <param name="Spacing">Millimetres between neighbours along each axis; null where the file tells none.</param>
public sealed record CaseFingerprint(string Name, int[] Shape, int[] Cropped, double[]? Spacing)
{
    /// <summary>Voxels of the box ÷ voxels of the image.</summary>
    [JsonIgnore]
    public double RelativeSize => Cropped.Zip(Shape).Aggregate(1.0, (share, axis) => share * axis.First / axis.Second);
}

/// <summary>The values of one channel in the foreground (labels above 0), from voxels drawn at random, as many from each image.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Median">Their median.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Low">The 0.5th percentile.</param>
/// <param name="High">The 99.5th percentile.</param>
public sealed record ChannelIntensities(double Mean, double Median, double Deviation, double Min, double Max, double Low, double High);

/// <summary>What a data set looks like, in numbers small enough to be kept: all that a plan is made from (nnU-Net's fingerprint).</summary>
public sealed record Fingerprint
{
    /// <summary>The layout of this document.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Channels of an image.</summary>
    public required int Channels { get; init; }

    /// <summary>Names of the classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Voxels of each class over all images.</summary>
    public required IReadOnlyList<long> ClassVoxels { get; init; }

    /// <summary>Voxels that must not count.</summary>
    public required long IgnoredVoxels { get; init; }

    /// <summary>Each image.</summary>
    public required IReadOnlyList<CaseFingerprint> Cases { get; init; }

    /// <summary>The foreground's values in each channel; empty where there is no foreground.</summary>
    public required IReadOnlyList<ChannelIntensities> Intensities { get; init; }

    /// <summary>The median size along each axis, of the boxes that are left after cropping.</summary>
    /// <exception cref="InvalidArgumentException">Pictures and volumes are mixed.</exception>
    public int[] MedianShape()
    {
        int rank = Cases[0].Cropped.Length;
        if (Cases.FirstOrDefault(c => c.Cropped.Length != rank) is { } other)
            throw new InvalidArgumentException($"{Cases[0].Name} has {rank} axes, {other.Name} has {other.Cropped.Length}: keep pictures and volumes in data sets of their own");
        return [.. Enumerable.Range(0, rank).Select(axis => (int)Math.Round(Bootstrap.Percentile([.. Cases.Select(c => (double)c.Cropped[axis]).Order()], 0.5)))];
    }

    /// <summary>The spacing of each case, ones where none is told.</summary>
    public double[][] Spacings() => [.. Cases.Select(c => c.Spacing ?? [.. Enumerable.Repeat(1.0, c.Shape.Length)])];

    /// <summary>Looks at every sample once, one at a time.</summary>
    /// <param name="data">A segmentation.</param>
    /// <param name="seed">Decides which voxels are drawn.</param>
    /// <param name="samples">The voxels that are drawn of each channel in all: 1 million take 4 MB a channel.</param>
    /// <exception cref="InvalidArgumentException">The data are no segmentation.</exception>
    public static Fingerprint Of(Dataset data, long seed = 0, int samples = 1_000_000)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Task != DatasetTask.Segmentation)
            throw new InvalidArgumentException($"a fingerprint is of images with masks, but the data are a classification: {data.Describe()}");
        List<CaseFingerprint> cases = [];
        long[] voxels = new long[data.Classes.Count];
        long ignored = 0;
        int each = Math.Max(1, samples / data.Count);
        List<float>[] drawn = [.. Enumerable.Range(0, data.Channels).Select(_ => new List<float>())];
        for (int index = 0; index < data.Count; index++)
        {
            WindowedSample sample = data.Look(index);
            ContentBox content = new(sample.Size);
            long foreground = 0;
            foreach (Box band in FromTheEnds(sample.Bands()))
            {
                SampleWindow window = sample.Read(band, image: !content.IsWhole);
                content.Add(window.Image, band);
                foreach (int label in window.Labels)
                {
                    if (label == LabelMap.Ignored)
                        ignored++;
                    else
                        voxels[label]++;
                    foreground += label > 0 ? 1 : 0;
                }
            }
            cases.Add(new CaseFingerprint(sample.Name, sample.ImageShape[1..], [.. content.Size.TakeLast(sample.ImageShape.Length - 1)], sample.Spacing));
            SeededRandom random = new((ulong)seed, (ulong)index);
            long[] numbers = new long[foreground > 0 ? each : 0];
            foreach (ref long number in numbers.AsSpan())
                number = random.Below(foreground);
            Draw(sample, numbers, drawn);
        }
        return new Fingerprint
        {
            Channels = data.Channels,
            Classes = [.. data.Classes],
            ClassVoxels = voxels,
            IgnoredVoxels = ignored,
            Cases = cases,
            Intensities = drawn[0].Count == 0 ? [] : [.. drawn.Select(Summarized)],
        };
    }

    private static ChannelIntensities Summarized(List<float> drawn)
    {
        Moments moments = Moments.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(drawn));
        double[] sorted = [.. drawn.Select(v => (double)v).Order()];
        return new ChannelIntensities(moments.Mean, Bootstrap.Percentile(sorted, 0.5), Math.Sqrt(moments.Squares / moments.Count), sorted[0], sorted[^1],
            Bootstrap.Percentile(sorted, 0.005), Bootstrap.Percentile(sorted, 0.995));
    }

    /// <summary>The last part first, then the others: both ends of an image mostly say that nothing can be cut off.</summary>
    private static IEnumerable<Box> FromTheEnds(IEnumerable<Box> bands)
    {
        Box[] all = [.. bands];
        return [all[^1], .. all[..^1]];
    }

    /// <summary>Adds the values of foreground voxels, given their numbers among all of the foreground.</summary>
    private static void Draw(WindowedSample sample, long[] numbers, List<float>[] drawn)
    {
        float[][] values = [.. drawn.Select(_ => new float[numbers.Length])];
        int[] order = [.. Enumerable.Range(0, numbers.Length)];
        Array.Sort((long[])numbers.Clone(), order);
        long counted = 0;
        int next = 0;
        foreach (Box band in sample.Bands())
        {
            if (next == order.Length)
                break;
            SampleWindow window = sample.Read(band);
            for (int i = 0; i < window.Labels.Length; i++)
            {
                if (window.Labels[i] <= 0)
                    continue;
                for (; next < order.Length && numbers[order[next]] == counted; next++)
                    for (int c = 0; c < values.Length; c++)
                        values[c][order[next]] = window.Image[c * window.Labels.Length + i];
                counted++;
            }
        }
        for (int c = 0; c < values.Length; c++)
            drawn[c].AddRange(values[c]);
    }
}

/// <summary>JSON of fingerprints without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Fingerprint))]
public sealed partial class FingerprintJson : JsonSerializerContext;
