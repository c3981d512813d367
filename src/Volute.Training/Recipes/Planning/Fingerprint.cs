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
            Sample sample = data[index];
            cases.Add(new CaseFingerprint(sample.Name, sample.ImageShape[1..], Cropped(sample), sample.Spacing));
            List<int> foreground = [];
            for (int i = 0; i < sample.Labels.Length; i++)
            {
                int label = sample.Labels[i];
                if (label == LabelMap.Ignored)
                    ignored++;
                else
                    voxels[label]++;
                if (label > 0)
                    foreground.Add(i);
            }
            SeededRandom random = new((ulong)seed, (ulong)index);
            for (int i = 0; i < each && foreground.Count > 0; i++)
            {
                int voxel = foreground[random.Below(foreground.Count)];
                for (int c = 0; c < drawn.Length; c++)
                    drawn[c].Add(sample.Image[c * sample.Labels.Length + voxel]);
            }
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

    /// <summary>The size of the smallest box around every voxel that is not 0 in all channels; filling holes would not change it.</summary>
    private static int[] Cropped(Sample sample) => [.. new PreparedGrid(new Preprocessing { Crop = true }, sample).Box.TakeLast(sample.ImageShape.Length - 1)];
}

/// <summary>JSON of fingerprints without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Fingerprint))]
public sealed partial class FingerprintJson : JsonSerializerContext;
