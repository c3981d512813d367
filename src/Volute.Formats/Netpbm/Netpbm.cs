namespace Volute.Formats;

/// <summary>Reads and writes Netpbm pictures: PBM, PGM and PPM (P1 to P6) and PAM (P7).</summary>
public static class Netpbm
{
    /// <summary>Reads a file that holds one picture.</summary>
    /// <exception cref="FileFormatException">The file is no Netpbm file, damaged or cut off, or holds more than one picture.</exception>
    /// <exception cref="LimitException">The picture is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static Picture Read(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path);
        return NetpbmReader.Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Reads one picture from the current position of <paramref name="stream"/> to its end.</summary>
    /// <exception cref="FileFormatException">The data is no Netpbm picture, damaged or cut off, or holds more than one.</exception>
    /// <exception cref="LimitException">The picture is larger than <paramref name="limits"/> allow.</exception>
    public static Picture Read(Stream stream, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.Over(stream, limits);
        return NetpbmReader.Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Writes a file as a whole or not at all: PGM (P5) for gray, PPM (P6) for RGB, PAM (P7) with an alpha channel.</summary>
    /// <exception cref="VoluteException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        AtomicFile.Write(path, stream => Write(stream, picture));
    }

    /// <summary>Writes to <paramref name="stream"/>.</summary>
    public static void Write(Stream stream, Picture picture)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(picture);
        string size = $"{picture.Width} {picture.Height}\n{picture.MaxValue}\n";
        string header = picture.Channels switch
        {
            1 => "P5\n" + size,
            3 => "P6\n" + size,
            _ => $"P7\nWIDTH {picture.Width}\nHEIGHT {picture.Height}\nDEPTH {picture.Channels}\nMAXVAL {picture.MaxValue}\n"
                + $"TUPLTYPE {(picture.Channels == 2 ? "GRAYSCALE_ALPHA" : "RGB_ALPHA")}\nENDHDR\n",
        };
        stream.Write(System.Text.Encoding.ASCII.GetBytes(header));
        ushort[] samples = picture.ToStored();
        if (picture.MaxValue > 255)
            NumberArray.From(samples, samples.Length).WriteTo(stream, bigEndian: true);
        else
            stream.Write(Array.ConvertAll(samples, s => (byte)s));
    }
}
