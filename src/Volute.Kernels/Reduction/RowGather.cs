namespace Volute.Kernels;

/// <summary>
/// An operand of a reduction that has an axis where the order and y have several merged in one, such as a cropped view, or one that repeats along some
/// but not all of them: where rows begin and end is not its to say, for that decides what is joined first. A row of it is gathered run by run.
/// </summary>
internal sealed class RowGather
{
    private const int Operand = 2;

    private readonly LoopNest _kept, _reduced;

    private RowGather(LoopNest nest) => (_kept, _reduced) = nest.Split(1);

    /// <summary>Whether each row of a tile has the same elements.</summary>
    public bool Repeats => _reduced.Strides(Operand).IndexOfAnyExcept(0) < 0;

    /// <summary>The operand with loops of its own, or null where those of order and y, which have <paramref name="rank"/> axes, serve it as well.</summary>
    public static RowGather? Where(int rank, Layout order, Layout y, Layout operand)
    {
        LoopNest nest = new([order, y, operand]);
        return nest.Rank > rank ? new RowGather(nest) : null;
    }

    /// <summary>row[r·kept + k] = x at the kept position firstKept + k and the reduced position firstReduced + r, counted in the order of the loops.</summary>
    public unsafe void Gather<T>(T* row, T* x, long firstKept, long kept, long firstReduced, long reduced) where T : unmanaged
    {
        for (long k = 0; k < kept;)
        {
            var (keptAt, keptStride, keptRun) = RunAt(_kept, firstKept + k, kept - k);
            for (long r = 0; r < reduced;)
            {
                var (reducedAt, reducedStride, reducedRun) = RunAt(_reduced, firstReduced + r, reduced - r);
                StridedCopy.Plane(row + r * kept + k, 1, kept, x + keptAt + reducedAt, keptStride, reducedStride, keptRun, reducedRun);
                r += reducedRun;
            }
            k += keptRun;
        }
    }

    /// <summary>Where the position <paramref name="index"/> lies, and how many from there on lie one stride apart.</summary>
    private static (long At, long Stride, long Length) RunAt(LoopNest nest, long index, long most)
    {
        ReadOnlySpan<long> sizes = nest.Sizes, strides = nest.Strides(Operand);
        long at = nest.Offset(Operand), length = Math.Min(sizes[0] - index % sizes[0], most);
        for (int axis = 0; axis < sizes.Length; axis++)
            (index, at) = (index / sizes[axis], at + index % sizes[axis] * strides[axis]);
        return (at, strides[0], length);
    }
}
