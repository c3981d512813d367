using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>dw of channels that meet only themselves, from the sums of the parts, always in the same order. A chunk is a vector of channels.</summary>
internal unsafe struct DepthwiseWeightJoin<L> : IChunks where L : struct, ILanes<L, float>
{
    public DepthwiseWeightPass Pass;
    public float* Sums, Dw;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        float* lanes = stackalloc float[L.Count];
        int taps = Pass.Problem.Window.Taps, channel = Pass.Vectors[chunk];
        float* sums = Sums + chunk * Pass.VectorCount, to = Dw + (long)channel * taps;
        for (int tap = 0; tap < taps; tap++, sums += L.Count)
        {
            L sum = L.Load(sums);
            for (int part = 1; part < Pass.RowParts; part++)
                sum += L.Load(sums + part * Pass.PartCount);
            L.Store(sum, lanes);
            // The first lanes may be channels of the vector before.
            for (int lane = chunk * L.Count - channel; lane < L.Count; lane++)
                to[(long)lane * taps + tap] = lanes[lane];
        }
    }
}
