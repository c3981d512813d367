using System.Buffers.Binary;

namespace Volute.Formats;

/// <summary>
/// Decompresses DEFLATE (RFC 1951) from a stream. Unlike .NET's streams it never ends early without an error, and it knows which
/// byte follows the compressed data, so that checksums, further members and rubbish after the end are seen.
/// </summary>
/// <param name="input">The compressed bytes; read in pieces, also beyond the end of the compressed data.</param>
/// <param name="error">Makes the error for a fault, with the reader's file and place.</param>
internal sealed class InflateReader(Stream input, Func<string, Exception> error)
{
    /// <summary>DEFLATE makes at most this many bytes of one: 258 bytes of 2 bits.</summary>
    public const int MaxRatio = 1032;

    // The window stays below the 85,000 bytes at which .NET allocates on the large-object heap.
    private const int InputBytes = 1 << 14, History = 1 << 15, Room = 1 << 15, LongestMatch = 258, MostBits = 48;

    private static readonly ushort[] LengthBase =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    private static readonly byte[] LengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly ushort[] DistanceBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
    private static readonly byte[] CodeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private enum Phase { BlockHeader, Stored, Compressed, End }

    // Input: bytes next..end of the buffer are unread; the low `count` bits of `bits` were taken from the bytes before `next`.
    private readonly byte[] buffer = new byte[InputBytes];
    private int next, end;
    private bool exhausted;
    private ulong bits;
    private int count;

    // Output: bytes taken..filled of the window are for the caller, those before are the history that matches refer to.
    private readonly byte[] window = new byte[History + Room + LongestMatch];
    private int taken, filled;

    private readonly HuffmanTable literals = new(), distances = new();
    private readonly byte[] lengths = new byte[320];
    private Phase phase = Phase.BlockHeader;
    private bool lastBlock;
    private int storedLeft;

    /// <summary>Decompressed bytes, at least one unless the compressed data has ended: 0 only at its proper end.</summary>
    public int Read(Span<byte> destination)
    {
        while (taken == filled && phase != Phase.End)
            Fill();
        int n = Math.Min(destination.Length, filled - taken);
        window.AsSpan(taken, n).CopyTo(destination);
        taken += n;
        return n;
    }

    /// <summary>Starts another DEFLATE stream at the current byte.</summary>
    public void Restart()
    {
        phase = Phase.BlockHeader;
        lastBlock = false;
        taken = filled = 0;
    }

    /// <summary>The next byte as it is, from outside of the compressed data (headers and checksums around it), or −1 at the end of the input.</summary>
    public int ReadRawByte()
    {
        ReturnWholeBytes();
        if (next == end)
            Load();
        return next < end ? buffer[next++] : -1;
    }

    private void Fill()
    {
        if (filled > History + LongestMatch)
        {
            window.AsSpan(filled - History, History).CopyTo(window);
            taken = filled = History;
        }
        switch (phase)
        {
            case Phase.BlockHeader when lastBlock:
                phase = Phase.End;
                break;
            case Phase.BlockHeader:
                ReadBlockHeader();
                break;
            case Phase.Stored:
                CopyStored();
                break;
            case Phase.Compressed:
                Decompress();
                break;
        }
    }

    private void ReadBlockHeader()
    {
        lastBlock = Bits(1) != 0;
        switch (Bits(2))
        {
            case 0:
                ReturnWholeBytes();
                int length = Bits(16), complement = Bits(16);
                if (length != (complement ^ 0xFFFF))
                    throw error("the compressed data is damaged: a stored block's length contradicts itself");
                ReturnWholeBytes();
                storedLeft = length;
                phase = Phase.Stored;
                break;
            case 1:
                lengths.AsSpan(0, 144).Fill(8);
                lengths.AsSpan(144, 112).Fill(9);
                lengths.AsSpan(256, 24).Fill(7);
                lengths.AsSpan(280, 8).Fill(8);
                literals.Build(lengths.AsSpan(0, 288));
                lengths.AsSpan(0, 32).Fill(5);
                distances.Build(lengths.AsSpan(0, 32));
                phase = Phase.Compressed;
                break;
            case 2:
                ReadCodes();
                phase = Phase.Compressed;
                break;
            default:
                throw error("the compressed data is damaged: a block of the unknown kind 3");
        }
    }

