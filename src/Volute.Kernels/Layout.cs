using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Up to eight numbers, one an axis, held inline.</summary>
[InlineArray(8)]
public struct Axes
{
    private long _first;
}

/// <summary>
/// How a logical shape lies in memory: element (i₀, i₁, …) is at Offset + Σ iₐ·strideₐ, in elements.
/// Stride 0 repeats an element along an axis (broadcasting). At most eight axes.
/// </summary>
public struct Layout : IEquatable<Layout>
{
    /// <summary>The most axes a tensor may have.</summary>
    public const int MaxRank = 8;

    private Axes _sizes;
    private Axes _strides;

    private Layout(int rank) => Rank = rank;

    /// <summary>The number of axes.</summary>
    public int Rank { get; private set; }

    /// <summary>Where the first element lies, in elements from the buffer's start.</summary>
    public long Offset { get; private set; }

    /// <summary>The number of elements, repeated ones counted.</summary>
    public readonly long Elements
    {
        get
        {
            long product = 1;
            for (int i = 0; i < Rank; i++)
                product *= _sizes[i];
            return product;
        }
    }

    /// <summary>The size of an axis.</summary>
    public readonly int Size(int axis) => (int)_sizes[axis];

    /// <summary>The stride of an axis, in elements.</summary>
    public readonly long Stride(int axis) => _strides[axis];

    /// <summary>The house's own layout: the last axis fastest up to rank 2; from rank 3 on axis 1 (channels) fastest, then the last, …, then axis 0.</summary>
    public static Layout Dense(ReadOnlySpan<int> sizes)
    {
        Layout layout = RowMajor(sizes);
        if (sizes.Length < 3)
            return layout;
        long stride = 1;
        layout._strides[1] = stride;
        stride *= sizes[1];
        for (int axis = sizes.Length - 1; axis >= 2; axis--)
        {
            layout._strides[axis] = stride;
            stride *= sizes[axis];
        }
        layout._strides[0] = stride;
        return layout;
    }

    /// <summary>The last axis fastest: the order of ToArray and of files.</summary>
    public static Layout RowMajor(ReadOnlySpan<int> sizes)
    {
        Sizes.Product(sizes);
        Layout layout = new(sizes.Length);
        long stride = 1;
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            layout._sizes[axis] = sizes[axis];
            layout._strides[axis] = stride;
            stride *= sizes[axis];
        }
        return layout;
    }

    /// <summary>Axis i of the result is axis order[i] of this.</summary>
    public readonly Layout Permute(ReadOnlySpan<int> order)
    {
        Layout result = new(order.Length) { Offset = Offset };
        for (int i = 0; i < order.Length; i++)
        {
            result._sizes[i] = _sizes[order[i]];
            result._strides[i] = _strides[order[i]];
        }
        return result;
    }

    /// <summary>Positions start, start + step, … (count of them) along an axis; a negative step reads backwards.</summary>
    public readonly Layout Slice(int axis, int start, int count, int step = 1)
    {
        Layout result = this;
        result.Offset += start * _strides[axis];
        result._sizes[axis] = count;
        result._strides[axis] *= step;
        return result;
    }

    /// <summary>NumPy's broadcasting: missing axes in front and axes of size 1 are repeated (stride 0) to <paramref name="sizes"/>.</summary>
    public readonly Layout Broadcast(ReadOnlySpan<int> sizes)
    {
        Layout result = new(sizes.Length) { Offset = Offset };
        for (int i = 0; i < sizes.Length; i++)
        {
            int from = i - (sizes.Length - Rank);
            result._sizes[i] = sizes[i];
            result._strides[i] = from < 0 || (_sizes[from] == 1 && sizes[i] != 1) ? 0 : _strides[from];
        }
        return result;
    }

    /// <summary>The same elements in logical row-major order under other sizes, without moving any; false where memory does not allow it.</summary>
    public readonly bool TryReshape(ReadOnlySpan<int> sizes, out Layout result)
    {
        result = RowMajor(sizes);
        result.Offset = Offset;
        if (Elements == 0)
            return true;
        // Axes of size 1 say nothing about memory: leave them out.
        Span<long> old = stackalloc long[MaxRank], strides = stackalloc long[MaxRank];
        int rank = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (_sizes[axis] != 1)
                (old[rank], strides[rank++]) = (_sizes[axis], _strides[axis]);
        }
        for (int from = 0, to = 0; from < rank;)
        {
            // The smallest groups of old and new axes with the same product; a group splits and joins only if its old axes are evenly strided.
            int fromEnd = from + 1, toEnd = to + 1;
            long oldProduct = old[from], newProduct = sizes[to];
            while (oldProduct != newProduct)
            {
                if (newProduct < oldProduct)
                    newProduct *= sizes[toEnd++];
                else
                    oldProduct *= old[fromEnd++];
            }
            for (int axis = from; axis < fromEnd - 1; axis++)
            {
                if (strides[axis] != strides[axis + 1] * old[axis + 1])
                    return false;
            }
            long stride = strides[fromEnd - 1];
            for (int axis = toEnd - 1; axis >= to; axis--)
            {
                result._strides[axis] = stride;
                stride *= sizes[axis];
            }
            from = fromEnd;
            to = toEnd;
        }
        return true;
    }

    /// <summary>The same layout from offset 0: for a pointer that already stands at the first element.</summary>
    public readonly Layout WithoutOffset()
    {
        Layout result = this;
        result.Offset = 0;
        return result;
    }

    /// <summary>Whether the elements lie where <see cref="Dense"/> puts them (axes of size 1 may have any stride), from offset 0.</summary>
    public readonly bool IsDense
    {
        get
        {
            Span<int> sizes = stackalloc int[Rank];
            for (int i = 0; i < Rank; i++)
                sizes[i] = (int)_sizes[i];
            Layout dense = Dense(sizes);
            for (int i = 0; i < Rank; i++)
            {
                if (_sizes[i] != 1 && _strides[i] != dense._strides[i])
                    return false;
            }
            return Offset == 0;
        }
    }

    /// <summary>The sizes, as in [1, 2, 28, 28].</summary>
    public override readonly string ToString() => $"[{string.Join(", ", ((ReadOnlySpan<long>)_sizes)[..Rank].ToArray())}]";

    /// <inheritdoc/>
    public readonly bool Equals(Layout other)
        => Rank == other.Rank && Offset == other.Offset
            && ((ReadOnlySpan<long>)_sizes)[..Rank].SequenceEqual(((ReadOnlySpan<long>)other._sizes)[..Rank])
            && ((ReadOnlySpan<long>)_strides)[..Rank].SequenceEqual(((ReadOnlySpan<long>)other._strides)[..Rank]);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Layout other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        HashCode hash = new();
        hash.Add(Offset);
        for (int i = 0; i < Rank; i++)
        {
            hash.Add(_sizes[i]);
            hash.Add(_strides[i]);
        }
        return hash.ToHashCode();
    }
}
