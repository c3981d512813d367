namespace Volute.Training;

/// <summary>
/// What a split must not tear apart: samples of one group and samples of the same pixels, joined where these overlap; every other sample stands alone.
/// </summary>
internal static class SplitUnits
{
    /// <summary>The indices of each unit, in the order of their first sample.</summary>
    public static int[][] Of(Dataset data, IReadOnlyList<string>? groups)
    {
        if (groups != null && groups.Count != data.Count)
            throw new InvalidArgumentException($"groups must name one group for each of the {data.Count} samples, got {groups.Count}");
        int[] leader = [.. Enumerable.Range(0, data.Count)];
        int Find(int i) => leader[i] == i ? i : leader[i] = Find(leader[i]);
        void Join(Func<int, string?> key)
        {
            Dictionary<string, int> first = [];
            for (int i = 0; i < leader.Length; i++)
                if (key(i) is { } name && !first.TryAdd(name, i))
                {
                    (int a, int b) = (Find(first[name]), Find(i));
                    leader[Math.Max(a, b)] = Math.Min(a, b);
                }
        }
        if (groups != null)
            Join(i => groups[i]);
        Join(data.ContentOf);
        return [.. Enumerable.Range(0, data.Count).GroupBy(Find).OrderBy(unit => unit.Key).Select(unit => unit.ToArray())];
    }
}
