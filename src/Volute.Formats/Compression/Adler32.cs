namespace Volute.Formats;

/// <summary>Adler-32, zlib's checksum (RFC 1950): a = 1 + Σ bytes, b = Σ of the a's, both modulo 65521.</summary>
internal static class Adler32
{
    /// <summary>The checksum of no bytes.</summary>
    public const uint Empty = 1;

    // The most bytes whose sums stay within 32 bits before they are reduced.
    private const int Stride = 5552;

    /// <summary>The checksum of <paramref name="data"/> appended to bytes whose checksum is <paramref name="adler"/>.</summary>
    public static uint Append(uint adler, ReadOnlySpan<byte> data)
    {
        uint a = adler & 0xFFFF, b = adler >> 16;
        while (!data.IsEmpty)
        {
            int n = Math.Min(Stride, data.Length);
            foreach (byte value in data[..n])
            {
                a += value;
                b += a;
            }
            a %= 65521;
            b %= 65521;
            data = data[n..];
        }
        return b << 16 | a;
    }
}
