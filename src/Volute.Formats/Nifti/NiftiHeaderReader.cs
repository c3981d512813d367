using System.Buffers.Binary;

namespace Volute.Formats;

/// <summary>A header that has been checked, and what it says of the voxels.</summary>
internal sealed record NiftiFound(NiftiHeader Header, bool BigEndian, bool IsPair, NumberType Type, long[] Sizes, long VoxelOffset)
{
    /// <summary>
    /// A slope of 0, or one that is no number, means no scaling; so says nifti1.h of 0. Without a slope, ANALYZE headers may map the range of stored
    /// numbers (glmin, glmax) to one of values (cal_min, cal_max), by SPM2's rule.
    /// </summary>
    public (double Slope, double Intercept) Scaling
    {
        get
        {
            double slope = Header[NiftiField.SclSlope], intercept = Header[NiftiField.SclInter];
            if (double.IsFinite(slope) && slope != 0)
                return (slope, double.IsFinite(intercept) ? intercept : 0);
            if (Header.Layout != NiftiLayout.Analyze)
                return (1, 0);
            double stored = Header[NiftiField.Glmax] - Header[NiftiField.Glmin], values = Header[NiftiField.CalMax] - Header[NiftiField.CalMin];
            slope = values / stored;
            return double.IsFinite(slope) && slope != 0 ? (slope, Header[NiftiField.CalMin] - slope * Header[NiftiField.Glmin]) : (1, 0);
        }
    }
}

/// <summary>Reads a header of NIfTI-1, NIfTI-2 or ANALYZE 7.5 in either byte order, with its extensions, and checks what it says.</summary>
internal sealed class NiftiHeaderReader
{
    private const int MostExtensionBytes = 1 << 28;

    private readonly ByteReader reader;
    private readonly bool hasImage;

    /// <summary><paramref name="hasImage"/>: whether a second file with voxels can be had.</summary>
    private NiftiHeaderReader(ByteReader reader, bool hasImage)
    {
        this.reader = reader;
        this.hasImage = hasImage;
    }

    /// <summary>Reads up to the voxels of a single file, or to the end of a pair's header.</summary>
    public static NiftiFound Read(ByteReader reader, bool hasImage) => new NiftiHeaderReader(reader, hasImage).Read();

    private NiftiFound Read()
    {
        byte[] bytes = new byte[NiftiLayout.Nifti2.HeaderBytes];
        reader.ReadExactly(bytes.AsSpan(0, 4), "the header");
        int little = BinaryPrimitives.ReadInt32LittleEndian(bytes), big = BinaryPrimitives.ReadInt32BigEndian(bytes);
        bool bigEndian = big is 348 or 540;
        if (!bigEndian && little is not (348 or 540))
            throw Foreign(bytes);
        NiftiLayout layout = (bigEndian ? big : little) == 348 ? NiftiLayout.Nifti1 : NiftiLayout.Nifti2;
        bytes = bytes[..layout.HeaderBytes];
        reader.ReadExactly(bytes.AsSpan(4), "the header behind its length");
        bool isPair = IsPair(ref layout, bytes);
        if (bigEndian)
            layout.Swap(bytes);
        NiftiHeader header = new(layout, bytes, []);
        long[] sizes = Sizes(header);
        NumberType type = Type(header);
        long offset = VoxelOffset(header, isPair);
        return new(new(layout, bytes, Extensions(layout, bigEndian, isPair, offset)), bigEndian, isPair, type, sizes, offset);
    }

