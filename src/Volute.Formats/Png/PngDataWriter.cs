namespace Volute.Formats;

/// <summary>Cuts what is written to it into IDAT chunks of 64 KiB; the last one is written when it is closed.</summary>
internal sealed class PngDataWriter(Stream stream) : Stream
{
    private readonly byte[] buffer = new byte[1 << 16];
    private int filled;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int n = Math.Min(data.Length, buffer.Length - filled);
            data[..n].CopyTo(buffer.AsSpan(filled));
            filled += n;
            data = data[n..];
            if (filled == buffer.Length)
                WriteChunk();
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] data, int offset, int count) => Write(data.AsSpan(offset, count));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && filled > 0)
            WriteChunk();
        base.Dispose(disposing);
    }

    private void WriteChunk()
    {
        PngWriter.WriteChunk(stream, "IDAT"u8, buffer.AsSpan(0, filled));
        filled = 0;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
