using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// y[k…] = the position along one axis of the largest (or smallest) x: the first of equals; the first NaN, if there is one. y is int32.
/// </summary>
/// <remarks>A line in each lane: lines are gathered side by side, a piece of their length at a time.</remarks>
public sealed unsafe class ArgReduceKernel
{
    private const int Width = 128, PieceElements = 4096, ChunkElements = 16384;

    private readonly ElementType _type;
    private readonly double _sign;
    private readonly long _length, _stride;
    private readonly Tiling _tiling;
    private readonly int _tilesPerChunk, _chunks;

    /// <summary>Prepares the search along <paramref name="axis"/> of x; y has the shape of x with size 1 there.</summary>
    /// <exception cref="ShapeException">y has another shape.</exception>
    /// <exception cref="InvalidArgumentException">x has no elements along the axis, y has some.</exception>
    public ArgReduceKernel(ElementType type, Layout y, Layout x, int axis, bool smallest)
    {
        string name = smallest ? "argmin" : "argmax";
        (_type, _sign, _length, _stride) = (type, smallest ? -1 : 1, x.Size(axis), x.Stride(axis));
        if (_length == 0 && y.Elements > 0)
            throw new InvalidArgumentException($"{name} of no elements is not defined: axis {axis} of {x} has size 0");
        Layout first = x.Slice(axis, 0, Math.Min(1, (int)_length));
        if (y.ToString() != first.ToString())
            throw new ShapeException($"{name} along axis {axis} of {x} gives {first}, not {y}");
        _tiling = new(new(y, first), Width);
        _tilesPerChunk = (int)Math.Max(1, ChunkElements / Math.Max(1, _tiling.Elements * _length));
        _chunks = checked((int)((_tiling.Count + _tilesPerChunk - 1) / _tilesPerChunk));
    }

    /// <summary>Finds the positions; y holds int32, x float32 or float64.</summary>
    public void Run(int* y, void* x)
    {
        Loop loop = new(this, y, x);
        Isa.Run(_type, ref loop);
    }

    private readonly struct Loop(ArgReduceKernel kernel, int* y, void* x) : ILaneKernel
    {
        public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
        {
            Chunk<L, T> chunk = new(kernel, y, (T*)x);
            Team.Run(kernel._chunks, ref chunk);
        }
    }

    private readonly struct Chunk<L, T>(ArgReduceKernel kernel, int* y, T* x) : IChunks where L : struct, ILanes<L, T> where T : unmanaged
    {
        [SkipLocalsInit]
        public void Run(int chunk)
        {
            T* rows = stackalloc T[PieceElements], best = stackalloc T[Width], found = stackalloc T[Width];
            int* positions = stackalloc int[Width];
            double* wide = stackalloc double[Width];
            Tiling tiling = kernel._tiling;
            long first = (long)chunk * kernel._tilesPerChunk, end = Math.Min(first + kernel._tilesPerChunk, tiling.Count);
            TileCursor cursor = new(tiling, first);
            for (long tile = first; tile < end; tile++, cursor.Next())
            {
                // Whole vectors: the lanes beyond the last line compute on what is there, and are not read.
                long width = tiling.Inner * cursor.Length, pitch = (width + 15) & ~15, piece = PieceElements / pitch;
                for (long start = 0; start < kernel._length; start += piece)
                {
                    long count = Math.Min(piece, kernel._length - start);
                    T* source = x + cursor.Position(1) + start * kernel._stride;
                    StridedCopy.GatherRows(rows, pitch, source, tiling, 1, cursor.Length, kernel._stride, count);
                    Search(rows, pitch, width, count, best, found, start == 0);
                    Elements.Widen<L, T>(wide, found, width);
                    for (int i = 0; i < width; i++)
                        positions[i] = wide[i] >= 0 ? (int)(start + (long)wide[i]) : positions[i];
                }
                LoopNest nest = tiling.Nest;
                StridedCopy.Scatter(y + cursor.Position(0), positions, nest.Strides(0), nest.Sizes, tiling.Axis, cursor.Length);
            }
        }

        /// <summary>Goes on with the search in <paramref name="count"/> rows: found is the row of a better element than best was, or −1.</summary>
        private void Search(T* rows, long pitch, long width, long count, T* best, T* found, bool begins)
        {
            L sign = L.Broadcast(kernel._sign);
            for (long i = 0; i < width; i += L.Count)
            {
                L top = begins ? sign * L.Load(rows + i) : L.Load(best + i), at = L.Broadcast(begins ? 0 : -1);
                for (long r = begins ? 1 : 0; r < count; r++)
                {
                    L value = sign * L.Load(rows + r * pitch + i), row = L.Broadcast(r);
                    // "Not at least as large" is true of a NaN on either side; a NaN that came first stays.
                    L stays = L.GreaterOrEqual(top, value), isNumber = L.Equal(top, top);
                    at = L.Select(isNumber, L.Select(stays, at, row), at);
                    top = L.Select(isNumber, L.Select(stays, top, value), top);
                }
                L.Store(top, best + i);
                L.Store(at, found + i);
            }
        }
    }
}
