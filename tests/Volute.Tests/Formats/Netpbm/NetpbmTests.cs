using System.Text;
using Volute.Formats;

namespace Volute.Tests.Formats.NetpbmFiles;

public class NetpbmTests
{
    private static Picture Read(string header, params byte[] data) => Netpbm.Read(new MemoryStream([.. Encoding.Latin1.GetBytes(header), .. data]));

    private static string Refusal(string header, params byte[] data) => Assert.Throws<FileFormatException>(() => Read(header, data)).Message;

    private static (int, int, int, int) Form(Picture p) => (p.Width, p.Height, p.Channels, p.MaxValue);

    [Fact]
    public void Every_kind_is_read()
    {
        Picture bits = Read("P1\n# a comment\n3 2\n1 0 1\n010\n");
        Assert.Equal((3, 2, 1, 1), Form(bits));
        Assert.Equal([0, 1, 0, 1, 0, 1], bits.ToStored());
        Assert.Equal([0, 255, 0, 255, 0, 255], Read("P4 3 2\n", 0b1010_0000, 0b0101_1111).ToBytes());
        Assert.Equal([0, 7, 15, 1], Read("P2 2#x\n2 # y\n15\n0 7\n15 1").ToStored());
        Assert.Equal([1, 2, 300], Read("P3\n1 1\n1000\n1 2 300\n").ToStored());
        Assert.Equal([10, 32, 255], Read("P5\n3 1\n255\n", 10, 32, 255).ToBytes());
        Assert.Equal([258, 65535], Read("P5 2 1 65535\t", 1, 2, 255, 255).ToUInt16());
        Assert.Equal([258], Read("P5 1 1 65535#comment\n", 1, 2).ToUInt16());
        Picture color = Read("P6\n1 2\n255\n", 1, 2, 3, 4, 5, 6);
        Assert.Equal((1, 2, 3, 255), Form(color));
        Assert.Equal(6, color[1, 0, 2]);
        Picture pam = Read("P7\nWIDTH 1\nHEIGHT 2\n# hello\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n", 1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal((1, 2, 4, 255), Form(pam));
        Assert.Equal([0f, 1f], Read("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nENDHDR\n", 0, 1).ToFloats());
    }

    [Fact]
    public void Pictures_survive_writing_and_reading()
    {
        using TemporaryFolder folder = new();
        Random random = new(1);
        for (int channels = 1; channels <= 4; channels++)
        {
            byte[] bytes = new byte[5 * 3 * channels];
            random.NextBytes(bytes);
            Netpbm.Write(folder["a"], Picture.FromBytes(bytes, 5, 3, channels));
            Assert.Equal(bytes, Netpbm.Read(folder["a"]).ToBytes());
            ushort[] words = [.. bytes.Select(b => (ushort)(b * 257 ^ 5))];
            ImageFile.Write(folder["a.pam"], Picture.FromUInt16(words, 5, 3, channels));
            Assert.Equal(words, ImageFile.Read(folder["a.pam"]).ToUInt16());
        }
        Assert.Equal("P5\n1 1\n15\n\u0007", Encoding.Latin1.GetString(Write(Read("P2 1 1 15 7"))));
    }

    private static byte[] Write(Picture picture)
    {
        MemoryStream memory = new();
        Netpbm.Write(memory, picture);
        return memory.ToArray();
    }

    [Fact]
    public void Damaged_files_are_refused_with_their_reason()
    {
        Assert.Contains("does not begin with P1 to P7", Refusal("P8 1 1\n"));
        Assert.Contains("does not begin with P1 to P7", Refusal(""));
        Assert.Contains("the width must be a number", Refusal("P5 -1 1 255\n"));
        Assert.Contains("both must be at least 1", Refusal("P5 0 1 255\n"));
        Assert.Contains("the largest sample is 65536", Refusal("P5 1 1 65536\n", 1, 2));
        Assert.Contains("the width is too large", Refusal("P5 99999999999 1 255\n"));
        Assert.Contains("sample 16 is above the largest, 15", Refusal("P5 1 1 15\n", 16));
        Assert.Contains("sample 16 is above the largest, 15", Refusal("P2 1 1 15 16"));
        Assert.Contains("a sample must be 0 or 1", Refusal("P1 2 1 02"));
        Assert.Contains("the samples needs 4 bytes, the file has at most 3 left", Refusal("P5 2 2 255\n", 1, 2, 3));
        Assert.Contains("more follows the picture", Refusal("P5 1 1 255\n", 1, 2));
        Assert.Contains("the header lacks DEPTH", Refusal("P7\nWIDTH 1\nHEIGHT 1\nMAXVAL 255\nENDHDR\n", 1));
        Assert.Contains("DEPTH 3 with tuples of type 'GRAYSCALE', expected 1", Refusal("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n", 1, 2, 3));
        Assert.Contains("WIDTH must stand once", Refusal("P7\nWIDTH 1\nWIDTH 1\nENDHDR\n"));
        Assert.Contains("cut off before ENDHDR", Refusal("P7\nWIDTH 1\n"));
        Assert.Throws<LimitException>(() => Read("P5 2000000000 2000000000 255\n"));
        Assert.Contains("900000000 samples need 900000000 bytes at least", Refusal("P1 30000 30000\n1"));
    }

    [Fact]
    public void A_cut_or_altered_file_gives_a_picture_or_a_declared_error()
    {
        (string Header, byte[] Data)[] seeds =
        [
            ("P1 3 2\n101010", []), ("P3 1 1\n99\n1 2 13", []), ("P4 9 2\n", [1, 2, 3, 4]), ("P6 2 1 300\n", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]),
            ("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n", [1, 2, 3, 4]),
        ];
        foreach (var (header, data) in seeds)
        {
            byte[] seed = [.. Encoding.ASCII.GetBytes(header), .. data];
            // A plain picture that lost a digit of its last sample is still one.
            byte[] longest = header[1] == '3' ? seed[..^1] : seed;
            Netpbm.Read(new MemoryStream(seed));
            Hostile.Every_truncation_fails(longest, stream => Netpbm.Read(stream));
            Assert.NotEqual(0, Hostile.Every_flipped_bit_is_read_or_refused(seed, stream => Netpbm.Read(stream)));
        }
    }

