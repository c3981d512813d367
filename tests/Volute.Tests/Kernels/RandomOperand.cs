using Volute.Kernels;

namespace Volute.Tests.Kernels;

/// <summary>
/// A buffer with a layout of random strides in it: permuted, cropped, stepped, reversed. What the layout does not cover holds a sentinel.
/// </summary>
internal sealed class RandomOperand<T> where T : unmanaged
{
    private readonly T _sentinel;

    private RandomOperand(Layout layout, int length, T sentinel)
    {
        Layout = layout;
        Buffer = new T[length];
        _sentinel = sentinel;
        Array.Fill(Buffer, sentinel);
    }

    public Layout Layout { get; }

    public T[] Buffer { get; }

    /// <summary>Random strides over distinct elements; <paramref name="plain"/> of them dense as the house lays them.</summary>
    public static RandomOperand<T> Create(Random random, int[] sizes, T sentinel, double plain = 0.3)
    {
        if (random.NextDouble() < plain)
            return new(Layout.Dense(sizes), (int)Sizes.Product(sizes), sentinel);
        int rank = sizes.Length;
        int[] order = [.. Enumerable.Range(0, rank)], steps = new int[rank], starts = new int[rank], outer = new int[rank], inverse = new int[rank];
        random.Shuffle(order);
        for (int axis = 0; axis < rank; axis++)
        {
            steps[axis] = random.Next(4) switch { 0 => 2, 1 => -1, _ => 1 };
            int reach = Math.Max(0, sizes[axis] - 1) * Math.Abs(steps[axis]) + 1, before = random.Next(2);
            outer[axis] = before + reach + random.Next(2);
            starts[axis] = steps[axis] < 0 ? before + reach - 1 : before;
        }
        for (int i = 0; i < rank; i++)
            inverse[order[i]] = i;
        int[] memory = [.. order.Select(axis => outer[axis])];
        Layout layout = Layout.RowMajor(memory).Permute(inverse);
        for (int axis = 0; axis < rank; axis++)
            layout = layout.Slice(axis, starts[axis], sizes[axis], steps[axis]);
        return new(layout, (int)Sizes.Product(memory), sentinel);
    }

    /// <summary>Fills the layout's elements, and only those.</summary>
    public RandomOperand<T> Fill(Func<T> next)
    {
        foreach (int[] index in Indices.Of(Layout))
            this[index] = next();
        return this;
    }

    /// <summary>The element at a logical index; missing leading axes and axes of size 1 are broadcast.</summary>
    public T this[int[] index]
    {
        get => Buffer[At(index)];
        set => Buffer[At(index)] = value;
    }

    private long At(int[] index)
    {
        long at = Layout.Offset;
        for (int axis = 0; axis < Layout.Rank; axis++)
            at += (Layout.Size(axis) == 1 ? 0 : index[index.Length - Layout.Rank + axis]) * Layout.Stride(axis);
        return at;
    }

    /// <summary>Fails if an element outside the layout was written.</summary>
    public void AssertNothingElseWritten()
    {
        HashSet<long> covered = [.. Indices.Of(Layout).Select(At)];
        for (int i = 0; i < Buffer.Length; i++)
        {
            if (!covered.Contains(i))
                Assert.Equal(_sentinel, Buffer[i]);
        }
    }
}

/// <summary>All indices of a shape, in row-major order.</summary>
internal static class Indices
{
    public static IEnumerable<int[]> Of(Layout layout) => Of([.. Enumerable.Range(0, layout.Rank).Select(layout.Size)]);

    public static IEnumerable<int[]> Of(int[] sizes)
    {
        if (sizes.Contains(0))
            yield break;
        int[] index = new int[sizes.Length];
        while (true)
        {
            yield return [.. index];
            int axis = sizes.Length - 1;
            while (axis >= 0 && ++index[axis] == sizes[axis])
                index[axis--] = 0;
            if (axis < 0)
                yield break;
        }
    }

    /// <summary>A random shape of rank 0..6, mostly small, with one axis of up to <paramref name="longest"/>.</summary>
    public static int[] RandomShape(Random random, int longest)
    {
        int[] sizes = new int[random.Next(7)];
        for (int axis = 0; axis < sizes.Length; axis++)
            sizes[axis] = random.Next(10) == 0 ? 1 : random.Next(1, 5);
        if (sizes.Length > 0)
            sizes[random.Next(sizes.Length)] = random.Next(longest + 1);
        return sizes;
    }

    /// <summary>A shape that broadcasts to <paramref name="sizes"/>.</summary>
    public static int[] RandomBroadcast(Random random, int[] sizes)
        => [.. sizes.Skip(random.Next(4) == 0 ? random.Next(sizes.Length + 1) : 0).Select(size => random.Next(3) == 0 ? 1 : size)];
}
