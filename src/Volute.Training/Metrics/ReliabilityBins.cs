namespace Volute.Training;

/// <summary>Answers by confidence, their largest probability: bin k of 15 holds those above k/15 up to (k + 1)/15.</summary>
internal sealed class ReliabilityBins
{
    private const int Bins = 15;

    private readonly long[] counts = new long[Bins], right = new long[Bins];
    private readonly double[] confidence = new double[Bins];

    /// <summary>A row for each bin.</summary>
    public IReadOnlyList<ReliabilityBin> Rows => [.. Enumerable.Range(0, Bins).Select(k => new ReliabilityBin(k / (double)Bins, (k + 1) / (double)Bins, counts[k],
        confidence[k] / counts[k], counts[k] > 0 ? (double)right[k] / counts[k] : double.NaN))];

    /// <summary>The expected calibration error, ∑ count ÷ all · |accuracy − confidence|; NaN without answers.</summary>
    public double Error
    {
        get
        {
            double error = 0;
            for (int k = 0; k < Bins; k++)
                error += Math.Abs(right[k] - confidence[k]);
            return error / counts.Sum();
        }
    }

    /// <summary>Counts one answer.</summary>
    public void Add(ReadOnlySpan<double> probabilities, int label)
    {
        int best = 0;
        for (int c = 1; c < probabilities.Length; c++)
            if (probabilities[c] > probabilities[best])
                best = c;
        // Rounded probabilities may pass 1 a little.
        int k = Math.Clamp((int)Math.Ceiling(probabilities[best] * Bins) - 1, 0, Bins - 1);
        counts[k]++;
        confidence[k] += probabilities[best];
        right[k] += best == label ? 1 : 0;
    }
}
