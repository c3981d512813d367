using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vector = System.Runtime.Intrinsics.Vector512<float>;

namespace Volute.Kernels;

/// <summary>16 lanes of float32 in one 512-bit register, on processors that have them alone.</summary>
/// <remarks>
/// Loads, stores, fused sums and permutations name their instructions: in code compiled in advance the portable forms would be calls, around which no
/// accumulator stays in a register.
/// </remarks>
public readonly unsafe struct Lanes512(Vector value) : ILanes<Lanes512, float>
{
    private readonly Vector _value = value;

    /// <summary>The mask of the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    public static Lanes512 Broadcast(double value) => new(Vector512.Create((float)value));

    /// <inheritdoc/>
    public static Lanes512 Broadcast(float* source) => new(Vector512.Create(*source));

    /// <inheritdoc/>
    public static Lanes512 Load(float* source) => new(Avx512F.LoadVector512(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source, int count) => new(Avx512F.MaskLoad(source, First(count), Vector.Zero));

    /// <inheritdoc/>
    public static void Store(Lanes512 value, float* destination) => Avx512F.Store(destination, value._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, float* destination, int count) => Avx512F.MaskStore(destination, First(count), value._value);

    /// <inheritdoc/>
    public static void StorePast(Lanes512 value, float* destination) => Avx512F.StoreAlignedNonTemporal(destination, value._value);

    /// <inheritdoc/>
    public static void Prefetch(float* address) => Sse.Prefetch1(address);

    /// <inheritdoc/>
    public static void Widen(Lanes512 value, double* destination)
    {
        var (lower, upper) = Vector512.Widen(value._value);
        lower.Store(destination);
        upper.Store(destination + 8);
    }

    /// <inheritdoc/>
    public static Lanes512 Narrow(double* source) => new(Vector512.Narrow(Vector512.Load(source), Vector512.Load(source + 8)));

    /// <inheritdoc/>
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._value + b._value);

    /// <inheritdoc/>
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._value - b._value);

    /// <inheritdoc/>
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._value * b._value);

    /// <inheritdoc/>
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._value / b._value);

    /// <inheritdoc/>
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._value, b._value, c._value));

    /// <inheritdoc/>
    public static Lanes512 MultiplyAdd(Lanes512 a, float* b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._value, Avx512F.LoadVector512(b), c._value));

    /// <inheritdoc/>
    public static Lanes512 MultiplySpreadAdd(Lanes512 a, float* b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._value, Vector512.Create(*b), c._value));

    /// <inheritdoc/>
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.Max(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.Min(a._value, b._value));

    // Where either is a NaN or both are zeros, the machine returns the second.
    /// <inheritdoc/>
    public static Lanes512 AtLeast(Lanes512 a, Lanes512 bound) => new(Vector512.MaxNative(bound._value, a._value));

    /// <inheritdoc/>
    public static Lanes512 AtMost(Lanes512 a, Lanes512 bound) => new(Vector512.MinNative(bound._value, a._value));

    /// <inheritdoc/>
    public static Lanes512 Greater(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThan(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes512 GreaterOrEqual(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThanOrEqual(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes512 Equal(Lanes512 a, Lanes512 b) => new(Vector512.Equals(a._value, b._value));

    /// <inheritdoc/>
    public static Lanes512 EqualBits(Lanes512 a, Lanes512 b) => new(Vector512.Equals(a._value.AsInt32(), b._value.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 yes, Lanes512 no) => new(Vector512.ConditionalSelect(mask._value, yes._value, no._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Permute(Lanes512 a, Lanes512 indices) => new(Avx512F.PermuteVar16x32(a._value, indices._value.AsInt32()));

    /// <inheritdoc/>
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a._value));

    /// <inheritdoc/>
    public static Lanes512 Sqrt(Lanes512 a) => new(Vector512.Sqrt(a._value));

    /// <inheritdoc/>
    public static Lanes512 Floor(Lanes512 a) => new(Vector512.Floor(a._value));

    /// <inheritdoc/>
    public static Lanes512 Scale(Lanes512 a, Lanes512 n)
    {
        // Two powers of two, made of their exponents' bits: one alone could not reach the ends of the range.
        var whole = Vector512.ConvertToInt32Native(n._value);
        var half = whole >> 1;
        var bias = Vector512.Create(127);
        return new(a._value * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle());
    }

    /// <inheritdoc/>
    public static Lanes512 Exp(Lanes512 a) => Exponential.Exp<Lanes512, float>(a);

    /// <inheritdoc/>
    public static Lanes512 Log(Lanes512 a) => new(Vector512.Log(a._value));

    /// <inheritdoc/>
    public static Lanes512 Sin(Lanes512 a) => new(Vector512.Sin(a._value));

    /// <inheritdoc/>
    public static Lanes512 Cos(Lanes512 a) => new(Vector512.Cos(a._value));

    /// <inheritdoc/>
    public static float Sum(Lanes512 a) => Lanes256.Sum(new(a._value.GetLower() + a._value.GetUpper()));

    /// <inheritdoc/>
    public static float Max(Lanes512 a) => Lanes256.Max(new Lanes256(Vector256.Max(a._value.GetLower(), a._value.GetUpper())));
}