    private FileFormatException Foreign(ReadOnlySpan<byte> start)
    {
        string? packing = start.StartsWith("BZh"u8) ? "bzip2" : start.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]) ? "Zstandard" : start.StartsWith("PK"u8) ? "zip" : null;
        return Error(0, packing != null ? $"this file is compressed by {packing}, which is not readable here; compress it by gzip instead"
            : "this is not a NIfTI file: it does not begin with the header's length 348 or 540");
    }

    private bool IsPair(ref NiftiLayout layout, byte[] bytes)
    {
        ReadOnlySpan<byte> magic = layout.Bytes(bytes, NiftiField.Magic);
        bool isPair = magic.SequenceEqual(NiftiMagic.Of(layout, isPair: true));
        if (!isPair && magic.SequenceEqual(NiftiMagic.Of(layout, isPair: false)))
            return false;
        if (!isPair && layout == NiftiLayout.Nifti1 && hasImage)
            (layout, isPair) = (NiftiLayout.Analyze, true);
        if (!isPair)
            throw Error(layout.OffsetOf(NiftiField.Magic),
                $"this is not a NIfTI-{layout.Version} file: its magic is not n+{layout.Version} (an Analyze file? those are pairs of .hdr and .img)");
        return hasImage ? true : throw Error(layout.OffsetOf(NiftiField.Magic),
            "this is the header of a pair (.hdr and .img), the voxels are in another file; give the two those names, or read both streams");
    }

    private long[] Sizes(NiftiHeader header)
    {
        double axes = header[NiftiField.Dim];
        if (axes is not (>= 1 and <= 7))
            throw Error(header.Layout.OffsetOf(NiftiField.Dim), $"the number of axes (dim[0]) is {axes}, expected 1 to 7");
        long[] sizes = new long[(int)axes];
        for (int axis = 1; axis <= sizes.Length; axis++)
        {
            sizes[axis - 1] = (long)header[NiftiField.Dim, axis];
            if (sizes[axis - 1] < 1)
                throw Error(header.Layout.OffsetOf(NiftiField.Dim, axis), $"axis {axis} has size {sizes[axis - 1]} (dim[{axis}]), expected at least 1");
        }
        return sizes;
    }

    private NumberType Type(NiftiHeader header)
    {
        int code = (int)header[NiftiField.Datatype];
        double bits = header[NiftiField.Bitpix];
        NumberType type = NiftiDatatypes.Find(code) ?? throw Error(header.Layout.OffsetOf(NiftiField.Datatype), NiftiDatatypes.Refusal(code));
        return bits == 8 * type.Bytes() ? type
            : throw Error(header.Layout.OffsetOf(NiftiField.Bitpix), $"bitpix is {bits}, but datatype {code} ({type}) has {8 * type.Bytes()} bits");
    }

    private long VoxelOffset(NiftiHeader header, bool isPair)
    {
        double offset = header[NiftiField.VoxOffset];
        int least = isPair ? 0 : header.Layout.SingleFileOffset;
        // Some writers leave 0, which can only mean the earliest place.
        if (offset == 0)
            return least;
        // How long the other file of a pair is shows when its bytes are passed over.
        long most = isPair ? long.MaxValue : reader.Bound;
        if (!(offset >= least && offset <= most) || offset != Math.Floor(offset))
            throw Error(header.Layout.OffsetOf(NiftiField.VoxOffset), $"vox_offset is {(float)offset}, expected a whole number from {least} to the file's length");
        return (long)offset;
    }

    /// <summary>What lies between the header and the voxels of a single file, or behind the header of a pair, to its end.</summary>
    private List<NiftiExtension> Extensions(NiftiLayout layout, bool bigEndian, bool isPair, long voxelOffset)
    {
        List<NiftiExtension> extensions = [];
        Span<byte> start = stackalloc byte[8];
        int announced = layout == NiftiLayout.Analyze ? 0 : reader.ReadByte();
        if (announced >= 0 && layout != NiftiLayout.Analyze)
            reader.ReadExactly(start[..3], "the bytes that announce extensions");
        long end = isPair ? long.MaxValue : voxelOffset;
        while (announced > 0 && end - reader.Offset >= 16)
        {
            int first = reader.ReadByte();
            if (first < 0 && isPair)
                break;
            start[0] = (byte)first;
            reader.ReadExactly(start[1..], "an extension");
            int size = Word(start, bigEndian);
            // Zeros up to the voxels.
            if (size == 0 && !isPair)
                break;
            long at = reader.Offset - 8;
            if (size < 8 || size > Math.Min(end - at, MostExtensionBytes))
                throw Error(at, $"an extension has {size} bytes, expected 8 to {Math.Min(end - at, MostExtensionBytes)}");
            extensions.Add(new(Word(start[4..], bigEndian), reader.ReadGrowing(size - 8, "an extension")));
        }
        if (isPair)
            reader.ExpectEnd("the header");
        else
            reader.Skip(voxelOffset - reader.Offset, "what lies before the voxels");
        return extensions;
    }

    private static int Word(ReadOnlySpan<byte> bytes, bool bigEndian)
        => bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private FileFormatException Error(long offset, string problem) => new(reader.Name, offset, problem);
}