    private void ReadCodes()
    {
        int literalCount = Bits(5) + 257, distanceCount = Bits(5) + 1, codeCount = Bits(4) + 4;
        if (literalCount > 286 || distanceCount > 30)
            throw error("the compressed data is damaged: too many symbols in a code");
        Span<byte> codeLengths = stackalloc byte[19];
        for (int i = 0; i < codeCount; i++)
            codeLengths[CodeLengthOrder[i]] = (byte)Bits(3);
        if (!literals.Build(codeLengths))
            throw error("the compressed data is damaged: the code of the code lengths is not a prefix code");
        int total = literalCount + distanceCount;
        for (int i = 0; i < total;)
        {
            Refill();
            int entry = literals.Decode(bits);
            if (entry < 0)
                throw error("the compressed data is damaged: an unknown code among the code lengths");
            Drop(entry & 15);
            int symbol = entry >> 4;
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }
            if (symbol == 16 && i == 0)
                throw error("the compressed data is damaged: a repeated code length with none before it");
            byte value = symbol == 16 ? lengths[i - 1] : (byte)0;
            int repeat = symbol switch { 16 => 3 + Bits(2), 17 => 3 + Bits(3), _ => 11 + Bits(7) };
            if (i + repeat > total)
                throw error("the compressed data is damaged: more code lengths than symbols");
            lengths.AsSpan(i, repeat).Fill(value);
            i += repeat;
        }
        if (lengths[256] == 0)
            throw error("the compressed data is damaged: a block without a code for its end");
        if (!literals.Build(lengths.AsSpan(0, literalCount)) || !distances.Build(lengths.AsSpan(literalCount, distanceCount)))
            throw error("the compressed data is damaged: the lengths of a block make no prefix code");
    }

    private void CopyStored()
    {
        int n = Math.Min(storedLeft, History + Room - filled);
        if (next == end)
            Load();
        n = Math.Min(n, end - next);
        if (n == 0 && storedLeft > 0)
            throw Truncated();
        buffer.AsSpan(next, n).CopyTo(window.AsSpan(filled));
        next += n;
        filled += n;
        storedLeft -= n;
        if (storedLeft == 0)
            phase = Phase.BlockHeader;
    }

    private void Decompress()
    {
        // Fields cost a store and a load a symbol; the loop keeps them in registers.
        byte[] w = window, input = buffer;
        int f = filled, from = next, have = count;
        ulong b = bits;
        while (f < History + Room)
        {
            if (end - from >= 8)
            {
                b |= BinaryPrimitives.ReadUInt64LittleEndian(input.AsSpan(from)) << have;
                from += (63 - have) >> 3;
                have |= 56;
            }
            else if (have < MostBits)
            {
                (bits, count, next) = (b, have, from);
                Refill();
                (b, have, from) = (bits, count, next);
            }
            int entry = literals.Decode(b), symbol = entry >> 4, used = entry & 15;
            if (entry >= 0 && symbol < 256 && have >= used)
            {
                b >>= used;
                have -= used;
                w[f++] = (byte)symbol;
                // Bits are left for more literals before the next refill.
                while (have >= HuffmanTable.MaxLength && f < History + Room && (entry = literals.Decode(b)) >= 0 && entry >> 4 < 256)
                {
                    b >>= entry & 15;
                    have -= entry & 15;
                    w[f++] = (byte)(entry >> 4);
                }
                continue;
            }
            if (entry < 0)
                throw error("the compressed data is damaged: an unknown code");
            b >>= used;
            if (symbol == 256)
            {
                have -= used;
                phase = Phase.BlockHeader;
                break;
            }
            if (symbol is < 256 or > 285)
                throw symbol < 256 ? Truncated() : error("the compressed data is damaged: an unknown length of a match");
            int extra = LengthExtra[symbol - 257];
            int length = LengthBase[symbol - 257] + ((int)b & ((1 << extra) - 1));
            b >>= extra;
            entry = distances.Decode(b);
            int code = entry >> 4;
            if (entry < 0 || code > 29)
                throw error("the compressed data is damaged: an unknown distance of a match");
            b >>= entry & 15;
            int distanceExtra = code < 2 ? 0 : (code >> 1) - 1;
            int distance = DistanceBase[code] + ((int)b & ((1 << distanceExtra) - 1));
            b >>= distanceExtra;
            have -= used + extra + (entry & 15) + distanceExtra;
            if (have < 0)
                throw Truncated();
            if (distance > f)
                throw error("the compressed data is damaged: a match from before the beginning");
            if (distance >= length)
                w.AsSpan(f - distance, length).CopyTo(w.AsSpan(f));
            else if (distance == 1)
                w.AsSpan(f, length).Fill(w[f - 1]);
            else
                for (int i = 0; i < length; i++)
                    w[f + i] = w[f + i - distance];
            f += length;
        }
        if (have < 0)
            throw Truncated();
        (bits, count, next, filled) = (b, have, from, f);
    }

    private int Bits(int n)
    {
        if (count < n)
            Refill();
        int value = (int)bits & ((1 << n) - 1);
        Drop(n);
        return value;
    }

    private void Drop(int n)
    {
        bits >>= n;
        count -= n;
        if (count < 0)
            throw Truncated();
    }

    /// <summary>At least 56 bits, or all that are left: what lies above `count` is zero or the bits to come.</summary>
    private void Refill()
    {
        if (end - next < 8 && !exhausted)
            Load();
        if (end - next >= 8)
        {
            bits |= BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(next)) << count;
            next += (63 - count) >> 3;
            count |= 56;
            return;
        }
        for (; count <= 56 && next < end; count += 8)
            bits |= (ulong)buffer[next++] << count;
    }

    /// <summary>Drops the rest of a begun byte and gives whole bytes back to the buffer.</summary>
    private void ReturnWholeBytes()
    {
        next -= count >> 3;
        bits = 0;
        count = 0;
    }

    /// <summary>Reads more input behind what is unread, keeping the 8 bytes before it, which <see cref="ReturnWholeBytes"/> may want back.</summary>
    private void Load()
    {
        int from = Math.Max(0, next - 8);
        buffer.AsSpan(from, end - from).CopyTo(buffer);
        next -= from;
        end -= from;
        while (end < buffer.Length && !exhausted)
        {
            int n = input.Read(buffer.AsSpan(end));
            exhausted = n == 0;
            end += n;
            if (end - next >= 8)
                break;
        }
    }

    private Exception Truncated() => error("the compressed data ends too early: the file is cut off");
}
