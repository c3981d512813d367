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
internal readonly unsafe struct MapLoop<TMap>(MapKernel kernel, TMap map, void* y, void* a, void* b, void* c, void* d) : ILaneKernel
    where TMap : struct, IOperandMap
{
    public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
    {
        Chunk<L, T> chunk = new(kernel, map, (T*)y, (T*)a, (T*)b, (T*)c, (T*)d);
        Team.Run(kernel.Chunks, ref chunk);
    }

    private readonly struct Chunk<L, T>(MapKernel kernel, TMap map, T* y, T* a, T* b, T* c, T* d) : IChunks
        where L : struct, ILanes<L, T> where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(int chunk)
        {
            Tiling tiling = kernel.Tiling;
            long first = (long)chunk * kernel.TilesPerChunk, end = Math.Min(first + kernel.TilesPerChunk, tiling.Count);
            TileCursor cursor = new(tiling, first);
            if (kernel.Gathered == 0)
            {
                for (long tile = first; tile < end; tile++, cursor.Next())
                {
                    MapRun.Run<TMap, L, T>(map, y + cursor.Position(0), a + cursor.Position(1), b + cursor.Position(2), c + cursor.Position(3),
                        d + cursor.Position(4), cursor.Length * tiling.Inner);
                }
                return;
            }
            byte* scratch = stackalloc byte[5 * MapKernel.TileBytes + 64];
            T* tiles = (T*)((nint)(scratch + 63) & ~63);
            T** sources = stackalloc T*[5] { y, a, b, c, d }, gathered = stackalloc T*[5] { null, null, null, null, null }, runs = stackalloc T*[5];
            long have = 0;
            int operands = tiling.Nest.Operands, size = MapKernel.TileBytes / sizeof(T);
            for (long tile = first; tile < end; tile++, cursor.Next())
            {
                long length = cursor.Length;
                for (int i = 0; i < operands; i++)
                {
                    T* source = sources[i] + cursor.Position(i);
                    bool isGathered = (kernel.Gathered >> i & 1) != 0;
                    runs[i] = isGathered ? tiles + i * size : source;
                    // A tile gathered from the same place, at least as long, is still there.
                    if (i > 0 && isGathered && (gathered[i] != source || have < length))
                    {
                        StridedCopy.Gather(runs[i], source, tiling.Nest.Strides(i), tiling.Nest.Sizes, tiling.Axis, length);
                        gathered[i] = source;
                    }
                }
                have = length;
                MapRun.Run<TMap, L, T>(map, runs[0], runs[1], runs[2], runs[3], runs[4], length * tiling.Inner);
                if ((kernel.Gathered & 1) != 0)
                {
                    StridedCopy.Scatter(sources[0] + cursor.Position(0), runs[0], tiling.Nest.Strides(0), tiling.Nest.Sizes, tiling.Axis, length);
                }
            }
        }
    }
}
