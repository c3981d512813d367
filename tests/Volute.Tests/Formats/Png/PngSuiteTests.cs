using System.Buffers.Binary;
using System.Security.Cryptography;
using Volute.Formats;

namespace Volute.Tests.Formats.PngFiles;

public class PngSuiteTests
{
    public static IEnumerable<string[]> Golden
        => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Formats", "Png", "PngSuite.golden")).Select(line => line.Split(' '));

    [Fact]
    public void Every_picture_has_the_pixels_that_another_decoder_sees()
    {
        string folder = SharedData.Path("png");
        Dictionary<string, string> files = Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).ToDictionary(f => Path.GetFileName(f));
        Assert.Equal(files.Keys.Where(n => !n.StartsWith('x')).Order(StringComparer.Ordinal), Golden.Select(g => g[0]).Order(StringComparer.Ordinal));
        foreach (string[] golden in Golden)
        {
            PngImage image = Png.Read(files[golden[0]]);
            Assert.Equal((golden[0], golden[1], golden[2]), (golden[0], image.Width.ToString(), image.Height.ToString()));
            Assert.Equal(golden[0] + " " + golden[3], golden[0] + " " + Hash(image));
        }
    }

    [Fact]
    public void Every_broken_picture_is_refused()
    {
        string[] broken = Directory.GetFiles(SharedData.Path("png"), "x*.png", SearchOption.AllDirectories);
        Assert.Equal(14, broken.Length);
        foreach (string file in broken)
            Assert.StartsWith(file + ": ", Assert.Throws<FileFormatException>(() => Png.Read(file)).Message);
    }

    [Fact]
    public void Every_picture_survives_writing_and_reading()
    {
        foreach (string file in Directory.GetFiles(SharedData.Path("png"), "*.png", SearchOption.AllDirectories).Where(f => Path.GetFileName(f)[0] != 'x'))
        {
            PngImage image = Png.Read(file);
            MemoryStream memory = new();
            Png.Write(memory, image);
            memory.Position = 0;
            PngImage back = Png.Read(memory);
            Assert.Equal(Hash(image), Hash(back));
            Assert.Equal(image.Palette, back.Palette);
            Assert.Equal(image.Indices, back.Indices);
        }
    }

    /// <summary>SHA-256 of the pixels as RGBA, 16 bits a sample, big-endian.</summary>
    private static string Hash(PngImage image)
    {
        ushort[] samples = image.ToUInt16();
        byte[] rgba = new byte[image.Width * image.Height * 8];
        for (int i = 0; i < image.Width * image.Height; i++)
            for (int c = 0; c < 4; c++)
            {
                int channel = c == 3 ? image.Channels - 1 : image.Channels < 3 ? 0 : c;
                ushort value = c == 3 && !image.HasAlpha ? (ushort)65535 : samples[i * image.Channels + channel];
                BinaryPrimitives.WriteUInt16BigEndian(rgba.AsSpan(8 * i + 2 * c), value);
            }
        return Convert.ToHexStringLower(SHA256.HashData(rgba));
    }
}