    [Fact]
    public void A_picture_is_known_by_its_content_and_others_are_named()
    {
        using TemporaryFolder folder = new();
        Netpbm.Write(folder["a.png"], Picture.FromBytes([9], 1, 1, 1));
        Assert.Equal(9, ImageFile.Read(folder["a.png"])[0, 0, 0]);
        ImageFile.Write(folder["b.png"], Picture.FromBytes([8], 1, 1, 1));
        Assert.IsType<PngImage>(ImageFile.Read(folder["b.png"]));
        File.WriteAllBytes(folder["c"], [0xFF, 0xD8, 0xFF, 0xE0, 0]);
        Assert.Equal($"{folder["c"]}: JPEG is read through GDAL alone (Volute.Gdal), under an ending of its own; or convert it to PNG; readable are PNG and Netpbm (PBM, PGM, PPM, PAM) (at byte 0)",
            Assert.Throws<FileFormatException>(() => ImageFile.Read(folder["c"])).Message);
        File.WriteAllBytes(folder["d"], []);
        Assert.Contains("no picture that is known here", Assert.Throws<FileFormatException>(() => ImageFile.Read(folder["d"])).Message);
        Assert.Contains("file not found", Assert.Throws<VoluteException>(() => ImageFile.Read(folder["e"])).Message);
        Assert.Contains("written as .png", Assert.Throws<InvalidArgumentException>(() => ImageFile.Write(folder["e.jpg"], Picture.FromBytes([8], 1, 1, 1))).Message);
    }
}
