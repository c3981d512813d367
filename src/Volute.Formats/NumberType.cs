namespace Volute.Formats;

/// <summary>What the numbers of a file are.</summary>
public enum NumberType
{
    /// <summary>Truth values, one byte each, 0 or 1.</summary>
    Bool,

    /// <summary>0 to 255.</summary>
    UInt8,

    /// <summary>−128 to 127.</summary>
    Int8,

    /// <summary>16 bits, not negative.</summary>
    UInt16,

    /// <summary>16 bits with sign.</summary>
    Int16,

    /// <summary>32 bits, not negative.</summary>
    UInt32,

    /// <summary>32 bits with sign.</summary>
    Int32,

    /// <summary>64 bits, not negative.</summary>
    UInt64,

    /// <summary>64 bits with sign.</summary>
    Int64,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The upper half of a 32-bit floating-point number.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}

/// <summary>Sizes of number types.</summary>
public static class NumberTypes
{
    /// <summary>Bytes of one number.</summary>
    public static int Bytes(this NumberType type) => type switch
    {
        NumberType.Bool or NumberType.UInt8 or NumberType.Int8 => 1,
        NumberType.UInt16 or NumberType.Int16 or NumberType.Float16 or NumberType.BFloat16 => 2,
        NumberType.UInt32 or NumberType.Int32 or NumberType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The type of the numbers that <typeparamref name="T"/> holds; a <c>ushort</c> is taken for UInt16, not for BFloat16.</summary>
    internal static NumberType Of<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => NumberType.Bool,
        TypeCode.Byte => NumberType.UInt8,
        TypeCode.SByte => NumberType.Int8,
        TypeCode.UInt16 => NumberType.UInt16,
        TypeCode.Int16 => NumberType.Int16,
        TypeCode.UInt32 => NumberType.UInt32,
        TypeCode.Int32 => NumberType.Int32,
        TypeCode.UInt64 => NumberType.UInt64,
        TypeCode.Int64 => NumberType.Int64,
        TypeCode.Single => NumberType.Float32,
        TypeCode.Double => NumberType.Float64,
        _ => typeof(T) == typeof(Half) ? NumberType.Float16
            : throw new InvalidArgumentException($"files hold bool, integers of 8 to 64 bits, Half, float or double, not {typeof(T).Name}"),
    };
}
