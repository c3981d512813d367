namespace Volute.Kernels;

/// <summary>
/// yᵢ = a random number that depends on the seed, the stream, the step and i alone: the same bits on any number of threads and on any machine's lanes,
/// and, but for rounding, in float32 and float64.
/// </summary>
/// <remarks>Four neighbours share the words of <see cref="Philox"/> at counter (i/4, step, stream) under the key seed.</remarks>
public abstract unsafe class RandomKernel
{
    private const int ChunkElements = 4096;

    private readonly long _count;

    private RandomKernel(long count) => _count = count;

    /// <summary>The kernel for <paramref name="count"/> elements of <paramref name="type"/> (float32 or float64), lying side by side.</summary>
    public static RandomKernel Create<TDistribution>(TDistribution distribution, ElementType type, long count) where TDistribution : struct, IDistribution
        => type switch
        {
            ElementType.Float32 => new Typed<TDistribution, float>(distribution, count),
            ElementType.Float64 => new Typed<TDistribution, double>(distribution, count),
            _ => throw new InvalidArgumentException($"random numbers are float32 or float64, not {type.Name()}"),
        };

    /// <summary>Fills y.</summary>
    /// <param name="y">The elements.</param>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Which of a model's random sequences it is.</param>
    /// <param name="step">How often the sequence was drawn before.</param>
    public abstract void Run(void* y, ulong seed, uint stream, ulong step);

    private sealed class Typed<TDistribution, T>(TDistribution distribution, long count) : RandomKernel(count)
        where TDistribution : struct, IDistribution where T : unmanaged
    {
        public override void Run(void* y, ulong seed, uint stream, ulong step)
        {
            Chunk<TDistribution, T> chunk = new(distribution, (T*)y, _count, seed, stream, step);
            Team.Run(checked((int)((_count + ChunkElements - 1) / ChunkElements)), ref chunk);
        }
    }

    private readonly struct Chunk<TDistribution, T>(TDistribution distribution, T* y, long count, ulong seed, uint stream, ulong step) : IChunks
        where TDistribution : struct, IDistribution where T : unmanaged
    {
        public void Run(int chunk)
        {
            long first = (long)chunk * ChunkElements, end = Math.Min(first + ChunkElements, count), i = first;
            for (; i + 4 <= end; i += 4)
                Four(y + i, i / 4);
            if (i < end)
            {
                T* last = stackalloc T[4];
                Four(last, i / 4);
                StridedCopy.Row(y + i, 1, last, 1, end - i);
            }
        }

        private void Four(T* to, long block)
        {
            (uint w0, uint w1, uint w2, uint w3) = Philox.Words((uint)block, (uint)step, (uint)(step >> 32), stream, (uint)seed, (uint)(seed >> 32));
            (double x0, double x1, double x2, double x3) = distribution.From(w0, w1, w2, w3);
            Elements.Write(to, x0);
            Elements.Write(to + 1, x1);
            Elements.Write(to + 2, x2);
            Elements.Write(to + 3, x3);
        }
    }
}
