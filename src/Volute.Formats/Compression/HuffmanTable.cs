using System.Runtime.CompilerServices;

namespace Volute.Formats;

/// <summary>
/// A canonical Huffman code of DEFLATE (RFC 1951, 3.2.2): codes of up to 10 bits are looked up at once, longer ones (less than one in a
/// thousand) are walked bit by bit.
/// </summary>
internal sealed class HuffmanTable
{
    public const int MaxLength = 15;
    private const int DirectBits = 10;

    // An entry holds symbol << 4 | length of code; 0 where the code is longer than DirectBits or does not exist.
    private readonly ushort[] direct = new ushort[1 << DirectBits];
    private readonly ushort[] counts = new ushort[MaxLength + 1];
    private readonly ushort[] symbols = new ushort[288];

    /// <summary>
    /// Builds the code from its lengths (0: the symbol has no code). False where the lengths make no prefix code: over-subscribed, or
    /// incomplete, except for a single code of length 1 and for no code at all, which real compressors write.
    /// </summary>
    public bool Build(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(counts);
        foreach (byte length in lengths)
            counts[length]++;
        int used = lengths.Length - counts[0];
        counts[0] = 0;
        int left = 1;
        for (int length = 1; length <= MaxLength; length++)
        {
            left = (left << 1) - counts[length];
            if (left < 0)
                return false;
        }
        if (left > 0 && used > 1 || used == 1 && counts[1] != 1)
            return false;

        Span<int> next = stackalloc int[MaxLength + 2], place = stackalloc int[MaxLength + 2];
        for (int length = 1; length <= MaxLength; length++)
        {
            next[length + 1] = (next[length] + counts[length]) << 1;
            place[length + 1] = place[length] + counts[length];
        }
        Array.Clear(direct);
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
                continue;
            symbols[place[length]++] = (ushort)symbol;
            int code = next[length]++;
            if (length > DirectBits)
                continue;
            int reversed = 0;
            for (int bit = 0; bit < length; bit++)
                reversed |= ((code >> bit) & 1) << (length - 1 - bit);
            for (int i = reversed; i < direct.Length; i += 1 << length)
                direct[i] = (ushort)(symbol << 4 | length);
        }
        return true;
    }

    /// <summary>symbol &lt;&lt; 4 | length for the code at the low end of <paramref name="bits"/>, or −1 where there is no such code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(ulong bits)
    {
        int entry = direct[(int)bits & ((1 << DirectBits) - 1)];
        return entry != 0 ? entry : DecodeLong(bits);
    }

    private int DecodeLong(ulong bits)
    {
        int code = 0, first = 0, index = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            code |= (int)bits & 1;
            bits >>= 1;
            int count = counts[length];
            if (code - first < count)
                return symbols[index + code - first] << 4 | length;
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return -1;
    }
}
