using System.Buffers.Binary;

namespace Volute.Formats;

/// <summary>The numbers and texts of a header, by the names of nifti1.h; <see cref="Origin"/> is SPM's addition to ANALYZE 7.5.</summary>
internal enum NiftiField
{
    Extents, SessionError, DimInfo, Dim, IntentParameters, IntentCode, Datatype, Bitpix, SliceStart, Pixdim, VoxOffset, SclSlope, SclInter, SliceEnd, SliceCode, XyztUnits,
    CalMax, CalMin, SliceDuration, Toffset, Glmax, Glmin, Descrip, AuxFile, QformCode, SformCode, Quatern, Qoffset, Srow, IntentName, Magic, Origin,
}

/// <summary>How the numbers of a field are stored; texts are bytes.</summary>
internal enum NiftiStorage
{
    Byte, Int16, Int32, Int64, Float32, Float64,
}

/// <summary>Where a kind of header has its fields: nifti1.h, nifti2.h and the ANALYZE 7.5 format as SPM extends it.</summary>
internal sealed class NiftiLayout
{
    private readonly Dictionary<NiftiField, (int Offset, NiftiStorage Storage, int Count)> places;

    private NiftiLayout(int version, int headerBytes, Dictionary<NiftiField, (int, NiftiStorage, int)> places)
    {
        Version = version;
        HeaderBytes = headerBytes;
        this.places = places;
    }

    public static NiftiLayout Nifti1 { get; } = new(1, 348, new()
    {
        [NiftiField.Extents] = (32, NiftiStorage.Int32, 1),
        [NiftiField.SessionError] = (36, NiftiStorage.Int16, 1),
        [NiftiField.DimInfo] = (39, NiftiStorage.Byte, 1),
        [NiftiField.Dim] = (40, NiftiStorage.Int16, 8),
        [NiftiField.IntentParameters] = (56, NiftiStorage.Float32, 3),
        [NiftiField.IntentCode] = (68, NiftiStorage.Int16, 1),
        [NiftiField.Datatype] = (70, NiftiStorage.Int16, 1),
        [NiftiField.Bitpix] = (72, NiftiStorage.Int16, 1),
        [NiftiField.SliceStart] = (74, NiftiStorage.Int16, 1),
        [NiftiField.Pixdim] = (76, NiftiStorage.Float32, 8),
        [NiftiField.VoxOffset] = (108, NiftiStorage.Float32, 1),
        [NiftiField.SclSlope] = (112, NiftiStorage.Float32, 1),
        [NiftiField.SclInter] = (116, NiftiStorage.Float32, 1),
        [NiftiField.SliceEnd] = (120, NiftiStorage.Int16, 1),
        [NiftiField.SliceCode] = (122, NiftiStorage.Byte, 1),
        [NiftiField.XyztUnits] = (123, NiftiStorage.Byte, 1),
        [NiftiField.CalMax] = (124, NiftiStorage.Float32, 1),
        [NiftiField.CalMin] = (128, NiftiStorage.Float32, 1),
        [NiftiField.SliceDuration] = (132, NiftiStorage.Float32, 1),
        [NiftiField.Toffset] = (136, NiftiStorage.Float32, 1),
        [NiftiField.Glmax] = (140, NiftiStorage.Int32, 1),
        [NiftiField.Glmin] = (144, NiftiStorage.Int32, 1),
        [NiftiField.Descrip] = (148, NiftiStorage.Byte, 80),
        [NiftiField.AuxFile] = (228, NiftiStorage.Byte, 24),
        [NiftiField.QformCode] = (252, NiftiStorage.Int16, 1),
        [NiftiField.SformCode] = (254, NiftiStorage.Int16, 1),
        [NiftiField.Quatern] = (256, NiftiStorage.Float32, 3),
        [NiftiField.Qoffset] = (268, NiftiStorage.Float32, 3),
        [NiftiField.Srow] = (280, NiftiStorage.Float32, 12),
        [NiftiField.IntentName] = (328, NiftiStorage.Byte, 16),
        [NiftiField.Magic] = (344, NiftiStorage.Byte, 4),
    });

