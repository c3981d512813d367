using System.Buffers.Binary;
using System.IO.Compression;

namespace Volute.Formats;

/// <summary>Reads and writes IDX files, the format of MNIST: big-endian, <c>0 0 type rank</c>, one 32-bit size an axis, the numbers.</summary>
public static class Idx
{
    private static readonly (byte Code, NumberType Type)[] Types =
    [
        (0x08, NumberType.UInt8), (0x09, NumberType.Int8), (0x0B, NumberType.Int16),
        (0x0C, NumberType.Int32), (0x0D, NumberType.Float32), (0x0E, NumberType.Float64),
    ];

    /// <summary>Reads a file, decompressing it where gzip compressed it, whatever its name.</summary>
    /// <exception cref="FileFormatException">A wrong magic number, fewer or more numbers than the sizes say, or damaged gzip data.</exception>
    /// <exception cref="LimitException">The array is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static NumberArray Read(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path, gzip: true);
        return Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Reads <paramref name="stream"/> to its end, decompressing it where gzip compressed it.</summary>
    /// <exception cref="FileFormatException">A wrong magic number, fewer or more numbers than the sizes say, or damaged gzip data.</exception>
    /// <exception cref="LimitException">The array is larger than <paramref name="limits"/> allow.</exception>
    public static NumberArray Read(Stream stream, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.Over(stream, limits, gzip: true);
        return Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Writes a file as a whole or not at all, compressed where its name ends in .gz.</summary>
    /// <exception cref="InvalidArgumentException">A type or a rank that IDX does not have.</exception>
    /// <exception cref="VoluteException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, NumberArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        byte[] header = MakeHeader(array);
        AtomicFile.Write(path, file =>
        {
            using GZipStream? gzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new(file, CompressionLevel.Optimal, leaveOpen: true) : null;
            Stream stream = gzip ?? file;
            stream.Write(header);
            array.WriteTo(stream, bigEndian: true);
        });
    }

    private static NumberArray Read(ByteReader reader, FormatLimits limits)
    {
        Span<byte> magic = stackalloc byte[4], size = stackalloc byte[4];
        reader.ReadExactly(magic, "the magic number of an IDX file");
        byte code = magic[2];
        int known = Array.FindIndex(Types, t => t.Code == code);
        if (magic[0] != 0 || magic[1] != 0 || known < 0 || magic[3] == 0)
            throw new FileFormatException(reader.Name, 0, $"this is not an IDX file: it begins with {Convert.ToHexString(magic)}, "
                + "expected 0000, a type (08 09 0B 0C 0D 0E) and a number of axes");
        long[] dims = new long[magic[3]];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            reader.ReadExactly(size, "the sizes of the axes");
            dims[axis] = BinaryPrimitives.ReadUInt32BigEndian(size);
        }
        NumberArray array = NumberArray.Read(reader, Types[known].Type, dims, bigEndian: true, limits, $"an array of shape [{string.Join(", ", dims)}]");
        reader.ExpectEnd($"the {array.Count} numbers that the header promises");
        return array;
    }

    private static byte[] MakeHeader(NumberArray array)
    {
        int known = Array.FindIndex(Types, t => t.Type == array.Type);
        if (known < 0 || array.Shape.Length is 0 or > 255)
            throw new InvalidArgumentException(
                $"IDX holds {string.Join(", ", Types.Select(t => t.Type))} with 1 to 255 axes, got {array.Type} with {array.Shape.Length}");
        byte[] header = new byte[4 + 4 * array.Shape.Length];
        header[2] = Types[known].Code;
        header[3] = (byte)array.Shape.Length;
        for (int axis = 0; axis < array.Shape.Length; axis++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * axis), array.Shape[axis]);
        return header;
    }
}
