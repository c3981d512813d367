using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class ChainTests
{
    private readonly struct Twice : IMap1
    {
        public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged => a + a;
    }

    private readonly struct Minus : IMap2
    {
        public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged => a - b;
    }

    private readonly struct Blend : IMap3
    {
        public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged => a - b + c;
    }

    private readonly struct Larger : IMap4
    {
        public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged => L.Max(L.Max(a, b), L.Max(c, d));
    }

    /// <summary>Some links over some operands, each of any arity reading anything before it, and what they make of numbers.</summary>
    private static (List<Link> Links, Func<float[], float[]> Values) RandomLinks(Random random, int operands, ElementType type)
    {
        List<Link> links = [];
        List<(int Arity, int[] Sources)> made = [];
        int count = random.Next(1, 7);
        for (int i = 0; i < count; i++)
        {
            int arity = random.Next(1, 5);
            int[] sources = [.. Enumerable.Range(0, arity).Select(_ => random.Next(operands + i))];
            links.Add(new Link(arity switch
            {
                1 => RunMap.Of1(new Twice(), type),
                2 => RunMap.Of2(new Minus(), type),
                3 => RunMap.Of3(new Blend(), type),
                _ => RunMap.Of4(new Larger(), type),
            }, sources));
            made.Add((arity, sources));
        }
        return (links, given =>
        {
            List<float> values = [.. given];
            foreach (var (arity, s) in made)
            {
                values.Add(arity switch
                {
                    1 => 2 * values[s[0]],
                    2 => values[s[0]] - values[s[1]],
                    3 => values[s[0]] - values[s[1]] + values[s[2]],
                    _ => s.Max(i => values[i]),
                });
            }
            return [.. values];
        }
        );
    }

    [Fact]
    public void A_chain_agrees_with_plain_loops_on_random_strides_and_broadcasts()
    {
        Random random = new(11);
        for (int trial = 0; trial < 300; trial++)
        {
            int[] sizes = Indices.RandomShape(random, trial % 10 == 0 ? 3000 : 65);
            int operands = random.Next(1, 5);
            var (links, values) = RandomLinks(random, operands, ElementType.Float32);
            RandomOperand<float> y = RandomOperand<float>.Create(random, sizes, -77);
            RandomOperand<float>[] x = [.. Enumerable.Range(0, operands).Select(_ =>
                RandomOperand<float>.Create(random, Indices.RandomBroadcast(random, sizes), 99).Fill(() => random.Next(-3, 4)))];
            MapKernel kernel = new(new Chain(operands, [.. links]), ElementType.Float32, [y.Layout, .. x.Select(o => o.Layout)]);
            fixed (float* yp = y.Buffer, a = x[0].Buffer, b = x[Math.Min(1, operands - 1)].Buffer, c = x[Math.Min(2, operands - 1)].Buffer, d = x[^1].Buffer)
                kernel.Run(yp, a, b, c, d);
            foreach (int[] index in Indices.Of(sizes))
                Assert.Equal(values([.. x.Select(o => o[index])])[^1], y[index]);
            y.AssertNothingElseWritten();
        }
    }

    [Fact]
    public void A_chain_may_write_over_any_of_its_operands()
    {
        Random random = new(12);
        for (int trial = 0; trial < 100; trial++)
        {
            int count = random.Next(1, 5000);
            var (links, values) = RandomLinks(random, 2, ElementType.Float32);
            float[] a = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-3, 4))], b = [.. a.Reverse()];
            float[] expected = [.. a.Select((v, i) => values([v, b[i]])[^1])];
            Layout run = Layout.Dense([count]);
            fixed (float* ap = a, bp = b)
                new MapKernel(new Chain(2, [.. links]), ElementType.Float32, run, run, run).Run(trial % 2 == 0 ? ap : bp, ap, bp);
            Assert.Equal(expected, trial % 2 == 0 ? a : b);
        }
    }

    [Fact]
    public void Several_results_of_a_chain_are_reduced_in_one_pass_over_any_axes_of_any_strides()
    {
        Random random = new(13);
        void** to = stackalloc void*[3], from = stackalloc void*[3];
        for (int trial = 0; trial < 200; trial++)
        {
            int[] sizes = [.. Indices.RandomShape(random, trial % 10 == 0 ? 3000 : 65).Select(size => Math.Max(1, size))];
            int[] kept = [.. sizes.Select(size => random.Next(2) == 0 ? 1 : size)];
            int operands = random.Next(1, 4);
            var (links, values) = RandomLinks(random, operands, ElementType.Float32);
            int[] results = [.. Enumerable.Range(0, operands + links.Count).OrderBy(_ => random.Next()).Take(random.Next(1, 4))];
            RandomOperand<float>[] x = [.. Enumerable.Range(0, operands).Select(_ =>
                RandomOperand<float>.Create(random, Indices.RandomBroadcast(random, sizes), 99).Fill(() => random.Next(-2, 3)))];
            RandomOperand<float>[] y = [RandomOperand<float>.Create(random, kept, -77), .. Enumerable.Range(0, 2).Select(_ => RandomOperand<float>.Create(random, kept, -77))];
            // All have one layout: that of the first.
            float[][] made = [.. y.Select(_ => (float[])y[0].Buffer.Clone())];
            ReduceKernel kernel = ReduceKernel.Create(new SumReduction(), ElementType.Float32, y[0].Layout, Layout.Dense(sizes),
                new Chain(operands, [.. links], results), [.. x.Select(o => o.Layout)]);
            fixed (float* y0 = made[0], y1 = made[1], y2 = made[2], a = x[0].Buffer, b = x[Math.Min(1, operands - 1)].Buffer, c = x[^1].Buffer)
            {
                to[0] = y0;
                to[1] = y1;
                to[2] = y2;
                from[0] = a;
                from[1] = b;
                from[2] = c;
                kernel.Run(to, from);
            }
            for (int r = 0; r < results.Length; r++)
            {
                Dictionary<string, double> expected = [];
                foreach (int[] index in Indices.Of(sizes))
                {
                    string key = string.Join(",", index.Select((at, axis) => kept[axis] == 1 ? 0 : at));
                    expected[key] = expected.GetValueOrDefault(key) + values([.. x.Select(o => o[index])])[results[r]];
                }
                made[r].CopyTo(y[0].Buffer, 0);
                foreach (int[] index in Indices.Of(kept))
                    Assert.Equal(expected[string.Join(",", index)], y[0][index]);
                y[0].AssertNothingElseWritten();
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(1500)]
    public void Sums_of_a_chain_have_the_bits_of_sums_of_its_written_values_for_any_number_of_threads(int channels)
    {
        Layout map = Layout.Dense([2, channels, 40, 31]), perChannel = Layout.Dense([1, channels, 1, 1]);
        Random random = new(channels);
        float[] x = [.. Enumerable.Range(0, (int)map.Elements).Select(_ => random.NextSingle() - 0.3f)], shift = [.. x.Take(channels)];
        Chain chain = new(2, [new Link(RunMap.Of2(new Minus(), ElementType.Float32), 0, 1)], 2, 0);
        float[] joined = TeamSize.SameBits(() =>
        {
            float[] result = new float[2 * channels];
            fixed (float* yp = result, xp = x, sp = shift)
            {
                void** to = stackalloc void*[] { yp, yp + channels }, from = stackalloc void*[] { xp, sp };
                ReduceKernel.Create(new SumReduction(), ElementType.Float32, perChannel, map, chain, map, perChannel).Run(to, from);
            }
            return result;
        });
        float[] written = new float[x.Length], alone = new float[2 * channels];
        fixed (float* wp = written, yp = alone, xp = x, sp = shift)
        {
            MapKernel.Create(new Minus(), ElementType.Float32, map, map, perChannel).Run(wp, xp, sp);
            ReduceKernel.Create(new SumReduction(), ElementType.Float32, perChannel, map).Run(yp, wp);
            ReduceKernel.Create(new SumReduction(), ElementType.Float32, perChannel, map).Run(yp + channels, xp);
        }
        Assert.Equal(alone, joined);
    }

    [Fact]
    public void What_an_operand_looks_like_does_not_decide_in_which_order_a_chain_is_summed()
    {
        Random random = new(29);
        Chain chain = new(2, [new Link(RunMap.Of2(new Minus(), ElementType.Float32), 0, 1)], 2);
        void** from = stackalloc void*[2];
        int own = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            // Few elements an axis or many; each axis kept or reduced; the second operand cropped, permuted, stepped, or repeated along some of them.
            int[] sizes = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(3) == 0 ? random.Next(20, 70) : random.Next(1, 9))];
            int[] kept = [.. sizes.Select(size => random.Next(2) == 0 ? 1 : size)], repeats = [.. sizes.Select(size => random.Next(3) == 0 ? 1 : size)];
            Layout map = Layout.Dense(sizes), y = Layout.Dense(kept);
            RandomOperand<float> second = RandomOperand<float>.Create(random, repeats, 99, plain: 0.2).Fill(random.NextSingle);
            float[] first = [.. Enumerable.Range(0, (int)map.Elements).Select(_ => random.NextSingle() - 0.5f)], written = new float[first.Length];
            float[] joined = new float[y.Elements], alone = new float[y.Elements];
            fixed (float* f = first, s = second.Buffer, w = written, j = joined, a = alone)
            {
                void* to = j;
                from[0] = f;
                from[1] = s;
                ReduceKernel kernel = ReduceKernel.Create(new VarianceReduction(0), ElementType.Float32, y, map, chain, map, second.Layout);
                own += kernel.Gathers[1] is null ? 0 : 1;
                kernel.Run(&to, from);
                MapKernel.Create(new Minus(), ElementType.Float32, map, map, second.Layout).Run(w, f, s);
                ReduceKernel.Create(new VarianceReduction(0), ElementType.Float32, y, map).Run(a, w);
            }
            Assert.Equal(alone, joined);
        }
        Assert.InRange(own, 50, 250);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(70000)]
    public void Each_result_of_a_chain_goes_to_its_own_place_which_an_operand_read_before_may_be(int count)
    {
        Layout layout = Layout.Dense([count]), one = Layout.Dense([1]).Broadcast([count]);
        float[] a = [.. Enumerable.Range(0, count).Select(i => i % 97f)], b = [.. a.Select(x => 50 - x)], y = new float[count], sum = (float[])a.Clone(), shift = [3];
        // 2a, 2a − b, (2a − b) − shift: the first goes over a, which is not read any more; the second to a place of its own.
        Chain chain = new(3, [new Link(RunMap.Of1(new Twice(), ElementType.Float32), 0), new Link(RunMap.Of2(new Minus(), ElementType.Float32), 3, 1), new Link(RunMap.Of2(new Minus(), ElementType.Float32), 4, 2)], 5, 3, 4);
        float[] difference = new float[count];
        fixed (float* yp = y, ap = sum, bp = b, sp = shift, dp = difference)
        {
            void** pointers = stackalloc void*[] { yp, ap, bp, sp }, further = stackalloc void*[] { ap, dp };
            new MapKernel(chain, ElementType.Float32, layout, layout, layout, one).Run(pointers, further);
        }
        for (int i = 0; i < count; i++)
            Assert.Equal((2 * a[i], 2 * a[i] - b[i], 2 * a[i] - b[i] - 3), (sum[i], difference[i], y[i]));
    }
}
