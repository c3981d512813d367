namespace Volute.Kernels;

/// <summary>
/// Channels that meet only themselves, cut into vectors. The last vector ends where the channels end: where they do not fill it, it begins earlier, and
/// some channels are in two vectors, with the same result. Fewer channels than lanes take narrower registers.
/// </summary>
internal readonly struct ChannelVectors(int channels)
{
    /// <summary>Channels in all.</summary>
    public int Channels { get; } = channels;

    /// <summary>Channels of a vector.</summary>
    public int Lanes { get; } = Isa.LanesWithin(channels);

    /// <summary>How many vectors.</summary>
    public int Count => (Channels - 1) / Lanes + 1;

    /// <summary>The first channel of a vector.</summary>
    public int this[int vector] => Math.Min(vector * Lanes, Channels - Lanes);
}
