namespace Volute.Kernels;

/// <summary>A distribution of random numbers, of at most two parameters.</summary>
public enum RandomKind
{
    /// <summary>Uniform in [a, b).</summary>
    Uniform,

    /// <summary>Normal with mean a and standard deviation b.</summary>
    Normal,

    /// <summary>1/a with probability a, else 0: the mask of a dropout, whose mean is 1.</summary>
    KeepMask,
}

/// <summary>
/// yᵢ = a random number that depends on the key and i alone: the same bits on any number of threads and with any lanes, and, but for rounding, the
/// same in float32 and float64.
/// </summary>
/// <remarks>Four neighbours share the words of <see cref="Philox"/> at the counter (i/4, stream) under the seed.</remarks>
public sealed unsafe class RandomKernel
{
    private const int ChunkElements = 4096;

    private readonly RandomKind _kind;
    private readonly ElementType _type;
    private readonly long _count;
    private readonly double _a, _b;

    /// <summary>Prepares <paramref name="count"/> numbers lying side by side.</summary>
    /// <exception cref="InvalidArgumentException">The type is not float32 or float64, or a parameter is outside its rule.</exception>
    public RandomKernel(RandomKind kind, ElementType type, long count, double a, double b)
    {
        if (type == ElementType.Int32)
            throw new InvalidArgumentException($"random numbers are float32 or float64, not {type.Name()}");
        if (kind == RandomKind.KeepMask && !(a is >= 0 and <= 1))
            throw new InvalidArgumentException($"the probability to keep must be in 0..1, got {a}");
        if (kind == RandomKind.Uniform && !(a <= b && double.IsFinite(b - a)))
            throw new InvalidArgumentException($"uniform numbers need low <= high, got {a} and {b}");
        if (kind == RandomKind.Normal && !(b >= 0 && double.IsFinite(a + b)))
            throw new InvalidArgumentException($"normal numbers need a mean and a deviation >= 0, got {a} and {b}");
        (_kind, _type, _count, _a, _b) = (kind, type, count, a, b);
    }

    /// <summary>Draws y.</summary>
    /// <param name="y">The numbers.</param>
    /// <param name="key">Seed low, seed high, stream low, stream high.</param>
    public void Run(void* y, int* key)
    {
        switch (_kind)
        {
            case RandomKind.Uniform:
                Run(new UniformDistribution(_a, _b), y, key);
                break;
            case RandomKind.Normal:
                Run(new NormalDistribution(_a, _b), y, key);
                break;
            default:
                Run(new KeepMaskDistribution(_a), y, key);
                break;
        }
    }

    private void Run<TDistribution>(TDistribution distribution, void* y, int* key) where TDistribution : struct, IDistribution
    {
        if (_type == ElementType.Float64)
            Run(distribution, (double*)y, key);
        else
            Run(distribution, (float*)y, key);
    }

    private void Run<TDistribution, T>(TDistribution distribution, T* y, int* key) where TDistribution : struct, IDistribution where T : unmanaged
    {
        Chunk<TDistribution, T> chunk = new(distribution, y, _count, key);
        Team.Run(checked((int)((_count + ChunkElements - 1) / ChunkElements)), ref chunk);
    }

    private readonly struct Chunk<TDistribution, T>(TDistribution distribution, T* y, long count, int* key) : IChunks
        where TDistribution : struct, IDistribution where T : unmanaged
    {
        public void Run(int chunk)
        {
            long first = (long)chunk * ChunkElements, end = Math.Min(first + ChunkElements, count), i = first;
            uint k0 = (uint)key[0], k1 = (uint)key[1], s0 = (uint)key[2], s1 = (uint)key[3];
            for (; i + 4 <= end; i += 4)
                Four(y + i, i / 4, s0, s1, k0, k1);
            if (i < end)
            {
                T* last = stackalloc T[4];
                Four(last, i / 4, s0, s1, k0, k1);
                StridedCopy.Row(y + i, 1, last, 1, end - i);
            }
        }

        private void Four(T* to, long block, uint s0, uint s1, uint k0, uint k1)
        {
            (uint w0, uint w1, uint w2, uint w3) = Philox.Words((uint)block, (uint)(block >> 32), s0, s1, k0, k1);
            (double x0, double x1, double x2, double x3) = distribution.From(w0, w1, w2, w3);
            Elements.Write(to, x0);
            Elements.Write(to + 1, x1);
            Elements.Write(to + 2, x2);
            Elements.Write(to + 3, x3);
        }
    }
}
