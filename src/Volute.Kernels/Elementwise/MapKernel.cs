namespace Volute.Kernels;

/// <summary>y[i…] = f(a[i…], b[i…], …) for up to four operands of any strides, prepared once and run often.</summary>
/// <remarks>
/// y may be one of the operands where both have the same layout. Tiles of the loops are worked on one by one: an operand whose elements lie side by
/// side there is read where it is, any other is gathered into a tile of its own first, and the gathered tile stays while the next tile needs the same
/// elements. So a number per channel is laid out once for many pixels, and the arithmetic sees nothing but contiguous runs.
/// </remarks>
public abstract unsafe class MapKernel
{
    /// <summary>A gathered operand's tile: this many bytes, so that five of them stay in the first cache.</summary>
    internal const int TileBytes = 4096;

    private const long ChunkElements = 16384;

    private protected MapKernel(ElementType type, params ReadOnlySpan<Layout> operands)
    {
        Type = type;
        LoopNest nest = new(operands);
        Tiling = new(nest, ChunkElements);
        for (int i = 0; i < nest.Operands; i++)
        {
            if (!Tiling.IsContiguous(i))
                Tiling = new(nest, TileBytes / type.Bytes());
        }
        for (int i = 0; i < nest.Operands; i++)
            Gathered |= Tiling.IsContiguous(i) ? 0 : 1 << i;
        TilesPerChunk = (int)Math.Max(1, ChunkElements / Math.Max(1, Tiling.Elements));
        Chunks = checked((int)((Tiling.Count + TilesPerChunk - 1) / TilesPerChunk));
    }

    /// <summary>float32 or float64.</summary>
    public ElementType Type { get; }

    internal Tiling Tiling { get; }

    /// <summary>Bit i: operand i (0 is y) is not contiguous in the tiles.</summary>
    internal int Gathered { get; }

    internal int TilesPerChunk { get; }

    internal int Chunks { get; }

    /// <summary>
    /// Computes y from the operands; those that the map does not have are null. Each pointer is a buffer's start, to which its layout's offset is
    /// added.
    /// </summary>
    public abstract void Run(void* y, void* a, void* b = null, void* c = null, void* d = null);

    /// <summary>y = map(a); a is broadcast to the shape of y.</summary>
    /// <exception cref="ShapeException">An operand cannot be broadcast to y.</exception>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a) where TMap : struct, IMap1
        => new Typed<OperandMap1<TMap>>(new(map), type, y, a);

    /// <summary>y = map(a, b); the operands are broadcast to the shape of y.</summary>
    /// <inheritdoc cref="Create{TMap}(TMap, ElementType, Layout, Layout)"/>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a, Layout b) where TMap : struct, IMap2
        => new Typed<OperandMap2<TMap>>(new(map), type, y, a, b);

    /// <summary>y = map(a, b, c); the operands are broadcast to the shape of y.</summary>
    /// <inheritdoc cref="Create{TMap}(TMap, ElementType, Layout, Layout)"/>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a, Layout b, Layout c) where TMap : struct, IMap3
        => new Typed<OperandMap3<TMap>>(new(map), type, y, a, b, c);

    /// <summary>y = map(a, b, c, d); the operands are broadcast to the shape of y.</summary>
    /// <inheritdoc cref="Create{TMap}(TMap, ElementType, Layout, Layout)"/>
    public static MapKernel Create<TMap>(TMap map, ElementType type, Layout y, Layout a, Layout b, Layout c, Layout d) where TMap : struct, IMap4
        => new Typed<OperandMap4<TMap>>(new(map), type, y, a, b, c, d);

    private sealed class Typed<TMap>(TMap map, ElementType type, params ReadOnlySpan<Layout> operands) : MapKernel(type, operands)
        where TMap : struct, IOperandMap
    {
        public override void Run(void* y, void* a, void* b, void* c, void* d)
        {
            MapLoop<TMap> loop = new(this, map, y, a, b, c, d);
            Isa.Run(Type, ref loop);
        }
    }
}
