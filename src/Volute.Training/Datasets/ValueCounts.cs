namespace Volute.Training;

/// <summary>Counts the raw values of a mask, part by part; it gives up where there are too many different ones.</summary>
/// <param name="noData">The value of pixels that hold nothing, which is not counted; null for none.</param>
internal sealed class ValueCounts(int? noData)
{
    private const int Most = LabelMap.MaxClasses + 1;

    private readonly SortedDictionary<int, long> counts = [];

    /// <summary>The values that occur, rising, each with the number of its pixels; null where they are more than classes can be.</summary>
    public SortedDictionary<int, long>? Result => counts.Count > Most ? null : counts;

    /// <summary>Adds pixels.</summary>
    public void Add(ReadOnlySpan<int> values)
    {
        for (int start = 0, end; start < values.Length && counts.Count <= Most; start = end)
        {
            int value = values[start], run = values[start..].IndexOfAnyExcept(value);
            end = run < 0 ? values.Length : start + run;
            if (value != noData)
                counts[value] = counts.GetValueOrDefault(value) + end - start;
        }
    }
}
