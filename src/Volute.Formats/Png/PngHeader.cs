namespace Volute.Formats;

/// <summary>How a PNG file stores its pixels: the IHDR chunk, checked.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int ColorType, bool Interlaced)
{
    public const int Gray = 0, Rgb = 2, Indexed = 3, GrayAlpha = 4, Rgba = 6;

    /// <summary>Samples of a stored pixel; a palette index is one.</summary>
    public int StoredChannels => ColorType switch { Rgb => 3, GrayAlpha => 2, Rgba => 4, _ => 1 };

    /// <summary>Bits of a stored pixel.</summary>
    public int PixelBits => StoredChannels * BitDepth;

    /// <summary>Bytes from a byte to the one of the pixel before it, at least 1: what the filters look back at.</summary>
    public int FilterStep => Math.Max(1, PixelBits / 8);

    /// <summary>2^BitDepth − 1.</summary>
    public int MaxValue => (1 << BitDepth) - 1;

    /// <summary>⌈width · bits / 8⌉, the bytes of a row of <paramref name="width"/> pixels.</summary>
    public long RowBytes(int width) => ((long)width * PixelBits + 7) / 8;

    /// <summary>Checks the thirteen bytes of an IHDR chunk.</summary>
    public static PngHeader Parse(ReadOnlySpan<byte> data, ByteReader reader)
    {
        uint width = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw reader.Error($"a picture of {width} x {height} pixels; both must be 1 to 2147483647");
        byte depth = data[8], color = data[9];
        bool known = color switch
        {
            Gray => depth is 1 or 2 or 4 or 8 or 16,
            Indexed => depth is 1 or 2 or 4 or 8,
            Rgb or GrayAlpha or Rgba => depth is 8 or 16,
            _ => throw reader.Error($"colour type {color} is unknown, expected 0, 2, 3, 4 or 6"),
        };
        if (!known)
            throw reader.Error($"bit depth {depth} does not go with colour type {color}");
        if (data[10] != 0 || data[11] != 0)
            throw reader.Error($"compression method {data[10]} and filter method {data[11]} are unknown, expected 0 and 0");
        if (data[12] > 1)
            throw reader.Error($"interlace method {data[12]} is unknown, expected 0 or 1");
        return new PngHeader((int)width, (int)height, depth, color, data[12] == 1);
    }
}
