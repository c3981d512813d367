namespace Volute.Training;

/// <summary>
/// How much each pixel counts in the cross-entropy, so that narrow gaps between objects are learned: w = w_c + w₀ · exp(−(d₁ + d₂)² / 2σ²), where w_c
/// balances the classes and d₁, d₂ are the distances to the nearest and to the second-nearest object, in pixels. The second term is that of pixels between
/// objects; a pixel of an object has w_c. Ronneberger, Fischer, Brox: U-Net (2015), equation 2.
/// </summary>
/// <param name="Strength">w₀, the most that a gap adds.</param>
/// <param name="Sigma">σ, in pixels: how wide a gap may be.</param>
/// <param name="ClassWeights">w_c of each class.</param>
public sealed record BorderWeighting(double Strength, double Sigma, IReadOnlyList<double> ClassWeights)
{
    // The paper's.
    private const double PaperStrength = 10, PaperSigma = 5;

    /// <summary>The paper's w₀ = 10 and σ = 5, and w_c = pixels / (classes · pixels of class c), at most w₀, by counting the masks of a dataset.</summary>
    /// <exception cref="InvalidArgumentException">The data have no masks.</exception>
    public static BorderWeighting Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Task != DatasetTask.Segmentation)
            throw new InvalidArgumentException($"border weights are for masks, but the data are a {data.Task.ToString().ToLowerInvariant()}: {data.Describe()}");
        long[] counts = new long[data.Classes.Count];
        foreach (WindowedSample sample in Enumerable.Range(0, data.Count).Select(data.Look))
            foreach (Box band in sample.Bands())
                foreach (int label in sample.Labels(band))
                    if (label != LabelMap.Ignored)
                        counts[label]++;
        double share = (double)counts.Sum() / counts.Length;
        return new BorderWeighting(PaperStrength, PaperSigma, [.. counts.Select(count => Math.Min(PaperStrength, share / Math.Max(1, count)))]);
    }

    /// <summary>The map of one mask; 0 where a pixel has no label.</summary>
    /// <param name="labels">Classes from 0, the background; <see cref="LabelMap.Ignored"/> where a pixel does not count.</param>
    /// <param name="grid">Where the pixels lie; spacing 1.</param>
    /// <exception cref="InvalidArgumentException">Not a label for each pixel, or one without a class weight.</exception>
    public float[] Map(ReadOnlySpan<int> labels, PixelGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (labels.Length != grid.Pixels)
            throw new InvalidArgumentException($"a grid of {grid.Pixels} pixels needs as many labels, got {labels.Length}");
        float[] map = new float[labels.Length];
        for (int i = 0; i < map.Length; i++)
        {
            if (labels[i] >= ClassWeights.Count)
                throw new InvalidArgumentException($"label {labels[i]} is none of the {ClassWeights.Count} classes that have a weight");
            map[i] = labels[i] < 0 ? 0 : (float)ClassWeights[labels[i]];
        }
        // Four deviations away, exp(−8) is left.
        NearestTwo near = NearestTwo.Of(labels, grid, (int)Math.Ceiling(4 * Sigma));
        for (int i = 0; i < map.Length; i++)
            if (labels[i] == 0 && near.Second[i] is < float.PositiveInfinity and var second)
            {
                double sum = near.First[i] + second;
                map[i] += (float)(Strength * Math.Exp(-sum * sum / (2 * Sigma * Sigma)));
            }
        return map;
    }
}
