using System.Collections;
using System.Runtime.CompilerServices;
using Volute.Kernels;

namespace Volute;

/// <summary>The logical sizes of a tensor, for example (N, C, H, W); written as a collection expression: <c>[1, 1, 28, 28]</c>.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>The shape of one number: [].</summary>
    public static readonly Shape Scalar = new([]);

    private readonly int[] _sizes;

    private Shape(int[] sizes)
    {
        if (sizes.Length > Layout.MaxRank)
            throw new ShapeException($"a tensor has at most {Layout.MaxRank} axes, got {sizes.Length}: [{string.Join(", ", sizes)}]");
        _sizes = sizes;
        Elements = Sizes.Product(sizes);
    }

    /// <summary>The shape of the given sizes, each at least 0.</summary>
    /// <exception cref="InvalidArgumentException">A size is negative.</exception>
    /// <exception cref="LimitException">More elements than one tensor can hold.</exception>
    public static Shape Create(ReadOnlySpan<int> sizes) => new(sizes.ToArray());

    /// <summary>The number of axes.</summary>
    public int Rank => _sizes.Length;

    /// <summary>∏ sizes.</summary>
    public long Elements { get; }

    /// <summary>The size of an axis.</summary>
    public int this[int axis] => _sizes[axis];

    /// <summary>The size of an axis, counted from the end with ^.</summary>
    public int this[Index axis] => _sizes[axis];

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The sizes.</summary>
    public ReadOnlySpan<int> AsSpan() => _sizes;

    /// <summary>The sizes in an array of the caller's own.</summary>
    public int[] ToArray() => [.. _sizes];

    /// <summary>The same shape with one axis of another size.</summary>
    public Shape With(int axis, int size)
    {
        int[] sizes = ToArray();
        sizes[axis] = size;
        return new Shape(sizes);
    }

    /// <summary>The axis for an index that may count from the end (−1 is the last).</summary>
    /// <exception cref="InvalidArgumentException">No such axis.</exception>
    public int Axis(int axis)
        => axis >= -Rank && axis < Rank ? (axis + Rank) % Math.Max(Rank, 1)
            : throw new InvalidArgumentException($"axis {axis} is outside {-Rank}..{Rank - 1} of shape {this}");

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (int size in _sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Equal sizes.</summary>
    public static bool operator ==(Shape? a, Shape? b) => a is null ? b is null : a.Equals(b);

    /// <summary>Different sizes.</summary>
    public static bool operator !=(Shape? a, Shape? b) => !(a == b);

    /// <summary>An array of sizes is a shape.</summary>
    public static implicit operator Shape(int[] sizes) => new([.. sizes]);

    /// <summary>[1, 2, 26, 26].</summary>
    public override string ToString() => $"[{string.Join(", ", _sizes)}]";

    /// <summary>Enumerates the sizes.</summary>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>NumPy's rule: aligned at the end, sizes are equal or one of them is 1.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Shape Broadcast(string operation, params ReadOnlySpan<Shape> shapes)
    {
        int rank = 0;
        foreach (Shape shape in shapes)
            rank = Math.Max(rank, shape.Rank);
        int[] sizes = new int[rank];
        Array.Fill(sizes, 1);
        foreach (Shape shape in shapes)
        {
            for (int i = 0; i < shape.Rank; i++)
            {
                ref int size = ref sizes[rank - shape.Rank + i];
                if (size == 1)
                    size = shape[i];
                else if (shape[i] != 1 && shape[i] != size)
                    throw SourceLine.Error($"{operation}: shapes {string.Join(" and ", shapes.ToArray().Select(s => s.ToString()))} do not broadcast: "
                        + $"axis {i - shape.Rank} is {size} and {shape[i]}; sizes must be equal or 1");
            }
        }
        return new Shape(sizes);
    }
}
