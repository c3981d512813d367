using System.Text.Json.Serialization;

namespace Volute.Training;

/// <summary>By what each image's values are brought to mean 0 and deviation 1, beside what the whole dataset tells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ZScore>))]
public enum ZScore
{
    /// <summary>By nothing of its own: the recipe's standardization alone.</summary>
    None,

    /// <summary>By all its values, channel by channel.</summary>
    Image,

    /// <summary>By its values that are not 0 in every channel; the others become 0.</summary>
    Content,
}

/// <summary>
/// How volumes become what a network sees: axes turned, cut to the box around what is not 0, brought to one spacing, values scaled; and how the
/// network's answer comes back to the volume's own voxels. nnU-Net's preprocessing.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Where the axes point, the slowest first, as in "SAR"; null: as they are stored. Volumes that tell no place stay as they are.</summary>
    public string? Axes { get; init; }

    /// <summary>Millimetres between neighbours along each of these axes; null: as they are.</summary>
    public IReadOnlyList<double>? Spacing { get; init; }

    /// <summary>Whether the border that is 0 in every channel is cut off; to be predicted it is the first class.</summary>
    public bool Crop { get; init; }

    /// <summary>How values are scaled by the image itself.</summary>
    public ZScore ZScore { get; init; }

    /// <summary>What the network sees of a sample, with the sample's labels there: one-hot classes interpolated linearly, the largest taken.</summary>
    public Sample Apply(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        PreparedGrid grid = new(this, sample);
        int[] size = grid.Size;
        return new Sample(sample.Name, Image(grid, sample), [sample.ImageShape[0], .. size], grid.ToPrepared(sample.Labels), size)
        {
            Spacing = grid.Spacing,
            AxisCodes = grid.Codes,
        };
    }

    /// <summary>The image alone.</summary>
    internal float[] Image(PreparedGrid grid, Sample sample)
    {
        int channels = sample.ImageShape[0];
        float[] image = grid.ToPrepared(sample.Image, channels);
        if (ZScore != ZScore.None)
            Scale(image, channels);
        return image;
    }

    private void Scale(float[] image, int channels)
    {
        int voxels = image.Length / channels;
        bool[] counts = new bool[voxels];
        for (int i = 0; i < image.Length; i++)
            counts[i % voxels] |= ZScore == ZScore.Image || image[i] != 0;
        for (int c = 0; c < channels; c++)
        {
            Span<float> channel = image.AsSpan(c * voxels, voxels);
            // Moments leave out what is not a number.
            for (int i = 0; i < voxels; i++)
                channel[i] = counts[i] ? channel[i] : float.NaN;
            Moments.Standardize([Moments.Of(channel)]).Apply(channel, 1);
        }
    }
}
