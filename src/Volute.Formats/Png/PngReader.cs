using System.Buffers.Binary;

namespace Volute.Formats;

/// <summary>Decodes one PNG file: the chunks' order, the palette, the pixels of one or seven passes.</summary>
internal sealed class PngReader
{
    public const string Data = "IDAT";

    /// <summary>Start and step in x and y of the seven passes of Adam7 (specification, section 8).</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly ByteReader reader;
    private readonly PngChunks chunks;
    private readonly FormatLimits limits;
    private PngHeader header;
    private PaletteColor[]? palette;
    private ushort[]? transparentKey;
    private bool transparency;

    // The stored samples, 0..MaxValue, one of the two.
    private byte[]? bytes;
    private ushort[]? words;

    private PngReader(ByteReader reader, FormatLimits limits)
    {
        this.reader = reader;
        this.limits = limits;
        chunks = new PngChunks(reader);
    }

    public static PngImage Read(ByteReader reader, FormatLimits limits) => new PngReader(reader, limits).Read();

    private PngImage Read()
    {
        Span<byte> signature = stackalloc byte[8];
        reader.ReadExactly(signature, "the signature of a PNG file");
        if (!signature.SequenceEqual(Png.Signature))
            throw new FileFormatException(reader.Name, 0, "this is not a PNG file: its signature is missing or damaged");
        ReadHeader();
        for (chunks.Next(); chunks.Type != Data; chunks.Next())
            ReadBeforeData();
        if (header.ColorType == PngHeader.Indexed && palette == null)
            throw reader.Error("a palette picture without a palette (PLTE) before its pixels");
        ReadPixels();
        for (; chunks.Type != "IEND"; chunks.Next())
            SkipAfterData();
        if (chunks.Left > 0)
            throw reader.Error("the chunk IEND must be empty");
        chunks.Finish();
        return MakeImage();
    }

    private void ReadHeader()
    {
        chunks.Next();
        if (chunks.Type != "IHDR" || chunks.Left != 13)
            throw reader.Error($"the first chunk must be IHDR of 13 bytes, got {chunks.Type} of {chunks.Left}");
        byte[] data = chunks.ReadAll();
        header = PngHeader.Parse(data, reader);
        // What is allocated at most: the stored samples and the picture made of them.
        int channels = header.ColorType is PngHeader.Gray or PngHeader.GrayAlpha ? 2 : 4;
        limits.CheckPicture(header.Width, header.Height, channels, header.BitDepth == 16 ? 2 : 1,
            $"{reader.Name}: a picture of {header.Width} x {header.Height} pixels");
        if (header.RowBytes(header.Width) > Array.MaxLength)
            throw new LimitException($"{reader.Name}: a row of {header.Width} pixels",
                header.RowBytes(header.Width).ToString(), Array.MaxLength.ToString(), "bytes");
        Int128 stored = (Int128)header.RowBytes(header.Width) * header.Height;
        if (stored > (Int128)InflateReader.MaxRatio * reader.Left)
            throw reader.Error($"{header.Width} x {header.Height} pixels cannot be in the {reader.Left} bytes that follow");
    }

    private void ReadBeforeData()
    {
        switch (chunks.Type)
        {
            case "PLTE":
                ReadPalette();
                break;
            case "tRNS":
                ReadTransparency();
                break;
            case "IHDR" or "IEND":
                throw reader.Error($"chunk {chunks.Type} before the pixels (IDAT)");
            default:
                RefuseUnknownCritical();
                break;
        }
    }

    private void SkipAfterData()
    {
        if (chunks.Type is "IHDR" or "PLTE" or "tRNS" or Data)
            throw reader.Error($"chunk {chunks.Type} may not follow the pixels (IDAT)");
        RefuseUnknownCritical();
    }

    private void RefuseUnknownCritical()
    {
        if (!chunks.Ancillary)
            throw reader.Error($"the unknown chunk {chunks.Type} is marked as necessary to show the picture");
    }

    private void ReadPalette()
    {
        if (palette != null || transparency)
            throw reader.Error(palette != null ? "a second palette (PLTE)" : "the palette (PLTE) follows tRNS");
        if (header.ColorType is PngHeader.Gray or PngHeader.GrayAlpha)
            throw reader.Error("a palette (PLTE) in a gray picture");
        int most = header.ColorType == PngHeader.Indexed ? 1 << header.BitDepth : 256;
        if (chunks.Left % 3 != 0 || chunks.Left == 0 || chunks.Left > 3 * most)
            throw reader.Error($"a palette of {chunks.Left} bytes, expected 3 for each of 1 to {most} colours");
        byte[] data = chunks.ReadAll();
        palette = [.. data.Chunk(3).Select(c => new PaletteColor(c[0], c[1], c[2]))];
    }

