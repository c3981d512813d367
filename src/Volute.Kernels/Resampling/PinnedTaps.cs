using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volute.Kernels;

/// <summary>
/// The taps of one axis as the loops read them: how far from the first element each input lies, and its weight in the element type.
/// The arrays are pinned, so their addresses hold as long as this object lives.
/// </summary>
internal sealed unsafe class PinnedTaps
{
    public PinnedTaps(AxisTaps taps, long stride, ElementType type)
    {
        Taps = taps;
        long* offsets = Offsets = Pinned<long>(taps.Positions.Length);
        int* starts = Starts = Pinned<int>(taps.Outputs + 1);
        for (int tap = 0; tap < taps.Positions.Length; tap++)
            offsets[tap] = taps.Positions[tap] * stride;
        taps.Starts.CopyTo(new Span<int>(starts, taps.Outputs + 1));
        if (type == ElementType.Float64)
        {
            double* weights = Pinned<double>(taps.Weights.Length);
            taps.Weights.CopyTo(new Span<double>(weights, taps.Weights.Length));
            Weights = weights;
        }
        else
        {
            float* weights = Pinned<float>(taps.Weights.Length);
            for (int tap = 0; tap < taps.Weights.Length; tap++)
                weights[tap] = (float)taps.Weights[tap];
            Weights = weights;
        }
    }

    private readonly List<Array> _kept = [];

    /// <summary>The map itself.</summary>
    public AxisTaps Taps { get; }

    /// <summary>The taps of output o are Starts[o] to Starts[o + 1] − 1.</summary>
    public int* Starts { get; }

    /// <summary>Position times stride, in elements.</summary>
    public long* Offsets { get; }

    /// <summary>Of float or double.</summary>
    public void* Weights { get; }

    private T* Pinned<T>(int count) where T : unmanaged
    {
        T[] array = GC.AllocateUninitializedArray<T>(Math.Max(1, count), pinned: true);
        _kept.Add(array);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
    }
}
