using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vector = System.Runtime.Intrinsics.Vector256<float>;

namespace Volute.Kernels;

/// <summary>8 lanes of float32 in one 256-bit register, on processors that have them alone.</summary>
/// <remarks>
/// Loads, stores, fused sums and permutations name their instructions: in code compiled in advance the portable forms would be calls, around which no
/// accumulator stays in a register.
/// </remarks>
public readonly unsafe struct Lanes256(Vector value) : ILanes<Lanes256, float>
{
    private readonly Vector _value = value;

    /// <summary>The mask of the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    public static Lanes256 Broadcast(double value) => new(Vector256.Create((float)value));

    /// <inheritdoc/>
    public static Lanes256 Broadcast(float* source) => new(Vector256.Create(*source));

    /// <inheritdoc/>
    public static Lanes256 Load(float* source) => new(Avx.LoadVector256(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source, int count) => new(Avx.MaskLoad(source, First(count)));

    /// <inheritdoc/>
    public static void Store(Lanes256 value, float* destination) => Avx.Store(destination, value._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* destination, int count) => Avx.MaskStore(destination, First(count), value._value);

    /// <inheritdoc/>
    public static void StorePast(Lanes256 value, float* destination) => Avx.StoreAlignedNonTemporal(destination, value._value);

    /// <inheritdoc/>
    public static void Prefetch(float* address) => Sse.Prefetch1(address);

    /// <inheritdoc/>
    public static void Widen(Lanes256 value, double* destination)
    {
        var (lower, upper) = Vector256.Widen(value._value);
        lower.Store(destination);
        upper.Store(destination + 4);
    }

    /// <inheritdoc/>
    public static Lanes256 Narrow(double* source) => new(Vector256.Narrow(Vector256.Load(source), Vector256.Load(source + 4)));

    /// <inheritdoc/>
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._value + b._value);

    /// <inheritdoc/>
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._value - b._value);

    /// <inheritdoc/>
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._value * b._value);

    /// <inheritdoc/>
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._value / b._value);

    /// <inheritdoc/>
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Fma.MultiplyAdd(a._value, b._value, c._value));

    /// <inheritdoc/>
    public static Lanes256 MultiplyAdd(Lanes256 a, float* b, Lanes256 c) => new(Fma.MultiplyAdd(a._value, Avx.LoadVector256(b), c._value));

    /// <inheritdoc/>
    public static Lanes256 MultiplySpreadAdd(Lanes256 a, float* b, Lanes256 c) => new(Fma.MultiplyAdd(a._value, Vector256.Create(*b), c._value));

    /// <inheritdoc/>
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.Max(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.Min(a._value, b._value));

    // Where either is a NaN or both are zeros, the machine returns the second.
    /// <inheritdoc/>
    public static Lanes256 AtLeast(Lanes256 a, Lanes256 bound) => new(Vector256.MaxNative(bound._value, a._value));

    /// <inheritdoc/>
    public static Lanes256 AtMost(Lanes256 a, Lanes256 bound) => new(Vector256.MinNative(bound._value, a._value));

    /// <inheritdoc/>
    public static Lanes256 Greater(Lanes256 a, Lanes256 b) => new(Vector256.GreaterThan(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes256 GreaterOrEqual(Lanes256 a, Lanes256 b) => new(Vector256.GreaterThanOrEqual(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes256 Equal(Lanes256 a, Lanes256 b) => new(Vector256.Equals(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes256 EqualBits(Lanes256 a, Lanes256 b) => new(Vector256.Equals(a._value.AsInt32(), b._value.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 yes, Lanes256 no) => new(Vector256.ConditionalSelect(mask._value, yes._value, no._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Permute(Lanes256 a, Lanes256 indices) => new(Avx2.PermuteVar8x32(a._value, indices._value.AsInt32()));

    /// <inheritdoc/>
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a._value));

    /// <inheritdoc/>
    public static Lanes256 Sqrt(Lanes256 a) => new(Vector256.Sqrt(a._value));

    /// <inheritdoc/>
    public static Lanes256 Floor(Lanes256 a) => new(Vector256.Floor(a._value));

    /// <inheritdoc/>
    public static Lanes256 Scale(Lanes256 a, Lanes256 n)
    {
        // Two powers of two, made of their exponents' bits: one alone could not reach the ends of the range.
        var whole = Vector256.ConvertToInt32Native(n._value);
        var half = whole >> 1;
        var bias = Vector256.Create(127);
        return new(a._value * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle());
    }

    /// <inheritdoc/>
    public static Lanes256 Exp(Lanes256 a) => Exponential.Exp<Lanes256, float>(a);

    /// <inheritdoc/>
    public static Lanes256 Log(Lanes256 a) => new(Vector256.Log(a._value));

    /// <inheritdoc/>
    public static Lanes256 Sin(Lanes256 a) => new(Vector256.Sin(a._value));

    /// <inheritdoc/>
    public static Lanes256 Cos(Lanes256 a) => new(Vector256.Cos(a._value));

    /// <inheritdoc/>
    public static float Sum(Lanes256 a) => Lanes128.Sum(new(a._value.GetLower() + a._value.GetUpper()));

    /// <inheritdoc/>
    public static float Max(Lanes256 a) => Lanes128.Max(new Lanes128(Vector128.Max(a._value.GetLower(), a._value.GetUpper())));
}