    private void ReadTransparency()
    {
        if (transparency)
            throw reader.Error("a second tRNS chunk");
        transparency = true;
        switch (header.ColorType)
        {
            case PngHeader.Indexed:
                if (palette == null)
                    throw reader.Error("tRNS before the palette (PLTE)");
                if (chunks.Left > palette.Length)
                    throw reader.Error($"tRNS for {chunks.Left} colours, the palette has {palette.Length}");
                byte[] alphas = chunks.ReadAll();
                for (int i = 0; i < alphas.Length; i++)
                    palette[i] = palette[i] with { Alpha = alphas[i] };
                break;
            case PngHeader.Gray or PngHeader.Rgb:
                if (chunks.Left != 2 * header.StoredChannels)
                    throw reader.Error($"tRNS of {chunks.Left} bytes, expected {2 * header.StoredChannels}");
                byte[] key = chunks.ReadAll();
                // Only the low bits of a value count where the samples are narrower (specification, 11.3.2.1).
                transparentKey = [.. key.Chunk(2).Select(v => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(v) & header.MaxValue))];
                break;
            default:
                throw reader.Error("tRNS in a picture that has an alpha channel");
        }
    }

    private void ReadPixels()
    {
        int samples = header.Width * header.Height * header.StoredChannels;
        if (header.BitDepth == 16)
            words = GC.AllocateUninitializedArray<ushort>(samples);
        else
            bytes = GC.AllocateUninitializedArray<byte>(samples);
        ZlibReader zlib = new(new PngDataStream(chunks), problem => reader.Error(problem));
        if (header.Interlaced)
            foreach (var (x, y, stepX, stepY) in Adam7)
                ReadPass(zlib, x, y, stepX, stepY);
        else
            ReadPass(zlib, 0, 0, 1, 1);
        zlib.Finish("the pixels");
    }

    private void ReadPass(ZlibReader zlib, int x, int y, int stepX, int stepY)
    {
        int width = (header.Width - x + stepX - 1) / stepX;
        if (header.Width <= x || header.Height <= y)
            return;
        int rowBytes = checked((int)header.RowBytes(width));
        byte[] row = new byte[rowBytes], above = new byte[rowBytes];
        Span<byte> filter = stackalloc byte[1];
        for (; y < header.Height; y += stepY)
        {
            zlib.ReadExactly(filter, "the pixels");
            zlib.ReadExactly(row, "the pixels");
            if (!PngFilters.Undo(filter[0], row, above, header.FilterStep))
                throw reader.Error($"filter {filter[0]} of a row is unknown, expected 0 to 4");
            Spread(row, y, x, stepX, width);
            (row, above) = (above, row);
        }
    }

    /// <summary>Puts a pass's row of <paramref name="width"/> pixels in its places: columns x, x + step, ...</summary>
    private void Spread(ReadOnlySpan<byte> row, int y, int x, int step, int width)
    {
        int channels = header.StoredChannels, depth = header.BitDepth;
        int target = (y * header.Width + x) * channels;
        for (int i = 0; i < width; i++, target += step * channels)
            for (int c = 0; c < channels; c++)
            {
                int sample = i * channels + c;
                if (depth == 16)
                    words![target + c] = BinaryPrimitives.ReadUInt16BigEndian(row[(2 * sample)..]);
                else if (depth == 8)
                    bytes![target + c] = row[sample];
                else
                    bytes![target + c] = (byte)(row[sample * depth >> 3] >> (8 - depth - (sample * depth & 7)) & header.MaxValue);
            }
    }

    private PngImage MakeImage()
    {
        if (header.ColorType == PngHeader.Indexed)
        {
            int largest = bytes!.Max();
            if (largest >= palette!.Length)
                throw reader.Error($"a pixel's palette index {largest} is outside of the palette of {palette.Length} colours");
            return PngImage.Look(bytes!, palette, header.Width, header.Height, header.BitDepth);
        }
        int channels = header.StoredChannels;
        if (transparentKey is { } key)
        {
            bytes = AddAlpha(bytes, [.. key.Select(v => (byte)v)], (byte)header.MaxValue);
            words = AddAlpha(words, key, (ushort)header.MaxValue);
            channels++;
        }
        return new PngImage(header.Width, header.Height, channels, header.MaxValue, header.BitDepth, bytes, words, null, null);
    }

    /// <summary>Adds a channel that is 0 where a pixel equals <paramref name="key"/>, <paramref name="opaque"/> elsewhere.</summary>
    private static T[]? AddAlpha<T>(T[]? samples, T[] key, T opaque) where T : struct, IEquatable<T>
    {
        if (samples == null)
            return null;
        int channels = key.Length;
        T[] result = GC.AllocateUninitializedArray<T>(samples.Length / channels * (channels + 1));
        for (int from = 0, to = 0; from < samples.Length; from += channels, to += channels + 1)
        {
            ReadOnlySpan<T> pixel = samples.AsSpan(from, channels);
            pixel.CopyTo(result.AsSpan(to));
            result[to + channels] = pixel.SequenceEqual(key) ? default : opaque;
        }
        return result;
    }
}
