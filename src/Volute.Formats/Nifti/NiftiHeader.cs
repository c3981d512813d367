using System.Buffers.Binary;

namespace Volute.Formats;

/// <summary>The 348 bytes of a NIfTI-1 header, field by field at their places (nifti1.h), in either byte order.</summary>
internal sealed class NiftiHeader
{
    public const int Bytes = 348, SingleFileOffset = 352;

    private const int DimAt = 40, TypeAt = 70, BitsAt = 72, PixdimAt = 76, OffsetAt = 108, SlopeAt = 112, InterceptAt = 116, UnitsAt = 123,
        QformCodeAt = 252, SformCodeAt = 254, QuaternionAt = 256, QoffsetAt = 268, SrowAt = 280, MagicAt = 344;

    private static readonly (int Code, NumberType Type)[] Types =
    [
        (2, NumberType.UInt8), (4, NumberType.Int16), (8, NumberType.Int32), (16, NumberType.Float32), (64, NumberType.Float64), (256, NumberType.Int8),
        (512, NumberType.UInt16), (768, NumberType.UInt32), (1024, NumberType.Int64), (1280, NumberType.UInt64),
    ];

    private static readonly (int Code, string Name)[] OtherTypes =
        [(1, "bits"), (32, "complex64"), (128, "RGB"), (1536, "float128"), (1792, "complex128"), (2048, "complex256"), (2304, "RGBA")];

    private readonly byte[] bytes;

    private NiftiHeader(byte[] bytes, bool bigEndian)
    {
        this.bytes = bytes;
        BigEndian = bigEndian;
    }

    public bool BigEndian { get; }

    public NumberType Type { get; private set; }

    /// <summary>The sizes of the axes, x first, as the file lists them.</summary>
    public long[] Sizes { get; private set; } = [];

    /// <summary>Where the voxels begin.</summary>
    public long VoxelOffset { get; private set; }

    /// <summary>A slope of 0, or one that is no number, means no scaling; so says nifti1.h of 0.</summary>
    public (double Slope, double Intercept) Scaling
    {
        get
        {
            float slope = Float(SlopeAt), intercept = Float(InterceptAt);
            return float.IsFinite(slope) && slope != 0 ? (slope, float.IsFinite(intercept) ? intercept : 0) : (1, 0);
        }
    }

    /// <summary>The spacing along x, y and z; one that is 0 or no number, as of an axis that is not there, counts as 1.</summary>
    public double[] Spacing
    {
        get
        {
            double[] spacing = new double[3];
            for (int axis = 0; axis < 3; axis++)
            {
                float size = Math.Abs(Float(PixdimAt + 4 + 4 * axis));
                spacing[axis] = float.IsFinite(size) && size > 0 ? size : 1;
            }
            return spacing;
        }
    }

    /// <summary>Checks a header of a single file.</summary>
    public static NiftiHeader Parse(byte[] bytes, ByteReader reader)
    {
        bool bigEndian = BinaryPrimitives.ReadInt32BigEndian(bytes) == Bytes;
        if (!bigEndian && BinaryPrimitives.ReadInt32LittleEndian(bytes) != Bytes)
            throw Error(reader, 0, BinaryPrimitives.ReadInt32LittleEndian(bytes) == 540 || BinaryPrimitives.ReadInt32BigEndian(bytes) == 540
                ? "this is a NIfTI-2 file, which is not readable here yet; convert it to NIfTI-1"
                : "this is not a NIfTI-1 file: it does not begin with the header's length 348");
        NiftiHeader header = new(bytes, bigEndian);
        ReadOnlySpan<byte> magic = bytes.AsSpan(MagicAt, 4);
        if (!magic.SequenceEqual("n+1\0"u8))
            throw Error(reader, MagicAt, magic.SequenceEqual("ni1\0"u8)
                ? "this is the header of a pair (.hdr and .img), which is not readable here yet; convert it to a single .nii"
                : "this is not a NIfTI-1 file: its magic is not n+1 (an Analyze file?)");
        header.CheckSizes(reader);
        header.CheckType(reader);
        header.CheckOffset(reader);
        return header;
    }

