using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vector = System.Runtime.Intrinsics.Vector128<float>;

namespace Volute.Kernels;

/// <summary>4 lanes of float32 in one 128-bit register.</summary>
public readonly unsafe struct Lanes128(Vector value) : ILanes<Lanes128, float>
{
    private readonly Vector _value = value;

    /// <summary>The mask of the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector First(int count) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    public static Lanes128 Broadcast(double value) => new(Vector128.Create((float)value));

    /// <inheritdoc/>
    public static Lanes128 Broadcast(float* source) => new(Vector128.Create(*source));

    /// <inheritdoc/>
    public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source, int count) => Avx.IsSupported ? new(Avx.MaskLoad(source, First(count))) : LoadByStack(source, count);

    /// <inheritdoc/>
    public static void Store(Lanes128 value, float* destination) => value._value.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* destination, int count)
    {
        if (Avx.IsSupported)
            Avx.MaskStore(destination, First(count), value._value);
        else
            StoreByStack(value, destination, count);
    }

    /// <inheritdoc/>
    public static void StorePast(Lanes128 value, float* destination) => value._value.StoreAlignedNonTemporal(destination);

    /// <inheritdoc/>
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }

    /// <inheritdoc/>
    public static void Widen(Lanes128 value, double* destination)
    {
        var (lower, upper) = Vector128.Widen(value._value);
        lower.Store(destination);
        upper.Store(destination + 2);
    }

    /// <inheritdoc/>
    public static Lanes128 Narrow(double* source) => new(Vector128.Narrow(Vector128.Load(source), Vector128.Load(source + 2)));

    /// <inheritdoc/>
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a._value + b._value);

    /// <inheritdoc/>
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a._value - b._value);

    /// <inheritdoc/>
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(a._value * b._value);

    /// <inheritdoc/>
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) => new(a._value / b._value);

    /// <inheritdoc/>
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    /// <inheritdoc/>
    public static Lanes128 MultiplyAdd(Lanes128 a, float* b, Lanes128 c) => new(Vector128.MultiplyAddEstimate(a._value, Vector128.Load(b), c._value));

    /// <inheritdoc/>
    public static Lanes128 MultiplySpreadAdd(Lanes128 a, float* b, Lanes128 c) => new(Vector128.MultiplyAddEstimate(a._value, Vector128.Create(*b), c._value));

    /// <inheritdoc/>
    public static Lanes128 Max(Lanes128 a, Lanes128 b) => new(Vector128.Max(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes128 Min(Lanes128 a, Lanes128 b) => new(Vector128.Min(a._value, b._value));

    // Not by the machine's own maximum: others than x86 order zeros.
    /// <inheritdoc/>
    public static Lanes128 AtLeast(Lanes128 a, Lanes128 bound) => Select(Greater(bound, a), bound, a);

    /// <inheritdoc/>
    public static Lanes128 AtMost(Lanes128 a, Lanes128 bound) => Select(Greater(a, bound), bound, a);

    /// <inheritdoc/>
    public static Lanes128 Greater(Lanes128 a, Lanes128 b) => new(Vector128.GreaterThan(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes128 GreaterOrEqual(Lanes128 a, Lanes128 b) => new(Vector128.GreaterThanOrEqual(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes128 Equal(Lanes128 a, Lanes128 b) => new(Vector128.Equals(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes128 EqualBits(Lanes128 a, Lanes128 b) => new(Vector128.Equals(a._value.AsInt32(), b._value.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 yes, Lanes128 no) => new(Vector128.ConditionalSelect(mask._value, yes._value, no._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Permute(Lanes128 a, Lanes128 indices) => new(Vector128.ShuffleNative(a._value, indices._value.AsInt32()));

    /// <inheritdoc/>
    public static Lanes128 Abs(Lanes128 a) => new(Vector128.Abs(a._value));

    /// <inheritdoc/>
    public static Lanes128 Sqrt(Lanes128 a) => new(Vector128.Sqrt(a._value));

    /// <inheritdoc/>
    public static Lanes128 Floor(Lanes128 a) => new(Vector128.Floor(a._value));

    /// <inheritdoc/>
    public static Lanes128 Scale(Lanes128 a, Lanes128 n)
    {
        // Two powers of two, made of their exponents' bits: one alone could not reach the ends of the range.
        var whole = Vector128.ConvertToInt32Native(n._value);
        var half = whole >> 1;
        var bias = Vector128.Create(127);
        return new(a._value * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle());
    }

    /// <inheritdoc/>
    public static Lanes128 Exp(Lanes128 a) => Exponential.Exp<Lanes128, float>(a);

    /// <inheritdoc/>
    public static Lanes128 Log(Lanes128 a) => new(Vector128.Log(a._value));

    /// <inheritdoc/>
    public static Lanes128 Sin(Lanes128 a) => new(Vector128.Sin(a._value));

    /// <inheritdoc/>
    public static Lanes128 Cos(Lanes128 a) => new(Vector128.Cos(a._value));

    /// <inheritdoc/>
    public static float Sum(Lanes128 a) => a._value[0] + a._value[2] + (a._value[1] + a._value[3]);

    /// <inheritdoc/>
    public static float Max(Lanes128 a) => MathF.Max(MathF.Max(a._value[0], a._value[1]), MathF.Max(a._value[2], a._value[3]));

    // Without masks a remainder goes through the stack: no byte beyond the given ones is read or written.
    private static Lanes128 LoadByStack(float* source, int count)
    {
        float* buffer = stackalloc float[4];
        Unsafe.InitBlockUnaligned(buffer, 0, 16);
        Unsafe.CopyBlockUnaligned(buffer, source, (uint)count * sizeof(float));
        return new(Vector128.Load(buffer));
    }

    private static void StoreByStack(Lanes128 value, float* destination, int count)
    {
        float* buffer = stackalloc float[4];
        value._value.Store(buffer);
        Unsafe.CopyBlockUnaligned(destination, buffer, (uint)count * sizeof(float));
    }
}
