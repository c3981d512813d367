using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volute.Formats;

/// <summary>
/// The door through which every reader takes its bytes: counts them, turns an early end into a <see cref="FileFormatException"/> that
/// names the place, and allocates an array only when the file can still hold that many bytes.
/// </summary>
internal sealed class ByteReader : IDisposable
{
    private const int PieceBytes = 1 << 24;

    private readonly Stream stream;
    private readonly bool ownsStream;
    private readonly long origin;

    private ByteReader(Stream stream, string name, long bound, bool ownsStream)
    {
        this.stream = stream;
        this.ownsStream = ownsStream;
        origin = stream.CanSeek ? stream.Position : 0;
        Name = name;
        Bound = bound;
    }

    /// <summary>What errors call the file.</summary>
    public string Name { get; }

    /// <summary>Bytes read so far: the place of the next one (in the decompressed data of a compressed file).</summary>
    public long Offset { get; private set; }

    /// <summary>The most bytes that can be there in all: the file's length, or 1032 times that of a compressed file.</summary>
    public long Bound { get; }

    /// <summary>The most bytes that can still come.</summary>
    public long Left => Bound - Offset;

    /// <summary>Opens a file; one that gzip compressed is decompressed when <paramref name="gzip"/> says so, whatever its name.</summary>
    public static ByteReader OpenFile(string path, bool gzip = false)
    {
        FileStream file = Open(path);
        try
        {
            return Make(Seekable(file, path, FormatLimits.Default), path, gzip, ownsStream: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads from the current position of <paramref name="stream"/>; one that cannot seek is first read to its end.</summary>
    public static ByteReader Over(Stream stream, FormatLimits? limits, bool gzip = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string name = stream is FileStream file ? file.Name : "stream";
        return Make(Seekable(stream, name, limits ?? FormatLimits.Default), name, gzip, ownsStream: false);
    }

    /// <summary>Reads what a larger file holds, under a name that says so.</summary>
    public static ByteReader OverPart(MemoryStream part, string name) => Make(part, name, gzip: false, ownsStream: true);

    /// <summary>Opens a file for reading; whatever hinders it is a <see cref="VoluteException"/>.</summary>
    public static FileStream Open(string path)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0'))
            throw new InvalidArgumentException($"a file to read needs a name, got '{path}'");
        if (Directory.Exists(path))
            throw new VoluteException($"cannot read '{path}': it is a folder, expected a file");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VoluteException($"file not found: {path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot read '{path}': {e.Message}", e);
        }
    }

    /// <summary>Fills <paramref name="destination"/> with what errors call <paramref name="what"/>.</summary>
    public void ReadExactly(Span<byte> destination, string what)
    {
        int wanted = destination.Length, got = 0;
        while (got < wanted)
        {
            int n = ReadSome(destination[got..]);
            if (n == 0)
                throw Error($"the file ends within {what}: {got} of {wanted} bytes are there");
            got += n;
        }
    }

    /// <summary>The next byte, or −1 at the end.</summary>
    public int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return ReadSome(one) == 0 ? -1 : one[0];
    }

    /// <summary>An array of <paramref name="count"/> elements, in the byte order that the file says.</summary>
    public T[] ReadArray<T>(Int128 count, bool bigEndian, FormatLimits limits, string what) where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        limits.CheckArray(count, size, $"{Name}: {what}");
        if (count * size > Left)
            throw Error($"{what} needs {count * size} bytes, the file has at most {Math.Max(0, Left)} left");
        T[] values = GC.AllocateUninitializedArray<T>((int)count);
        for (int first = 0; first < values.Length; first += PieceBytes / size)
        {
            Span<byte> piece = MemoryMarshal.AsBytes(values.AsSpan(first, Math.Min(PieceBytes / size, values.Length - first)));
            ReadExactly(piece, what);
            if (bigEndian == BitConverter.IsLittleEndian)
                ByteOrder.Swap(piece, size);
        }
        return values;
    }

    /// <summary>
    /// The next <paramref name="count"/> bytes, in memory that grows with what is really there: a header in a compressed file can promise a
    /// thousand times the file's length.
    /// </summary>
    public byte[] ReadGrowing(int count, string what)
    {
        using MemoryStream memory = new();
        byte[] piece = new byte[Math.Min(count, 1 << 12)];
        for (int left = count; left > 0; left -= piece.Length)
        {
            Span<byte> part = piece.AsSpan(0, Math.Min(left, piece.Length));
            ReadExactly(part, what);
            memory.Write(part);
        }
        return memory.ToArray();
    }

    /// <summary>Checks that the file ends here.</summary>
    public void ExpectEnd(string after)
    {
        if (ReadByte() >= 0)
            throw new FileFormatException(Name, Offset - 1, $"bytes follow {after}, where the file should end");
    }

    /// <summary>Skips <paramref name="count"/> bytes.</summary>
    public void Skip(long count, string what)
    {
        Span<byte> piece = stackalloc byte[4096];
        for (; count > 0; count -= Math.Min(count, piece.Length))
            ReadExactly(piece[..(int)Math.Min(count, piece.Length)], what);
    }

    /// <summary>Goes to the byte <paramref name="offset"/> of a file that is not compressed.</summary>
    public void Seek(long offset)
    {
        stream.Position = origin + offset;
        Offset = offset;
    }

    /// <summary>The error for what is wrong at the current place.</summary>
    public FileFormatException Error(string problem) => new(Name, Offset, problem);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (ownsStream)
            stream.Dispose();
    }

    private int ReadSome(Span<byte> destination)
    {
        try
        {
            int n = stream.Read(destination);
            Offset += n;
            return n;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot read '{Name}': {e.Message}", e);
        }
    }

    private static ByteReader Make(Stream stream, string name, bool gzip, bool ownsStream)
    {
        long length = stream.Length - stream.Position;
        if (!gzip || !BeginsAsGzip(stream))
            return new ByteReader(stream, name, length, ownsStream);
        long bound = length > long.MaxValue / InflateReader.MaxRatio ? long.MaxValue : length * InflateReader.MaxRatio;
        return new ByteReader(new GzipReader(stream, name), name, bound, ownsStream);
    }

    private static bool BeginsAsGzip(Stream stream)
    {
        Span<byte> magic = stackalloc byte[2];
        long position = stream.Position;
        int n = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        stream.Position = position;
        return n == 2 && BinaryPrimitives.ReadUInt16BigEndian(magic) == 0x1F8B;
    }

    /// <summary>The stream itself, or what it holds where it cannot seek (a pipe): how much can still come must be known.</summary>
    private static Stream Seekable(Stream stream, string name, FormatLimits limits)
    {
        if (stream.CanSeek)
            return stream;
        long allowed = Math.Min(limits.MaxBytes, Array.MaxLength);
        MemoryStream memory = new();
        byte[] piece = new byte[1 << 16];
        for (int n; (n = stream.Read(piece)) > 0;)
        {
            if (memory.Length + n > allowed)
                throw new LimitException(name, "more than " + allowed, allowed.ToString(), "bytes");
            memory.Write(piece, 0, n);
        }
        memory.Position = 0;
        return memory;
    }
}
