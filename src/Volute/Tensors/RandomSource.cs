using Volute.Kernels;

namespace Volute;

/// <summary>
/// Hands out the keys of counter-based random numbers: (seed, stream). Every use takes the next stream, so a program that asks in the same order
/// gets the same numbers, whatever is evaluated when, and by however many threads.
/// </summary>
internal static class RandomSource
{
    private static readonly Shape KeyShape = [4];

    private static long s_stream = -1;

    public static long Seed { get; private set; }

    /// <summary>The stream that was handed out last; checkpoints keep it.</summary>
    public static long Stream
    {
        get => Interlocked.Read(ref s_stream);
        set => Interlocked.Exchange(ref s_stream, value);
    }

    public static void Reset(long seed) => (Seed, Stream) = (seed, -1);

    /// <summary>The next key: a tensor of four integers, seed low, seed high, stream low, stream high.</summary>
    public static Tensor NextKey()
    {
        Storage key = new(ElementType.Int32, KeyShape.Elements) { Renewal = new Renewal(Write, isSpent: false) };
        Write(key);
        return new Tensor(new Node(key, KeyShape));
    }

    private static void Write(Storage key)
    {
        long stream = Interlocked.Increment(ref s_stream);
        Span<int> words = key.AsSpan<int>();
        (words[0], words[1], words[2], words[3]) = ((int)Seed, (int)(Seed >> 32), (int)stream, (int)(stream >> 32));
    }
}
