namespace Volute.Formats;

/// <summary>
/// Reads and writes volumes: NIfTI-1 and NIfTI-2, as one file (.nii) or as a pair of header and voxels (.hdr and .img), each compressed by gzip
/// or not; reads ANALYZE 7.5 pairs too.
/// </summary>
public static class Nifti
{
    /// <summary>Whether a file's name ends as those of volumes do: .nii, .hdr or .img, with .gz behind it or not.</summary>
    public static bool IsNamed(string path) => NiftiFiles.IsSingle(path) || NiftiFiles.IsPair(path);

    /// <summary>
    /// Reads a file of either byte order, decompressing it where gzip compressed it, whatever its name. Either file of a pair may be
    /// named, the other one is found beside it.
    /// </summary>
    /// <exception cref="FileFormatException">The file is no such file, breaks a rule of the format, is cut off or longer than its voxels.</exception>
    /// <exception cref="LimitException">The volume is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file, or the other one of its pair, is missing or cannot be read.</exception>
    public static NiftiVolume Read(string path, FormatLimits? limits = null)
    {
        var (header, image) = string.IsNullOrEmpty(path) ? (path, null) : NiftiFiles.Find(path);
        using ByteReader reader = ByteReader.OpenFile(header, gzip: true);
        return NiftiReader.Read(reader, image == null ? null : () => ByteReader.OpenFile(image(), gzip: true), limits ?? FormatLimits.Default);
    }

    /// <summary>Reads a single file from <paramref name="stream"/> to its end, decompressing it where gzip compressed it.</summary>
    /// <exception cref="FileFormatException">The data is no such file, breaks a rule of the format, is cut off or longer than its voxels.</exception>
    /// <exception cref="LimitException">The volume is larger than <paramref name="limits"/> allow.</exception>
    public static NiftiVolume Read(Stream stream, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.Over(stream, limits, gzip: true);
        return NiftiReader.Read(reader, null, limits ?? FormatLimits.Default);
    }

    /// <summary>Reads a pair from its two streams to their ends, decompressing them where gzip compressed them.</summary>
    /// <exception cref="FileFormatException">The data is no such pair, breaks a rule of the format, is cut off or longer than its voxels.</exception>
    /// <exception cref="LimitException">The volume is larger than <paramref name="limits"/> allow.</exception>
    public static NiftiVolume Read(Stream header, Stream image, FormatLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        using ByteReader reader = ByteReader.Over(header, limits, gzip: true);
        return NiftiReader.Read(reader, () => ByteReader.Over(image, limits, gzip: true), limits ?? FormatLimits.Default);
    }

    /// <summary>
    /// Writes a volume, little-endian, each file as a whole or not at all: one file where the name ends in .nii, a pair where it ends in .hdr
    /// or .img; compressed where .gz follows. A volume that was read keeps its header and its extensions.
    /// </summary>
    /// <exception cref="InvalidArgumentException">Another ending, a type that NIfTI does not have, or a slope that its header cannot hold.</exception>
    /// <exception cref="LimitException">An axis of more than 32,767 voxels in NIfTI-1.</exception>
    /// <exception cref="VoluteException">A file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, NiftiVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        NiftiWriter.Write(path, volume);
    }

    /// <summary>Writes <paramref name="voxels"/> in the place of those of <paramref name="like"/>: <see cref="NiftiVolume.WithVoxels"/>.</summary>
    /// <exception cref="InvalidArgumentException">Other sizes along x, y or z, another ending, or a type that NIfTI does not have.</exception>
    /// <exception cref="LimitException">An axis of more than 32,767 voxels in NIfTI-1.</exception>
    /// <exception cref="VoluteException">A file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, NumberArray voxels, NiftiVolume like)
    {
        ArgumentNullException.ThrowIfNull(like);
        NiftiWriter.Write(path, like.WithVoxels(voxels));
    }
}
