using System.Buffers;

namespace Volute.Kernels;

/// <summary>
/// Along one axis, softmax: yᵢ = exp(xᵢ − m) / Σⱼ exp(xⱼ − m), or its logarithm: yᵢ = xᵢ − m − ln Σⱼ exp(xⱼ − m), with m = max xⱼ. NaN where every
/// xⱼ is −∞ or any is NaN. y may be x where both have the same layout.
/// </summary>
/// <remarks>
/// Long lines whose elements lie side by side are worked on where they are, the axis in the lanes. Others are gathered side by side, a line in
/// each lane.
/// </remarks>
public sealed unsafe class SoftmaxKernel
{
    private const int Vector = 16, LineElements = 64;
    private const int BlockElements = 8192, MaxLanes = 256, ChunkElements = 8192;

    private readonly ElementType _type;
    private readonly bool _logarithm, _isLine;
    private readonly long _length, _xStride, _yStride;
    private readonly Tiling _tiling;
    private readonly int _tilesPerChunk, _chunks;

    /// <summary>Prepares the softmax of x along <paramref name="axis"/>, or with <paramref name="logarithm"/> its logarithm.</summary>
    /// <exception cref="ShapeException">y and x have different shapes.</exception>
    public SoftmaxKernel(ElementType type, Layout y, Layout x, int axis, bool logarithm)
    {
        if (y.ToString() != x.ToString())
            throw new ShapeException($"softmax keeps the shape: y is {y}, x is {x}");
        (_type, _logarithm, _length, _xStride, _yStride) = (type, logarithm, x.Size(axis), x.Stride(axis), y.Stride(axis));
        _isLine = _xStride == 1 && _yStride == 1 && _length >= LineElements;
        bool isEmpty = x.Elements == 0;
        LoopNest others = new(y.Slice(axis, 0, isEmpty ? 0 : 1), x.Slice(axis, 0, isEmpty ? 0 : 1));
        _tiling = new(others, _isLine ? 1 : Math.Clamp(BlockElements / Math.Max(1, _length) / Vector * Vector, Vector, MaxLanes));
        _tilesPerChunk = (int)Math.Max(1, ChunkElements / Math.Max(1, _tiling.Elements * _length));
        _chunks = checked((int)((_tiling.Count + _tilesPerChunk - 1) / _tilesPerChunk));
    }

    /// <summary>Computes y from x.</summary>
    public void Run(void* y, void* x)
    {
        Loop loop = new(this, y, x);
        Isa.Run(_type, ref loop);
    }

    private readonly struct Loop(SoftmaxKernel kernel, void* y, void* x) : ILaneKernel
    {
        public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
        {
            Chunk<L, T> chunk = new(kernel, (T*)y, (T*)x);
            Team.Run(kernel._chunks, ref chunk);
        }
    }

    private readonly struct Chunk<L, T>(SoftmaxKernel kernel, T* y, T* x) : IChunks where L : struct, ILanes<L, T> where T : unmanaged
    {
        public void Run(int chunk)
        {
            Tiling tiling = kernel._tiling;
            long first = (long)chunk * kernel._tilesPerChunk, end = Math.Min(first + kernel._tilesPerChunk, tiling.Count);
            TileCursor cursor = new(tiling, first);
            if (kernel._isLine)
            {
                for (long tile = first; tile < end; tile++, cursor.Next())
                    SoftmaxLines.Along<L, T>(y + cursor.Position(0), x + cursor.Position(1), kernel._length, kernel._logarithm);
                return;
            }
            long length = kernel._length, pitch = (tiling.Elements + Vector - 1) / Vector * Vector;
            T[] block = ArrayPool<T>.Shared.Rent(checked((int)(pitch * length)));
            fixed (T* rows = block)
            {
                for (long tile = first; tile < end; tile++, cursor.Next())
                {
                    StridedCopy.GatherRows(rows, pitch, x + cursor.Position(1), tiling, 1, cursor.Length, kernel._xStride, length);
                    SoftmaxLines.Abreast<L, T>(rows, pitch, cursor.Length * tiling.Inner, length, kernel._logarithm);
                    StridedCopy.ScatterRows(y + cursor.Position(0), rows, pitch, tiling, 0, cursor.Length, kernel._yStride, length);
                }
            }
            ArrayPool<T>.Shared.Return(block);
        }
    }
}
