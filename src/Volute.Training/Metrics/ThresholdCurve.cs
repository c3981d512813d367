namespace Volute.Training;

/// <summary>
/// F(t) = 2 TP / (2 TP + FP + FN) of "probability >= t" against the reference, for the thresholds t = 0, 0.001, … 1. The pixel error of the
/// ISBI 2012 challenge is 1 − max F. Cases are pooled: the threshold is one for all.
/// </summary>
public sealed class ThresholdCurve
{
    private const int Steps = 1000;

    // How many pixels have their highest passed threshold at index k: of the class, and not.
    private readonly long[] positive = new long[Steps + 1], negative = new long[Steps + 1];

    /// <summary>Counts one case; pixels whose label is <paramref name="ignore"/> are left out.</summary>
    /// <param name="probabilities">The probability of class <paramref name="positiveClass"/>, 0 to 1, per pixel.</param>
    /// <param name="labels">The reference class per pixel.</param>
    /// <param name="positiveClass">The class that is looked for.</param>
    /// <param name="ignore">The label of pixels that are not labelled.</param>
    /// <param name="name">The case, for messages.</param>
    /// <exception cref="InvalidArgumentException">The lengths differ, or a value is outside 0..1 or NaN.</exception>
    public void Add(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, int positiveClass, int? ignore = null, string name = "the case")
    {
        if (probabilities.Length != labels.Length)
            throw new InvalidArgumentException($"{name}: {probabilities.Length} probabilities for {labels.Length} labels; both need the same size");
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] != ignore && !(probabilities[i] >= 0 && probabilities[i] <= 1))
                throw new InvalidArgumentException($"{name}: probability {probabilities[i]} at index {i} is not between 0 and 1");
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] != ignore)
                (labels[i] == positiveClass ? positive : negative)[Step(probabilities[i])]++;
    }

    /// <summary>Adds the pixels of <paramref name="other"/>.</summary>
    internal void Add(ThresholdCurve other)
    {
        for (int k = 0; k <= Steps; k++)
        {
            positive[k] += other.positive[k];
            negative[k] += other.negative[k];
        }
    }

    /// <summary>The largest F and the lowest threshold that reaches it; NaN where no pixel is of the class or none was counted.</summary>
    public (double F, double Threshold) Best
    {
        get
        {
            long all = positive.Sum(), truePositives = 0, falsePositives = 0;
            if (all == 0)
                return (double.NaN, double.NaN);
            (double F, double Threshold) best = (-1, 0);
            for (int k = Steps; k >= 0; k--)
            {
                truePositives += positive[k];
                falsePositives += negative[k];
                double f = new ClassCounts(truePositives, falsePositives, all - truePositives).Dice;
                if (f >= best.F)
                    best = (f, k / (double)Steps);
            }
            return best;
        }
    }

    /// <summary>1 − max F.</summary>
    public double PixelError => 1 - Best.F;

    /// <summary>The largest k with k / 1000 &lt;= <paramref name="probability"/>, exact although the product is rounded.</summary>
    private static int Step(double probability)
    {
        int k = (int)(probability * Steps);
        if (k < Steps && (k + 1) / (double)Steps <= probability)
            return k + 1;
        return k / (double)Steps > probability ? k - 1 : k;
    }
}
