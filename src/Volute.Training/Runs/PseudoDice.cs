namespace Volute.Training;

/// <summary>nnU-Net's pseudo-Dice: the pixels of all patches counted together, for each class but the background or for each region, and the mean of these.</summary>
/// <param name="outputs">Scores of a pixel.</param>
/// <param name="regions">The regions that scores are of; null: they are of classes.</param>
internal sealed class PseudoDice(int outputs, RegionLabels? regions)
{
    private readonly long[] _hits = new long[outputs], _sizes = new long[outputs];
    private long _right, _counted;

    /// <summary>The names of what <see cref="Metrics"/> has. Regions are not told apart pixel by pixel.</summary>
    public static IReadOnlyList<string> Names(Recipe recipe) => recipe.Regions is null ? ["pseudoDice", "pixelAccuracy"] : ["pseudoDice"];

    /// <summary>What is counted of scores (N, outputs, …): the class of each pixel, or 1 for each region whose score is above 0.</summary>
    public Tensor Answers(Tensor scores) => regions is null ? scores.ArgMax(1) : scores.GreaterThan(Tensor.Scalar(0, scores.Type));

    /// <summary>Counts the answers for a batch.</summary>
    public void Add(Tensor answers, Batch batch)
    {
        if (regions is null)
            AddClasses(answers.ToArray<int>(), batch.Labels);
        else
            AddRegions(regions, answers.ToArray(), batch.Labels, answers.Shape.Skip(2).Aggregate(1, (product, n) => product * n));
    }

    /// <summary>NaN where nothing was found and nothing was to be found.</summary>
    public double Mean
    {
        get
        {
            double[] dice = [.. Enumerable.Range(0, outputs).Skip(regions is null ? 1 : 0).Where(c => _sizes[c] > 0).Select(c => 2.0 * _hits[c] / _sizes[c])];
            return dice.Length == 0 ? double.NaN : dice.Average();
        }
    }

    /// <summary>By name.</summary>
    public Dictionary<string, double?> Metrics
        => regions is null ? new() { ["pseudoDice"] = Mean, ["pixelAccuracy"] = (double)_right / _counted } : new() { ["pseudoDice"] = Mean };

    private void AddClasses(int[] found, int[] labels)
    {
        for (int i = 0; i < found.Length; i++)
        {
            int label = labels[i];
            if (label == LabelMap.Ignored)
                continue;
            _counted++;
            _sizes[label]++;
            _sizes[found[i]]++;
            if (label == found[i])
                (_right, _hits[label]) = (_right + 1, _hits[label] + 1);
        }
    }

    /// <summary>Of answers [N, regions, pixels].</summary>
    private void AddRegions(RegionLabels known, float[] found, int[] labels, int pixels)
    {
        for (int i = 0; i < found.Length; i++)
        {
            int r = i / pixels % outputs, label = labels[i / (pixels * outputs) * pixels + i % pixels];
            if (label == LabelMap.Ignored)
                continue;
            bool isThere = known.Sets[r].Holds(label), isFound = found[i] > 0;
            _sizes[r] += (isThere ? 1 : 0) + (isFound ? 1 : 0);
            _hits[r] += isThere && isFound ? 1 : 0;
        }
    }
}