    /// <summary>The header of a single file for <paramref name="volume"/>, little-endian, its place in space as sform.</summary>
    public static byte[] Make(NiftiVolume volume)
    {
        NumberType type = volume.Voxels.Type == NumberType.Bool ? NumberType.UInt8 : volume.Voxels.Type;
        int known = Array.FindIndex(Types, t => t.Type == type);
        if (known < 0)
            throw new InvalidArgumentException($"NIfTI has no {type}; write it as Float32");
        byte[] bytes = new byte[SingleFileOffset];
        void Short(int at, int value) => BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value);
        void Float(int at, double value) => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), (float)value);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Bytes);
        ReadOnlySpan<int> shape = volume.Voxels.Shape;
        Short(DimAt, shape.Length);
        for (int axis = 0; axis < 7; axis++)
        {
            int size = axis < shape.Length ? shape[^(axis + 1)] : 1;
            if (size > short.MaxValue)
                throw new LimitException($"axis {axis} of a NIfTI-1 volume", size.ToString(), short.MaxValue.ToString(), "voxels");
            Short(DimAt + 2 + 2 * axis, size);
            Float(PixdimAt + 4 + 4 * axis, axis < 3 ? volume.Spacing[axis] : 1);
        }
        Float(PixdimAt, 1);
        Short(TypeAt, Types[known].Code);
        Short(BitsAt, 8 * type.Bytes());
        Float(OffsetAt, SingleFileOffset);
        Float(SlopeAt, volume.Slope);
        Float(InterceptAt, volume.Intercept);
        // Millimetres and seconds.
        bytes[UnitsAt] = 2 | 8;
        // Coordinates of the scanner.
        Short(SformCodeAt, 1);
        double[,] affine = volume.Affine;
        for (int i = 0; i < 12; i++)
            Float(SrowAt + 4 * i, affine[i / 4, i % 4]);
        "n+1\0"u8.CopyTo(bytes.AsSpan(MagicAt));
        return bytes;
    }

    /// <summary>The place in space by the order of nifti1.h: sform, else qform, else spacing alone. Matrices with what is no number do not count.</summary>
    public double[,] Affine()
    {
        double[,]? affine = Short(SformCodeAt) > 0 ? Sform() : null;
        affine ??= Short(QformCodeAt) > 0 ? Qform() : null;
        double[] s = Spacing;
        return affine ?? new[,] { { s[0], 0, 0, 0 }, { 0, s[1], 0, 0 }, { 0, 0, s[2], 0 }, { 0, 0, 0, 1 } };
    }

    private double[,]? Sform()
    {
        double[,] affine = new double[4, 4];
        affine[3, 3] = 1;
        for (int i = 0; i < 12; i++)
            affine[i / 4, i % 4] = Float(SrowAt + 4 * i);
        return Finite(affine);
    }

    /// <summary>A rotation by the unit quaternion (a, b, c, d), the spacing, a mirrored z where pixdim[0] is negative, and an offset.</summary>
    private double[,]? Qform()
    {
        double b = Float(QuaternionAt), c = Float(QuaternionAt + 4), d = Float(QuaternionAt + 8);
        double rest = 1 - (b * b + c * c + d * d), a = Math.Sqrt(Math.Max(rest, 0));
        if (rest < 0)
        {
            // Rounding may leave a half turn a little too long.
            double length = Math.Sqrt(b * b + c * c + d * d);
            (b, c, d) = (b / length, c / length, d / length);
        }
        double[] s = Spacing;
        double z = Float(PixdimAt) < 0 ? -s[2] : s[2];
        return Finite(new[,]
        {
            { (a * a + b * b - c * c - d * d) * s[0], 2 * (b * c - a * d) * s[1], 2 * (b * d + a * c) * z, Float(QoffsetAt) },
            { 2 * (b * c + a * d) * s[0], (a * a + c * c - b * b - d * d) * s[1], 2 * (c * d - a * b) * z, Float(QoffsetAt + 4) },
            { 2 * (b * d - a * c) * s[0], 2 * (c * d + a * b) * s[1], (a * a + d * d - b * b - c * c) * z, Float(QoffsetAt + 8) },
            { 0, 0, 0, 1 },
        });
    }

    private static double[,]? Finite(double[,] affine)
    {
        foreach (double value in affine)
            if (!double.IsFinite(value))
                return null;
        return affine;
    }

    private void CheckSizes(ByteReader reader)
    {
        int axes = Short(DimAt);
        if (axes is < 1 or > 7)
            throw Error(reader, DimAt, $"the number of axes (dim[0]) is {axes}, expected 1 to 7");
        Sizes = new long[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            Sizes[axis] = Short(DimAt + 2 + 2 * axis);
            if (Sizes[axis] < 1)
                throw Error(reader, DimAt + 2 + 2 * axis, $"axis {axis + 1} has size {Sizes[axis]} (dim[{axis + 1}]), expected at least 1");
        }
    }

    private void CheckType(ByteReader reader)
    {
        int code = Short(TypeAt), bits = Short(BitsAt), known = Array.FindIndex(Types, t => t.Code == code);
        if (known < 0)
        {
            string name = OtherTypes.FirstOrDefault(t => t.Code == code).Name ?? "unknown";
            throw Error(reader, TypeAt, $"datatype {code} ({name}) is not supported, expected integers of 8 to 64 bits, float32 or float64");
        }
        Type = Types[known].Type;
        if (bits != 8 * Type.Bytes())
            throw Error(reader, BitsAt, $"bitpix is {bits}, but datatype {code} ({Type}) has {8 * Type.Bytes()} bits");
    }

    private void CheckOffset(ByteReader reader)
    {
        float offset = Float(OffsetAt);
        // Some writers leave 0, which can only mean the earliest place.
        if (offset == 0)
            offset = SingleFileOffset;
        if (!(offset >= SingleFileOffset && offset <= reader.Bound) || offset != MathF.Floor(offset))
            throw Error(reader, OffsetAt, $"vox_offset is {offset}, expected a whole number from {SingleFileOffset} to the file's length");
        VoxelOffset = (long)offset;
    }

    private static FileFormatException Error(ByteReader reader, long offset, string problem) => new(reader.Name, offset, problem);

    private short Short(int at)
        => BigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));

    private float Float(int at)
        => BigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at));
}
