using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Volute.Formats;

namespace Volute.Tests.Formats.PngFiles;

public class PngTests
{
    private static byte[] Write(Picture picture)
    {
        MemoryStream memory = new();
        Png.Write(memory, picture);
        return memory.ToArray();
    }

    private static PngImage Read(byte[] file, FormatLimits? limits = null) => Png.Read(new MemoryStream(file), limits);

    private static string Refusal(byte[] file) => Assert.Throws<FileFormatException>(() => Read(file)).Message;

    /// <summary>A file of the given chunks between signature and IEND, with right CRCs.</summary>
    private static byte[] Assemble(params (string Type, byte[] Data)[] chunks)
    {
        MemoryStream memory = new();
        memory.Write(Png.Signature);
        foreach (var (type, data) in chunks.Append(("IEND", [])))
            PngWriter.WriteChunk(memory, Encoding.ASCII.GetBytes(type), data);
        return memory.ToArray();
    }

    private static (string, byte[]) Header(uint width, uint height, byte depth, byte color, byte interlace = 0)
    {
        byte[] data = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(data, width);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = (depth, color, interlace);
        return ("IHDR", data);
    }

    private static byte[] Zlib(params byte[] data)
    {
        MemoryStream memory = new();
        using (ZLibStream zlib = new(memory, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(data);
        return memory.ToArray();
    }

    [Fact]
    public void Random_pictures_of_every_form_survive_writing_and_reading()
    {
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            int width = random.Next(1, 40), height = random.Next(1, 40), channels = random.Next(1, 5);
            byte[] bytes = new byte[width * height * channels];
            // Noise, or a gradient that the filters can predict.
            for (int j = 0; j < bytes.Length; j++)
                bytes[j] = (byte)(i % 2 == 0 ? random.Next(256) : 3 * (j % (width * channels)) + 5 * (j / (width * channels)));
            PngImage back = Read(Write(Picture.FromBytes(bytes, width, height, channels)));
            Assert.Equal((width, height, channels, 8, 255), (back.Width, back.Height, back.Channels, back.BitDepth, back.MaxValue));
            Assert.Equal(bytes, back.ToBytes());

            ushort[] words = [.. bytes.Select(b => (ushort)(b * 257 ^ random.Next(256)))];
            back = Read(Write(Picture.FromUInt16(words, width, height, channels)));
            Assert.Equal((width, height, channels, 16, 65535), (back.Width, back.Height, back.Channels, back.BitDepth, back.MaxValue));
            Assert.Equal(words, back.ToUInt16());
        }
    }

    [Fact]
    public void A_palette_picture_keeps_its_indices_and_colours()
    {
        PaletteColor[] palette = [new(0, 0, 0), new(255, 0, 0, 128), new(0, 255, 0)];
        byte[] indices = [0, 1, 2, 2, 1, 0];
        PngImage image = PngImage.FromIndices(indices, palette, 3, 2), back = Read(Write(image));
        Assert.Equal(indices, back.Indices);
        Assert.Equal(palette, back.Palette);
        Assert.Equal((4, true), (back.Channels, back.HasAlpha));
        Assert.Equal([0, 0, 0, 255, 255, 0, 0, 128, 0, 255, 0, 255], back.ToBytes()[..12]);
        Assert.Equal("index 3 is outside of the palette of 3 colours",
            Assert.Throws<InvalidArgumentException>(() => PngImage.FromIndices([3], palette, 1, 1)).Message);
    }

    [Fact]
    public void Samples_are_scaled_to_eight_bits_sixteen_bits_and_floats()
    {
        PngImage twoBits = Read(Assemble(Header(4, 1, 2, 0), ("IDAT", Zlib(0, 0b00_01_10_11))));
        Assert.Equal([0, 1, 2, 3], twoBits.ToStored());
        Assert.Equal([0, 85, 170, 255], twoBits.ToBytes());
        Assert.Equal([0, 21845, 43690, 65535], twoBits.ToUInt16());
        Assert.Equal([0f, 1 / 3f, 2 / 3f, 1f], twoBits.ToFloats());
        Assert.Equal(2, twoBits[0, 2, 0]);
        PngImage wide = Read(Write(Picture.FromUInt16([0, 128, 129, 65535], 4, 1, 1)));
        Assert.Equal([0, 0, 1, 255], wide.ToBytes());
    }

    [Fact]
    public void A_transparent_key_colour_becomes_an_alpha_channel()
    {
        PngImage gray = Read(Assemble(Header(4, 1, 2, 0), ("tRNS", [0xFF, 0xFE]), ("IDAT", Zlib(0, 0b00_01_10_11))));
        Assert.Equal([0, 255, 85, 255, 170, 0, 255, 255], gray.ToBytes());
        Assert.True(gray.HasAlpha);
        PngImage rgb = Read(Assemble(Header(2, 1, 8, 2), ("tRNS", [0, 1, 0, 2, 0, 3]), ("IDAT", Zlib(0, 1, 2, 3, 1, 2, 4))));
        Assert.Equal([1, 2, 3, 0, 1, 2, 4, 255], rgb.ToBytes());
    }

    [Fact]
    public void Damaged_structure_is_refused_with_its_reason()
    {
        byte[] pixels = Zlib(0, 1, 2);
        var header = Header(2, 1, 8, 0);
        Assert.Equal(2, Read(Assemble(header, ("tEXt", [1]), ("IDAT", pixels), ("tIME", [1]))).Width);
        Assert.Contains("signature is missing", Refusal([1, 2, 3, 4, 5, 6, 7, 8, 9]));
        Assert.Contains("the first chunk must be IHDR", Refusal(Assemble(("IDAT", pixels))));
        Assert.Contains("both must be 1 to", Refusal(Assemble(Header(0, 1, 8, 0), ("IDAT", pixels))));
        Assert.Contains("bit depth 4 does not go with colour type 2", Refusal(Assemble(Header(2, 1, 4, 2), ("IDAT", pixels))));
        Assert.Contains("colour type 5 is unknown", Refusal(Assemble(Header(2, 1, 8, 5), ("IDAT", pixels))));
        Assert.Contains("interlace method 2", Refusal(Assemble(Header(2, 1, 8, 0, 2), ("IDAT", pixels))));
        Assert.Contains("IEND before the pixels", Refusal(Assemble(header)));
        Assert.Contains("unknown chunk NECE is marked as necessary", Refusal(Assemble(header, ("NECE", []), ("IDAT", pixels))));
        Assert.Contains("IDAT may not follow", Refusal(Assemble(header, ("IDAT", pixels), ("tEXt", []), ("IDAT", []))));
        Assert.Contains("a second palette", Refusal(Assemble(Header(1, 1, 8, 2), ("PLTE", [1, 2, 3]), ("PLTE", [1, 2, 3]), ("IDAT", pixels))));
        Assert.Contains("a palette (PLTE) in a gray picture", Refusal(Assemble(header, ("PLTE", [1, 2, 3]), ("IDAT", pixels))));
        Assert.Contains("a palette of 4 bytes", Refusal(Assemble(Header(1, 1, 8, 3), ("PLTE", [1, 2, 3, 4]))));
        Assert.Contains("without a palette", Refusal(Assemble(Header(1, 1, 8, 3), ("IDAT", pixels))));
        Assert.Contains("tRNS for 2 colours, the palette has 1", Refusal(Assemble(Header(1, 1, 8, 3), ("PLTE", [1, 2, 3]), ("tRNS", [1, 2]))));
        Assert.Contains("palette index 1 is outside of the palette of 1 colours", Refusal(Assemble(Header(1, 1, 8, 3), ("PLTE", [1, 2, 3]), ("IDAT", Zlib(0, 1)))));
        Assert.Contains("filter 5 of a row", Refusal(Assemble(header, ("IDAT", Zlib(5, 1, 2)))));
    }

    [Fact]
    public void Pixel_data_that_is_too_short_too_long_or_followed_by_rubbish_is_refused()
    {
        var header = Header(2, 1, 8, 0);
        Assert.Contains("holds too little", Refusal(Assemble(header, ("IDAT", Zlib(0, 1)))));
        Assert.Contains("holds too much", Refusal(Assemble(header, ("IDAT", Zlib(0, 1, 2, 3)))));
        Assert.Contains("bytes follow the end", Refusal(Assemble(header, ("IDAT", [.. Zlib(0, 1, 2), 0]))));
        Assert.Contains("is cut off", Refusal(Assemble(header, ("IDAT", Zlib(0, 1, 2)[..^1]))));
        byte[] cut = Assemble(header, ("IDAT", Zlib(0, 1, 2)));
        Assert.Contains("claims 4294967295 bytes", Refusal([.. cut.AsSpan(0, 33), 255, 255, 255, 255, .. "IDAT"u8, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_huge_picture_is_refused_before_anything_is_allocated()
    {
        byte[] huge = Assemble(Header(int.MaxValue, int.MaxValue, 8, 0), ("IDAT", Zlib(0, 1, 2)));
        string message = Assert.Throws<LimitException>(() => Read(huge)).Message;
        Assert.Equal("stream: a picture of 2147483647 x 2147483647 pixels needs 4611686014132420609 pixels, but at most 2147483591 are allowed", message);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("cannot be in the", Refusal(Assemble(Header(30_000, 30_000, 8, 0), ("IDAT", Zlib(0, 1, 2)))));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Throws<LimitException>(() => Read(Write(Picture.FromBytes(new byte[100], 10, 10, 1)), new FormatLimits(MaxPixels: 99)));
    }

    [Fact]
    public void Compressed_text_is_passed_over_without_decompressing_it()
    {
        byte[] bomb = Zlib(new byte[20_000_000]);
        byte[] file = Assemble(Header(2, 1, 8, 0), ("zTXt", [.. "name\0\0"u8, .. bomb]), ("iCCP", [.. "name\0\0"u8, .. bomb]), ("IDAT", Zlib(0, 1, 2)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal([1, 2], Read(file).ToBytes());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void A_cut_or_altered_file_gives_a_picture_or_a_declared_error()
    {
        Random random = new(2);
        byte[] noise = new byte[6 * 5 * 3];
        random.NextBytes(noise);
        byte[] rgb = Write(Picture.FromBytes(noise, 6, 5, 3));
        // Interlaced, with a palette, transparency and a text chunk.
        byte[] palette = Assemble(Header(5, 5, 2, 3, 1), ("PLTE", [.. noise.AsSpan(0, 12)]), ("tRNS", [9, 8]), ("tEXt", [.. "a\0b"u8]),
            ("IDAT", Zlib([0, 0x40, 0, 0x80, 0, 0xC0, 0, 0x80, 0, 0x24, 0, 0xA0, 0, 0x70, 0, 0x1B, 0, 0x40, 0, 0xE4, 0x80, 0, 0x1B, 0x40])));
        foreach (byte[] seed in (byte[][])[rgb, palette])
        {
            Read(seed);
            Hostile.Every_truncation_fails(seed, stream => Png.Read(stream));
            // Every bit is under a CRC, is one, or is the signature.
            Assert.Equal(8 * seed.Length, Hostile.Every_flipped_bit_is_read_or_refused(seed, stream => Png.Read(stream)));
        }
    }

    [Fact]
    public void Altered_chunks_with_right_checksums_give_a_picture_or_a_declared_error()
    {
        Random random = new(4);
        byte[] pixels = Zlib(0, 0x40, 0, 0x80, 0, 0xC0, 0, 0x80, 0, 0x24, 0, 0xA0, 0, 0x70, 0, 0x1B, 0, 0x40, 0, 0xE4, 0x80, 0, 0x1B, 0x40);
        int read = 0;
        for (int i = 0; i < 5000; i++)
        {
            (string, byte[])[] chunks = [Header(5, 5, 2, 3, 1), ("PLTE", new byte[12]), ("tRNS", [9, 8]), ("IDAT", [.. pixels])];
            for (int change = random.Next(1, 3); change > 0; change--)
            {
                byte[] data = chunks[random.Next(4)].Item2;
                data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
            }
            read += Hostile.Refuses(Assemble(chunks), stream => Png.Read(stream)) ? 0 : 1;
        }
        Assert.InRange(read, 500, 4500);
    }

    [Fact]
    public void Files_are_written_whole_and_missing_ones_are_named()
    {
        using TemporaryFolder folder = new();
        Png.Write(folder["a.png"], Picture.FromBytes([1, 2, 3, 4], 2, 2, 1));
        Assert.Equal([1, 2, 3, 4], Png.Read(folder["a.png"]).ToBytes());
        Assert.Equal($"file not found: {folder["b.png"]}", Assert.Throws<VoluteException>(() => Png.Read(folder["b.png"])).Message);
        Assert.Contains("it is a folder", Assert.Throws<VoluteException>(() => Png.Read(folder.Root)).Message);
        Assert.Equal("a picture of 2 x 2 pixels and 3 channels has 12 samples, got 4",
            Assert.Throws<InvalidArgumentException>(() => Picture.FromBytes(new byte[4], 2, 2, 3)).Message);
    }
}
