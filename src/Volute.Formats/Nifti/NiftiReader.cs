namespace Volute.Formats;

/// <summary>Joins a header and its voxels to a volume.</summary>
internal static class NiftiReader
{
    /// <summary>Reads a single file, or the header of a pair whose voxels <paramref name="openImage"/> opens.</summary>
    public static NiftiVolume Read(ByteReader reader, Func<ByteReader>? openImage, FormatLimits limits)
    {
        NiftiFound found = NiftiHeaderReader.Read(reader, openImage != null);
        if (!found.IsPair)
            return Make(found, ReadVoxels(found, reader, limits), reader.Name);
        using ByteReader image = openImage!();
        image.Skip(found.VoxelOffset, "what lies before the voxels");
        return Make(found, ReadVoxels(found, image, limits), reader.Name);
    }

    private static NumberArray ReadVoxels(NiftiFound found, ByteReader reader, FormatLimits limits)
    {
        NumberArray voxels = NumberArray.Read(reader, found.Type, [.. found.Sizes.Reverse()], found.BigEndian, limits,
            $"a volume of {string.Join(" x ", found.Sizes)} voxels");
        reader.ExpectEnd("the voxels");
        return voxels;
    }

    private static NiftiVolume Make(NiftiFound found, NumberArray voxels, string name)
    {
        var (slope, intercept) = found.Scaling;
        double[,] affine = NiftiPlacement.Of(found.Header);
        double[] spacing = NiftiPlacement.Spacing(found.Header);
        // What ANALYZE knows beside its voxels fits into a header of NIfTI-1; an orientation that nobody wrote down is not claimed there.
        NiftiHeader header = found.Header;
        if (header.Layout == NiftiLayout.Analyze)
        {
            header = NiftiHeader.Fresh(NiftiLayout.Nifti1, spacing, affine);
            header[NiftiField.SformCode] = 2;
            for (int axis = 4; axis <= found.Sizes.Length; axis++)
                header[NiftiField.Pixdim, axis] = found.Header[NiftiField.Pixdim, axis];
            header.SetText(NiftiField.Descrip, found.Header.Text(NiftiField.Descrip));
        }
        return new NiftiVolume(voxels, affine, spacing, slope, intercept, header) { Name = name };
    }
}
