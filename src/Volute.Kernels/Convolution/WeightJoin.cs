using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>dw from the sums of the parts, always in the same order. A chunk is a few output channels.</summary>
internal unsafe struct WeightJoin<L> : IChunks where L : struct, ILanes<L, float>
{
    private const int Channels = 16;

    public WeightPass Pass;
    public float* Sums, Dw;

    /// <summary>All chunks.</summary>
    public readonly int ChunkCount => (Pass.Problem.OutputChannels - 1) / Channels + 1;

    public readonly void Run(int chunk)
    {
        int first = chunk * Channels, end = Math.Min(first + Channels, Pass.Problem.OutputChannels);
        long weights = (long)Pass.Problem.Window.Taps * Pass.Problem.GroupInputs;
        if (Pass.InPlace)
        {
            for (long i = first * weights; i < end * weights; i += L.Count)
            {
                int count = (int)Math.Min(L.Count, end * weights - i);
                L.Store(Sum(i, count), Dw + i, count);
            }
            return;
        }
        for (int o = first, count; o < end; o += count)
        {
            var (group, lane) = Math.DivRem(o, Pass.Lanes);
            count = Math.Min(Math.Min(L.Count, end - o), Pass.Lanes - lane);
            Transpose((group * weights * Pass.Lanes) + lane, count, Dw + o * weights, weights);
        }
    }

    /// <summary>Weights that lie side by side for some output channels, to where each channel has its own.</summary>
    [SkipLocalsInit]
    private readonly void Transpose(long from, int channels, float* to, long weights)
    {
        float* column = stackalloc float[L.Count];
        for (long i = 0; i < weights; i++)
        {
            L.Store(Sum(from + i * Pass.Lanes, channels), column);
            for (int o = 0; o < channels; o++)
                to[o * weights + i] = column[o];
        }
    }

    private readonly L Sum(long index, int count)
    {
        L sum = Load(index, count);
        for (int part = 1; part < Pass.Parts; part++)
            sum += Load(part * Pass.Count + index, count);
        return sum;
    }

    private readonly L Load(long index, int count) => count == L.Count ? L.Load(Sums + index) : L.Load(Sums + index, count);
}
