using System.IO.Compression;

namespace Volute.Formats;

/// <summary>Writes a volume as one file or as a pair.</summary>
internal static class NiftiWriter
{
    public static void Write(string path, NiftiVolume volume)
    {
        if (!Nifti.IsNamed(path))
            throw new InvalidArgumentException($"'{path}': volumes are written as .nii, .nii.gz, or as a pair .hdr and .img (with .gz too)");
        bool isPair = NiftiFiles.IsPair(path);
        NiftiHeader header = Header(volume, isPair);
        if (!isPair)
        {
            WriteFile(path, stream =>
            {
                header.WriteTo(stream);
                stream.Write(new byte[(int)((long)header[NiftiField.VoxOffset] - header.Length)]);
                volume.Voxels.WriteTo(stream);
            });
            return;
        }
        var (headerPath, imagePath) = NiftiFiles.PairOf(path);
        // The header comes last: one without voxels would be worse than voxels without a header.
        WriteFile(imagePath, stream => volume.Voxels.WriteTo(stream));
        WriteFile(headerPath, header.WriteTo);
    }

    private static void WriteFile(string path, Action<Stream> write) => AtomicFile.Write(path, file =>
    {
        using GZipStream? gzip = NiftiFiles.IsGzip(path) ? new(file, CompressionLevel.Fastest, leaveOpen: true) : null;
        write(gzip ?? file);
    });

    /// <summary>The volume's own header, or a new one, with what has to be said of its voxels.</summary>
    private static NiftiHeader Header(NiftiVolume volume, bool isPair)
    {
        NiftiLayout layout = volume.Version == 1 ? NiftiLayout.Nifti1 : NiftiLayout.Nifti2;
        NiftiHeader header = volume.Header?.Clone() ?? NiftiHeader.Fresh(layout, volume.Spacing, volume.Affine);
        SetSizes(header, volume.Voxels.Shape);
        header[NiftiField.Datatype] = NiftiDatatypes.CodeOf(volume.Voxels.Type);
        header[NiftiField.Bitpix] = 8 * volume.Voxels.Type.Bytes();
        header[NiftiField.SclSlope] = volume.Slope;
        header[NiftiField.SclInter] = volume.Intercept;
        if (header[NiftiField.SclSlope] == 0 || !double.IsFinite(header[NiftiField.SclSlope] + header[NiftiField.SclInter]))
            throw new InvalidArgumentException($"slope {volume.Slope} and intercept {volume.Intercept} do not fit into 32 bits, as NIfTI-1 has them; write NIfTI-2");
        header.SetMagic(NiftiMagic.Of(layout, isPair));
        // Memory-mapping programs ask for voxels at a multiple of 16 bytes.
        header[NiftiField.VoxOffset] = isPair ? 0 : (header.Length + 15) / 16 * 16;
        return header;
    }

    private static void SetSizes(NiftiHeader header, ReadOnlySpan<int> shape)
    {
        int before = header.Axes;
        header[NiftiField.Dim] = shape.Length;
        for (int axis = 1; axis <= 7; axis++)
        {
            int size = axis <= shape.Length ? shape[^axis] : 1;
            if (size > short.MaxValue && header.Layout.Version == 1)
                throw new LimitException($"axis {axis - 1} of a NIfTI-1 volume (NIfTI-2 has no such limit)", size.ToString(), short.MaxValue.ToString(), "voxels");
            header[NiftiField.Dim, axis] = size;
            if (axis > before && header[NiftiField.Pixdim, axis] == 0)
                header[NiftiField.Pixdim, axis] = 1;
        }
    }
}
