using System.IO.Compression;

namespace Volute.Formats;

/// <summary>Reads and writes NIfTI-1 single files (.nii and .nii.gz).</summary>
public static class Nifti
{
    /// <summary>Reads a file of either byte order, decompressing it where gzip compressed it, whatever its name.</summary>
    /// <exception cref="FileFormatException">The file is no such file, breaks a rule of the format, is cut off or longer than its voxels.</exception>
    /// <exception cref="LimitException">The volume is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static NiftiVolume Read(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path, gzip: true);
        return Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Reads <paramref name="stream"/> to its end, decompressing it where gzip compressed it.</summary>
    /// <exception cref="FileFormatException">The data is no such file, breaks a rule of the format, is cut off or longer than its voxels.</exception>
    /// <exception cref="LimitException">The volume is larger than <paramref name="limits"/> allow.</exception>
    public static NiftiVolume Read(Stream stream, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.Over(stream, limits, gzip: true);
        return Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Writes a file as a whole or not at all, little-endian, compressed where its name ends in .gz.</summary>
    /// <exception cref="InvalidArgumentException">A type that NIfTI does not have.</exception>
    /// <exception cref="LimitException">An axis of more than 32,767 voxels.</exception>
    /// <exception cref="VoluteException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, NiftiVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        byte[] header = NiftiHeader.Make(volume);
        AtomicFile.Write(path, file =>
        {
            using GZipStream? gzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new(file, CompressionLevel.Fastest, leaveOpen: true) : null;
            Stream stream = gzip ?? file;
            stream.Write(header);
            volume.Voxels.WriteTo(stream);
        });
    }

    private static NiftiVolume Read(ByteReader reader, FormatLimits limits)
    {
        byte[] bytes = new byte[NiftiHeader.Bytes];
        reader.ReadExactly(bytes, "the header");
        NiftiHeader header = NiftiHeader.Parse(bytes, reader);
        // Extensions, if any, lie between the header and the voxels.
        reader.Skip(header.VoxelOffset - reader.Offset, "what lies before the voxels");
        long[] shape = [.. header.Sizes.Reverse()];
        NumberArray voxels = NumberArray.Read(reader, header.Type, shape, header.BigEndian, limits, $"a volume of {string.Join(" x ", header.Sizes)} voxels");
        reader.ExpectEnd("the voxels");
        var (slope, intercept) = header.Scaling;
        return new NiftiVolume(voxels, header.Affine(), header.Spacing, slope, intercept);
    }
}
