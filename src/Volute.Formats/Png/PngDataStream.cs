namespace Volute.Formats;

/// <summary>The data of consecutive IDAT chunks as one stream of compressed bytes.</summary>
internal sealed class PngDataStream(PngChunks chunks) : Stream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        // An IDAT chunk may be empty, and the pixel data goes on in the next.
        while (chunks.Type == PngReader.Data)
        {
            int n = chunks.Read(buffer);
            if (n > 0)
                return n;
            chunks.Next();
        }
        return 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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
