using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volute.Formats;

/// <summary>Numbers in a shape, row-major (the last axis varies fastest), as IDX, npy, safetensors and other files hold them.</summary>
public sealed class NumberArray
{
    // T[] of the type's storage: bool as bytes 0 and 1, bfloat16 as its 16 bits.
    private readonly Array values;
    private readonly int[] shape;

    internal NumberArray(NumberType type, int[] shape, Array values)
    {
        Type = type;
        this.shape = shape;
        this.values = values;
    }

    /// <summary>What the numbers are.</summary>
    public NumberType Type { get; }

    /// <summary>The size of each axis; empty for a single number.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>The storage: T[] of the type.</summary>
    internal Array Values => values;

    /// <summary>∏ <see cref="Shape"/>: how many numbers there are.</summary>
    public int Count => values.Length;

    /// <summary>An array to be written; <paramref name="values"/> are not copied (truth values are).</summary>
    /// <exception cref="InvalidArgumentException">A type that files do not hold, a negative size, or ∏ <paramref name="shape"/> ≠ the number of values.</exception>
    public static NumberArray From<T>(T[] values, params ReadOnlySpan<int> shape) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        NumberType type = NumberTypes.Of<T>();
        if (Kernels.Sizes.Product(shape, "an array") != values.Length)
            throw new InvalidArgumentException(
                $"an array of shape [{string.Join(", ", shape.ToArray())}] has {Kernels.Sizes.Product(shape)} numbers, got {values.Length}");
        return new NumberArray(type, shape.ToArray(), values is bool[] truths ? Array.ConvertAll(truths, t => t ? (byte)1 : (byte)0) : values);
    }

    /// <summary>An array of <paramref name="type"/> (Float16, BFloat16, Float32 or Float64) from 32-bit numbers, rounded to nearest, ties to even.</summary>
    /// <exception cref="InvalidArgumentException">Another type, a negative size, or ∏ <paramref name="shape"/> ≠ the number of values.</exception>
    public static NumberArray FromFloats(float[] values, NumberType type, params ReadOnlySpan<int> shape)
    {
        NumberArray array = From(values, shape);
        return type switch
        {
            NumberType.Float32 => array,
            NumberType.Float64 => new NumberArray(type, array.shape, array.ToDoubles()),
            NumberType.Float16 => new NumberArray(type, array.shape, Array.ConvertAll(values, v => (Half)v)),
            NumberType.BFloat16 => new NumberArray(type, array.shape, Array.ConvertAll(values, ToBFloat16Bits)),
            _ => throw new InvalidArgumentException($"32-bit numbers can be stored as Float16, BFloat16, Float32 or Float64, not as {type}"),
        };
    }

    /// <summary>
    /// The numbers as they are; <typeparamref name="T"/> must be the type that is stored (Half for Float16; ushort for BFloat16's bits; byte
    /// for Bool).
    /// </summary>
    /// <exception cref="InvalidArgumentException">Another type is stored.</exception>
    public ReadOnlySpan<T> As<T>() where T : unmanaged
        // Not "values is T[]": the runtime takes a byte[] for an sbyte[].
        => values.GetType() == typeof(T[]) ? (T[])values
            : throw new InvalidArgumentException($"the array holds {Type}, which is {values.GetType().GetElementType()!.Name} here, not {typeof(T).Name}");

    /// <summary>The numbers as 32-bit floating point, rounded to nearest.</summary>
    public float[] ToFloats() => Convert<float>();

    /// <summary>The numbers as 64-bit floating point.</summary>
    public double[] ToDoubles() => Convert<double>();

    /// <summary>The numbers as 32-bit integers, without loss.</summary>
    /// <exception cref="InvalidArgumentException">A number is no integer or does not fit.</exception>
    public int[] ToInts() => Convert<int>();

    /// <summary>Reads the numbers of <paramref name="dims"/>, which are checked before anything is allocated.</summary>
    internal static NumberArray Read(ByteReader reader, NumberType type, ReadOnlySpan<long> dims, bool bigEndian, FormatLimits limits, string what)
    {
        Int128 count = Elements(dims);
        int[] shape = new int[dims.Length];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis] > int.MaxValue)
                throw new LimitException($"{reader.Name}: axis {axis} of {what}", dims[axis].ToString(), int.MaxValue.ToString(), "elements");
            shape[axis] = (int)dims[axis];
        }
        Array values = type switch
        {
            NumberType.Bool or NumberType.UInt8 => reader.ReadArray<byte>(count, bigEndian, limits, what),
            NumberType.Int8 => reader.ReadArray<sbyte>(count, bigEndian, limits, what),
            NumberType.UInt16 or NumberType.BFloat16 => reader.ReadArray<ushort>(count, bigEndian, limits, what),
            NumberType.Int16 => reader.ReadArray<short>(count, bigEndian, limits, what),
            NumberType.UInt32 => reader.ReadArray<uint>(count, bigEndian, limits, what),
            NumberType.Int32 => reader.ReadArray<int>(count, bigEndian, limits, what),
            NumberType.UInt64 => reader.ReadArray<ulong>(count, bigEndian, limits, what),
            NumberType.Int64 => reader.ReadArray<long>(count, bigEndian, limits, what),
            NumberType.Float16 => reader.ReadArray<Half>(count, bigEndian, limits, what),
            NumberType.Float32 => reader.ReadArray<float>(count, bigEndian, limits, what),
            _ => reader.ReadArray<double>(count, bigEndian, limits, what),
        };
        if (type == NumberType.Bool)
            foreach (ref byte truth in ((byte[])values).AsSpan())
                truth = truth == 0 ? (byte)0 : (byte)1;
        return new NumberArray(type, shape, values);
    }

    /// <summary>∏ dims, or more than any limit once it has grown beyond 2^64.</summary>
    internal static Int128 Elements(ReadOnlySpan<long> dims)
    {
        if (dims.Contains(0))
            return 0;
        Int128 product = 1;
        foreach (long dim in dims)
            if (product <= long.MaxValue)
                product *= dim;
        return product;
    }

    /// <summary>Writes the numbers in the byte order asked for.</summary>
    internal void WriteTo(Stream stream, bool bigEndian = false)
    {
        const int PieceBytes = 1 << 20;
        byte[] piece = new byte[Math.Min(PieceBytes, Count * (long)Type.Bytes())];
        ref byte data = ref MemoryMarshal.GetArrayDataReference(values);
        long bytes = Count * (long)Type.Bytes();
        for (long done = 0; done < bytes; done += piece.Length)
        {
            int n = (int)Math.Min(piece.Length, bytes - done);
            Span<byte> part = piece.AsSpan(0, n);
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref data, (nint)done), n).CopyTo(part);
            if (bigEndian == BitConverter.IsLittleEndian)
                ByteOrder.Swap(part, Type.Bytes());
            stream.Write(part);
        }
    }

    private static ushort ToBFloat16Bits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        // A NaN keeps its sign and becomes quiet; rounding could turn it into an infinity.
        return float.IsNaN(value) ? (ushort)(bits >> 16 | 0x40) : (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    private TOut[] Convert<TOut>() where TOut : unmanaged, INumber<TOut> => Type switch
    {
        NumberType.Bool or NumberType.UInt8 => Convert<byte, TOut>(),
        NumberType.Int8 => Convert<sbyte, TOut>(),
        NumberType.UInt16 => Convert<ushort, TOut>(),
        NumberType.Int16 => Convert<short, TOut>(),
        NumberType.UInt32 => Convert<uint, TOut>(),
        NumberType.Int32 => Convert<int, TOut>(),
        NumberType.UInt64 => Convert<ulong, TOut>(),
        NumberType.Int64 => Convert<long, TOut>(),
        NumberType.Float16 => Convert<Half, TOut>(),
        NumberType.BFloat16 => new NumberArray(NumberType.Float32, shape,
            Array.ConvertAll((ushort[])values, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16))).Convert<float, TOut>(),
        NumberType.Float32 => Convert<float, TOut>(),
        _ => Convert<double, TOut>(),
    };

    private TOut[] Convert<TIn, TOut>() where TIn : unmanaged, INumber<TIn> where TOut : unmanaged, INumber<TOut>
    {
        TIn[] source = (TIn[])values;
        TOut[] result = GC.AllocateUninitializedArray<TOut>(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            // Every integer of 32 bits is exact as a double, so that the comparisons are too.
            if (typeof(TOut) == typeof(int) && double.CreateTruncating(source[i]) is var d && !(d >= int.MinValue && d <= int.MaxValue && d == Math.Truncate(d)))
                throw new InvalidArgumentException($"value {source[i]} (number {i}) is no 32-bit integer");
            result[i] = TOut.CreateTruncating(source[i]);
        }
        return result;
    }
}
