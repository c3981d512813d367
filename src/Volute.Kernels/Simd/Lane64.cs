namespace Volute.Kernels;

/// <summary>One lane of float64: the reference path of every kernel.</summary>
public readonly unsafe struct Lane64(double value) : ILanes<Lane64, double>
{
    private readonly double _value = value;

    private static readonly double AllOnes = BitConverter.UInt64BitsToDouble(ulong.MaxValue);

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static Lane64 Broadcast(double value) => new((double)value);

    /// <inheritdoc/>
    public static Lane64 Broadcast(double* source) => new(*source);

    /// <inheritdoc/>
    public static Lane64 Load(double* source) => new(*source);

    /// <inheritdoc/>
    public static Lane64 Load(double* source, int count) => count == 0 ? default : new(*source);

    /// <inheritdoc/>
    public static void Store(Lane64 value, double* destination) => *destination = value._value;

    /// <inheritdoc/>
    public static void Store(Lane64 value, double* destination, int count)
    {
        if (count > 0)
            *destination = value._value;
    }

    /// <inheritdoc/>
    public static void StorePast(Lane64 value, double* destination) => Store(value, destination);

    /// <inheritdoc/>
    public static void Prefetch(double* address) { }

    /// <inheritdoc/>
    public static void Widen(Lane64 value, double* destination) => *destination = value._value;

    /// <inheritdoc/>
    public static Lane64 Narrow(double* source) => new(*source);

    /// <inheritdoc/>
    public static Lane64 operator +(Lane64 a, Lane64 b) => new(a._value + b._value);

    /// <inheritdoc/>
    public static Lane64 operator -(Lane64 a, Lane64 b) => new(a._value - b._value);

    /// <inheritdoc/>
    public static Lane64 operator *(Lane64 a, Lane64 b) => new(a._value * b._value);

    /// <inheritdoc/>
    public static Lane64 operator /(Lane64 a, Lane64 b) => new(a._value / b._value);

    /// <inheritdoc/>
    public static Lane64 MultiplyAdd(Lane64 a, Lane64 b, Lane64 c) => new(double.MultiplyAddEstimate(a._value, b._value, c._value));

    /// <inheritdoc/>
    public static Lane64 MultiplyAdd(Lane64 a, double* b, Lane64 c) => new(double.MultiplyAddEstimate(a._value, *b, c._value));

    /// <inheritdoc/>
    public static Lane64 MultiplySpreadAdd(Lane64 a, double* b, Lane64 c) => MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    public static Lane64 Max(Lane64 a, Lane64 b) => new(Math.Max(a._value, b._value));

    /// <inheritdoc/>
    public static Lane64 Min(Lane64 a, Lane64 b) => new(Math.Min(a._value, b._value));

    /// <inheritdoc/>
    public static Lane64 AtLeast(Lane64 a, Lane64 bound) => bound._value > a._value ? bound : a;

    /// <inheritdoc/>
    public static Lane64 AtMost(Lane64 a, Lane64 bound) => a._value > bound._value ? bound : a;

    /// <inheritdoc/>
    public static Lane64 Greater(Lane64 a, Lane64 b) => new(a._value > b._value ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane64 GreaterOrEqual(Lane64 a, Lane64 b) => new(a._value >= b._value ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane64 Equal(Lane64 a, Lane64 b) => new(a._value == b._value ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane64 EqualBits(Lane64 a, Lane64 b)
        => new(BitConverter.DoubleToUInt64Bits(a._value) == BitConverter.DoubleToUInt64Bits(b._value) ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane64 Select(Lane64 mask, Lane64 yes, Lane64 no)
        => BitConverter.DoubleToUInt64Bits(mask._value) != 0 ? yes : no;

    /// <inheritdoc/>
    public static Lane64 Permute(Lane64 a, Lane64 indices) => a;

    /// <inheritdoc/>
    public static Lane64 Abs(Lane64 a) => new(Math.Abs(a._value));

    /// <inheritdoc/>
    public static Lane64 Sqrt(Lane64 a) => new(Math.Sqrt(a._value));

    /// <inheritdoc/>
    public static Lane64 Floor(Lane64 a) => new(Math.Floor(a._value));

    /// <inheritdoc/>
    public static Lane64 Scale(Lane64 a, Lane64 n) => new(Math.ScaleB(a._value, (int)n._value));

    /// <inheritdoc/>
    public static Lane64 Exp(Lane64 a) => new(Math.Exp(a._value));

    /// <inheritdoc/>
    public static Lane64 Log(Lane64 a) => new(Math.Log(a._value));

    /// <inheritdoc/>
    public static Lane64 Sin(Lane64 a) => new(Math.Sin(a._value));

    /// <inheritdoc/>
    public static Lane64 Cos(Lane64 a) => new(Math.Cos(a._value));

    /// <inheritdoc/>
    public static double Sum(Lane64 a) => a._value;

    /// <inheritdoc/>
    public static double Max(Lane64 a) => a._value;
}
