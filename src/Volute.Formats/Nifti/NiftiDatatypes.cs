namespace Volute.Formats;

/// <summary>The datatype codes of nifti1.h: those of real numbers, and what to do about the others.</summary>
internal static class NiftiDatatypes
{
    private static readonly (int Code, NumberType Type)[] Known =
    [
        (2, NumberType.UInt8), (4, NumberType.Int16), (8, NumberType.Int32), (16, NumberType.Float32), (64, NumberType.Float64), (256, NumberType.Int8),
        (512, NumberType.UInt16), (768, NumberType.UInt32), (1024, NumberType.Int64), (1280, NumberType.UInt64),
    ];

    private static readonly (int Code, string Name, string Cure)[] Others =
    [
        (1, "bits", "convert it to uint8"),
        (32, "complex64", "save its magnitude as float32"),
        (128, "RGB24", "save each colour, or their mean, as a uint8 volume"),
        (1536, "float128", "convert it to float64"),
        (1792, "complex128", "save its magnitude as float64"),
        (2048, "complex256", "save its magnitude as float64"),
        (2304, "RGBA32", "save each colour, or their mean, as a uint8 volume"),
    ];

    /// <summary>The type of a code, null where a voxel of it is not one number of at most 64 bits.</summary>
    public static NumberType? Find(int code) => Array.FindIndex(Known, t => t.Code == code) is >= 0 and var i ? Known[i].Type : null;

    /// <summary>What is wrong with a code that is not known.</summary>
    public static string Refusal(int code)
    {
        const string Expected = "expected integers of 8 to 64 bits, float32 or float64";
        return Array.Find(Others, t => t.Code == code) is { Name: { } name, Cure: var cure }
            ? $"datatype {code} ({name}) is not supported, {Expected}; {cure}"
            : $"datatype {code} (unknown) is not supported, {Expected}";
    }

    /// <summary>The code under which numbers of a type are written.</summary>
    /// <exception cref="InvalidArgumentException">NIfTI has no such type.</exception>
    public static int CodeOf(NumberType type)
    {
        int i = Array.FindIndex(Known, t => t.Type == (type == NumberType.Bool ? NumberType.UInt8 : type));
        return i >= 0 ? Known[i].Code : throw new InvalidArgumentException($"NIfTI has no {type}; write it as Float32");
    }
}
