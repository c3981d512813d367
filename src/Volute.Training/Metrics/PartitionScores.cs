namespace Volute.Training;

/// <summary>
/// How alike two partitions of the reference's foreground into segments are (Arganda-Carreras et al. 2015). With n pixels that the reference assigns to
/// a segment, p(s, t) the share of them in segment s of the prediction and t of the reference, and p(s), p(t) its sums: a pixel that the prediction
/// leaves to a border is a segment of its own.
/// </summary>
/// <param name="RandSplit">∑ p(s, t)² ÷ ∑ p(t)²: of two pixels of one reference segment, how likely they are in one predicted segment; small where cells are split.</param>
/// <param name="RandMerge">∑ p(s, t)² ÷ ∑ p(s)²: of two pixels of one predicted segment, how likely they are in one reference segment; small where cells are merged.</param>
/// <param name="Rand">∑ p(s, t)² ÷ (½ ∑ p(s)² + ½ ∑ p(t)²): their harmonic mean, V_Rand.</param>
/// <param name="RandError">1 − the same with pairs of different pixels only, n(n − 1) for n²: the adapted Rand error.</param>
/// <param name="InfoSplit">I(S; T) ÷ H(S).</param>
/// <param name="InfoMerge">I(S; T) ÷ H(T).</param>
/// <param name="Info">I(S; T) ÷ (½ H(S) + ½ H(T)), V_Info.</param>
/// <param name="SplitEntropy">H(S | T) in bits, the part of the variation of information that is due to splits.</param>
/// <param name="MergeEntropy">H(T | S) in bits, the part that is due to merges.</param>
internal readonly record struct PartitionScores(double RandSplit, double RandMerge, double Rand, double RandError, double InfoSplit, double InfoMerge,
    double Info, double SplitEntropy, double MergeEntropy)
{
    /// <summary>Compares two maps of components numbered from 1; pixels that are 0 in the reference are left out, those that are 0 in the prediction stand alone.</summary>
    public static PartitionScores Of(ReadOnlySpan<int> predicted, int predictions, ReadOnlySpan<int> reference, int references)
    {
        bool[] left = new bool[reference.Length];
        for (int i = 0; i < left.Length; i++)
            left[i] = reference[i] == 0;
        Overlaps overlaps = Overlaps.Of(predicted, predictions, reference, references, left);
        long alone = overlaps.PredictedSizes[0];
        Sizes joint = Sizes.Of(overlaps.Pairs.Select(pair => pair.Pixels), alone), s = Sizes.Of(overlaps.PredictedSizes.Skip(1), alone),
            t = Sizes.Of(overlaps.ReferenceSizes.Skip(1), 0);
        double n = t.Count, pairs = s.Pairs + t.Pairs;
        double information = s.Entropy(n) + t.Entropy(n) - joint.Entropy(n);
        return new PartitionScores(joint.Squares / t.Squares, joint.Squares / s.Squares, 2 * joint.Squares / (s.Squares + t.Squares),
            pairs > 0 ? 1 - 2 * joint.Pairs / pairs : double.NaN,
            Share(information, s.Entropy(n)), Share(information, t.Entropy(n)), Share(information, (s.Entropy(n) + t.Entropy(n)) / 2),
            joint.Entropy(n) - t.Entropy(n), joint.Entropy(n) - s.Entropy(n));
    }

    /// <summary>Of nothing to be known, all is known.</summary>
    private static double Share(double information, double entropy) => double.IsNaN(entropy) ? double.NaN : entropy > 0 ? Math.Max(0, information / entropy) : 1;

    /// <summary>Sums over the sizes m of segments: m, m², m(m − 1) and m log₂ m. Doubles, for squares of sizes pass what integers hold.</summary>
    private readonly record struct Sizes(double Count, double Squares, double Pairs, double Logarithms)
    {
        public static Sizes Of(IEnumerable<long> sizes, long ones)
        {
            Sizes sums = new(ones, ones, 0, 0);
            foreach (double m in sizes.Where(m => m > 0))
                sums = new Sizes(sums.Count + m, sums.Squares + m * m, sums.Pairs + m * (m - 1), sums.Logarithms + m * Math.Log2(m));
            return sums;
        }

        /// <summary>−∑ m/n log₂ (m/n).</summary>
        public double Entropy(double n) => n > 0 ? Math.Max(0, Math.Log2(n) - Logarithms / n) : double.NaN;
    }
}
