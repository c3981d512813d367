namespace Volute.Formats;

/// <summary>Reads and writes PNG files (Portable Network Graphics specification, third edition; ISO/IEC 15948).</summary>
public static class Png
{
    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a file of any colour type, bit depth and interlacing. Bytes after its last chunk are not looked at.</summary>
    /// <exception cref="FileFormatException">The file is no PNG file, damaged or cut off.</exception>
    /// <exception cref="LimitException">The picture is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static PngImage Read(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path);
        return PngReader.Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Reads from the current position of <paramref name="stream"/>; one that cannot seek is read to its end.</summary>
    /// <exception cref="FileFormatException">The data is no PNG file, damaged or cut off.</exception>
    /// <exception cref="LimitException">The picture is larger than <paramref name="limits"/> allow.</exception>
    public static PngImage Read(Stream stream, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.Over(stream, limits);
        return PngReader.Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>
    /// Writes a file as a whole or not at all: gray, gray + alpha, RGB or RGBA with 8 bits a sample, or 16 where
    /// <see cref="Picture.MaxValue"/> is above 255; gray pictures of 1, 2 and 4 bits as such; those of
    /// <see cref="PngImage.FromIndices"/> with their palette.
    /// </summary>
    /// <exception cref="VoluteException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        AtomicFile.Write(path, stream => PngWriter.Write(stream, picture));
    }

    /// <summary>Writes to <paramref name="stream"/>.</summary>
    public static void Write(Stream stream, Picture picture)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(picture);
        PngWriter.Write(stream, picture);
    }
}
