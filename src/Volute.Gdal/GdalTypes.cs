using Volute.Formats;

namespace Volute.Gdal;

/// <summary>The numbers by which GDAL knows types of numbers and what bands show (gdal.h).</summary>
internal static class GdalTypes
{
    private static readonly (int Code, NumberType Type)[] Types =
    [
        (1, NumberType.UInt8), (2, NumberType.UInt16), (3, NumberType.Int16), (4, NumberType.UInt32), (5, NumberType.Int32), (6, NumberType.Float32),
        (7, NumberType.Float64), (12, NumberType.UInt64), (13, NumberType.Int64), (14, NumberType.Int8), (15, NumberType.Float16),
    ];

    private static readonly (int Code, BandColor Color)[] Colors =
    [
        (0, BandColor.Undefined), (1, BandColor.Gray), (2, BandColor.Palette), (3, BandColor.Red), (4, BandColor.Green), (5, BandColor.Blue),
        (6, BandColor.Alpha),
    ];

    /// <summary>The type, null for complex numbers and what later versions may have.</summary>
    public static NumberType? TypeOf(int code) => Types.FirstOrDefault(t => t.Code == code) is { Code: > 0 } known ? known.Type : null;

    /// <summary>The number of a type that is written.</summary>
    /// <exception cref="InvalidArgumentException">A type that GeoTIFF files do not hold everywhere.</exception>
    public static int CodeOf(NumberType type)
        => Types.FirstOrDefault(t => t.Type == type && t.Code <= 7) is { Code: > 0 } known ? known.Code
            : throw new InvalidArgumentException($"rasters are written as UInt8, UInt16, Int16, UInt32, Int32, Float32 or Float64, not as {type}");

    /// <summary>The number of the type that a caller's array holds.</summary>
    public static int CodeOf<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Byte => 1,
        TypeCode.UInt16 => 2,
        TypeCode.Int16 => 3,
        TypeCode.UInt32 => 4,
        TypeCode.Int32 => 5,
        TypeCode.Single => 6,
        TypeCode.Double => 7,
        _ => throw new InvalidArgumentException($"windows of rasters are byte, ushort, short, uint, int, float or double, not {typeof(T).Name}"),
    };

    public static BandColor ColorOf(int code) => Colors.FirstOrDefault(c => c.Code == code).Color;

    public static int CodeOf(BandColor color) => Colors.First(c => c.Color == color).Code;
}
