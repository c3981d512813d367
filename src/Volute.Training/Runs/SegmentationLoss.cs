using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// Cross-entropy + batch Dice (smooth 1e-5) of scores at one or more resolutions, the finest first; where there are several, each counts half as much
/// as the one before, all together 1 (deep supervision, nnU-Net's weights). Pixels without a label count nowhere. Of regions it is the binary
/// cross-entropy, its mean over pixels and regions, + the Dice of each region.
/// </summary>
internal static class SegmentationLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">(N, classes, [D,] H, W) of the batch's size, then of that size through the strides.</param>
    /// <param name="batch">Its labels.</param>
    /// <param name="background">Whether class 0 counts in the Dice.</param>
    /// <param name="weighting">Weights of the pixels in the cross-entropy, which is then their weighted mean; null: all count alike.</param>
    /// <param name="regions">The regions that scores are of; null: they are of classes.</param>
    public static Tensor Of(IReadOnlyList<Tensor> scores, Batch batch, bool background, BorderWeighting? weighting = null, RegionLabels? regions = null)
    {
        double all = 2 - Math.Pow(0.5, scores.Count - 1);
        float[]? weights = weighting is null ? null : Weights(batch, weighting);
        Tensor? loss = null;
        for (int i = 0; i < scores.Count; i++)
        {
            int[] shape = [scores[i].Shape[0], .. scores[i].Shape.Skip(2)], labels = Coarse(batch.Labels, batch.LabelShape, shape);
            Tensor term = regions is null ? OfClasses(scores[i], labels, shape, background, weights is null ? null : Coarse(weights, batch.LabelShape, shape))
                : OfRegions(scores[i], labels, shape, regions);
            loss = scores.Count == 1 ? term : loss is null ? term * (1 / all) : loss + term * (Math.Pow(0.5, i) / all);
        }
        return loss!;
    }

    private static Tensor OfClasses(Tensor scores, int[] labels, int[] shape, bool background, float[]? weights)
    {
        Tensor target = Tensor.FromArray(labels, shape);
        return Entropy(scores, target, labels, weights) + Loss.Dice(scores, target, includeBackground: background, batch: true, ignoreIndex: LabelMap.Ignored);
    }

    /// <summary>Of scores (N, regions, …); weights of 0 leave out the pixels without a label.</summary>
    private static Tensor OfRegions(Tensor scores, int[] labels, int[] shape, RegionLabels regions)
    {
        int pixels = labels.Length / shape[0], counted = 0;
        float[] belongs = new float[regions.Count * labels.Length], counts = new float[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == LabelMap.Ignored)
                continue;
            (counts[i], counted) = (1, counted + 1);
            for (int r = 0; r < regions.Count; r++)
                belongs[(i / pixels * regions.Count + r) * pixels + i % pixels] = regions.Sets[r].Holds(labels[i]) ? 1 : 0;
        }
        Tensor target = Tensor.FromArray(belongs, scores.Shape.ToArray()), weights = Tensor.FromArray(counts, shape);
        return Loss.BinaryCrossEntropyWithLogits(scores, target, weights.Unsqueeze(1), reduction: Reduction.Sum) * (1.0 / (Math.Max(1, counted) * (double)regions.Count))
            + Loss.Dice(scores, target, Probabilities.Sigmoid, batch: true, pixelWeights: weights);
    }

    /// <summary>The mean over the pixels that have a label, weighted or not. A batch in which none has one has no loss, rather than 0/0.</summary>
    private static Tensor Entropy(Tensor scores, Tensor target, int[] labels, float[]? weights)
    {
        if (weights is null)
        {
            int counted = Math.Max(1, labels.Length - labels.AsSpan().Count(LabelMap.Ignored));
            return Loss.CrossEntropy(scores, target, ignoreIndex: LabelMap.Ignored, reduction: Reduction.Sum) * (1.0 / counted);
        }
        double sum = 0;
        foreach (float weight in weights)
            sum += weight;
        return Loss.CrossEntropy(scores, target, ignoreIndex: LabelMap.Ignored, pixelWeights: Tensor.FromArray(weights, target.Shape.ToArray()), reduction: Reduction.Sum)
            * (sum > 0 ? 1 / sum : 1);
    }

    /// <summary>The weights of all pixels, sample by sample.</summary>
    private static float[] Weights(Batch batch, BorderWeighting weighting)
    {
        int[] size = batch.LabelShape[1..];
        WeightMaps maps = new(batch, weighting, new PixelGrid(size), new float[batch.LabelShape[0] * size.Aggregate(1, (product, n) => product * n)]);
        Team.Run(batch.LabelShape[0], ref maps);
        return maps.Result;
    }

    /// <summary>What belongs to a coarser resolution: of each block the pixel at or just before its middle.</summary>
    private static T[] Coarse<T>(T[] pixels, int[] given, int[] shape)
    {
        T[] coarse = new T[shape.Aggregate(1, (product, n) => product * n)];
        if (given.AsSpan().SequenceEqual(shape))
        {
            pixels.AsSpan(0, coarse.Length).CopyTo(coarse);
            return coarse;
        }
        for (int i = 0; i < coarse.Length; i++)
        {
            int from = 0, step = 1, rest = i;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                int block = given[axis] / shape[axis];
                from += (rest % shape[axis] * block + (block - 1) / 2) * step;
                (rest, step) = (rest / shape[axis], step * given[axis]);
            }
            coarse[i] = pixels[from];
        }
        return coarse;
    }

    /// <summary>One sample a chunk.</summary>
    private readonly record struct WeightMaps(Batch Batch, BorderWeighting Weighting, PixelGrid Grid, float[] Result) : IChunks
    {
        public void Run(int chunk)
            => Weighting.Map(Batch.Labels.AsSpan(chunk * Grid.Pixels, Grid.Pixels), Grid).CopyTo(Result.AsSpan(chunk * Grid.Pixels));
    }
}
