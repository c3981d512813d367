using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Results that wait in the first cache and go from there to memory past the other caches. A map that no cache holds is otherwise read before it is written:
/// the first layer of a U-Net, of one channel, spends most of its time so.
/// </summary>
internal static unsafe class StagedRows
{
    /// <summary>
    /// Copies positions from where they wait, <paramref name="row"/> apart, to where they belong, <paramref name="step"/> apart; lanes hold channels, which are
    /// whole lines.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Send<L>(float* staged, nint row, float* to, nint step, int positions, int channels) where L : struct, ILanes<L, float>
    {
        // What lies side by side there too is one long position.
        if (step == channels && row == channels)
            (positions, channels) = (1, channels * positions);
        for (int position = 0; position < positions; position++, staged += row, to += step)
        {
            int channel = 0;
            for (; channel <= channels - 2 * L.Count; channel += 2 * L.Count)
            {
                L.StorePast(L.Load(staged + channel), to + channel);
                L.StorePast(L.Load(staged + channel + L.Count), to + channel + L.Count);
            }
            if (channel < channels)
                L.StorePast(L.Load(staged + channel), to + channel);
        }
    }
}
