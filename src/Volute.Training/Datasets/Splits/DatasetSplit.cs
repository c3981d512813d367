namespace Volute.Training;

/// <summary>Which samples a network is trained on and which ones it is validated with.</summary>
/// <param name="Training">Indices into the dataset, rising.</param>
/// <param name="Validation">Indices into the dataset, rising; no sample is in both.</param>
public sealed record DatasetSplit(int[] Training, int[] Validation)
{
    internal static DatasetSplit Random(Dataset data, double fraction, ulong seed, IReadOnlyList<string>? groups)
    {
        int wanted = ValidationCount(data.Count, fraction);
        int[][] units = Shuffled(data, seed, groups);
        List<int> validation = [];
        // Whole units, as long as they bring the number closer to the one wanted; one unit stays for training.
        foreach (int[] unit in wanted == data.Count ? units : units.Take(units.Length - 1))
            if (Math.Abs(validation.Count + unit.Length - wanted) < Math.Abs(validation.Count - wanted) || validation.Count == 0 && wanted > 0)
                validation.AddRange(unit);
        return Divide(data.Count, validation);
    }

    internal static DatasetSplit OfFold(Dataset data, int fold, int folds, ulong seed, IReadOnlyList<string>? groups)
    {
        if (folds < 2)
            throw new InvalidArgumentException($"there must be at least 2 folds, got {folds}");
        CheckFold(fold, folds);
        int[][] units = Shuffled(data, seed, groups);
        if (units.Length < folds)
            throw new InvalidArgumentException($"{folds} folds need as many samples or groups that can be told apart, got {units.Length}");
        // The largest first, class by class, each to the fold that has the fewest samples so far.
        List<int>[] members = [.. Enumerable.Range(0, folds).Select(_ => new List<int>())];
        foreach (int[] unit in units.OrderByDescending(unit => unit.Length).ThenBy(unit => data.ClassOf(unit[0])))
            members.MinBy(m => m.Count)!.AddRange(unit);
        return Divide(data.Count, members[fold]);
    }

    internal static DatasetSplit Contiguous(Dataset data, double fraction)
    {
        int wanted = ValidationCount(data.Count, fraction);
        return Divide(data.Count, Enumerable.Range(0, data.Count).OrderBy(data.NameOf, NaturalOrder.Instance).TakeLast(wanted));
    }

    internal static DatasetSplit OfContiguousFold(Dataset data, int fold, int folds)
    {
        if (folds < 2)
            throw new InvalidArgumentException($"there must be at least 2 folds, got {folds}");
        CheckFold(fold, folds);
        if (data.Count < folds)
            throw new InvalidArgumentException($"{folds} folds need as many samples, got {data.Count}");
        int first = (int)((long)data.Count * fold / folds), end = (int)((fold + 1L) * data.Count / folds);
        return Divide(data.Count, Enumerable.Range(0, data.Count).OrderBy(data.NameOf, NaturalOrder.Instance).Skip(first).Take(end - first));
    }

    internal static void CheckFold(int fold, int folds)
    {
        if ((uint)fold >= (uint)folds)
            throw new InvalidArgumentException($"fold {fold} is outside of 0..{folds - 1}");
    }

    /// <summary>Units in an order mixed so that any first part of it has every class in proportion.</summary>
    private static int[][] Shuffled(Dataset data, ulong seed, IReadOnlyList<string>? groups)
    {
        int[][] units = SplitUnits.Of(data, groups);
        new SeededRandom(seed).Shuffle(units.AsSpan());
        if (data.Task != DatasetTask.Classification)
            return units;
        return [.. units.GroupBy(unit => data.ClassOf(unit[0])).SelectMany(g => g.Select((unit, rank) => (Unit: unit, Place: (rank + 0.5) / g.Count())))
            .OrderBy(item => item.Place).Select(item => item.Unit)];
    }

    private static int ValidationCount(int count, double fraction)
    {
        if (!(fraction is >= 0 and <= 1))
            throw new InvalidArgumentException($"the share to validate with must be 0 to 1, got {fraction}");
        int wanted = (int)Math.Round(count * fraction, MidpointRounding.AwayFromZero);
        return fraction is 0 or 1 || count < 2 ? wanted : Math.Clamp(wanted, 1, count - 1);
    }

    private static DatasetSplit Divide(int count, IEnumerable<int> validation)
    {
        bool[] held = new bool[count];
        foreach (int index in validation)
            held[index] = true;
        return new([.. Enumerable.Range(0, count).Where(i => !held[i])], [.. Enumerable.Range(0, count).Where(i => held[i])]);
    }
}
