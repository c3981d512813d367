namespace Volute.Kernels;

/// <summary>Elements of float32 or float64 memory as float64.</summary>
internal static unsafe class Elements
{
    public static double Read<T>(T* source) where T : unmanaged => typeof(T) == typeof(float) ? *(float*)source : *(double*)source;

    /// <summary>A row of whole registers to float64. In registers: converted one by one, each number would wait for the one before.</summary>
    public static void Widen<L, T>(double* destination, T* source, long count) where L : struct, ILanes<L, T> where T : unmanaged
    {
        for (long i = 0; i < count; i += L.Count)
            L.Widen(L.Load(source + i), destination + i);
    }

    /// <summary>A row of whole registers from float64, rounded.</summary>
    public static void Narrow<L, T>(T* destination, double* source, long count) where L : struct, ILanes<L, T> where T : unmanaged
    {
        for (long i = 0; i < count; i += L.Count)
            L.Store(L.Narrow(source + i), destination + i);
    }
}
