namespace Volute;

/// <summary>How scores become probabilities in region losses.</summary>
public enum Probabilities
{
    /// <summary>Softmax over the classes: exactly one class holds.</summary>
    Softmax,

    /// <summary>Sigmoid: each class for itself.</summary>
    Sigmoid,
}

/// <summary>Losses of segmentation, which compare regions rather than pixels.</summary>
public static partial class Loss
{
    /// <summary>1 − (2·Σpt + s)/(Σp + Σt + s), the sums over space, the mean over samples and classes (Milletari et al., 2016; MONAI's DiceLoss).</summary>
    /// <param name="logits">Scores (N, C, …).</param>
    /// <param name="target">Labels, int32 (N, …), or memberships with the shape of the scores.</param>
    /// <param name="probabilities">How scores become probabilities.</param>
    /// <param name="smooth">s: keeps empty regions from 0/0.</param>
    /// <param name="includeBackground">Whether class 0 counts.</param>
    /// <param name="batch">Whether the sums run over the whole batch.</param>
    /// <param name="ignoreIndex">A label that counts nowhere.</param>
    /// <param name="pixelWeights">(N, …): a factor of each element in all sums; 0 where nothing is known, which memberships cannot say.</param>
    /// <exception cref="ShapeException">Shapes that do not fit.</exception>
    public static Tensor Dice(Tensor logits, Tensor target, Probabilities probabilities = Probabilities.Softmax, double smooth = 1e-5,
        bool includeBackground = true, bool batch = false, int ignoreIndex = -100, Tensor? pixelWeights = null)
    {
        var (p, t, axes) = Regions("Dice loss", logits, target, probabilities, batch, ignoreIndex);
        if (!includeBackground && logits.Shape[1] < 2)
            throw SourceLine.Error($"Dice loss: without the background there is no class left in shape {logits.Shape}");
        if (pixelWeights is not null)
        {
            Shape expected = [logits.Shape[0], .. logits.Shape.Skip(2)];
            if (pixelWeights.Shape != expected)
                throw SourceLine.Error($"Dice loss: scores {logits.Shape} need pixel weights of shape {expected}, got {pixelWeights.Shape}");
            Tensor weights = pixelWeights.Unsqueeze(1);
            (p, t) = (p * weights, t * weights);
        }
        if (!includeBackground)
            (p, t) = (p.Slice(1, 1, p.Shape[1] - 1), t.Slice(1, 1, t.Shape[1] - 1));
        Tensor overlap = (p * t).Sum(axes), sizes = p.Sum(axes) + t.Sum(axes);
        return (1 - (overlap * 2 + smooth) / (sizes + smooth)).Mean();
    }

    /// <summary>1 − (TP + s)/(TP + α·FP + β·FN + s), the sums over space, the mean over samples and classes (Salehi et al., 2017).</summary>
    /// <inheritdoc cref="Dice"/>
    /// <param name="logits">Scores (N, C, …).</param>
    /// <param name="target">Labels, int32 (N, …), or memberships with the shape of the scores.</param>
    /// <param name="alpha">α: what a false alarm costs.</param>
    /// <param name="beta">β: what a miss costs.</param>
    /// <param name="probabilities">How scores become probabilities.</param>
    /// <param name="smooth">s: keeps empty regions from 0/0.</param>
    /// <param name="ignoreIndex">A label that counts nowhere.</param>
    public static Tensor Tversky(Tensor logits, Tensor target, double alpha = 0.5, double beta = 0.5, Probabilities probabilities = Probabilities.Softmax,
        double smooth = 1e-5, int ignoreIndex = -100)
    {
        var (p, t, axes) = Regions("Tversky loss", logits, target, probabilities, false, ignoreIndex);
        Tensor hits = (p * t).Sum(axes), alarms = p.Sum(axes) - hits, misses = t.Sum(axes) - hits;
        return (1 - (hits + smooth) / (hits + alarms * alpha + misses * beta + smooth)).Mean();
    }

    /// <summary>αₜ·(1 − pₜ)^γ·binary cross-entropy of the sigmoid (Lin et al., 2017); α below 0 weighs nothing.</summary>
    /// <param name="logits">Scores.</param>
    /// <param name="target">From 0 to 1, of the same shape.</param>
    /// <param name="alpha">The weight of positives; negatives weigh 1 − α.</param>
    /// <param name="gamma">How much easy elements are played down.</param>
    /// <param name="reduction">What becomes of the elements.</param>
    public static Tensor Focal(Tensor logits, Tensor target, double alpha = 0.25, double gamma = 2, Reduction reduction = Reduction.Mean)
    {
        Tensor entropy = BinaryCrossEntropyWithLogits(logits, target, reduction: Reduction.None), p = logits.Sigmoid();
        // 1 − pₜ = p + t − 2pt, which does not cancel where the prediction is right.
        Tensor wrong = p * (1 - target) + (1 - p) * target;
        Tensor loss = gamma == 0 ? entropy : entropy * wrong.Pow(gamma);
        return Reduced(alpha < 0 ? loss : loss * (target * (2 * alpha - 1) + (1 - alpha)), null, reduction);
    }

    private static (Tensor P, Tensor T, int[] Axes) Regions(string name, Tensor logits, Tensor target, Probabilities probabilities, bool batch, int ignoreIndex)
    {
        Keep(logits);
        if (logits.Shape.Rank < 3)
            throw SourceLine.Error($"{name}: expected scores [N, C, ...] with spatial axes, got shape {logits.Shape}");
        Tensor p = probabilities == Probabilities.Softmax ? logits.Softmax(1) : logits.Sigmoid();
        int[] axes = [.. batch ? [0] : Array.Empty<int>(), .. Enumerable.Range(2, logits.Shape.Rank - 2)];
        if (target.Type != Kernels.ElementType.Int32)
        {
            Same(name, logits, target);
            return (p, target, axes);
        }
        Tensor t = Target(name, logits, target, ignoreIndex);
        // Ignored elements belong to no class, and their probabilities count as none.
        return (p * t.Sum([1], keepAxes: true), t, axes);
    }
}
