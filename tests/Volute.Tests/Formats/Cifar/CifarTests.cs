using Volute.Formats;

namespace Volute.Tests.Formats.CifarFiles;

public class CifarTests
{
    private static byte[] Record(params byte[] labels) => [.. labels, .. Enumerable.Range(0, 3072).Select(i => (byte)(i / 1024 * 100 + i % 7))];

    private static CifarRecords Read10(Stream stream) => Cifar.Read(ByteReader.Over(stream, null), [10], FormatLimits.Default);

    private static CifarRecords Read100(Stream stream) => Cifar.Read(ByteReader.Over(stream, null), [20, 100], FormatLimits.Default);

    [Fact]
    public void The_first_records_of_cifar_10_have_their_known_labels()
    {
        CifarRecords records = Cifar.ReadCifar10(SharedData.Path("cifar10", "data_batch_1_first1000.bin"));
        Assert.Equal([1000, 3, 32, 32], records.Images.Shape.ToArray());
        // A frog, two trucks, a deer, two cars: the figure of every tutorial.
        Assert.Equal([6, 9, 9, 4, 1, 1], records.Labels[..6]);
        Assert.Equal([59, 43, 50], records.Images.As<byte>()[..3].ToArray());
        Assert.Empty(records.CoarseLabels);
    }

    [Fact]
    public void Records_of_both_kinds_are_read()
    {
        CifarRecords ten = Read10(new MemoryStream([.. Record(3), .. Record(9)]));
        Assert.Equal([3, 9], ten.Labels);
        Assert.Equal((byte)205, ten.Images.As<byte>()[3072 + 2048 + 1]);
        CifarRecords hundred = Read100(new MemoryStream([.. Record(19, 99), .. Record(0, 1)]));
        Assert.Equal([99, 1], hundred.Labels);
        Assert.Equal([19, 0], hundred.CoarseLabels);
        Assert.Equal((byte)100, hundred.Images.As<byte>()[1029]);
    }

    [Fact]
    public void Files_of_the_wrong_length_or_with_wrong_labels_are_refused()
    {
        Assert.Contains("label 10 of record 1, expected 0 to 9 (at byte 3073)",
            Assert.Throws<FileFormatException>(() => Read10(new MemoryStream([.. Record(3), .. Record(10)]))).Message);
        Assert.Contains("label 100 of record 0", Assert.Throws<FileFormatException>(() => Read100(new MemoryStream(Record(3, 100)))).Message);
        Assert.Contains("the file ends within record 1", Assert.Throws<FileFormatException>(() => Read10(new MemoryStream([.. Record(3), 1]))).Message);
        Assert.Contains("the file is empty", Assert.Throws<FileFormatException>(() => Read10(new MemoryStream())).Message);
        Assert.Throws<LimitException>(() => Cifar.Read(ByteReader.Over(new MemoryStream(Record(3)), null), [10], new FormatLimits(MaxElements: 3000)));
    }
}
