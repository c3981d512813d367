using Volute.Formats;

namespace Volute.Training;

/// <summary>What a report shows of a sample: the picture, or of a volume the slice that says most.</summary>
internal static class CasePicture
{
    /// <summary>The sample, or its slice, as a gray or colour picture from the smallest to the largest value shown.</summary>
    public static Picture Of(Sample sample, int slice = 0)
    {
        int height = sample.ImageShape[^2], width = sample.ImageShape[^1], plane = height * width, channels = sample.ImageShape[0] >= 3 ? 3 : 1;
        int volume = sample.Image.Length / sample.ImageShape[0];
        float[] shown = new float[plane * channels];
        for (int c = 0; c < channels; c++)
            sample.Image.AsSpan(c * volume + slice * plane, plane).CopyTo(shown.AsSpan(c * plane));
        // Values that are missing are black.
        float[] there = [.. shown.Where(float.IsFinite).DefaultIfEmpty()];
        float low = there.Min(), high = there.Max(), scale = high > low ? 255 / (high - low) : 0;
        byte[] bytes = new byte[shown.Length];
        for (int c = 0; c < channels; c++)
            for (int i = 0; i < plane; i++)
                bytes[i * channels + c] = (byte)((shown[c * plane + i] - low) * scale);
        return Picture.FromBytes(bytes, width, height, channels);
    }

    /// <summary>The sample; of a clip or a volume the frame in its middle.</summary>
    public static Picture OfMiddle(Sample sample) => Of(sample, sample.ImageShape.Length == 4 ? sample.ImageShape[1] / 2 : 0);

    /// <summary>A segmented sample with its reference; of a volume the slice with the most wrong voxels, or the most foreground where none is wrong.</summary>
    public static SegmentationExample Of(Sample sample, int[] predictions)
    {
        int plane = sample.ImageShape[^2] * sample.ImageShape[^1], slices = predictions.Length / plane, shown = 0;
        long most = -1;
        for (int slice = 0; slice < slices; slice++)
        {
            int wrong = 0, foreground = 0;
            for (int i = slice * plane; i < (slice + 1) * plane; i++)
            {
                bool counts = sample.Labels[i] != LabelMap.Ignored;
                wrong += counts && sample.Labels[i] != predictions[i] ? 1 : 0;
                foreground += counts && sample.Labels[i] > 0 ? 1 : 0;
            }
            // Wrong voxels decide; among slices of as many, foreground does.
            long worth = ((long)wrong << 32) + foreground;
            if (worth > most)
                (most, shown) = (worth, slice);
        }
        return new SegmentationExample(sample.Name, Of(sample, shown), sample.Labels[(shown * plane)..((shown + 1) * plane)],
            predictions[(shown * plane)..((shown + 1) * plane)], LabelMap.Ignored)
        { Slice = sample.LabelShape.Length == 3 ? (shown, slices) : null };
    }
}
