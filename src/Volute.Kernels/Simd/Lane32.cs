namespace Volute.Kernels;

/// <summary>One lane of float32: machines without vectors, and the yardstick of the tests.</summary>
public readonly unsafe struct Lane32(float value) : ILanes<Lane32, float>
{
    private readonly float _value = value;

    private static readonly float AllOnes = BitConverter.UInt32BitsToSingle(uint.MaxValue);

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static Lane32 Broadcast(double value) => new((float)value);

    /// <inheritdoc/>
    public static Lane32 Broadcast(float* source) => new(*source);

    /// <inheritdoc/>
    public static Lane32 Load(float* source) => new(*source);

    /// <inheritdoc/>
    public static Lane32 Load(float* source, int count) => count == 0 ? default : new(*source);

    /// <inheritdoc/>
    public static void Store(Lane32 value, float* destination) => *destination = value._value;

    /// <inheritdoc/>
    public static void Store(Lane32 value, float* destination, int count)
    {
        if (count > 0)
            *destination = value._value;
    }

    /// <inheritdoc/>
    public static void StorePast(Lane32 value, float* destination) => Store(value, destination);

    /// <inheritdoc/>
    public static void Prefetch(float* address) { }

    /// <inheritdoc/>
    public static void Widen(Lane32 value, double* destination) => *destination = value._value;

    /// <inheritdoc/>
    public static Lane32 Narrow(double* source) => new((float)*source);

    /// <inheritdoc/>
    public static Lane32 operator +(Lane32 a, Lane32 b) => new(a._value + b._value);

    /// <inheritdoc/>
    public static Lane32 operator -(Lane32 a, Lane32 b) => new(a._value - b._value);

    /// <inheritdoc/>
    public static Lane32 operator *(Lane32 a, Lane32 b) => new(a._value * b._value);

    /// <inheritdoc/>
    public static Lane32 operator /(Lane32 a, Lane32 b) => new(a._value / b._value);

    /// <inheritdoc/>
    public static Lane32 MultiplyAdd(Lane32 a, Lane32 b, Lane32 c) => new(float.MultiplyAddEstimate(a._value, b._value, c._value));

    /// <inheritdoc/>
    public static Lane32 MultiplyAdd(Lane32 a, float* b, Lane32 c) => new(float.MultiplyAddEstimate(a._value, *b, c._value));

    /// <inheritdoc/>
    public static Lane32 MultiplySpreadAdd(Lane32 a, float* b, Lane32 c) => MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    public static Lane32 Max(Lane32 a, Lane32 b) => new(MathF.Max(a._value, b._value));

    /// <inheritdoc/>
    public static Lane32 Min(Lane32 a, Lane32 b) => new(MathF.Min(a._value, b._value));

    /// <inheritdoc/>
    public static Lane32 AtLeast(Lane32 a, Lane32 bound) => bound._value > a._value ? bound : a;

    /// <inheritdoc/>
    public static Lane32 AtMost(Lane32 a, Lane32 bound) => a._value > bound._value ? bound : a;

    /// <inheritdoc/>
    public static Lane32 Greater(Lane32 a, Lane32 b) => new(a._value > b._value ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane32 GreaterOrEqual(Lane32 a, Lane32 b) => new(a._value >= b._value ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane32 Equal(Lane32 a, Lane32 b) => new(a._value == b._value ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane32 EqualBits(Lane32 a, Lane32 b)
        => new(BitConverter.SingleToUInt32Bits(a._value) == BitConverter.SingleToUInt32Bits(b._value) ? AllOnes : 0);

    /// <inheritdoc/>
    public static Lane32 Select(Lane32 mask, Lane32 yes, Lane32 no)
        => BitConverter.SingleToUInt32Bits(mask._value) != 0 ? yes : no;

    /// <inheritdoc/>
    public static Lane32 Permute(Lane32 a, Lane32 indices) => a;

    /// <inheritdoc/>
    public static Lane32 Abs(Lane32 a) => new(MathF.Abs(a._value));

    /// <inheritdoc/>
    public static Lane32 Sqrt(Lane32 a) => new(MathF.Sqrt(a._value));

    /// <inheritdoc/>
    public static Lane32 Floor(Lane32 a) => new(MathF.Floor(a._value));

    /// <inheritdoc/>
    public static Lane32 Scale(Lane32 a, Lane32 n) => new(MathF.ScaleB(a._value, (int)n._value));

    /// <inheritdoc/>
    public static Lane32 Exp(Lane32 a) => Exponential.Exp<Lane32, float>(a);

    /// <inheritdoc/>
    public static Lane32 Log(Lane32 a) => new(MathF.Log(a._value));

    /// <inheritdoc/>
    public static Lane32 Sin(Lane32 a) => new(MathF.Sin(a._value));

    /// <inheritdoc/>
    public static Lane32 Cos(Lane32 a) => new(MathF.Cos(a._value));

    /// <inheritdoc/>
    public static float Sum(Lane32 a) => a._value;

    /// <inheritdoc/>
    public static float Max(Lane32 a) => a._value;
}
