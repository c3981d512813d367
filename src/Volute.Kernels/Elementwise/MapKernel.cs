namespace Volute.Kernels;

/// <summary>y[i…] = f(a[i…], b[i…], …) for operands of any strides, where f is a map or a chain of maps; prepared once and run often.</summary>
/// <remarks>
/// y may be one of the operands where both have the same layout. Tiles of the loops are worked on one by one: an operand whose elements lie side by
/// side there is read where it is, any other is gathered into a tile of its own first, and the gathered tile stays while the next tile needs the same
/// elements. So a number per channel is laid out once for many pixels, and the arithmetic sees nothing but contiguous runs.
/// </remarks>
public sealed unsafe class MapKernel
{
    /// <summary>A tile of what is gathered or lies between links: this many bytes, so that several of them stay in the first cache.</summary>
    internal const int TileBytes = 4096;

    private const long ChunkElements = 16384;

    /// <summary>Prepares y = chain(operands…); the operands are broadcast to the shape of y.</summary>
    /// <param name="chain">Its last link is its first result; of several results, all lie as y does.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="layouts">The layout of y, then those of the operands.</param>
    /// <exception cref="ShapeException">An operand cannot be broadcast to y.</exception>
    public MapKernel(Chain chain, ElementType type, params ReadOnlySpan<Layout> layouts)
    {
        (Chain, Type) = (chain, type);
        LoopNest nest = new(layouts);
        Tiling = new(nest, chain.Links == 1 ? ChunkElements : TileBytes / type.Bytes());
        for (int i = 0; i < nest.Operands; i++)
        {
            if (!Tiling.IsContiguous(i))
                Tiling = new(nest, TileBytes / type.Bytes());
        }
        IsGathered = new bool[nest.Operands];
        for (int i = 0; i < nest.Operands; i++)
            IsGathered[i] = !Tiling.IsContiguous(i);
        IsPlain = chain.Links == 1 && !IsGathered.Contains(true);
        TilesPerChunk = (int)Math.Max(1, ChunkElements / Math.Max(1, Tiling.Elements));
        Chunks = checked((int)((Tiling.Count + TilesPerChunk - 1) / TilesPerChunk));
    }

    /// <summary>float32 or float64.</summary>
    public ElementType Type { get; }

    internal Chain Chain { get; }

    internal Tiling Tiling { get; }

    /// <summary>Whether operand i (0 is y) is not contiguous in the tiles.</summary>
    internal bool[] IsGathered { get; }

    /// <summary>Whether the one map reads and writes its operands where they are.</summary>
    internal bool IsPlain { get; }

    internal int TilesPerChunk { get; }

    internal int Chunks { get; }

    /// <summary>y = map(a); a is broadcast to the shape of y.</summary>
    /// <exception cref="ShapeException">An operand cannot be broadcast to y.</exception>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a) where TMap : struct, IMap1
        => new(Chain.Single(RunMap.Of1(map, type), 1), type, y, a);

    /// <summary>y = map(a, b); the operands are broadcast to the shape of y.</summary>
    /// <inheritdoc cref="Create{TMap}(TMap, ElementType, Layout, Layout)"/>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a, Layout b) where TMap : struct, IMap2
        => new(Chain.Single(RunMap.Of2(map, type), 2), type, y, a, b);

    /// <summary>y = map(a, b, c); the operands are broadcast to the shape of y.</summary>
    /// <inheritdoc cref="Create{TMap}(TMap, ElementType, Layout, Layout)"/>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a, Layout b, Layout c) where TMap : struct, IMap3
        => new(Chain.Single(RunMap.Of3(map, type), 3), type, y, a, b, c);

    /// <summary>y = map(a, b, c, d); the operands are broadcast to the shape of y.</summary>
    /// <inheritdoc cref="Create{TMap}(TMap, ElementType, Layout, Layout)"/>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a, Layout b, Layout c, Layout d) where TMap : struct, IMap4
        => new(Chain.Single(RunMap.Of4(map, type), 4), type, y, a, b, c, d);

    /// <summary>Computes y. Each pointer is a buffer's start, to which its layout's offset is added.</summary>
    /// <param name="pointers">y, then the operands.</param>
    /// <param name="further">Where the chain's results behind the first go, if there are any.</param>
    public void Run(void** pointers, void** further = null)
    {
        MapLoop loop = new(this, pointers, further);
        Isa.Run(Type, ref loop);
    }

    /// <summary>Computes y from up to four operands; those that the map does not have are null.</summary>
    /// <inheritdoc cref="Run(void**, void**)"/>
    public void Run(void* y, void* a, void* b = null, void* c = null, void* d = null)
    {
        void** pointers = stackalloc void*[] { y, a, b, c, d };
        Run(pointers);
    }
}
