using Volute.Kernels;

namespace Volute;

/// <summary>What becomes of the losses of the elements.</summary>
public enum Reduction
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>Their mean; of weighted ones, the weighted mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

/// <summary>How far predictions are from the truth: one number to descend on. Sums of losses are written with +.</summary>
public static partial class Loss
{
    /// <summary>−ln of the probability that softmax gives to the right class.</summary>
    /// <param name="logits">Scores (N, C, …) or (C).</param>
    /// <param name="labels">Classes, int32 (N, …) or []; or probabilities with the shape of the scores.</param>
    /// <param name="weight">(C): a weight for each class.</param>
    /// <param name="ignoreIndex">A label that counts nowhere.</param>
    /// <param name="labelSmoothing">ε: the target becomes (1 − ε)·target + ε/C.</param>
    /// <param name="pixelWeights">(N, …): a weight for each element, for example the border map of the U-Net paper; the mean is Σ w·loss / Σ w.</param>
    /// <param name="reduction">What becomes of the elements.</param>
    /// <exception cref="ShapeException">Shapes that do not fit.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels, Tensor? weight = null, int ignoreIndex = -100, double labelSmoothing = 0,
        Tensor? pixelWeights = null, Reduction reduction = Reduction.Mean)
    {
        Keep(logits);
        if (labelSmoothing is not (>= 0 and <= 1))
            throw new InvalidArgumentException($"cross entropy: labelSmoothing must be from 0 to 1, got {labelSmoothing}");
        if (logits.Shape.Rank == 1)
        {
            Tensor batch = labels.Type == ElementType.Int32 ? labels.Reshape([1]) : labels.Unsqueeze(0);
            Tensor loss = CrossEntropy(logits.Unsqueeze(0), batch, weight, ignoreIndex, labelSmoothing, pixelWeights, reduction);
            return reduction == Reduction.None ? loss.Squeeze(0) : loss;
        }
        if (logits.Shape.Rank == 0)
            throw SourceLine.Error("cross entropy: scores need a class axis, got shape []");
        int classes = logits.Shape[1];
        Tensor scores = logits.LogSoftmax(1), classWeight = ClassWeight(logits, weight, "cross entropy");
        if (labels.Type != ElementType.Int32)
        {
            Same("cross entropy", logits, labels);
            Tensor soft = labelSmoothing == 0 ? labels : labels * (1 - labelSmoothing) + labelSmoothing / classes;
            return Reduced(-(soft * classWeight * scores).Sum([1]), pixelWeights, reduction);
        }
        Tensor target = Target("cross entropy", logits, labels, ignoreIndex);
        Tensor weights = target * classWeight, perElement = -(weights * scores).Sum([1]);
        Tensor counts = weights.Sum([1]);
        if (labelSmoothing > 0)
        {
            Tensor everywhere = -(target.Sum([1], keepAxes: true) * classWeight * scores).Sum([1]);
            perElement = perElement * (1 - labelSmoothing) + everywhere * (labelSmoothing / classes);
        }
        if (pixelWeights is not null)
            return Reduced(perElement, pixelWeights, reduction);
        return reduction == Reduction.Mean ? perElement.Sum() / counts.Sum() : Reduced(perElement, null, reduction);
    }

    /// <summary>−(log-probability of the right class): cross-entropy after LogSoftmax.</summary>
    /// <inheritdoc cref="CrossEntropy"/>
    /// <param name="logProbabilities">(N, C, …).</param>
    /// <param name="labels">Classes, int32 (N, …).</param>
    /// <param name="weight">(C): a weight for each class.</param>
    /// <param name="ignoreIndex">A label that counts nowhere.</param>
    /// <param name="reduction">What becomes of the elements.</param>
    public static Tensor NegativeLogLikelihood(Tensor logProbabilities, Tensor labels, Tensor? weight = null, int ignoreIndex = -100, Reduction reduction = Reduction.Mean)
    {
        Keep(logProbabilities);
        Tensor weights = Target("negative log likelihood", logProbabilities, labels, ignoreIndex) * ClassWeight(logProbabilities, weight, "negative log likelihood");
        Tensor perElement = -(weights * logProbabilities).Sum([1]);
        return reduction == Reduction.Mean ? perElement.Sum() / weights.Sum() : Reduced(perElement, null, reduction);
    }

    /// <summary>(1 − t)·x + (1 + (p − 1)·t)·ln(1 + e⁻ˣ): binary cross-entropy of the sigmoid of scores, stable for large ones.</summary>
    /// <param name="logits">Scores x.</param>
    /// <param name="target">t, from 0 to 1, of the same shape.</param>
    /// <param name="weight">A factor, broadcast.</param>
    /// <param name="positiveWeight">p: the weight of positive targets, broadcast.</param>
    /// <param name="reduction">What becomes of the elements.</param>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, Tensor target, Tensor? weight = null, Tensor? positiveWeight = null, Reduction reduction = Reduction.Mean)
    {
        Keep(logits);
        Same("binary cross entropy with logits", logits, target);
        Tensor tail = (-logits).Softplus();
        Tensor loss = (1 - target) * logits + (positiveWeight is null ? tail : ((positiveWeight - 1) * target + 1) * tail);
        return Reduced(weight is null ? loss : loss * weight, null, reduction);
    }

    /// <summary>−(t·ln p + (1 − t)·ln(1 − p)), the logarithms held at −100.</summary>
    /// <param name="probabilities">p, from 0 to 1.</param>
    /// <param name="target">t, from 0 to 1, of the same shape.</param>
    /// <param name="weight">A factor, broadcast.</param>
    /// <param name="reduction">What becomes of the elements.</param>
    public static Tensor BinaryCrossEntropy(Tensor probabilities, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
    {
        Keep(probabilities);
        Same("binary cross entropy", probabilities, target);
        Tensor loss = -(target * probabilities.Log().Clamp(-100) + (1 - target) * (1 - probabilities).Log().Clamp(-100));
        return Reduced(weight is null ? loss : loss * weight, null, reduction);
    }

    /// <summary>(x − t)².</summary>
    public static Tensor MeanSquaredError(Tensor prediction, Tensor target, Reduction reduction = Reduction.Mean)
    {
        Tensor difference = Difference("mean squared error", prediction, target);
        return Reduced(difference * difference, null, reduction);
    }

    /// <summary>|x − t|.</summary>
    public static Tensor L1(Tensor prediction, Tensor target, Reduction reduction = Reduction.Mean)
        => Reduced(Difference("L1 loss", prediction, target).Abs(), null, reduction);

    /// <summary>½d²/β where d = |x − t| &lt; β, else d − ½β; β = 0 is the L1 loss.</summary>
    public static Tensor SmoothL1(Tensor prediction, Tensor target, double beta = 1, Reduction reduction = Reduction.Mean)
    {
        if (!(beta >= 0))
            throw new InvalidArgumentException($"smooth L1 loss: beta must be >= 0, got {beta}");
        return beta == 0 ? L1(prediction, target, reduction) : Reduced(HuberElements(Difference("smooth L1 loss", prediction, target), beta) * (1 / beta), null, reduction);
    }

    /// <summary>½d² where d = |x − t| &lt; δ, else δ·(d − ½δ).</summary>
    public static Tensor Huber(Tensor prediction, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
    {
        if (!(delta > 0))
            throw new InvalidArgumentException($"Huber loss: delta must be > 0, got {delta}");
        return Reduced(HuberElements(Difference("Huber loss", prediction, target), delta), null, reduction);
    }

    private static Tensor HuberElements(Tensor difference, double limit)
    {
        Tensor size = difference.Abs();
        return size.GreaterThan(size.Scalar(limit)).Where((size - limit / 2) * limit, difference * difference * 0.5);
    }

    private static Tensor Difference(string name, Tensor prediction, Tensor target)
    {
        Keep(prediction);
        Same(name, prediction, target);
        return prediction - target;
    }

    /// <summary>One-hot labels (N, C, …); zeros where ignored.</summary>
    private static Tensor Target(string name, Tensor scores, Tensor labels, int ignoreIndex)
    {
        if (scores.Shape.Rank < 2)
            throw SourceLine.Error($"{name}: expected scores [N, C, ...], got shape {scores.Shape}");
        Shape expected = [scores.Shape[0], .. scores.Shape.Skip(2)];
        if (labels.Shape != expected)
            throw SourceLine.Error($"{name}: scores {scores.Shape} need labels of shape {expected}, got {labels.Shape}");
        return labels.OneHot(scores.Shape[1], ignoreIndex, scores.Type);
    }

    private static Tensor ClassWeight(Tensor scores, Tensor? weight, string name)
    {
        if (weight is null)
            return scores.Scalar(1);
        if (weight.Shape.Rank != 1 || weight.Shape[0] != scores.Shape[1])
            throw SourceLine.Error($"{name}: expected {scores.Shape[1]} class weights, got shape {weight.Shape}");
        return weight.Reshape(Norms.PerChannel(scores.Shape.Rank, scores.Shape[1]));
    }

    private static Tensor Reduced(Tensor loss, Tensor? weights, Reduction reduction)
    {
        if (weights is not null && weights.Shape != loss.Shape)
            throw SourceLine.Error($"loss: expected weights of shape {loss.Shape}, got {weights.Shape}");
        Tensor weighted = weights is null ? loss : loss * weights;
        return reduction switch
        {
            Reduction.None => weighted,
            Reduction.Sum => weighted.Sum(),
            _ => weights is null ? weighted.Mean() : weighted.Sum() / weights.Sum(),
        };
    }

    private static void Same(string name, Tensor prediction, Tensor target)
    {
        if (prediction.Shape != target.Shape)
            throw SourceLine.Error($"{name}: prediction {prediction.Shape} and target {target.Shape} must have one shape");
        if (prediction.Type != target.Type)
            throw SourceLine.Error($"{name}: prediction is {prediction.Type.Name()}, target {target.Type.Name()}; convert one with To");
    }

    /// <summary>A training step leaves the predictions that its loss was computed from, so that hits can be counted afterwards.</summary>
    private static void Keep(Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        prediction.Node.Keep = true;
    }
}
