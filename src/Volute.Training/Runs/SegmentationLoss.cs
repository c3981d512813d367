namespace Volute.Training;

/// <summary>
/// Cross-entropy + batch Dice (smooth 1e-5) of scores at one or more resolutions, the finest first; where there are several, each counts half as much
/// as the one before, all together 1 (deep supervision, nnU-Net's weights). Pixels without a label count nowhere.
/// </summary>
internal static class SegmentationLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">(N, classes, [D,] H, W) of the batch's size, then of that size through the strides.</param>
    /// <param name="batch">Its labels.</param>
    /// <param name="background">Whether class 0 counts in the Dice.</param>
    public static Tensor Of(IReadOnlyList<Tensor> scores, Batch batch, bool background)
    {
        double all = 2 - Math.Pow(0.5, scores.Count - 1);
        Tensor? loss = null;
        for (int i = 0; i < scores.Count; i++)
        {
            int[] shape = [scores[i].Shape[0], .. scores[i].Shape.Skip(2)], labels = Coarse(batch, shape);
            // A batch in which no pixel has a label has no loss, rather than 0/0.
            int counted = Math.Max(1, labels.Length - labels.AsSpan().Count(LabelMap.Ignored));
            Tensor target = Tensor.FromArray(labels, shape);
            Tensor entropy = Loss.CrossEntropy(scores[i], target, ignoreIndex: LabelMap.Ignored, reduction: Reduction.Sum) * (1.0 / counted);
            Tensor term = entropy + Loss.Dice(scores[i], target, includeBackground: background, batch: true, ignoreIndex: LabelMap.Ignored);
            loss = scores.Count == 1 ? term : loss is null ? term * (1 / all) : loss + term * (Math.Pow(0.5, i) / all);
        }
        return loss!;
    }

    /// <summary>The labels at a coarser resolution: of each block the one at or just before its middle.</summary>
    private static int[] Coarse(Batch batch, int[] shape)
    {
        int[] given = batch.LabelShape, coarse = new int[shape.Aggregate(1, (product, n) => product * n)];
        if (given.AsSpan().SequenceEqual(shape))
        {
            batch.Labels.AsSpan(0, coarse.Length).CopyTo(coarse);
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
            coarse[i] = batch.Labels[from];
        }
        return coarse;
    }
}
