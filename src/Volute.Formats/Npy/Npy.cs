using System.Text;

namespace Volute.Formats;

/// <summary>Reads and writes numpy's npy files (NEP 1 and its versions 2 and 3).</summary>
public static class Npy
{
    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file; numbers in Fortran's order or with their bytes swapped come back row-major and native.</summary>
    /// <exception cref="FileFormatException">The file is no npy file, cut off, longer than its array, or holds what is no number.</exception>
    /// <exception cref="LimitException">The array is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static NumberArray Read(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path);
        NumberArray array = Read(reader, limits ?? FormatLimits.Default);
        reader.ExpectEnd("the array");
        return array;
    }

    /// <summary>Reads one array from the current position of <paramref name="stream"/>; others may follow it.</summary>
    /// <exception cref="FileFormatException">The data is no npy file, cut off, or holds what is no number.</exception>
    /// <exception cref="LimitException">The array is larger than <paramref name="limits"/> allow.</exception>
    public static NumberArray Read(Stream stream, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.Over(stream, limits);
        return Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Writes a file as a whole or not at all, byte for byte as numpy does.</summary>
    /// <exception cref="InvalidArgumentException">BFloat16, which numpy does not know.</exception>
    /// <exception cref="VoluteException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, NumberArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        byte[] header = NpyHeader.Make(array);
        AtomicFile.Write(path, stream => Write(stream, header, array));
    }

    /// <summary>Writes to <paramref name="stream"/>.</summary>
    /// <exception cref="InvalidArgumentException">BFloat16, which numpy does not know.</exception>
    public static void Write(Stream stream, NumberArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        Write(stream, NpyHeader.Make(array), array);
    }

    internal static NumberArray Read(ByteReader reader, FormatLimits limits)
    {
        Span<byte> start = stackalloc byte[8];
        reader.ReadExactly(start, "the magic number of an npy file");
        if (!start[..6].SequenceEqual(Magic))
            throw new FileFormatException(reader.Name, 0, "this is not an npy file: it does not begin with 0x93 NUMPY");
        if (start[6] is not (1 or 2 or 3) || start[7] != 0)
            throw new FileFormatException(reader.Name, 6, $"version {start[6]}.{start[7]} of npy is unknown, expected 1.0, 2.0 or 3.0");
        Span<byte> lengthBytes = stackalloc byte[start[6] == 1 ? 2 : 4];
        reader.ReadExactly(lengthBytes, "the length of the header");
        uint length = 0;
        for (int i = lengthBytes.Length - 1; i >= 0; i--)
            length = length << 8 | lengthBytes[i];
        if (length > NpyHeader.MaxBytes)
            throw reader.Error($"the header claims {length} bytes, at most {NpyHeader.MaxBytes} are allowed");
        long headerOffset = reader.Offset;
        string text = Encoding.Latin1.GetString(reader.ReadArray<byte>(length, bigEndian: false, limits, "the header"));
        NpyHeader header = NpyHeader.Parse(text, problem => new FileFormatException(reader.Name, headerOffset, problem));
        NumberArray array = NumberArray.Read(reader, header.Type, header.Shape, header.BigEndian, limits, $"an array of shape [{string.Join(", ", header.Shape)}]");
        return header.FortranOrder ? ColumnMajor.ToRowMajor(array) : array;
    }

    private static void Write(Stream stream, byte[] header, NumberArray array)
    {
        stream.Write(header);
        array.WriteTo(stream);
    }
}
