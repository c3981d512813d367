namespace Volute.Formats;

/// <summary>Reads one Netpbm picture: the header's words, then samples as text, bits, bytes or pairs of bytes.</summary>
internal static class NetpbmReader
{
    public static Picture Read(ByteReader reader, FormatLimits limits)
    {
        int p = reader.ReadByte(), kind = reader.ReadByte() - '0';
        if (p != 'P' || kind is < 1 or > 7)
            throw new FileFormatException(reader.Name, 0, "this is not a Netpbm file: it does not begin with P1 to P7");
        var (width, height, channels, max) = kind == 7 ? ReadPamHeader(reader) : ReadHeader(reader, kind);
        if (width < 1 || height < 1)
            throw reader.Error($"a picture of {width} x {height} pixels; both must be at least 1");
        if (max is < 1 or > 65535)
            throw reader.Error($"the largest sample is {max}, expected 1 to 65535");
        limits.CheckPicture(width, height, channels, max > 255 ? 2 : 1, $"{reader.Name}: a picture of {width} x {height} pixels");
        long samples = (long)width * height * channels;
        byte[]? bytes = null;
        ushort[]? words = null;
        if (kind == 4)
            bytes = ReadBits(reader, width, height);
        else if (kind <= 3)
            (bytes, words) = ReadText(reader, samples, max, oneDigit: kind == 1);
        else if (max > 255)
            words = reader.ReadArray<ushort>(samples, bigEndian: true, limits, "the samples");
        else
            bytes = reader.ReadArray<byte>(samples, bigEndian: false, limits, "the samples");
        CheckSamples(reader, bytes, words, max);
        if (kind is 1 or 4)
            // PBM's 1 is black.
            for (int i = 0; i < bytes!.Length; i++)
                bytes[i] ^= 1;
        ExpectEnd(reader);
        return Picture.FromSamples(bytes, words, width, height, channels, max);
    }

    private static (int Width, int Height, int Channels, int Max) ReadHeader(ByteReader reader, int kind)
    {
        int width = Number(reader, "the width"), height = Number(reader, "the height");
        // One white space ends the header; the samples follow at once.
        int max = kind is 1 or 4 ? 1 : Number(reader, "the largest sample");
        return (width, height, kind is 3 or 6 ? 3 : 1, max);
    }

