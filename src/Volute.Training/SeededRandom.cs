namespace Volute.Training;

/// <summary>
/// A stream of random numbers that is a pure function of its key (seed, epoch, sample, …): whoever asks, on whatever thread, draws the same
/// numbers. Sebastiano Vigna's SplitMix64: state += golden ratio; number = mix(state).
/// </summary>
internal struct SeededRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong state;
    private double spare = double.NaN;

    public SeededRandom(params ReadOnlySpan<ulong> key)
    {
        foreach (ulong part in key)
            state = Mix(state + Golden ^ part);
    }

    public ulong Next() => Mix(state += Golden);

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [min, max).</summary>
    public double Uniform(double min, double max) => min + (max - min) * Uniform();

    /// <summary>Uniform in 0..count−1; its bias is below count/2^64.</summary>
    public int Below(int count) => (int)Below((long)count);

    /// <summary>Uniform in 0..count−1.</summary>
    public long Below(long count) => (long)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>True with <paramref name="probability"/>.</summary>
    public bool Happens(double probability) => Uniform() < probability;

    /// <summary>Normal with mean 0 and deviation 1, two at a time (Box and Muller).</summary>
    public double Normal()
    {
        if (!double.IsNaN(spare))
        {
            double second = spare;
            spare = double.NaN;
            return second;
        }
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * Uniform());
        spare = radius * sin;
        return radius * cos;
    }

    /// <summary>Puts <paramref name="items"/> into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
