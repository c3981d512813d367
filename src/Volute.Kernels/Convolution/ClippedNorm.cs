using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>y = min(max((x − mean)·scale + shift, Low), High): a normalization by known numbers and the activation that cuts it off, ReLU or ReLU6; without one the bounds are infinite.</summary>
/// <param name="Low">The least result, no NaN.</param>
/// <param name="High">The greatest result, no NaN.</param>
public readonly record struct ClippedNorm(double Low, double High) : IMap4
{
    /// <inheritdoc/>
    public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged => Invoke<L, T>(a, b, c, d, L.Broadcast(Low), L.Broadcast(High));

    /// <summary>The same with the bounds in lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L Invoke<L, T>(L x, L mean, L scale, L shift, L low, L high) where L : struct, ILanes<L, T> where T : unmanaged
        => L.AtMost(L.AtLeast(L.MultiplyAdd(x - mean, scale, shift), low), high);
}

/// <summary>
/// A <see cref="ClippedNorm"/> with its numbers, one a channel: what tiles do to their results while these are in registers or in the first cache. Behind the
/// last channel the numbers begin again, so that a whole vector can be read at any channel.
/// </summary>
internal readonly unsafe struct NormRows(ClippedNorm norm, float* mean, float* scale, float* shift)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNone => mean == null;

    public float* Mean => mean;

    public float* Scale => scale;

    public float* Shift => shift;

    public double Low => norm.Low;

    public double High => norm.High;

    /// <summary>The numbers from a channel on.</summary>
    public NormRows From(int channel) => new(norm, mean + channel, scale + channel, shift + channel);

    /// <summary>Works in place on positions <paramref name="step"/> apart. Lanes hold channels, of the last vector as many as are left.</summary>
    // Called once a tile, and kept out of the loop over tiles, which is long enough.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Apply<L>(float* values, nint step, int positions, int channels) where L : struct, ILanes<L, float>
    {
        L low = L.Broadcast(norm.Low), high = L.Broadcast(norm.High);
        for (int channel = 0; channel < channels; channel += L.Count)
        {
            L m = L.Load(mean + channel), c = L.Load(scale + channel), d = L.Load(shift + channel);
            float* at = values + channel;
            int count = Math.Min(L.Count, channels - channel), whole = count == L.Count ? positions : 0;
            for (int position = 0; position < whole; position++, at += step)
                L.Store(ClippedNorm.Invoke<L, float>(L.Load(at), m, c, d, low, high), at);
            for (int position = whole; position < positions; position++, at += step)
                L.Store(ClippedNorm.Invoke<L, float>(L.Load(at, count), m, c, d, low, high), at, count);
        }
    }
}
