using System.Buffers.Binary;

namespace Volute.Formats;

/// <summary>The chunks of a PNG file one after the other; each one's CRC is checked when it has been passed.</summary>
internal sealed class PngChunks(ByteReader reader)
{
    private uint crc;

    /// <summary>The four letters of the current chunk.</summary>
    public string Type { get; private set; } = "";

    /// <summary>Bytes of the current chunk's data that are still to be read.</summary>
    public int Left { get; private set; }

    /// <summary>Whether a decoder may pass over the current chunk: its first letter is small.</summary>
    public bool Ancillary => char.IsAsciiLetterLower(Type[0]);

    /// <summary>The file.</summary>
    public ByteReader Reader => reader;

    /// <summary>Goes to the next chunk, over what is left of the current one.</summary>
    public void Next()
    {
        if (Type.Length > 0)
            Finish();
        Span<byte> head = stackalloc byte[8];
        reader.ReadExactly(head, "the head of a chunk");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
        foreach (byte letter in head[4..])
            if (!char.IsAsciiLetter((char)letter))
                throw reader.Error("a chunk's type must be four letters");
        Type = System.Text.Encoding.ASCII.GetString(head[4..]);
        if (length > int.MaxValue || length + 4L > reader.Left)
            throw reader.Error($"chunk {Type} claims {length} bytes, the file has {Math.Max(0, reader.Left)} left");
        Left = (int)length;
        crc = Crc32.Append(0, head[4..]);
    }

    /// <summary>Some bytes of the current chunk; 0 at its end.</summary>
    public int Read(Span<byte> destination)
    {
        int n = Math.Min(destination.Length, Left);
        reader.ReadExactly(destination[..n], Type);
        crc = Crc32.Append(crc, destination[..n]);
        Left -= n;
        return n;
    }

    /// <summary>All the bytes of a small chunk, whose length must satisfy the caller's rule already.</summary>
    public byte[] ReadAll()
    {
        byte[] data = new byte[Left];
        Read(data);
        return data;
    }

    /// <summary>Passes what is left of the current chunk and checks its CRC.</summary>
    public void Finish()
    {
        Span<byte> piece = stackalloc byte[4096];
        while (Left > 0)
            Read(piece);
        reader.ReadExactly(piece[..4], "a chunk's CRC");
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(piece);
        if (stored != crc)
            throw reader.Error($"chunk {Type} is damaged: its CRC is {crc:x8}, {stored:x8} is stored");
    }
}
