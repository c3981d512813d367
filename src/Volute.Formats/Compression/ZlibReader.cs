namespace Volute.Formats;

/// <summary>Decompresses one zlib stream (RFC 1950) and checks its header, its Adler-32 and that nothing follows it.</summary>
internal sealed class ZlibReader
{
    private readonly InflateReader inflate;
    private readonly Func<string, Exception> error;
    private uint adler = Adler32.Empty;

    /// <summary>Reads the header.</summary>
    public ZlibReader(Stream input, Func<string, Exception> error)
    {
        this.error = error;
        inflate = new InflateReader(input, error);
        int method = inflate.ReadRawByte(), flags = inflate.ReadRawByte();
        if (flags < 0)
            throw error("the compressed data is missing");
        if ((method & 15) != 8 || method >> 4 > 7 || (method << 8 | flags) % 31 != 0)
            throw error("the compressed data does not begin with a zlib header");
        if ((flags & 0x20) != 0)
            throw error("the compressed data needs a preset dictionary, which is not supported");
    }

    /// <summary>Fills <paramref name="destination"/>.</summary>
    public void ReadExactly(Span<byte> destination, string what)
    {
        while (!destination.IsEmpty)
        {
            int n = inflate.Read(destination);
            if (n == 0)
                throw error($"{what}: the compressed data holds too little");
            adler = Adler32.Append(adler, destination[..n]);
            destination = destination[n..];
        }
    }

    /// <summary>Checks that the data ends here, with the right checksum and nothing behind it.</summary>
    public void Finish(string what)
    {
        Span<byte> more = stackalloc byte[1];
        if (inflate.Read(more) != 0)
            throw error($"{what}: the compressed data holds too much");
        uint stored = 0;
        for (int i = 0; i < 4; i++)
        {
            int b = inflate.ReadRawByte();
            if (b < 0)
                throw error("the checksum of the compressed data is cut off");
            stored = stored << 8 | (uint)b;
        }
        if (stored != adler)
            throw error($"the compressed data is damaged: its checksum is {adler:x8}, {stored:x8} is stored");
        if (inflate.ReadRawByte() >= 0)
            throw error("bytes follow the end of the compressed data");
    }
}
