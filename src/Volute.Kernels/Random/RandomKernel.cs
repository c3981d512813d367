using System.Runtime.CompilerServices;

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
/// <remarks>
/// Of each 64 elements, element 16·k + j is made of word k of <see cref="Philox"/> at the counter (16·group + j, stream) under the seed.
/// </remarks>
public sealed unsafe class RandomKernel
{
    private const int ChunkElements = 4096, Group = 4 * Philox.Counters;

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
        Loop<TDistribution> loop = new(distribution, y, _count, (uint)key[0] | (ulong)(uint)key[1] << 32, (uint)key[2] | (ulong)(uint)key[3] << 32);
        Isa.Run(_type, ref loop);
    }

    private readonly struct Loop<TDistribution>(TDistribution distribution, void* y, long count, ulong seed, ulong stream) : ILaneKernel
        where TDistribution : struct, IDistribution
    {
        public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
        {
            Chunk<TDistribution, L, T> chunk = new(distribution, (T*)y, count, seed, stream);
            Team.Run(checked((int)((count + ChunkElements - 1) / ChunkElements)), ref chunk);
        }
    }

    private readonly struct Chunk<TDistribution, L, T>(TDistribution distribution, T* y, long count, ulong seed, ulong stream) : IChunks
        where TDistribution : struct, IDistribution where L : struct, ILanes<L, T> where T : unmanaged
    {
        // Most numbers are drawn when a network is made, before the runtime would have found out that this is worth optimizing; so too what it calls.
        [SkipLocalsInit]
        [MethodImpl(Compiled.AtOnce)]
        public void Run(int chunk)
        {
            uint* words = stackalloc uint[Group];
            double* numbers = stackalloc double[Group];
            T* last = stackalloc T[Group];
            long first = (long)chunk * ChunkElements, end = Math.Min(first + ChunkElements, count);
            for (long i = first; i < end; i += Group)
            {
                Philox.Fill(words, (ulong)(i / 4), stream, seed);
                distribution.From(words, numbers);
                bool isWhole = i + Group <= end;
                Elements.Narrow<L, T>(isWhole ? y + i : last, numbers, Group);
                if (!isWhole)
                    StridedCopy.Row(y + i, 1, last, 1, end - i);
            }
        }
    }
}
