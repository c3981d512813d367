using System.IO.Compression;
using System.Text;
using Volute.Formats;

namespace Volute.Tests.Formats.Compression;

public class InflateTests
{
    public static TheoryData<string> Kinds => ["one byte", "zeros", "random", "text", "mixed", "long distances"];

    private static byte[] Make(string kind)
    {
        Random random = new(5);
        byte[] noise = new byte[300_000];
        random.NextBytes(noise);
        switch (kind)
        {
            case "one byte":
                return [7];
            case "zeros":
                return new byte[400_000];
            case "random":
                return noise;
            case "text":
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30_000).Select(i => $"row {i * 7919 % 1000} of the table; ")));
            case "mixed":
                return [.. noise.AsSpan(0, 70_000), .. new byte[100_000], .. noise.AsSpan(0, 90_000).ToArray().Select(b => (byte)(b & 3))];
            default:
                return [.. Enumerable.Range(0, 12).SelectMany(i => noise.AsSpan(0, 32_768 - i).ToArray())];
        }
    }

    private static byte[] Zlib(byte[] data, CompressionLevel level)
    {
        MemoryStream memory = new();
        using (ZLibStream zlib = new(memory, level, leaveOpen: true))
            zlib.Write(data);
        return memory.ToArray();
    }

    private static byte[] Gzip(byte[] data, CompressionLevel level = CompressionLevel.Optimal)
    {
        MemoryStream memory = new();
        using (GZipStream gzip = new(memory, level, leaveOpen: true))
            gzip.Write(data);
        return memory.ToArray();
    }

    private static byte[] ReadGzip(Stream stream)
    {
        MemoryStream result = new();
        new GzipReader(stream, "test.gz").CopyTo(result);
        return result.ToArray();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Data_of_every_compression_level_comes_back(string kind)
    {
        byte[] data = Make(kind);
        foreach (CompressionLevel level in Enum.GetValues<CompressionLevel>())
        {
            byte[] back = new byte[data.Length];
            ZlibReader zlib = new(new MemoryStream(Zlib(data, level)), problem => new FileFormatException("test", -1, problem));
            zlib.ReadExactly(back, "data");
            zlib.Finish("data");
            Assert.Equal(data, back);
            Assert.Equal(data, ReadGzip(new MemoryStream(Gzip(data, level))));
        }
    }

    [Fact]
    public void Input_that_comes_byte_by_byte_is_decompressed_too()
    {
        byte[] data = Make("mixed");
        Assert.Equal(data, ReadGzip(new Trickle(Gzip(data))));
    }

    [Fact]
    public void Members_of_a_gzip_file_are_joined()
        => Assert.Equal("ab", Encoding.UTF8.GetString(ReadGzip(new MemoryStream([.. Gzip("a"u8.ToArray()), .. Gzip([]), .. Gzip("b"u8.ToArray())]))));

    [Fact]
    public void A_gzip_header_with_name_comment_extra_field_and_checksum_is_passed()
    {
        byte[] plain = Gzip("data"u8.ToArray());
        byte[] file = [0x1F, 0x8B, 8, 0x1F, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, .. "name\0"u8, .. "comment\0"u8, 1, 2, .. plain.AsSpan(10)];
        Assert.Equal("data", Encoding.UTF8.GetString(ReadGzip(new MemoryStream(file))));
    }

    [Fact]
    public void A_cut_gzip_file_bytes_behind_it_and_a_flipped_bit_are_errors()
    {
        byte[] file = Gzip(Make("text")[..3000]);
        void Read(Stream stream) => ReadGzip(stream);
        Hostile.Every_truncation_fails(file, Read);
        Assert.True(Hostile.Refuses([.. file, 0], Read));
        Assert.True(Hostile.Refuses([.. file, 0x1F, 0x8B], Read));
        // The time, the extra flags and the system (bytes 4 to 9), the text flag and up to 7 bits behind the last code mean nothing;
        // everything else is checked.
        Assert.InRange(Hostile.Every_flipped_bit_is_read_or_refused(file, Read), 8 * (file.Length - 6) - 8, 8 * (file.Length - 6) - 1);
    }

    [Fact]
    public void A_zlib_stream_with_too_much_or_too_little_or_a_wrong_checksum_is_refused()
    {
        byte[] file = Zlib(Make("text")[..2000], CompressionLevel.Optimal);
        void Read(Stream stream, int length)
        {
            ZlibReader zlib = new(stream, problem => new FileFormatException("test", -1, problem));
            zlib.ReadExactly(new byte[length], "data");
            zlib.Finish("data");
        }
        Read(new MemoryStream(file), 2000);
        Assert.Contains("too much", Assert.Throws<FileFormatException>(() => Read(new MemoryStream(file), 1999)).Message);
        Assert.Contains("too little", Assert.Throws<FileFormatException>(() => Read(new MemoryStream(file), 2001)).Message);
        Assert.Contains("bytes follow", Assert.Throws<FileFormatException>(() => Read(new MemoryStream([.. file, 0]), 2000)).Message);
        byte[] wrong = [.. file];
        wrong[^1] ^= 1;
        Assert.Contains("its checksum is", Assert.Throws<FileFormatException>(() => Read(new MemoryStream(wrong), 2000)).Message);
        Hostile.Every_truncation_fails(file, stream => Read(stream, 2000));
    }

    [Fact]
    public void Random_bytes_never_give_another_error()
    {
        Random random = new(3);
        byte[] output = new byte[1000];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] file = new byte[random.Next(1, 60)];
            random.NextBytes(file);
            Hostile.Refuses(file, stream => new InflateReader(stream, problem => new FileFormatException("test", -1, problem)).Read(output));
        }
    }

    [Fact]
    public void The_checksums_have_their_published_check_values()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0x11E60398u, Adler32.Append(Adler32.Empty, "Wikipedia"u8));
        byte[] ones = Enumerable.Repeat((byte)255, 100_000).ToArray();
        Assert.Equal(Crc32.Append(0, ones), Crc32.Append(Crc32.Append(0, ones.AsSpan(0, 33_333)), ones.AsSpan(33_333)));
        Assert.Equal(Adler32.Append(1, ones), Adler32.Append(Adler32.Append(1, ones.AsSpan(0, 33_333)), ones.AsSpan(33_333)));
    }

    /// <summary>Gives one byte at a time, as a slow pipe does.</summary>
    private sealed class Trickle(byte[] data) : MemoryStream(data)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
