using System.Runtime.InteropServices;

namespace Volute.Training;

/// <summary>Pixels that a component of the prediction and one of the reference share.</summary>
internal readonly record struct Overlap(int Predicted, int Reference, long Pixels);

/// <summary>Two maps of components laid over each other: the sizes of the components, and of every intersection that is not empty.</summary>
/// <param name="Pairs">The intersections of components numbered from 1.</param>
/// <param name="PredictedSizes">Pixels by the number of the component; at 0, pixels of none.</param>
/// <param name="ReferenceSizes">Likewise.</param>
internal sealed record Overlaps(IReadOnlyList<Overlap> Pairs, long[] PredictedSizes, long[] ReferenceSizes)
{
    /// <summary>Counts two maps whose components are numbered from 1, 0 meaning none; pixels where <paramref name="left"/> is set are left out.</summary>
    public static Overlaps Of(ReadOnlySpan<int> predicted, int predictions, ReadOnlySpan<int> reference, int references, ReadOnlySpan<bool> left = default)
    {
        long[] predictedSizes = new long[predictions + 1], referenceSizes = new long[references + 1];
        Dictionary<(int, int), long> shared = [];
        // Pixels of a row mostly share what their neighbours do: they are entered together.
        (int, int) pair = default;
        long run = 0;
        void Enter()
        {
            if (run > 0)
                CollectionsMarshal.GetValueRefOrAddDefault(shared, pair, out _) += run;
        }
        for (int i = 0; i < predicted.Length; i++)
        {
            if (!left.IsEmpty && left[i])
                continue;
            predictedSizes[predicted[i]]++;
            referenceSizes[reference[i]]++;
            if (predicted[i] == 0 || reference[i] == 0)
                continue;
            if (pair != (predicted[i], reference[i]))
            {
                Enter();
                (pair, run) = ((predicted[i], reference[i]), 0);
            }
            run++;
        }
        Enter();
        return new Overlaps([.. shared.Select(entry => new Overlap(entry.Key.Item1, entry.Key.Item2, entry.Value))], predictedSizes, referenceSizes);
    }

    /// <summary>Intersection ÷ union.</summary>
    public double Iou(Overlap pair) => (double)pair.Pixels / (PredictedSizes[pair.Predicted] + ReferenceSizes[pair.Reference] - pair.Pixels);
}
