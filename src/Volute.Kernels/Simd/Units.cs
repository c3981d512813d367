namespace Volute.Kernels;

/// <summary>Units of work, numbered, and gathered into chunks large enough that handing one out costs nothing beside it: by the work alone.</summary>
internal readonly struct Units
{
    // Register operations in a chunk: several microseconds.
    private const double ChunkWork = 16384;
    private const int MaxChunks = 1 << 20;

    /// <summary>Cuts <paramref name="count"/> units that cost about <paramref name="cost"/> register operations together.</summary>
    public Units(long count, double cost)
    {
        Count = count;
        _perChunk = (long)Math.Max(Math.Ceiling(count / (double)MaxChunks), Math.Clamp(Math.Floor(ChunkWork * count / Math.Max(1, cost)), 1, Math.Max(1, count)));
        Chunks = (int)((count + _perChunk - 1) / _perChunk);
    }

    private readonly long _perChunk;

    /// <summary>All units.</summary>
    public long Count { get; }

    /// <summary>All chunks.</summary>
    public int Chunks { get; }

    /// <summary>The units of a chunk, from First to End − 1.</summary>
    public (long First, long End) this[int chunk] => (chunk * _perChunk, Math.Min(Count, (chunk + 1) * _perChunk));
}
