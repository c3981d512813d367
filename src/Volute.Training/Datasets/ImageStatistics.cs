using System.Runtime.InteropServices;

namespace Volute.Training;

/// <summary>What opening learns of one image's values, band by band: no more than a band need be in memory.</summary>
/// <param name="shape">[C, …] of the image.</param>
internal sealed class ImageStatistics(int[] shape)
{
    private readonly ContentHash hash = new(shape);
    private float? first;
    private long pixels;

    /// <summary>Of each channel.</summary>
    public Moments[] Moments { get; } = new Moments[shape[0]];

    /// <summary>Whether all values are the same.</summary>
    public bool IsConstant { get; private set; } = true;

    /// <summary>Whether values are infinite.</summary>
    public bool IsInfinite { get; private set; }

    /// <summary>Whether values are missing: NaN.</summary>
    public bool HasMissing => Moments.Any(m => m.Count < pixels);

    /// <summary>The same for images of the same pixels that were added in the same bands.</summary>
    public string Content => hash.ToString();

    /// <summary>Adds the next rows of all channels, [C, …].</summary>
    public void Add(ReadOnlySpan<float> band)
    {
        hash.Add(MemoryMarshal.AsBytes(band));
        first ??= band[0];
        IsConstant &= band.IndexOfAnyExcept(first.Value) < 0;
        bool finite = !band.ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
        IsInfinite |= !finite && band.IndexOfAny(float.PositiveInfinity, float.NegativeInfinity) >= 0;
        int count = band.Length / Moments.Length;
        for (int c = 0; c < Moments.Length; c++)
            Moments[c] += Training.Moments.Of(band.Slice(c * count, count));
        pixels += count;
    }
}
