using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The loop of every element-wise kernel, whatever its arity: a run of contiguous elements in vectors.</summary>
internal static unsafe class MapRun
{
    /// <summary>y[i] = map(a[i], …) for i &lt; count; y may be one of the operands.</summary>
    /// <remarks>
    /// The last, overlapping vector is computed before anything is stored, so that working in place is safe; a run shorter than a vector goes through
    /// a partial one.
    /// </remarks>
    public static void Run<TMap, L, T>(TMap map, T* y, T* a, T* b, T* c, T* d, long count)
        where TMap : struct, IOperandMap where L : struct, ILanes<L, T> where T : unmanaged
    {
        if (count < L.Count)
        {
            if (count > 0)
                L.Store(map.Remainder<L, T>(a, b, c, d, (int)count), y, (int)count);
            return;
        }
        L last = map.At<L, T>(a, b, c, d, count - L.Count);
        long i = 0;
        for (; i + 2 * L.Count <= count; i += 2 * L.Count)
        {
            L first = map.At<L, T>(a, b, c, d, i), second = map.At<L, T>(a, b, c, d, i + L.Count);
            L.Store(first, y + i);
            L.Store(second, y + i + L.Count);
        }
        if (i + L.Count <= count)
            L.Store(map.At<L, T>(a, b, c, d, i), y + i);
        L.Store(last, y + count - L.Count);
    }
}

/// <summary>A map kernel with its pointers, waiting for lanes.</summary>
internal readonly unsafe struct MapLoop(MapKernel kernel, void** pointers, void** further) : ILaneKernel
{
    public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
    {
        Chunk<T> chunk = new(kernel, (T**)pointers, (T**)further);
        Team.Run(kernel.Chunks, ref chunk);
    }

    private readonly struct Chunk<T>(MapKernel kernel, T** pointers, T** further) : IChunks where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(int chunk)
        {
            Tiling tiling = kernel.Tiling;
            Chain chain = kernel.Chain;
            long first = (long)chunk * kernel.TilesPerChunk, end = Math.Min(first + kernel.TilesPerChunk, tiling.Count);
            TileCursor cursor = new(tiling, first);
            int operands = chain.Operands;
            // Where the values lie: the operands, then the links, the last of which is y.
            T** values = stackalloc T*[chain.Values];
            if (kernel.IsPlain)
            {
                for (long tile = first; tile < end; tile++, cursor.Next())
                {
                    for (int i = 0; i < operands; i++)
                        values[i] = pointers[i + 1] + cursor.Position(i + 1);
                    values[operands] = pointers[0] + cursor.Position(0);
                    chain.Run((void**)values, cursor.Length * tiling.Inner);
                }
                return;
            }
            int size = MapKernel.TileBytes / sizeof(T);
            T* tiles = stackalloc T[(operands + chain.Slots + 1) * size];
            tiles = (T*)((nint)((byte*)tiles + 63) & ~63);
            T** gathered = stackalloc T*[operands];
            for (int i = 0; i < operands; i++)
                gathered[i] = null;
            for (int i = operands; i < chain.Values; i++)
                values[i] = tiles + (operands + chain.Slot(i - operands)) * size;
            ref T* result = ref values[chain.Values - 1];
            long have = 0;
            for (long tile = first; tile < end; tile++, cursor.Next())
            {
                long length = cursor.Length;
                for (int i = 0; i < operands; i++)
                {
                    T* source = pointers[i + 1] + cursor.Position(i + 1);
                    bool isGathered = kernel.IsGathered[i + 1];
                    values[i] = isGathered ? tiles + i * size : source;
                    // A tile gathered from the same place, at least as long, is still there.
                    if (isGathered && (gathered[i] != source || have < length))
                    {
                        StridedCopy.Gather(values[i], source, tiling.Nest.Strides(i + 1), tiling.Nest.Sizes, tiling.Axis, length);
                        gathered[i] = source;
                    }
                }
                have = length;
                T* y = pointers[0] + cursor.Position(0);
                if (!kernel.IsGathered[0])
                    result = y;
                for (int i = 1; i < chain.Results.Count; i++)
                    values[chain.Results[i]] = further[i - 1] + cursor.Position(0);
                chain.Run((void**)values, length * tiling.Inner);
                if (kernel.IsGathered[0])
                    StridedCopy.Scatter(y, result, tiling.Nest.Strides(0), tiling.Nest.Sizes, tiling.Axis, length);
            }
        }
    }
}
