namespace Volute.Training;

/// <summary>
/// Decoded files, kept while they fit into a number of bytes. What once is in stays: an epoch asks for everything once, in an order of its own, so
/// that throwing out the oldest would always throw out what comes next. Any thread may ask.
/// </summary>
internal sealed class SampleCache(long budget)
{
    private readonly Dictionary<string, object> entries = [];
    private readonly Lock gate = new();
    private long used;

    /// <summary>Bytes that are in use.</summary>
    public long Used
    {
        get
        {
            lock (gate)
                return used;
        }
    }

    /// <summary>The entry of <paramref name="key"/>, made by <paramref name="read"/> (outside of any lock) where it is not kept.</summary>
    public T Get<T>(string key, Func<T> read, Func<T, long> bytes) where T : class
    {
        lock (gate)
            if (entries.TryGetValue(key, out object? kept))
                return (T)kept;
        T value = read();
        long size = bytes(value);
        lock (gate)
            if (used + size <= budget && entries.TryAdd(key, value))
                used += size;
        return value;
    }
}
