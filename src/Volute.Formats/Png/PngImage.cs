namespace Volute.Formats;

/// <summary>A colour of a palette.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
/// <param name="Alpha">Opacity, 255 for opaque.</param>
public readonly record struct PaletteColor(byte Red, byte Green, byte Blue, byte Alpha = 255);

/// <summary>
/// A picture as a PNG file holds it. The samples are those of the picture that one sees: palette colours looked up (3 channels, or 4
/// where the palette has transparent colours) and a transparent key colour turned into an alpha channel. What the file stores for a palette
/// picture is kept beside them.
/// </summary>
public sealed class PngImage : Picture
{
    internal PngImage(int width, int height, int channels, int maxValue, int bitDepth, byte[]? bytes, ushort[]? words,
        IReadOnlyList<PaletteColor>? palette, byte[]? indices)
        : base(width, height, channels, maxValue, bytes, words)
    {
        BitDepth = bitDepth;
        Palette = palette;
        Indices = indices;
    }

    /// <summary>Bits of a stored sample or palette index: 1, 2, 4, 8 or 16.</summary>
    public int BitDepth { get; }

    /// <summary>The colours of a palette picture, null for others.</summary>
    public IReadOnlyList<PaletteColor>? Palette { get; }

    /// <summary>The palette index of each pixel, row-major, height × width (the classes of a mask drawn in colours); null without a palette.</summary>
    public byte[]? Indices { get; }

    /// <summary>A palette picture, to be written with 8 bits a pixel; the array of indices is not copied.</summary>
    /// <exception cref="InvalidArgumentException">Not 1 to 256 colours, an index without a colour, or not height × width indices.</exception>
    public static PngImage FromIndices(byte[] indices, IReadOnlyList<PaletteColor> palette, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(palette);
        if (palette.Count is < 1 or > 256)
            throw new InvalidArgumentException($"a palette has 1 to 256 colours, got {palette.Count}");
        int largest = indices.Length == 0 ? 0 : indices.Max();
        if (largest >= palette.Count)
            throw new InvalidArgumentException($"index {largest} is outside of the palette of {palette.Count} colours");
        return Look(indices, [.. palette], width, height, bitDepth: 8);
    }

    /// <summary>Looks the colours up; every index must be inside the palette.</summary>
    internal static PngImage Look(byte[] indices, PaletteColor[] palette, int width, int height, int bitDepth)
    {
        int channels = palette.Any(color => color.Alpha != 255) ? 4 : 3;
        FormatLimits.Default.CheckArray((Int128)indices.Length * channels, 1, "a palette picture");
        byte[] samples = GC.AllocateUninitializedArray<byte>(indices.Length * channels);
        for (int i = 0, o = 0; i < indices.Length; i++, o += channels)
        {
            PaletteColor color = palette[indices[i]];
            samples[o] = color.Red;
            samples[o + 1] = color.Green;
            samples[o + 2] = color.Blue;
            if (channels == 4)
                samples[o + 3] = color.Alpha;
        }
        return new PngImage(width, height, channels, 255, bitDepth, samples, null, palette, indices);
    }
}
