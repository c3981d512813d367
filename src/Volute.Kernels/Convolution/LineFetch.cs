using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Asks for lines of the caches before they are read or written. Tiles go from position to position and come back for the next channels: where positions lie
/// apart, the machine does not foresee that, and each line not in the caches is waited for.
/// </summary>
internal static unsafe class LineFetch
{
    /// <summary>Asks for <paramref name="elements"/> from each of <paramref name="positions"/> on, which lie <paramref name="step"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask<L>(float* map, nint step, int positions, int elements) where L : struct, ILanes<L, float>
    {
        for (int position = 0; position < positions; position++, map += step)
            for (int element = 0; element < elements; element += Tile.Line)
                L.Prefetch(map + element);
    }

    /// <summary>The same for one line of each position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask<L>(float* map, nint step, int positions) where L : struct, ILanes<L, float>
    {
        for (int position = 0; position < positions; position++, map += step)
            L.Prefetch(map);
    }
}
