using System.Numerics;
using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// y[i…] = x[i…] between element types, with any strides on both sides. To int32: rounded toward zero, the nearest end beyond the range,
/// the smallest int for NaN (which is no class and no index).
/// </summary>
public abstract unsafe class ConvertKernel
{
    private const int TileElements = 1024;
    private const int ChunkElements = 16384;

    private readonly Tiling _tiling;

    private ConvertKernel(Layout y, Layout x) => _tiling = new(new(y, x), TileElements);

    /// <summary>
    /// The kernel from elements <paramref name="from"/> of x to elements <paramref name="to"/> of y; x is broadcast to the shape of y.
    /// </summary>
    public static ConvertKernel Create(ElementType to, Layout y, ElementType from, Layout x) => to switch
    {
        ElementType.Float32 => Create<float>(y, from, x),
        ElementType.Float64 => Create<double>(y, from, x),
        _ => Create<int>(y, from, x),
    };

    private static ConvertKernel Create<TTo>(Layout y, ElementType from, Layout x) where TTo : unmanaged, INumber<TTo> => from switch
    {
        ElementType.Float32 => new Typed<TTo, float>(y, x),
        ElementType.Float64 => new Typed<TTo, double>(y, x),
        _ => new Typed<TTo, int>(y, x),
    };

    /// <summary>Converts.</summary>
    public abstract void Run(void* y, void* x);

    private sealed class Typed<TTo, TFrom>(Layout y, Layout x) : ConvertKernel(y, x)
        where TTo : unmanaged, INumber<TTo> where TFrom : unmanaged, INumber<TFrom>
    {
        public override void Run(void* y, void* x)
        {
            Chunks<TTo, TFrom> chunks = new(_tiling, (TTo*)y, (TFrom*)x);
            Team.Run(checked((int)((_tiling.Count + chunks.PerChunk - 1) / chunks.PerChunk)), ref chunks);
        }
    }

    private readonly struct Chunks<TTo, TFrom>(Tiling tiling, TTo* y, TFrom* x) : IChunks
        where TTo : unmanaged, INumber<TTo> where TFrom : unmanaged, INumber<TFrom>
    {
        public long PerChunk => Math.Max(1, ChunkElements / Math.Max(1, tiling.Elements));

        [SkipLocalsInit]
        public void Run(int chunk)
        {
            LoopNest nest = tiling.Nest;
            TTo* converted = stackalloc TTo[TileElements];
            TFrom* gathered = stackalloc TFrom[TileElements];
            bool yRuns = tiling.IsContiguous(0), xRuns = tiling.IsContiguous(1);
            long first = chunk * PerChunk, end = Math.Min(first + PerChunk, tiling.Count);
            TileCursor cursor = new(tiling, first);
            for (long tile = first; tile < end; tile++, cursor.Next())
            {
                long length = cursor.Length, count = length * tiling.Inner;
                TFrom* from = x + cursor.Position(1);
                TTo* to = y + cursor.Position(0);
                if (!xRuns)
                {
                    StridedCopy.Gather(gathered, from, nest.Strides(1), nest.Sizes, tiling.Axis, length);
                    from = gathered;
                }
                TTo* run = yRuns ? to : converted;
                for (long i = 0; i < count; i++)
                    run[i] = typeof(TTo) == typeof(int) && TFrom.IsNaN(from[i]) ? TTo.CreateSaturating(int.MinValue) : TTo.CreateSaturating(from[i]);
                if (!yRuns)
                    StridedCopy.Scatter(to, converted, nest.Strides(0), nest.Sizes, tiling.Axis, length);
            }
        }
    }
}
