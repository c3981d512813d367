using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Volute.Training;

/// <summary>
/// Pictures that are the same but for little (saved again, brighter, noisier) and that a split may separate. Every two are compared, so that there is a
/// limit to their number.
/// </summary>
internal static class NearDuplicateChecks
{
    private const double Alike = 0.995;
    private const int Most = 4000;

    public static void Run(Dataset data, DatasetProblems problems)
    {
        int tests = data.Test?.Count ?? 0;
        if (data.Images is not { } images || data.Count + tests > Most)
            return;
        float[]?[] prints = new float[]?[data.Count + tests];
        Parallel.For(0, prints.Length, i =>
        {
            (ImageFiles files, int index) = i < data.Count ? (images, i) : (data.Test!.Images!, i - data.Count);
            if (files.ShapeOf(index) is { } shape)
                prints[i] = Thumbprint.Of(files.Bands(index), shape);
        });
        List<(int A, int B)> alike = Alikes(prints, (a, b) => Contents(data, a) != Contents(data, b) && images.ShapeOf(a)!.AsSpan().SequenceEqual(ShapeOf(data, b)), data.Count);
        string Name(int i) => i < data.Count ? data.NameOf(i) : data.Test!.NameOf(i - data.Count);
        (int A, int B)[] judged = [.. alike.Where(pair => pair.B >= data.Count)];
        if (judged.Length > 0)
            problems.Warn(FindingKind.NearDuplicate, $"{DatasetException.Count(judged.Length, "pair")} of nearly the same picture in training and in the test: {List(judged, Name)}",
                "look at them; remove copies from one side", [.. judged.SelectMany(p => (string[])[Name(p.A), Name(p.B)]).Distinct()]);
        // What a split may separate is known only for data that can be opened.
        if (problems.Count > 0 || HeldOut.IsStack(data))
            return;
        (int A, int B)[] torn = [.. alike.Where(pair => pair.B < data.Count && MaySeparate(data, pair.A, pair.B))];
        if (torn.Length > 0)
            problems.Warn(FindingKind.NearDuplicate, $"{DatasetException.Count(torn.Length, "pair")} of nearly the same picture that a split may separate: {List(torn, Name)}",
                "give them the same group in a groups.csv (case,group), or remove copies", [.. torn.SelectMany(p => (string[])[Name(p.A), Name(p.B)]).Distinct()]);
    }

    private static List<(int A, int B)> Alikes(float[]?[] prints, Func<int, int, bool> counts, int training)
    {
        ConcurrentBag<(int, int)> found = [];
        Parallel.For(0, training, a =>
        {
            for (int b = a + 1; b < prints.Length; b++)
                if (prints[a] is { } one && prints[b] is { } other && one.Length == other.Length && TensorPrimitives.Dot<float>(one, other) >= Alike && counts(a, b))
                    found.Add((a, b));
        });
        return [.. found.Order()];
    }

    private static string? Contents(Dataset data, int i) => i < data.Count ? data.ContentOf(i) : data.Test!.ContentOf(i - data.Count);

    private static int[]? ShapeOf(Dataset data, int i) => i < data.Count ? data.Images!.ShapeOf(i) : data.Test!.Images!.ShapeOf(i - data.Count);

    private static bool MaySeparate(Dataset data, int a, int b)
        => data.Splits is { } splits
            ? splits.Any(s => s.Training.Contains(a) && s.Validation.Contains(b) || s.Training.Contains(b) && s.Validation.Contains(a))
            : data.Groups is not { } groups || groups[a] != groups[b];

    private static string List((int A, int B)[] pairs, Func<int, string> name) => DatasetException.List([.. pairs.Select(p => $"{name(p.A)} ~ {name(p.B)}")]);
}
