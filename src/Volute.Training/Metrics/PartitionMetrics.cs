using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// Whether cells are rightly parted from each other, in pictures of two classes: V_Rand and V_Info after thinning of the predicted borders, the
/// adapted Rand error, and the warping error. Where there are probabilities, at the best of nine thresholds, one for all cases.
/// </summary>
/// <param name="settings">The classes; the positive one is cell, the other is border.</param>
internal sealed class PartitionMetrics(SegmentationSettings settings) : IMeasuredGroup
{
    private const int Thresholds = 9;

    private static readonly Metric[] best = [Metric.VRand, Metric.VRandSplit, Metric.VRandMerge, Metric.VInfo, Metric.RandError, Metric.WarpingError];
    private static readonly Metric[] plain = [Metric.VRandPredicted, Metric.VInfoPredicted, Metric.WarpingErrorPredicted];

    // Of each case, at the thresholds 0.1 to 0.9 and, last, of the predicted classes; null for a case that is no picture.
    private readonly List<Row[]?> cases = [];
    private bool probable;

    /// <summary>The scores of one case at one threshold; NaN where the reference has no cell.</summary>
    private readonly record struct Row(double VRand, double Split, double Merge, double VInfo, double RandError, double Warping);

    public IReadOnlyList<Metric> Metrics => cases.TrueForAll(c => c == null) ? []
        : [.. (probable ? [.. best, .. plain] : best).Select(m => m with { Definition = $"{m.Definition} Cells are of class '{settings.Classes[settings.Positive]}'." })];

    public IReadOnlyList<Metric> ClassMetrics => [];

    public void Add(in CaseMaps maps)
    {
        if (settings.Classes.Length != 2 || settings.Positive is < 0 or > 1 || maps.Grid is not { IsPicture: true } grid)
        {
            cases.Add(null);
            return;
        }
        Pass pass = new(maps, settings, grid, maps.Probabilities.IsEmpty ? 1 : Thresholds + 1);
        Team.Run(pass.Rows.Length, ref pass);
        probable |= !maps.Probabilities.IsEmpty;
        cases.Add(maps.Probabilities.IsEmpty ? [.. Enumerable.Repeat(pass.Rows[0], Thresholds + 1)] : pass.Rows);
    }

    public void Compute(ReadOnlySpan<int> weights, Span<double> metrics, Span<double> classMetrics)
    {
        Row[] means = new Row[Thresholds + 1];
        for (int k = 0; k <= Thresholds; k++)
            means[k] = Mean(weights, k);
        Row predicted = means[Thresholds], rand = means.Take(Thresholds).MaxBy(row => row.VRand);
        ReadOnlySpan<double> values =
        [
            rand.VRand, rand.Split, rand.Merge, means.Take(Thresholds).Max(row => row.VInfo), means.Take(Thresholds).Min(row => row.RandError),
            means.Take(Thresholds).Min(row => row.Warping), predicted.VRand, predicted.VInfo, predicted.Warping,
        ];
        values[..metrics.Length].CopyTo(metrics);
    }

    public CaseScore Describe(CaseScore score, int index) => cases[index] is not { } rows ? score
        : score with { VRand = rows[Thresholds].VRand, VInfo = rows[Thresholds].VInfo, WarpingError = rows[Thresholds].Warping };

    public ClassScore Describe(ClassScore score, int c) => score;

    private Row Mean(ReadOnlySpan<int> weights, int k)
    {
        double rand = 0, split = 0, merge = 0, info = 0, error = 0, warping = 0;
        long applicable = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0 || cases[i]?[k] is not { } row || double.IsNaN(row.VRand))
                continue;
            long w = weights[i];
            applicable += w;
            (rand, split, merge, info) = (rand + w * row.VRand, split + w * row.Split, merge + w * row.Merge, info + w * row.VInfo);
            (error, warping) = (error + w * row.RandError, warping + w * row.Warping);
        }
        double n = applicable > 0 ? applicable : double.NaN;
        return new Row(rand / n, split / n, merge / n, info / n, error / n, warping / n);
    }

    /// <summary>One threshold a chunk, the last one the predicted classes.</summary>
    private readonly struct Pass : IChunks
    {
        private readonly int[] predictions, reference;
        private readonly float[] probabilities;
        private readonly bool[] cells, labelled;
        private readonly int positive, references, labels;
        private readonly PixelGrid grid;

        public Pass(in CaseMaps maps, SegmentationSettings settings, PixelGrid grid, int rows)
        {
            predictions = maps.Predictions.ToArray();
            probabilities = maps.Probabilities.ToArray();
            positive = settings.Positive;
            this.grid = grid;
            cells = new bool[predictions.Length];
            labelled = new bool[predictions.Length];
            for (int i = 0; i < cells.Length; i++)
            {
                labelled[i] = maps.Labels[i] != settings.Ignore;
                cells[i] = maps.Labels[i] == positive && labelled[i];
            }
            labels = labelled.Count(l => l);
            (reference, references) = ConnectedComponents.Of(cells, grid, Connectivity.Faces);
            Rows = new Row[rows];
        }

        public Row[] Rows { get; }

        public void Run(int chunk)
        {
            bool[] found = new bool[cells.Length];
            double threshold = (chunk + 1) / (Thresholds + 1.0);
            bool predicted = chunk == Rows.Length - 1;
            for (int i = 0; i < found.Length; i++)
                found[i] = predicted ? predictions[i] == positive : probabilities[i] >= threshold;
            BorderPicture picture = BorderPicture.OfCells(found, grid.Height, grid.Width), warped = BorderPicture.OfCells(cells, grid.Height, grid.Width);
            double warping = references > 0 ? (double)warped.WarpTo(picture, labelled) / labels : double.NaN;
            double error = Compare(found).RandError;
            picture.Thin();
            PartitionScores thinned = Compare(picture.Cells());
            Rows[chunk] = new Row(thinned.Rand, thinned.RandSplit, thinned.RandMerge, thinned.Info, error, warping);
        }

        private PartitionScores Compare(bool[] found)
        {
            var (segments, count) = ConnectedComponents.Of(found, grid, Connectivity.Faces);
            return PartitionScores.Of(segments, count, reference, references);
        }
    }
}
