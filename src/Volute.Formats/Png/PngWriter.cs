using System.Buffers.Binary;
using System.IO.Compression;

namespace Volute.Formats;

/// <summary>Encodes a picture: each row with the filter whose differences are smallest in sum, then zlib.</summary>
internal static class PngWriter
{
    public static void Write(Stream stream, Picture picture)
    {
        PaletteColor[]? palette = (picture as PngImage)?.Palette?.ToArray();
        PngHeader header = Choose(picture, palette != null);
        stream.Write(Png.Signature);
        WriteHeader(stream, header);
        if (palette != null)
            WritePalette(stream, palette);
        using (PngDataWriter data = new(stream))
        using (ZLibStream zlib = new(data, CompressionLevel.Optimal))
            WriteRows(zlib, picture, header);
        WriteChunk(stream, "IEND"u8, []);
    }

    /// <summary>Writes one chunk: length, type, data, CRC of type and data.</summary>
    public static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, data.Length);
        stream.Write(four);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(four, Crc32.Append(Crc32.Append(0, type), data));
        stream.Write(four);
    }

    /// <summary>The smallest form that holds the samples exactly; maxima that PNG does not know are scaled up to 8 or 16 bits.</summary>
    private static PngHeader Choose(Picture picture, bool indexed)
    {
        if (indexed)
            return new PngHeader(picture.Width, picture.Height, 8, PngHeader.Indexed, false);
        int color = picture.Channels switch { 1 => PngHeader.Gray, 2 => PngHeader.GrayAlpha, 3 => PngHeader.Rgb, _ => PngHeader.Rgba };
        int depth = picture.MaxValue switch
        {
            1 when color == PngHeader.Gray => 1,
            3 when color == PngHeader.Gray => 2,
            15 when color == PngHeader.Gray => 4,
            <= 255 => 8,
            _ => 16,
        };
        return new PngHeader(picture.Width, picture.Height, depth, color, false);
    }

    private static void WriteHeader(Stream stream, PngHeader header)
    {
        Span<byte> data = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, header.Width);
        BinaryPrimitives.WriteInt32BigEndian(data[4..], header.Height);
        data[8] = (byte)header.BitDepth;
        data[9] = (byte)header.ColorType;
        WriteChunk(stream, "IHDR"u8, data);
    }

    private static void WritePalette(Stream stream, PaletteColor[] palette)
    {
        byte[] colors = [.. palette.SelectMany(c => new[] { c.Red, c.Green, c.Blue })];
        WriteChunk(stream, "PLTE"u8, colors);
        int transparent = Array.FindLastIndex(palette, c => c.Alpha != 255) + 1;
        if (transparent > 0)
            WriteChunk(stream, "tRNS"u8, [.. palette[..transparent].Select(c => c.Alpha)]);
    }

    private static void WriteRows(Stream zlib, Picture picture, PngHeader header)
    {
        int rowSamples = picture.Width * header.StoredChannels, rowBytes = checked((int)header.RowBytes(picture.Width));
        byte[]? bytes = header.ColorType == PngHeader.Indexed ? ((PngImage)picture).Indices : header.BitDepth == 8 ? picture.ToBytes() : null;
        ushort[]? words = bytes != null ? null : header.BitDepth == 16 ? picture.ToUInt16() : picture.ToStored();
        // Filters predict neighbouring brightness; palette indices and packed bits have none (specification, 12.7).
        int filters = header.ColorType == PngHeader.Indexed || header.BitDepth < 8 ? 1 : PngFilters.Count;
        byte[] row = new byte[rowBytes], above = new byte[rowBytes], best = new byte[rowBytes], trial = new byte[rowBytes];
        for (int y = 0; y < picture.Height; y++)
        {
            if (bytes != null)
                bytes.AsSpan(y * rowSamples, rowSamples).CopyTo(row);
            else
                Pack(words.AsSpan(y * rowSamples, rowSamples), header.BitDepth, row);
            long least = long.MaxValue;
            int chosen = 0;
            for (int filter = 0; filter < filters; filter++)
            {
                long sum = PngFilters.Apply(filter, row, above, header.FilterStep, trial);
                if (sum >= least)
                    continue;
                (least, chosen) = (sum, filter);
                (best, trial) = (trial, best);
            }
            zlib.WriteByte((byte)chosen);
            zlib.Write(best);
            (row, above) = (above, row);
        }
    }

    private static void Pack(ReadOnlySpan<ushort> samples, int depth, Span<byte> row)
    {
        row.Clear();
        for (int i = 0; i < samples.Length; i++)
            if (depth == 16)
                BinaryPrimitives.WriteUInt16BigEndian(row[(2 * i)..], samples[i]);
            else
                row[i * depth >> 3] |= (byte)(samples[i] << (8 - depth - (i * depth & 7)));
    }
}
