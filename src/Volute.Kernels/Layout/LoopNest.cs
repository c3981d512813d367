namespace Volute.Kernels;

/// <summary>
/// The loops that visit the elements of several operands of one shape together. Axis 0 is the innermost: the first operand decides the order, so that
/// its memory is walked forwards. Axes of size 1 are gone, and neighbours that every operand walks as one are one axis. There is always an axis 0.
/// </summary>
internal sealed class LoopNest
{
    private readonly long[] _sizes;
    private readonly long[][] _strides;
    private readonly long[] _offsets;

    /// <summary>Prepares the loops; the operands after the first are broadcast to its shape.</summary>
    /// <exception cref="ShapeException">An operand cannot be broadcast to the first.</exception>
    public LoopNest(params ReadOnlySpan<Layout> operands)
    {
        Layout first = operands[0];
        List<int> order = [];
        for (int axis = first.Rank - 1; axis >= 0; axis--)
        {
            if (first.Size(axis) != 1)
                order.Add(axis);
        }
        Layout[] all = new Layout[operands.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = BroadcastTo(operands[i], first);
        order.Sort((p, q) => Compare(all, p, q));

        _offsets = Array.ConvertAll(all, layout => layout.Offset);
        _sizes = new long[Math.Max(1, order.Count)];
        _strides = Array.ConvertAll(all, _ => new long[_sizes.Length]);
        if (order.Count == 0)
        {
            Array.Fill(_sizes, 1);
            foreach (long[] strides in _strides)
                strides[0] = 1;
            Rank = 1;
        }
        foreach (int axis in order)
            Append(all, axis);
        Elements = 1;
        for (int axis = 0; axis < Rank; axis++)
            Elements *= _sizes[axis];
    }

    /// <summary>Some axes of another nest, in its order; one axis of size 1 where there is none.</summary>
    private LoopNest(LoopNest nest, List<int> axes, bool keepsOffsets)
    {
        _offsets = keepsOffsets ? nest._offsets : new long[nest.Operands];
        _sizes = axes.Count == 0 ? [1] : [.. axes.Select(axis => nest._sizes[axis])];
        _strides = Array.ConvertAll(nest._strides, strides => axes.Count == 0 ? [1] : axes.Select(axis => strides[axis]).ToArray());
        Rank = _sizes.Length;
        Elements = _sizes.Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>The number of axes, at least 1.</summary>
    public int Rank { get; private set; }

    /// <summary>The number of elements of the shape.</summary>
    public long Elements { get; }

    /// <summary>The number of operands.</summary>
    public int Operands => _strides.Length;

    /// <summary>Sizes of the axes, innermost first.</summary>
    public ReadOnlySpan<long> Sizes => _sizes.AsSpan(0, Rank);

    /// <summary>Strides of an operand in elements, innermost axis first.</summary>
    public ReadOnlySpan<long> Strides(int operand) => _strides[operand].AsSpan(0, Rank);

    /// <summary>Where an operand's first element lies.</summary>
    public long Offset(int operand) => _offsets[operand];

    /// <summary>
    /// The nest in two: the axes along which <paramref name="operand"/> moves, with the offsets, and those along which it repeats (of a reduction: the
    /// kept and the reduced axes).
    /// </summary>
    public (LoopNest Moving, LoopNest Repeating) Split(int operand)
    {
        List<int> axes = [.. Enumerable.Range(0, Rank)];
        return (new(this, axes.FindAll(axis => _strides[operand][axis] != 0), keepsOffsets: true),
            new(this, axes.FindAll(axis => _strides[operand][axis] == 0), keepsOffsets: false));
    }

    private static Layout BroadcastTo(Layout operand, Layout first)
    {
        Span<int> sizes = stackalloc int[first.Rank];
        for (int axis = 0; axis < sizes.Length; axis++)
            sizes[axis] = first.Size(axis);
        bool fits = operand.Rank <= first.Rank;
        for (int axis = 0; fits && axis < operand.Rank; axis++)
            fits = operand.Size(axis) == 1 || operand.Size(axis) == sizes[first.Rank - operand.Rank + axis];
        return fits ? operand.Broadcast(sizes)
            : throw new ShapeException(
                $"an operand of shape {operand} cannot be broadcast to {first}: counted from the last axis, every size must be equal or 1");
    }

    private static int Compare(Layout[] operands, int p, int q)
    {
        foreach (Layout operand in operands)
        {
            int order = Math.Abs(operand.Stride(p)).CompareTo(Math.Abs(operand.Stride(q)));
            if (order != 0)
                return order;
        }
        return q.CompareTo(p);
    }

    private void Append(Layout[] operands, int axis)
    {
        long size = operands[0].Size(axis);
        bool backwards = operands[0].Stride(axis) < 0, joins = Rank > 0;
        for (int i = 0; i < operands.Length; i++)
        {
            long stride = operands[i].Stride(axis);
            if (backwards)
            {
                _offsets[i] += stride * (size - 1);
                stride = -stride;
            }
            _strides[i][Rank] = stride;
            joins = joins && stride == _strides[i][Rank - 1] * _sizes[Rank - 1];
        }
        if (joins)
            _sizes[Rank - 1] *= size;
        else
            _sizes[Rank++] = size;
    }
}
