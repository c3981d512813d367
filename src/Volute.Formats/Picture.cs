namespace Volute.Formats;

/// <summary>
/// A picture as plain numbers: <see cref="Height"/> × <see cref="Width"/> × <see cref="Channels"/> samples, row-major, the channels of a
/// pixel side by side. 1 channel is gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha. A sample lies in 0..<see cref="MaxValue"/>.
/// </summary>
public partial class Picture
{
    // One of the two: bytes where MaxValue <= 255.
    private readonly byte[]? bytes;
    private readonly ushort[]? words;

    private protected Picture(int width, int height, int channels, int maxValue, byte[]? bytes, ushort[]? words)
    {
        if (width < 1 || height < 1)
            throw new InvalidArgumentException($"a picture needs a width and a height >= 1, got {width} x {height}");
        if (channels is < 1 or > 4)
            throw new InvalidArgumentException($"a picture has 1 to 4 channels (gray, gray + alpha, RGB, RGB + alpha), got {channels}");
        long samples = bytes?.Length ?? words!.Length;
        if (samples != (Int128)width * height * channels)
            throw new InvalidArgumentException(
                $"a picture of {width} x {height} pixels and {channels} channels has {(Int128)width * height * channels} samples, got {samples}");
        Width = width;
        Height = height;
        Channels = channels;
        MaxValue = maxValue;
        this.bytes = bytes;
        this.words = words;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Samples of a pixel: 1 gray, 2 gray + alpha, 3 RGB, 4 RGB + alpha.</summary>
    public int Channels { get; }

    /// <summary>The value of full white: 255 for 8 bits, 65535 for 16, 1 for black-and-white; any up to 65535 in Netpbm files.</summary>
    public int MaxValue { get; }

    /// <summary>Whether the last channel is opacity.</summary>
    public bool HasAlpha => Channels is 2 or 4;

    /// <summary>The sample as it is stored, 0..<see cref="MaxValue"/>.</summary>
    public int this[int y, int x, int channel]
    {
        get
        {
            if ((uint)y >= (uint)Height || (uint)x >= (uint)Width || (uint)channel >= (uint)Channels)
                throw new InvalidArgumentException($"no sample ({y}, {x}, {channel}) in a picture of {Height} rows, {Width} columns and {Channels} channels");
            int i = (y * Width + x) * Channels + channel;
            return bytes != null ? bytes[i] : words![i];
        }
    }

    /// <summary>A picture of 8-bit samples; the array is not copied.</summary>
    /// <exception cref="InvalidArgumentException">The number of samples is not height × width × channels.</exception>
    public static Picture FromBytes(byte[] samples, int width, int height, int channels)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new Picture(width, height, channels, 255, samples, null);
    }

    /// <summary>A picture of 16-bit samples; the array is not copied.</summary>
    /// <exception cref="InvalidArgumentException">The number of samples is not height × width × channels.</exception>
    public static Picture FromUInt16(ushort[] samples, int width, int height, int channels)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new Picture(width, height, channels, 65535, null, samples);
    }

    /// <summary>Samples of any maximum, as Netpbm has them; they must lie within it.</summary>
    internal static Picture FromSamples(byte[]? bytes, ushort[]? words, int width, int height, int channels, int maxValue)
        => new(width, height, channels, maxValue, bytes, words);

    /// <summary>The samples as they are stored, 0..<see cref="MaxValue"/>: class numbers of a mask, for instance.</summary>
    public ushort[] ToStored() => Convert<ushort>(bytes, words, static value => (ushort)value);

    /// <summary>The samples scaled to 0..255, rounded to nearest.</summary>
    public byte[] ToBytes()
    {
        int max = MaxValue;
        return max == 255 ? (byte[])bytes!.Clone() : Convert(bytes, words, value => (byte)((value * 255 + max / 2) / max));
    }

    /// <summary>The samples scaled to 0..65535, rounded to nearest.</summary>
    public ushort[] ToUInt16()
    {
        int max = MaxValue;
        return max == 65535 ? (ushort[])words!.Clone() : Convert(bytes, words, value => (ushort)((value * 65535L + max / 2) / max));
    }

    /// <summary>sample / <see cref="MaxValue"/>: 0 for black, 1 for white.</summary>
    public float[] ToFloats()
    {
        float max = MaxValue;
        return Convert(bytes, words, value => value / max);
    }

    private static T[] Convert<T>(byte[]? bytes, ushort[]? words, Func<int, T> convert)
    {
        T[] result = GC.AllocateUninitializedArray<T>(bytes?.Length ?? words!.Length);
        if (bytes != null)
        {
            // 256 values at most: each is converted once.
            T[] table = new T[256];
            for (int i = 0; i < table.Length; i++)
                table[i] = convert(i);
            for (int i = 0; i < bytes.Length; i++)
                result[i] = table[bytes[i]];
        }
        else
        {
            for (int i = 0; i < result.Length; i++)
                result[i] = convert(words![i]);
        }
        return result;
    }
}
