using System.Buffers.Binary;
using System.Text;

namespace Volute.Formats;

/// <summary>One file of a zip archive, as the archive's directory lists it.</summary>
internal readonly record struct ZipEntry(string Name, int Method, uint Crc, long CompressedBytes, long Bytes, long HeaderOffset);

/// <summary>
/// Reads zip archives (PKWARE's APPNOTE 6.3), also with 64-bit sizes; stored and deflated files. Unlike .NET 10's ZipArchive it checks
/// each file's CRC and refuses two files of one name.
/// </summary>
internal sealed class ZipReader
{
    private const uint EndMagic = 0x06054B50, End64Magic = 0x06064B50, Locator64Magic = 0x07064B50, DirectoryMagic = 0x02014B50, LocalMagic = 0x04034B50;
    private const int EndBytes = 22, Locator64Bytes = 20, End64Bytes = 56, DirectoryBytes = 46, LocalBytes = 30;

    private readonly ByteReader reader;

    /// <summary>Reads the directory.</summary>
    public ZipReader(ByteReader reader)
    {
        this.reader = reader;
        var (count, bytes, offset) = FindDirectory();
        // An entry takes at least its fixed part: a directory that claims more entries than bytes is refused before anything is allocated.
        if (offset < 0 || bytes < 0 || offset > reader.Bound - bytes || count > (ulong)(bytes / DirectoryBytes))
            throw reader.Error($"the archive's directory of {count} files and {bytes} bytes at {offset} does not fit into the file");
        reader.Seek(offset);
        List<ZipEntry> entries = [];
        HashSet<string> names = [];
        for (ulong i = 0; i < count; i++)
        {
            ZipEntry entry = ReadDirectoryEntry();
            if (!names.Add(entry.Name))
                throw reader.Error($"the archive has two files named '{entry.Name}'");
            entries.Add(entry);
        }
        if (reader.Offset != offset + bytes)
            throw reader.Error("the archive's directory does not end where it should");
        Entries = entries;
    }

    /// <summary>The files in the directory's order.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>The contents of one file, decompressed and checked.</summary>
    public byte[] Read(ZipEntry entry, FormatLimits limits)
    {
        string what = $"'{entry.Name}' in the archive";
        long begin = FindData(entry, what);
        limits.CheckArray(entry.Bytes, 1, $"{reader.Name}: {what}");
        reader.Seek(begin);
        byte[] data;
        if (entry.Method == 0)
        {
            if (entry.Bytes != entry.CompressedBytes)
                throw reader.Error($"{what} is stored, but its two sizes differ");
            data = reader.ReadArray<byte>(entry.Bytes, bigEndian: false, limits, what);
        }
        else
        {
            if (entry.CompressedBytes > reader.Left || entry.Bytes > (Int128)entry.CompressedBytes * InflateReader.MaxRatio)
                throw reader.Error($"{what} claims {entry.Bytes} bytes, which {entry.CompressedBytes} compressed ones cannot hold");
            byte[] compressed = reader.ReadArray<byte>(entry.CompressedBytes, bigEndian: false, limits, what);
            data = Inflate(compressed, entry, what);
        }
        uint crc = Crc32.Append(0, data);
        return crc == entry.Crc ? data : throw reader.Error($"{what} is damaged: its CRC is {crc:x8}, {entry.Crc:x8} is stored");
    }

    private byte[] Inflate(byte[] compressed, ZipEntry entry, string what)
    {
        byte[] data = GC.AllocateUninitializedArray<byte>((int)entry.Bytes);
        InflateReader inflate = new(new MemoryStream(compressed), problem => reader.Error($"{what}: {problem}"));
        int got = 0;
        for (int n; got < data.Length && (n = inflate.Read(data.AsSpan(got))) > 0;)
            got += n;
        if (got < data.Length || inflate.Read(new byte[1]) != 0 || inflate.ReadRawByte() >= 0)
            throw reader.Error($"{what} does not decompress to the {entry.Bytes} bytes that the archive's directory says");
        return data;
    }

    /// <summary>Where the file's data begin; its own header must agree with the directory about the name.</summary>
    private long FindData(ZipEntry entry, string what)
    {
        if (entry.HeaderOffset < 0 || entry.HeaderOffset > reader.Bound - LocalBytes)
            throw reader.Error($"{what} should begin at byte {entry.HeaderOffset}, outside of the file");
        reader.Seek(entry.HeaderOffset);
        byte[] header = Bytes(LocalBytes);
        if (Word(header, 0) != LocalMagic || Short(header, 8) != entry.Method)
            throw reader.Error($"{what} does not begin where the archive's directory says");
        if (DecodeName(Bytes(Short(header, 26)), Short(header, 6)) != entry.Name)
            throw reader.Error($"{what} has another name in its own header");
        return reader.Offset + Short(header, 28);
    }

