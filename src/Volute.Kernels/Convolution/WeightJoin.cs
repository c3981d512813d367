using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>dw from the sums of the parts, always in the same order. A chunk is a few output channels.</summary>
internal readonly unsafe struct WeightJoin<L>(in WeightPass pass, float* sums, float* dw) : IChunks where L : struct, ILanes<L, float>
{
    private const int Channels = 16;

    private readonly int _parts = pass.Parts;
    private readonly long _count = pass.Count;

    private readonly WeightPass _pass = pass;

    /// <summary>The sums of all parts, one behind the other.</summary>
    private readonly float* _sums = sums;

    private readonly float* _dw = dw;

    /// <summary>All chunks.</summary>
    public int ChunkCount => (_pass.Problem.OutputChannels - 1) / Channels + 1;

    public void Run(int chunk)
    {
        int first = chunk * Channels, end = Math.Min(first + Channels, _pass.Problem.OutputChannels);
        long weights = (long)_pass.Problem.Window.Taps * _pass.Problem.GroupInputs;
        if (_pass.InPlace)
        {
            for (long i = first * weights; i < end * weights; i += L.Count)
            {
                int count = (int)Math.Min(L.Count, end * weights - i);
                L.Store(Sum(i, count), _dw + i, count);
            }
            return;
        }
        for (int o = first, count; o < end; o += count)
        {
            var (group, lane) = Math.DivRem(o, _pass.Lanes);
            count = Math.Min(Math.Min(L.Count, end - o), _pass.Lanes - lane);
            Transpose((group * weights * _pass.Lanes) + lane, count, _dw + o * weights, weights);
        }
    }

    /// <summary>Weights that lie side by side for some output channels, to where each channel has its own.</summary>
    [SkipLocalsInit]
    private void Transpose(long from, int channels, float* to, long weights)
    {
        float* column = stackalloc float[L.Count];
        for (long i = 0; i < weights; i++)
        {
            L.Store(Sum(from + i * _pass.Lanes, channels), column);
            for (int o = 0; o < channels; o++)
                to[o * weights + i] = column[o];
        }
    }

    private L Sum(long index, int count)
    {
        float* part = _sums + index;
        L sum = Load(part, count);
        for (int i = 1; i < _parts; i++)
            sum += Load(part += _count, count);
        return sum;
    }

    private static L Load(float* source, int count) => count == L.Count ? L.Load(source) : L.Load(source, count);
}
