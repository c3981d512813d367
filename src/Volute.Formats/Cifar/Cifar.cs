namespace Volute.Formats;

/// <summary>The pictures and labels of one CIFAR file.</summary>
/// <param name="Images">The pixels, 0..255, of shape [records, channels (red, green, blue), 32 rows, 32 columns].</param>
/// <param name="Labels">The class of each picture: 0..9, or 0..99 for CIFAR-100.</param>
/// <param name="CoarseLabels">The superclass of each picture, 0..19, for CIFAR-100; empty for CIFAR-10.</param>
public sealed record CifarRecords(NumberArray Images, byte[] Labels, byte[] CoarseLabels);

/// <summary>Reads the binary versions of CIFAR-10 and CIFAR-100.</summary>
public static class Cifar
{
    private const int Side = 32, PixelBytes = 3 * Side * Side;

    /// <summary>Reads a file of CIFAR-10: records of 1 label and 3,072 pixel bytes.</summary>
    /// <exception cref="FileFormatException">The length is no multiple of 3,073 bytes, or a label is above 9.</exception>
    /// <exception cref="LimitException">The file is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static CifarRecords ReadCifar10(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path, gzip: true);
        return Read(reader, [10], limits ?? FormatLimits.Default);
    }

    /// <summary>Reads a file of CIFAR-100: records of a coarse label, a fine label and 3,072 pixel bytes.</summary>
    /// <exception cref="FileFormatException">The length is no multiple of 3,074 bytes, or a label is above 19 or 99.</exception>
    /// <exception cref="LimitException">The file is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static CifarRecords ReadCifar100(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path, gzip: true);
        return Read(reader, [20, 100], limits ?? FormatLimits.Default);
    }

    /// <summary>Reads records that begin with one label for each number of classes in <paramref name="classes"/>.</summary>
    internal static CifarRecords Read(ByteReader reader, ReadOnlySpan<int> classes, FormatLimits limits)
    {
        int record = classes.Length + PixelBytes;
        // Grows with what is really there: a compressed file's length is not known beforehand.
        List<byte>[] labels = [[], []];
        MemoryStream pixels = new();
        byte[] buffer = new byte[record];
        int first;
        while ((first = reader.ReadByte()) >= 0)
        {
            int index = labels[0].Count;
            limits.CheckArray((Int128)pixels.Length + PixelBytes, 1, $"{reader.Name}: the pixels of {index + 1} records");
            long offset = reader.Offset - 1;
            buffer[0] = (byte)first;
            reader.ReadExactly(buffer.AsSpan(1), $"record {index} of {record} bytes");
            for (int i = 0; i < classes.Length; i++)
            {
                if (buffer[i] >= classes[i])
                    throw new FileFormatException(reader.Name, offset + i, $"label {buffer[i]} of record {index}, expected 0 to {classes[i] - 1}");
                labels[i].Add(buffer[i]);
            }
            pixels.Write(buffer, classes.Length, PixelBytes);
        }
        if (labels[0].Count == 0)
            throw reader.Error("the file is empty");
        NumberArray images = NumberArray.From(pixels.ToArray(), labels[0].Count, 3, Side, Side);
        return new CifarRecords(images, [.. labels[classes.Length - 1]], classes.Length == 2 ? [.. labels[0]] : []);
    }
}