    private ZipEntry ReadDirectoryEntry()
    {
        byte[] entry = Bytes(DirectoryBytes);
        if (Word(entry, 0) != DirectoryMagic)
            throw reader.Error("the archive's directory is damaged");
        int flags = Short(entry, 8), method = Short(entry, 10);
        string name = DecodeName(Bytes(Short(entry, 28)), flags);
        byte[] extra = Bytes(Short(entry, 30));
        Bytes(Short(entry, 32));
        if ((flags & 1) != 0)
            throw reader.Error($"'{name}' in the archive is encrypted");
        if (method is not (0 or 8))
            throw reader.Error($"'{name}' in the archive is compressed by method {method}, expected 0 (stored) or 8 (deflated)");
        long compressed = Word(entry, 20), bytes = Word(entry, 24), offset = Word(entry, 42);
        // The values that do not fit 32 bits stand in the extra field 1, in this order.
        ReadOnlySpan<byte> large = FindExtra(extra, 1);
        bytes = Widen(bytes, ref large);
        compressed = Widen(compressed, ref large);
        offset = Widen(offset, ref large);
        if (bytes < 0 || compressed < 0)
            throw reader.Error($"'{name}' in the archive has a size beyond 2^63 bytes");
        return new ZipEntry(name, method, Word(entry, 16), compressed, bytes, offset);
    }

    private long Widen(long value, ref ReadOnlySpan<byte> large)
    {
        if (value != uint.MaxValue)
            return value;
        if (large.Length < 8)
            throw reader.Error("a 64-bit size is missing in the archive's directory");
        value = BinaryPrimitives.ReadInt64LittleEndian(large);
        large = large[8..];
        return value;
    }

    private static ReadOnlySpan<byte> FindExtra(ReadOnlySpan<byte> extra, int id)
    {
        while (extra.Length >= 4)
        {
            int size = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == id)
                return extra.Slice(4, size);
            extra = extra[(4 + size)..];
        }
        return [];
    }

    /// <summary>The directory's place by the record at the file's end, before which only a comment may push it.</summary>
    private (ulong Count, long Bytes, long Offset) FindDirectory()
    {
        int tailBytes = (int)Math.Min(reader.Bound, EndBytes + ushort.MaxValue);
        reader.Seek(reader.Bound - tailBytes);
        byte[] tail = Bytes(tailBytes);
        int end = tailBytes - EndBytes;
        while (end >= 0 && (Word(tail, end) != EndMagic || Short(tail, end + 20) != tailBytes - end - EndBytes))
            end--;
        if (end < 0)
            throw new FileFormatException(reader.Name, -1, "this is not a zip archive, or it is cut off: its directory is missing");
        if (Word(tail, end + 16) != uint.MaxValue && Short(tail, end + 10) != ushort.MaxValue && Word(tail, end + 12) != uint.MaxValue)
            return ((ulong)Short(tail, end + 10), Word(tail, end + 12), Word(tail, end + 16));
        if (end < Locator64Bytes || Word(tail, end - Locator64Bytes) != Locator64Magic)
            throw reader.Error("the archive's 64-bit directory is missing");
        long place = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - Locator64Bytes + 8));
        if (place < 0 || place > reader.Bound - End64Bytes)
            throw reader.Error("the archive's 64-bit directory lies outside of the file");
        reader.Seek(place);
        byte[] record = Bytes(End64Bytes);
        if (Word(record, 0) != End64Magic)
            throw reader.Error("the archive's 64-bit directory is missing");
        return (BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(32)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)),
            BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)));
    }

    private byte[] Bytes(int count)
    {
        if (count > reader.Left)
            throw reader.Error("the archive's directory is cut off");
        byte[] bytes = new byte[count];
        reader.ReadExactly(bytes, "the archive's directory");
        return bytes;
    }

    /// <summary>Bit 11 of the flags says UTF-8; other names are read as Latin-1, which never fails.</summary>
    private static string DecodeName(byte[] name, int flags) => ((flags & 0x800) != 0 ? Encoding.UTF8 : Encoding.Latin1).GetString(name);

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static int Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
}
