using System.Diagnostics;

namespace Volute.Kernels;

/// <summary>
/// y[i…] = x[i…] with any strides on both sides: permutation, joining (y is a slice), cropping (x is one), broadcasting. Memories do not overlap.
/// </summary>
public sealed unsafe class MoveKernel
{
    /// <summary>About as many elements as are worth handing to another thread.</summary>
    private const long ChunkElements = 16384;

    /// <summary>The block of a transposition: its lines of both sides stay in the first cache.</summary>
    private const long TransposedBlock = 32;

    private readonly ElementType _type;
    private readonly LoopNest _nest;
    private readonly int _second;
    private readonly long _block0, _block1, _blocks0, _blocks1;
    private readonly int _count, _perChunk;

    /// <summary>Prepares the copy of elements of <paramref name="type"/>; x is broadcast to the shape of y.</summary>
    public MoveKernel(ElementType type, Layout y, Layout x)
    {
        _type = type;
        _nest = new(y, x);
        if (_nest.Elements == 0)
            return;
        ReadOnlySpan<long> sizes = _nest.Sizes;
        _second = Second(_nest);
        long size1 = _second < 0 ? 1 : sizes[_second];
        bool transposed = _second > 0 && _nest.Strides(0)[0] == 1 && _nest.Strides(1)[0] > 1;
        _block0 = Math.Min(sizes[0], transposed ? TransposedBlock : ChunkElements);
        _block1 = Math.Min(size1, transposed ? Math.Max(TransposedBlock, 512 / _block0) : Math.Max(1, ChunkElements / _block0));
        _blocks0 = (sizes[0] + _block0 - 1) / _block0;
        _blocks1 = (size1 + _block1 - 1) / _block1;
        Blocks = _nest.Elements / (sizes[0] * size1) * _blocks0 * _blocks1;
        _perChunk = (int)Math.Max(1, ChunkElements / (_block0 * _block1));
        _count = checked((int)((Blocks + _perChunk - 1) / _perChunk));
    }

    private long Blocks { get; }

    /// <summary>Copies.</summary>
    public void Run(void* y, void* x)
    {
        if (_type.Bytes() == 8)
            Run((ulong*)y, (ulong*)x);
        else
            Run((uint*)y, (uint*)x);
    }

    private void Run<T>(T* y, T* x) where T : unmanaged
    {
        Chunks<T> chunks = new(this, y, x);
        Team.Run(_count, ref chunks);
    }

    /// <summary>The axis that makes a plane with axis 0: the one x walks best, where axis 0 is not.</summary>
    private static int Second(LoopNest nest)
    {
        int best = -1;
        for (int axis = 1; axis < nest.Rank; axis++)
        {
            if (best < 0 || (nest.Strides(1)[0] > 1 && nest.Strides(1)[axis] == 1))
                best = axis;
        }
        return best;
    }

    private readonly struct Chunks<T>(MoveKernel kernel, T* y, T* x) : IChunks where T : unmanaged
    {
        public void Run(int chunk)
        {
            long first = (long)chunk * kernel._perChunk;
            for (long block = first, end = Math.Min(first + kernel._perChunk, kernel.Blocks); block < end; block++)
                Block(block);
        }

        private void Block(long block)
        {
            LoopNest nest = kernel._nest;
            ReadOnlySpan<long> sizes = nest.Sizes, ys = nest.Strides(0), xs = nest.Strides(1);
            int second = kernel._second;
            long start0 = block % kernel._blocks0 * kernel._block0;
            block /= kernel._blocks0;
            long start1 = block % kernel._blocks1 * kernel._block1;
            block /= kernel._blocks1;
            T* to = y + nest.Offset(0) + start0 * ys[0], from = x + nest.Offset(1) + start0 * xs[0];
            long count0 = Math.Min(kernel._block0, sizes[0] - start0);
            for (int axis = 1; axis < sizes.Length; axis++)
            {
                if (axis == second)
                    continue;
                long at = block % sizes[axis];
                block /= sizes[axis];
                to += at * ys[axis];
                from += at * xs[axis];
            }
            Debug.Assert(block == 0);
            if (second < 0)
                StridedCopy.Row(to, ys[0], from, xs[0], count0);
            else
                StridedCopy.Plane(to + start1 * ys[second], ys[0], ys[second], from + start1 * xs[second], xs[0], xs[second],
                    count0, Math.Min(kernel._block1, sizes[second] - start1));
        }
    }
}

/// <summary>y[i…] = value, for any strides of y.</summary>
public sealed unsafe class FillKernel
{
    private readonly ElementType _type;
    private readonly MoveKernel _move;

    /// <summary>Prepares the filling of <paramref name="y"/>.</summary>
    public FillKernel(ElementType type, Layout y)
    {
        _type = type;
        _move = new(type, y, default);
    }

    /// <summary>Fills; <paramref name="value"/> is converted to the element type (int32: rounded toward zero).</summary>
    public void Run(void* y, double value)
    {
        double wide = value;
        float single = (float)value;
        int whole = (int)value;
        _move.Run(y, _type switch { ElementType.Float64 => &wide, ElementType.Float32 => &single, _ => &whole });
    }
}
