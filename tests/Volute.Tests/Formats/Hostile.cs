namespace Volute.Tests.Formats;

/// <summary>What every reader must stand: a cut or altered file gives a result, a <see cref="FileFormatException"/> or a <see cref="LimitException"/>.</summary>
internal static class Hostile
{
    /// <summary>Reads every truncation; each must fail.</summary>
    public static void Every_truncation_fails(byte[] seed, Action<Stream> read)
    {
        for (int length = 0; length < seed.Length; length++)
            Assert.True(Refuses(seed[..length], read), $"the first {length} of {seed.Length} bytes were read as a whole file");
    }

    /// <summary>Reads every file that differs in one bit from <paramref name="seed"/>; returns how many were refused.</summary>
    public static int Every_flipped_bit_is_read_or_refused(byte[] seed, Action<Stream> read)
    {
        int refused = 0;
        for (int bit = 0; bit < 8 * seed.Length; bit++)
        {
            byte[] flipped = [.. seed];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            refused += Refuses(flipped, read) ? 1 : 0;
        }
        return refused;
    }

    /// <summary>Whether a declared error came; any other fails the test.</summary>
    public static bool Refuses(byte[] file, Action<Stream> read)
    {
        try
        {
            read(new MemoryStream(file));
            return false;
        }
        catch (Exception e) when (e is FileFormatException or LimitException)
        {
            return true;
        }
    }
}
