using System.IO.Compression;
using Volute.Formats;

namespace Volute.Tests.Formats.IdxFiles;

public class IdxTests
{
    private static NumberArray Read(params byte[] file) => Idx.Read(new MemoryStream(file));

    private static string Refusal(params byte[] file) => Assert.Throws<FileFormatException>(() => Read(file)).Message;

    private static byte[] Gzip(byte[] data)
    {
        MemoryStream memory = new();
        using (GZipStream gzip = new(memory, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(data);
        return memory.ToArray();
    }

    [Fact]
    public void Mnist_has_its_shapes_and_its_well_known_first_labels()
    {
        NumberArray labels = Idx.Read(SharedData.Path("mnist", "train-labels-idx1-ubyte.gz"));
        Assert.Equal([60_000], labels.Shape.ToArray());
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], labels.As<byte>()[..10].ToArray());
        NumberArray images = Idx.Read(SharedData.Path("mnist", "t10k-images-idx3-ubyte.gz"));
        Assert.Equal((NumberType.UInt8, 10_000 * 28 * 28), (images.Type, images.Count));
        Assert.Equal([10_000, 28, 28], images.Shape.ToArray());
        // The mean of the test images, 0.1325, is quoted wherever MNIST is normalized.
        Assert.Equal(0.1325, images.ToFloats().Average(v => (double)v) / 255, 4);
    }

    [Fact]
    public void Every_type_is_read_in_big_endian_order()
    {
        Assert.Equal([255, 1], Read(0, 0, 8, 1, 0, 0, 0, 2, 255, 1).ToInts());
        Assert.Equal([-1, 1], Read(0, 0, 9, 1, 0, 0, 0, 2, 255, 1).ToInts());
        Assert.Equal([-2], Read(0, 0, 0x0B, 1, 0, 0, 0, 1, 255, 254).ToInts());
        Assert.Equal([258], Read(0, 0, 0x0C, 1, 0, 0, 0, 1, 0, 0, 1, 2).ToInts());
        Assert.Equal([1.5f], Read(0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0xC0, 0, 0).ToFloats());
        Assert.Equal([-2.0], Read(0, 0, 0x0E, 1, 0, 0, 0, 1, 0xC0, 0, 0, 0, 0, 0, 0, 0).ToDoubles());
        Assert.Equal([0, 3], Read(0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 3).Shape.ToArray());
    }

    [Fact]
    public void Arrays_survive_writing_and_reading_plain_and_compressed()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["a.idx", "a.idx.gz"])
            foreach (NumberArray array in (NumberArray[])[NumberArray.From<short>([1, -2, 3, 4, 5, 600], 2, 3), NumberArray.From<double>([Math.PI], 1), NumberArray.From<byte>([], 0, 4)])
            {
                Idx.Write(folder[name], array);
                NumberArray back = Idx.Read(folder[name]);
                Assert.Equal(array.Type, back.Type);
                Assert.Equal(array.Shape.ToArray(), back.Shape.ToArray());
                Assert.Equal(array.ToDoubles(), back.ToDoubles());
            }
        Assert.Equal(0x1F, File.ReadAllBytes(folder["a.idx.gz"])[0]);
        Assert.Contains("IDX holds", Assert.Throws<InvalidArgumentException>(() => Idx.Write(folder["b"], NumberArray.From<long>([1], 1))).Message);
    }

    [Fact]
    public void A_header_that_does_not_match_the_file_is_refused()
    {
        Assert.Equal("stream: this is not an IDX file: it begins with 00010801, expected 0000, a type (08 09 0B 0C 0D 0E) and a number of axes (at byte 0)",
            Refusal(0, 1, 8, 1, 0, 0, 0, 0));
        Assert.Contains("this is not an IDX file", Refusal(0, 0, 0x0A, 1, 0, 0, 0, 0));
        Assert.Contains("this is not an IDX file", Refusal(0, 0, 8, 0));
        Assert.Equal("stream: an array of shape [3] needs 3 bytes, the file has at most 2 left (at byte 8)", Refusal(0, 0, 8, 1, 0, 0, 0, 3, 1, 2));
        Assert.Equal("stream: bytes follow the 3 numbers that the header promises, where the file should end (at byte 11)", Refusal(0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4));
        Assert.Contains("the file ends within the sizes", Refusal(0, 0, 8, 2, 0, 0, 0, 3));
        byte[] many = [0, 0, 0x0E, 255, .. Enumerable.Repeat((byte)255, 255 * 4)];
        Assert.Throws<LimitException>(() => Read(many));
        Assert.Throws<LimitException>(() => Idx.Read(new MemoryStream([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]), new FormatLimits(MaxElements: 2)));
    }

    [Fact]
    public void A_cut_or_altered_file_gives_an_array_or_a_declared_error()
    {
        byte[] plain = [0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6];
        byte[] packed = Gzip([0, 0, 8, 2, 0, 0, 0, 20, 0, 0, 0, 30, .. Enumerable.Range(0, 600).Select(i => (byte)(i * i))]);
        foreach (byte[] seed in (byte[][])[plain, packed])
        {
            Read(seed);
            Hostile.Every_truncation_fails(seed, stream => Idx.Read(stream));
            Assert.True(Hostile.Every_flipped_bit_is_read_or_refused(seed, stream => Idx.Read(stream)) >= 12 * 8 - 4);
        }
        Assert.Contains("follow the end of the compressed data", Refusal([.. packed, 1, 2, 3]));
    }
}