    public static NiftiLayout Nifti2 { get; } = new(2, 540, new()
    {
        [NiftiField.Magic] = (4, NiftiStorage.Byte, 8),
        [NiftiField.Datatype] = (12, NiftiStorage.Int16, 1),
        [NiftiField.Bitpix] = (14, NiftiStorage.Int16, 1),
        [NiftiField.Dim] = (16, NiftiStorage.Int64, 8),
        [NiftiField.IntentParameters] = (80, NiftiStorage.Float64, 3),
        [NiftiField.Pixdim] = (104, NiftiStorage.Float64, 8),
        [NiftiField.VoxOffset] = (168, NiftiStorage.Int64, 1),
        [NiftiField.SclSlope] = (176, NiftiStorage.Float64, 1),
        [NiftiField.SclInter] = (184, NiftiStorage.Float64, 1),
        [NiftiField.CalMax] = (192, NiftiStorage.Float64, 1),
        [NiftiField.CalMin] = (200, NiftiStorage.Float64, 1),
        [NiftiField.SliceDuration] = (208, NiftiStorage.Float64, 1),
        [NiftiField.Toffset] = (216, NiftiStorage.Float64, 1),
        [NiftiField.SliceStart] = (224, NiftiStorage.Int64, 1),
        [NiftiField.SliceEnd] = (232, NiftiStorage.Int64, 1),
        [NiftiField.Descrip] = (240, NiftiStorage.Byte, 80),
        [NiftiField.AuxFile] = (320, NiftiStorage.Byte, 24),
        [NiftiField.QformCode] = (344, NiftiStorage.Int32, 1),
        [NiftiField.SformCode] = (348, NiftiStorage.Int32, 1),
        [NiftiField.Quatern] = (352, NiftiStorage.Float64, 3),
        [NiftiField.Qoffset] = (376, NiftiStorage.Float64, 3),
        [NiftiField.Srow] = (400, NiftiStorage.Float64, 12),
        [NiftiField.SliceCode] = (496, NiftiStorage.Int32, 1),
        [NiftiField.XyztUnits] = (500, NiftiStorage.Int32, 1),
        [NiftiField.IntentCode] = (504, NiftiStorage.Int32, 1),
        [NiftiField.IntentName] = (508, NiftiStorage.Byte, 16),
        [NiftiField.DimInfo] = (524, NiftiStorage.Byte, 1),
    });

    public static NiftiLayout Analyze { get; } = new(1, 348, new()
    {
        [NiftiField.Dim] = Nifti1.places[NiftiField.Dim],
        [NiftiField.Datatype] = Nifti1.places[NiftiField.Datatype],
        [NiftiField.Bitpix] = Nifti1.places[NiftiField.Bitpix],
        [NiftiField.Pixdim] = Nifti1.places[NiftiField.Pixdim],
        [NiftiField.VoxOffset] = Nifti1.places[NiftiField.VoxOffset],
        [NiftiField.SclSlope] = Nifti1.places[NiftiField.SclSlope],
        [NiftiField.SclInter] = Nifti1.places[NiftiField.SclInter],
        [NiftiField.CalMax] = Nifti1.places[NiftiField.CalMax],
        [NiftiField.CalMin] = Nifti1.places[NiftiField.CalMin],
        [NiftiField.Glmax] = Nifti1.places[NiftiField.Glmax],
        [NiftiField.Glmin] = Nifti1.places[NiftiField.Glmin],
        [NiftiField.Descrip] = Nifti1.places[NiftiField.Descrip],
        [NiftiField.Origin] = (253, NiftiStorage.Int16, 3),
    });

    /// <summary>1 or 2.</summary>
    public int Version { get; }

    /// <summary>What a header begins with, and its length.</summary>
    public int HeaderBytes { get; }

    /// <summary>The first place of voxels in a single file: behind the header and the four bytes that announce extensions.</summary>
    public int SingleFileOffset => HeaderBytes + 4;

    /// <summary>Whether there is such a field.</summary>
    public bool Has(NiftiField field) => places.ContainsKey(field);

    /// <summary>Where a field lies, for an error.</summary>
    public int OffsetOf(NiftiField field, int index = 0) => places[field].Offset + index * SizeOf(places[field].Storage);

    /// <summary>The bytes of a field.</summary>
    public Span<byte> Bytes(Span<byte> header, NiftiField field)
        => header.Slice(places[field].Offset, places[field].Count * SizeOf(places[field].Storage));

    /// <summary>A number of a little-endian header.</summary>
    public double Read(ReadOnlySpan<byte> header, NiftiField field, int index)
    {
        ReadOnlySpan<byte> at = header[OffsetOf(field, index)..];
        return places[field].Storage switch
        {
            NiftiStorage.Byte => at[0],
            NiftiStorage.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
            NiftiStorage.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
            NiftiStorage.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
            NiftiStorage.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
        };
    }

    /// <summary>Sets a number of a little-endian header; the caller knows that it fits.</summary>
    public void Write(Span<byte> header, NiftiField field, int index, double value)
    {
        Span<byte> at = header[OffsetOf(field, index)..];
        switch (places[field].Storage)
        {
            case NiftiStorage.Byte:
                at[0] = (byte)value;
                break;
            case NiftiStorage.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(at, (short)value);
                break;
            case NiftiStorage.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(at, (int)value);
                break;
            case NiftiStorage.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(at, (long)value);
                break;
            case NiftiStorage.Float32:
                BinaryPrimitives.WriteSingleLittleEndian(at, (float)value);
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(at, value);
                break;
        }
    }

    /// <summary>Turns a big-endian header into a little-endian one: the bytes of each number, of no text.</summary>
    public void Swap(Span<byte> header)
    {
        header[..4].Reverse();
        foreach (var (offset, storage, count) in places.Values)
            ByteOrder.Swap(header.Slice(offset, count * SizeOf(storage)), SizeOf(storage));
    }

    private static int SizeOf(NiftiStorage storage) => storage switch
    {
        NiftiStorage.Byte => 1,
        NiftiStorage.Int16 => 2,
        NiftiStorage.Int32 or NiftiStorage.Float32 => 4,
        _ => 8,
    };
}
