namespace Volute.Training;

/// <summary>Varies samples as <see cref="AugmentationOptions"/> say; the same sample, options and seed give the same result everywhere.</summary>
public static class Augmentation
{
    /// <summary>A varied copy of <paramref name="sample"/>: image and mask move together, the class stays.</summary>
    /// <param name="sample">Left as it is.</param>
    /// <param name="options">What may happen.</param>
    /// <param name="seed">What does happen.</param>
    /// <param name="deviations">The dataset's standard deviation of each channel, the unit of brightness and noise; 1 where empty.</param>
    /// <exception cref="InvalidArgumentException">An option is outside its rule.</exception>
    /// <exception cref="ShapeException">The mask has not the image's size.</exception>
    public static Sample Apply(Sample sample, AugmentationOptions options, ulong seed, params ReadOnlySpan<double> deviations)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        int[] size = SpatialSize(sample);
        int channels = sample.ImageShape[0];
        if (deviations.Length != 0 && deviations.Length != channels)
            throw new InvalidArgumentException($"{channels} channels need {channels} deviations, got {deviations.Length}");

        SeededRandom random = new(seed);
        CoordinateMap map = CoordinateMap.Draw(options, size, [0, 0, 0], ref random);
        Resampler resampler = new();
        float[] image = new float[sample.Image.Length], units = new float[channels];
        for (int c = 0; c < channels; c++)
            units[c] = deviations.Length == 0 ? 1 : (float)deviations[c];
        int[] labels = new int[sample.Labels.Length];
        bool hasMask = sample.LabelShape.Length != 0;
        if (!hasMask)
            sample.Labels.CopyTo(labels, 0);
        resampler.Apply(map, size, new(sample.Image, sample.Labels, Box.Whole(size)), channels, image, hasMask ? labels : []);
        Intensity.Change(options, image, size, units, ref random);
        return sample with { Image = image, Labels = labels };
    }

    /// <summary>D, H, W of a sample, D = 1 for a picture; checks that the mask has them too.</summary>
    internal static int[] SpatialSize(Sample sample) => SpatialSize(sample.Name, sample.ImageShape, sample.LabelShape);

    /// <inheritdoc cref="SpatialSize(Sample)"/>
    internal static int[] SpatialSize(string name, int[] shape, int[] labelShape)
    {
        if (shape.Length is < 3 or > 4)
            throw new ShapeException($"{name}: an image is [C, H, W] or [C, D, H, W], got [{string.Join(", ", shape)}]");
        if (labelShape.Length != 0 && !labelShape.AsSpan().SequenceEqual(shape.AsSpan(1)))
            throw new ShapeException($"{name}: the mask [{string.Join(", ", labelShape)}] must have the image's size "
                + $"[{string.Join(", ", shape[1..])}]");
        return shape.Length == 3 ? [1, shape[1], shape[2]] : shape[1..];
    }
}
