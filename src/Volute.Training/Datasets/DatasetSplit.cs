namespace Volute.Training;

/// <summary>Which samples a network is trained on and which ones it is validated with.</summary>
/// <param name="Training">Indices into the dataset, rising.</param>
/// <param name="Validation">Indices into the dataset, rising; no sample is in both.</param>
public sealed record DatasetSplit(int[] Training, int[] Validation)
{
    internal static DatasetSplit Random(Dataset data, double fraction, ulong seed, IReadOnlyList<string>? groups)
    {
        int wanted = ValidationCount(data.Count, fraction);
        SeededRandom random = new(seed);
        if (groups == null)
        {
            int[] order = [.. Enumerable.Range(0, data.Count)];
            random.Shuffle(order.AsSpan());
            return Divide(data.Count, ByClass(data, order).Take(wanted));
        }
        if (groups.Count != data.Count)
            throw new InvalidArgumentException($"groups must name one group for each of the {data.Count} samples, got {groups.Count}");
        string[] names = [.. groups.Distinct().Order(StringComparer.Ordinal)];
        random.Shuffle(names.AsSpan());
        ILookup<string, int> members = Enumerable.Range(0, data.Count).ToLookup(i => groups[i]);
        List<int> validation = [];
        // Whole groups, as long as they bring the number closer to the one wanted; one group stays for training.
        foreach (string name in names.Take(names.Length - 1))
            if (Math.Abs(validation.Count + members[name].Count() - wanted) < Math.Abs(validation.Count - wanted)
                || validation.Count == 0 && wanted > 0)
                validation.AddRange(members[name]);
        return Divide(data.Count, validation);
    }

    internal static DatasetSplit Contiguous(Dataset data, double fraction)
    {
        int wanted = ValidationCount(data.Count, fraction);
        return Divide(data.Count, Enumerable.Range(0, data.Count).OrderBy(data.NameOf, NaturalOrder.Instance).TakeLast(wanted));
    }

    /// <summary>The order mixed so that any first part of it has every class in proportion.</summary>
    private static IEnumerable<int> ByClass(Dataset data, int[] order)
    {
        if (data.Task != DatasetTask.Classification)
            return order;
        return order.GroupBy(data.ClassOf).SelectMany(g => g.Select((index, rank) => (Index: index, Place: (rank + 0.5) / g.Count())))
            .OrderBy(item => item.Place).Select(item => item.Index);
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
