namespace Volute.Formats;

/// <summary>Reads and writes pictures of any format that this library knows.</summary>
public static class ImageFile
{
    private const string Readable = "PNG and Netpbm (PBM, PGM, PPM, PAM)";

    private static readonly (byte[] Start, string Name)[] Others =
    [
        ([0xFF, 0xD8, 0xFF], "JPEG"), ([.. "II*\0"u8], "TIFF"), ([.. "MM\0*"u8], "TIFF"), ([.. "II+\0"u8], "BigTIFF"), ([.. "MM\0+"u8], "BigTIFF"),
        ([.. "GIF8"u8], "GIF"), ([.. "BM"u8], "BMP"), ([.. "RIFF"u8], "WebP"),
    ];

    /// <summary>Reads a picture; its format is told by its content, whatever its name.</summary>
    /// <exception cref="FileFormatException">Another format, or a damaged file.</exception>
    /// <exception cref="LimitException">The picture is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static Picture Read(string path, FormatLimits? limits = null)
    {
        byte[] start = new byte[8];
        using (ByteReader reader = ByteReader.OpenFile(path))
            reader.ReadExactly(start.AsSpan(0, (int)Math.Min(start.Length, reader.Left)), "the file's first bytes");
        if (start.AsSpan().SequenceEqual(Png.Signature))
            return Png.Read(path, limits);
        if (start[0] == 'P' && start[1] is >= (byte)'1' and <= (byte)'7')
            return Netpbm.Read(path, limits);
        foreach (var (other, name) in Others)
            if (start.AsSpan().StartsWith(other))
                throw new FileFormatException(path, 0, $"{name} is read through GDAL alone (Volute.Gdal), under an ending of its own; or convert it to PNG; readable are {Readable}");
        throw new FileFormatException(path, 0, $"this is no picture that is known here; readable are {Readable}");
    }

    /// <summary>Writes a picture in the format of its name's ending: .png, .pgm, .ppm, .pnm or .pam.</summary>
    /// <exception cref="InvalidArgumentException">Another ending.</exception>
    /// <exception cref="VoluteException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, Picture picture)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".png":
                Png.Write(path, picture);
                break;
            case ".pgm" or ".ppm" or ".pnm" or ".pam":
                Netpbm.Write(path, picture);
                break;
            default:
                throw new InvalidArgumentException($"'{path}': pictures are written as .png, .pgm, .ppm, .pnm or .pam");
        }
    }
}
