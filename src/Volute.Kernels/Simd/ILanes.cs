namespace Volute.Kernels;

/// <summary>
/// A register of lanes, all holding the same kind of element. A kernel is written once, generic over this interface, and the JIT compiles it for
/// every width; only the files of this folder name an instruction set. <see cref="Lane64"/> is one lane of double: the reference path runs the same code.
/// </summary>
/// <remarks>Comparisons give a mask: a register whose lanes are all ones or all zeros, to be used with <see cref="Select"/>.</remarks>
public unsafe interface ILanes<TSelf, T> where TSelf : struct, ILanes<TSelf, T> where T : unmanaged
{
    /// <summary>How many lanes a register has.</summary>
    static abstract int Count { get; }

    /// <summary>Every lane the same number.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Every lane the element at <paramref name="source"/>.</summary>
    static abstract TSelf Broadcast(T* source);

    /// <summary>Count elements from <paramref name="source"/>, of any alignment.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>The first <paramref name="count"/> (0..Count) elements; the other lanes are 0 and their memory is not touched.</summary>
    static abstract TSelf Load(T* source, int count);

    /// <summary>Writes Count elements.</summary>
    static abstract void Store(TSelf value, T* destination);

    /// <summary>Writes the first <paramref name="count"/> (0..Count) lanes; the memory of the others is not touched.</summary>
    static abstract void Store(TSelf value, T* destination, int count);

    /// <summary>
    /// Writes Count elements past the caches, where the machine can: their lines are not read first. The destination is aligned to a whole register. Before
    /// another thread reads them <see cref="Interlocked.MemoryBarrier"/> must be called.
    /// </summary>
    static abstract void StorePast(TSelf value, T* destination);

    /// <summary>Asks for the line of the caches that holds <paramref name="address"/>, soon to be read; any address will do. Nothing where the machine has no such wish.</summary>
    static abstract void Prefetch(T* address);

    /// <summary>Writes Count lanes as float64.</summary>
    static abstract void Widen(TSelf value, double* destination);

    /// <summary>Count numbers of float64, rounded to the nearest.</summary>
    static abstract TSelf Narrow(double* source);

    /// <summary>a + b.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>a − b.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>a · b.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>a / b.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a·b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>a·b + c with the Count elements from <paramref name="b"/>, which the machine can read in the same instruction.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, T* b, TSelf c);

    /// <summary>a·b + c with the one number at <paramref name="b"/> in all lanes, which the machine can read in the same instruction.</summary>
    static abstract TSelf MultiplySpreadAdd(TSelf a, T* b, TSelf c);

    /// <summary>The larger; NaN if either is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller; NaN if either is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger of a and a bound, which is no NaN: one instruction, where <see cref="Max(TSelf, TSelf)"/> takes three. A NaN in a stays, and of two zeros that of a.</summary>
    static abstract TSelf AtLeast(TSelf a, TSelf bound);

    /// <summary>The smaller of a and a bound, which is no NaN. A NaN in a stays, and of two zeros that of a.</summary>
    static abstract TSelf AtMost(TSelf a, TSelf bound);

    /// <summary>Mask of a &gt; b (false for NaN).</summary>
    static abstract TSelf Greater(TSelf a, TSelf b);

    /// <summary>Mask of a ≥ b (false for NaN).</summary>
    static abstract TSelf GreaterOrEqual(TSelf a, TSelf b);

    /// <summary>Mask of a = b (false for NaN).</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>Mask of a and b having the same bits: integers may travel in lanes too.</summary>
    static abstract TSelf EqualBits(TSelf a, TSelf b);

    /// <summary>Lane by lane, <paramref name="yes"/> where the mask is set, else <paramref name="no"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);

    /// <summary>Lane i of the result is lane indices[i] of <paramref name="a"/>; the indices are int32 in bits (int64 for float64), 0..Count − 1.</summary>
    static abstract TSelf Permute(TSelf a, TSelf indices);

    /// <summary>|a|.</summary>
    static abstract TSelf Abs(TSelf a);

    /// <summary>√a.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>The largest whole number ≤ a.</summary>
    static abstract TSelf Floor(TSelf a);

    /// <summary>a·2ⁿ for whole n in −250..250.</summary>
    static abstract TSelf Scale(TSelf a, TSelf n);

    /// <summary>eᵃ.</summary>
    static abstract TSelf Exp(TSelf a);

    /// <summary>ln a.</summary>
    static abstract TSelf Log(TSelf a);

    /// <summary>sin a, a in radians.</summary>
    static abstract TSelf Sin(TSelf a);

    /// <summary>cos a, a in radians.</summary>
    static abstract TSelf Cos(TSelf a);

    /// <summary>The sum of all lanes, in a fixed order: halves are added until one lane is left.</summary>
    static abstract T Sum(TSelf a);

    /// <summary>The largest of all lanes; NaN if any is NaN.</summary>
    static abstract T Max(TSelf a);
}
