namespace Volute.Formats;

/// <summary>
/// Reads a gzip file (RFC 1952) of one or more members. Every member's CRC and length is checked; a cut file and bytes after the last
/// member are errors, which .NET's own stream lets pass.
/// </summary>
internal sealed class GzipReader : Stream
{
    private readonly InflateReader inflate;
    private readonly Stream input;
    private readonly string name;
    private uint crc;
    private uint length;
    private long total;
    private bool ended;

    /// <summary>Reads the first member's header; <paramref name="name"/> is what errors call the file.</summary>
    public GzipReader(Stream input, string name)
    {
        this.input = input;
        this.name = name;
        inflate = new InflateReader(input, Error);
        ReadHeader(inflate.ReadRawByte());
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!ended && !buffer.IsEmpty)
        {
            int n = inflate.Read(buffer);
            if (n > 0)
            {
                crc = Crc32.Append(crc, buffer[..n]);
                length += (uint)n;
                total += n;
                return n;
            }
            ReadTrailer();
        }
        return 0;
    }

    private void ReadHeader(int first)
    {
        if (first != 0x1F || Byte() != 0x8B)
            throw Error(total == 0 ? "this is not gzip data" : "bytes that are no gzip data follow the end of the compressed data");
        int method = Byte(), flags = Byte();
        if (method != 8)
            throw Error($"gzip with the unknown compression method {method}, expected 8");
        if ((flags & 0xE0) != 0)
            throw Error($"gzip with unknown flags 0x{flags:x2}");
        for (int i = 0; i < 6; i++)
            Byte();
        if ((flags & 4) != 0)
            for (int i = Byte() | Byte() << 8; i > 0; i--)
                Byte();
        for (int texts = (flags >> 3 & 1) + (flags >> 4 & 1); texts > 0; texts--)
            while (Byte() != 0)
            {
                // The original name and the comment are of no use here.
            }
        if ((flags & 2) != 0)
        {
            Byte();
            Byte();
        }
    }

    private void ReadTrailer()
    {
        uint storedCrc = Word(), storedLength = Word();
        if (storedCrc != crc)
            throw Error($"the gzip data is damaged: its CRC is {crc:x8}, {storedCrc:x8} is stored");
        if (storedLength != length)
            throw Error($"the gzip data is damaged: its length is {length}, {storedLength} is stored");
        crc = length = 0;
        int next = inflate.ReadRawByte();
        ended = next < 0;
        if (ended)
            return;
        total = Math.Max(total, 1);
        ReadHeader(next);
        inflate.Restart();
    }

    private int Byte()
    {
        int b = inflate.ReadRawByte();
        return b >= 0 ? b : throw Error("the gzip data is cut off");
    }

    private uint Word() => (uint)(Byte() | Byte() << 8 | Byte() << 16) | (uint)Byte() << 24;

    private FileFormatException Error(string problem) => new(name, -1, problem);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