    private static (int Width, int Height, int Channels, int Max) ReadPamHeader(ByteReader reader)
    {
        if (reader.ReadByte() != '\n')
            throw reader.Error("P7 must be followed by a line's end");
        Dictionary<string, int> numbers = [];
        string type = "";
        for (string line = Line(reader); line != "ENDHDR"; line = Line(reader))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] words = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            string value = words.Length == 2 ? words[1].Trim() : "";
            if (words.Length == 0)
                continue;
            if (words[0] == "TUPLTYPE")
                type = value;
            else if (words[0] is not ("WIDTH" or "HEIGHT" or "DEPTH" or "MAXVAL"))
                throw reader.Error($"the header has the unknown line '{line}'");
            else if (!int.TryParse(value, System.Globalization.NumberStyles.None, null, out int number) || !numbers.TryAdd(words[0], number))
                throw reader.Error($"{words[0]} must stand once, with an integer, got '{value}'");
        }
        foreach (string name in (string[])["WIDTH", "HEIGHT", "DEPTH", "MAXVAL"])
            if (!numbers.ContainsKey(name))
                throw reader.Error($"the header lacks {name}");
        int channels = numbers["DEPTH"];
        int expected = type switch
        {
            "" => channels,
            "BLACKANDWHITE" or "GRAYSCALE" => 1,
            "BLACKANDWHITE_ALPHA" or "GRAYSCALE_ALPHA" => 2,
            "RGB" => 3,
            "RGB_ALPHA" => 4,
            _ => throw reader.Error($"tuples of type '{type}' are not supported, expected GRAYSCALE, RGB or one of them with _ALPHA"),
        };
        if (channels != expected || channels is < 1 or > 4)
            throw reader.Error($"DEPTH {channels} with tuples of type '{type}', expected {(type == "" ? "1 to 4" : expected)}");
        return (numbers["WIDTH"], numbers["HEIGHT"], channels, numbers["MAXVAL"]);
    }

    private static byte[] ReadBits(ByteReader reader, int width, int height)
    {
        int rowBytes = (int)((width + 7L) / 8);
        if ((long)rowBytes * height > reader.Left)
            throw reader.Error($"the samples need {(long)rowBytes * height} bytes, the file has {reader.Left} left");
        byte[] row = new byte[rowBytes], samples = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            reader.ReadExactly(row, "the samples");
            for (int x = 0; x < width; x++)
                samples[y * width + x] = (byte)(row[x >> 3] >> (7 - (x & 7)) & 1);
        }
        return samples;
    }

    private static (byte[]? Bytes, ushort[]? Words) ReadText(ByteReader reader, long samples, int max, bool oneDigit)
    {
        // A sample takes a digit at least, and a space between two unless each is a digit alone.
        long least = oneDigit ? samples : 2 * samples - 1;
        if (least > reader.Left)
            throw reader.Error($"{samples} samples need {least} bytes at least, the file has {reader.Left} left");
        byte[]? bytes = max <= 255 ? new byte[samples] : null;
        ushort[]? words = max <= 255 ? null : new ushort[samples];
        for (long i = 0; i < samples; i++)
        {
            int value = oneDigit ? Digit(reader) : Number(reader, "a sample");
            if (value > max)
                throw reader.Error($"sample {value} is above the largest, {max}");
            if (bytes != null)
                bytes[i] = (byte)value;
            else
                words![i] = (ushort)value;
        }
        return (bytes, words);
    }

    private static void CheckSamples(ByteReader reader, byte[]? bytes, ushort[]? words, int max)
    {
        int largest = bytes != null ? max < 255 ? bytes.Max() : max : max < 65535 ? words!.Max() : max;
        if (largest > max)
            throw reader.Error($"sample {largest} is above the largest, {max}");
    }

    /// <summary>The next number, after white space and comments, with the one white space (or comment and its line's end) behind it.</summary>
    private static int Number(ByteReader reader, string what)
    {
        int c = SkipSpace(reader);
        if (!char.IsAsciiDigit((char)Math.Max(c, 0)))
            throw reader.Error($"{what} must be a number");
        long value = 0;
        for (; c is >= '0' and <= '9'; c = reader.ReadByte())
            if ((value = value * 10 + (c - '0')) > int.MaxValue)
                throw reader.Error($"{what} is too large");
        if (c == '#')
            SkipLine(reader);
        else if (c >= 0 && !IsSpace(c))
            throw reader.Error($"{what} must be followed by white space");
        return (int)value;
    }

    private static int Digit(ByteReader reader)
    {
        int c = SkipSpace(reader);
        return c is '0' or '1' ? c - '0' : throw reader.Error("a sample must be 0 or 1");
    }

    private static int SkipSpace(ByteReader reader)
    {
        for (int c = reader.ReadByte(); ; c = reader.ReadByte())
        {
            if (c == '#')
                SkipLine(reader);
            else if (!IsSpace(c))
                return c;
        }
    }

    private static void SkipLine(ByteReader reader)
    {
        for (int c = reader.ReadByte(); c >= 0 && c != '\n' && c != '\r'; c = reader.ReadByte())
        {
            // A comment says nothing.
        }
    }

    private static string Line(ByteReader reader)
    {
        const int Longest = 10_000;
        System.Text.StringBuilder line = new();
        for (int c = reader.ReadByte(); c != '\n'; c = reader.ReadByte())
        {
            if (c < 0 || line.Length == Longest)
                throw reader.Error(c < 0 ? "the header is cut off before ENDHDR" : "a line of the header is too long");
            line.Append((char)c);
        }
        return line.ToString().TrimEnd();
    }

    private static void ExpectEnd(ByteReader reader)
    {
        for (int c = reader.ReadByte(); c >= 0; c = reader.ReadByte())
            if (!IsSpace(c))
                throw reader.Error("more follows the picture; files of several pictures are not supported, split them");
    }

    private static bool IsSpace(int c) => c is ' ' or (>= '\t' and <= '\r');
}
