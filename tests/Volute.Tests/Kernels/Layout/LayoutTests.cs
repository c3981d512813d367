using Volute.Kernels;

namespace Volute.Tests.Kernels;

public class LayoutTests
{
    private static long At(Layout layout, int[] index) => layout.Offset + index.Select((at, axis) => at * layout.Stride(axis)).Sum();

    private static int[] Sizes(Layout layout) => [.. Enumerable.Range(0, layout.Rank).Select(layout.Size)];

    /// <summary>
    /// A random layout and its elements' places in logical row-major order: what every other layout of the same elements must give.
    /// </summary>
    private static (Layout Layout, long[] Places) Create(Random random)
    {
        Layout layout = RandomOperand<float>.Create(random, Indices.RandomShape(random, 7), 0).Layout;
        if (random.Next(3) == 0)
            layout = layout.Broadcast([random.Next(1, 4), .. Sizes(layout).Select(size => size == 1 ? random.Next(1, 4) : size)]);
        return (layout, [.. Indices.Of(layout).Select(index => At(layout, index))]);
    }

    private static long[] Places(Layout layout) => [.. Indices.Of(layout).Select(index => At(layout, index))];

    [Fact]
    public void Row_major_puts_the_last_axis_fastest()
    {
        Random random = new(1);
        for (int trial = 0; trial < 100; trial++)
        {
            Layout layout = Layout.RowMajor(Indices.RandomShape(random, 7));
            Assert.Equal(Enumerable.Range(0, (int)layout.Elements).Select(i => (long)i), Places(layout));
        }
    }

    [Fact]
    public void Dense_puts_the_channels_fastest_from_rank_3_on_and_covers_its_memory_once()
    {
        Assert.Equal([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11], Places(Layout.Dense([1, 3, 2, 2])));
        Assert.Equal([0, 2, 4, 1, 3, 5], Places(Layout.Dense([1, 2, 3])));
        Assert.Equal([0, 1, 2, 3, 4, 5], Places(Layout.Dense([2, 3])));
        Random random = new(2);
        for (int trial = 0; trial < 100; trial++)
        {
            Layout layout = Layout.Dense(Indices.RandomShape(random, 7));
            Assert.Equal(Enumerable.Range(0, (int)layout.Elements).Select(i => (long)i), Places(layout).Order());
            Assert.True(layout.IsDense);
        }
    }

    [Fact]
    public void Permuted_axes_name_the_same_elements()
    {
        Random random = new(3);
        for (int trial = 0; trial < 200; trial++)
        {
            (Layout layout, _) = Create(random);
            int[] order = [.. Enumerable.Range(0, layout.Rank)];
            random.Shuffle(order);
            Layout permuted = layout.Permute(order);
            foreach (int[] index in Indices.Of(permuted))
            {
                int[] original = new int[order.Length];
                for (int i = 0; i < order.Length; i++)
                    original[order[i]] = index[i];
                Assert.Equal(At(layout, original), At(permuted, index));
            }
        }
    }

    [Fact]
    public void Slices_step_forwards_and_backwards()
    {
        Random random = new(4);
        for (int trial = 0; trial < 200; trial++)
        {
            (Layout layout, _) = Create(random);
            if (layout.Rank == 0 || layout.Elements == 0)
                continue;
            int axis = random.Next(layout.Rank), start = random.Next(layout.Size(axis)), step = random.Next(2) == 0 ? -1 : random.Next(1, 3);
            int count = random.Next((step < 0 ? start : (layout.Size(axis) - 1 - start) / step) + 2);
            Layout slice = layout.Slice(axis, start, count, step);
            Assert.Equal(count, slice.Size(axis));
            foreach (int[] index in Indices.Of(slice))
            {
                int[] original = [.. index];
                original[axis] = start + index[axis] * step;
                Assert.Equal(At(layout, original), At(slice, index));
            }
        }
    }

    [Fact]
    public void Broadcasting_repeats_axes_of_size_1_and_missing_ones()
    {
        Random random = new(5);
        for (int trial = 0; trial < 200; trial++)
        {
            int[] sizes = Indices.RandomShape(random, 7), from = Indices.RandomBroadcast(random, sizes);
            Layout layout = RandomOperand<float>.Create(random, from, 0).Layout, wide = layout.Broadcast(sizes);
            Assert.Equal(sizes, Sizes(wide));
            foreach (int[] index in Indices.Of(wide))
                Assert.Equal(At(layout, [.. index.Skip(sizes.Length - from.Length).Select((at, axis) => from[axis] == 1 ? 0 : at)]), At(wide, index));
        }
    }

    [Fact]
    public void A_reshape_names_the_same_elements_in_order_and_fails_only_where_no_strides_exist()
    {
        Random random = new(6);
        int possible = 0, impossible = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            (Layout layout, long[] places) = Create(random);
            int[] sizes = Factors(random, (int)layout.Elements);
            bool succeeds = layout.TryReshape(sizes, out Layout reshaped);
            Assert.Equal(places.Length == 0 || HasStrides(places, sizes), succeeds);
            if (succeeds)
            {
                Assert.Equal(sizes, Sizes(reshaped));
                Assert.Equal(places, Places(reshaped));
            }
            (possible, impossible) = succeeds ? (possible + 1, impossible) : (possible, impossible + 1);
        }
        Assert.True(possible > 300 && impossible > 300, $"{possible} possible, {impossible} impossible: the trials do not say enough");
    }

    /// <summary>A random shape of so many elements.</summary>
    private static int[] Factors(Random random, int elements)
    {
        if (elements == 0)
            return [random.Next(3), 0];
        List<int> sizes = [];
        for (int rest = elements; rest > 1;)
        {
            int[] divisors = [.. Enumerable.Range(2, rest - 1).Where(d => rest % d == 0)];
            int size = sizes.Count == 6 ? rest : divisors[random.Next(divisors.Length)];
            sizes.Add(size);
            rest /= size;
        }
        for (int ones = random.Next(2); ones > 0; ones--)
            sizes.Insert(random.Next(sizes.Count + 1), 1);
        return [.. sizes];
    }

    /// <summary>Whether constant strides lead to these places: then each axis's own is read off its first step.</summary>
    private static bool HasStrides(long[] places, int[] sizes)
    {
        long[] strides = new long[sizes.Length];
        int step = 1;
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = sizes[axis] > 1 ? places[step] - places[0] : 0;
            step *= sizes[axis];
        }
        return Indices.Of(sizes).Select(index => places[0] + index.Select((at, axis) => at * strides[axis]).Sum()).SequenceEqual(places);
    }

    [Fact]
    public void Layouts_are_equal_where_sizes_strides_and_offset_are()
    {
        Layout layout = Layout.Dense([2, 3, 4]);
        Assert.Equal(layout, Layout.Dense([2, 3, 4]));
        Assert.Equal(layout.GetHashCode(), Layout.Dense([2, 3, 4]).GetHashCode());
        Assert.NotEqual(layout, Layout.RowMajor([2, 3, 4]));
        Assert.NotEqual(layout, layout.Slice(0, 1, 2));
        Assert.NotEqual(layout, Layout.Dense([2, 3, 4, 1]));
        Assert.False(Layout.RowMajor([2, 3, 4]).IsDense);
        Assert.True(Layout.RowMajor([2, 1, 4]).IsDense);
        Assert.Equal("[2, 3, 4]", layout.ToString());
    }
}
