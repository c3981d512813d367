using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class MapKernelTests
{
    private readonly struct Affine(double scale, double shift) : IMap1
    {
        public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged => a * L.Broadcast(scale) + L.Broadcast(shift);
    }

    private readonly struct Minus : IMap2
    {
        public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged => a - b;
    }

    private readonly struct Blend : IMap3
    {
        public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged => a * b - c;
    }

    private readonly struct Weave : IMap4
    {
        public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged => L.Select(L.Greater(a, b), c - a, d - b);
    }

    [Fact]
    public void Every_arity_agrees_with_a_plain_loop_on_random_strides_and_broadcasts()
    {
        Random random = new(1);
        for (int trial = 0; trial < 300; trial++)
        {
            int[] sizes = Indices.RandomShape(random, trial % 10 == 0 ? 3000 : 65);
            if (trial % 2 == 0)
                Check<float>(random, sizes, trial % 4 + 1, ElementType.Float32, x => x, x => x);
            else
                Check<double>(random, sizes, trial % 4 + 1, ElementType.Float64, x => x, x => (float)x);
        }
    }

    private static void Check<T>(Random random, int[] sizes, int arity, ElementType type, Func<float, T> to, Func<T, float> from) where T : unmanaged
    {
        RandomOperand<T> y = RandomOperand<T>.Create(random, sizes, to(-77));
        RandomOperand<T>[] x = [.. Enumerable.Range(0, arity).Select(_ =>
            RandomOperand<T>.Create(random, Indices.RandomBroadcast(random, sizes), to(99)).Fill(() => to(random.Next(-50, 50))))];
        Layout At(int i) => x[i].Layout;
        MapKernel kernel = arity switch
        {
            1 => MapKernel.Create(new Affine(2, 3), type, y.Layout, At(0)),
            2 => MapKernel.Create(new Minus(), type, y.Layout, At(0), At(1)),
            3 => MapKernel.Create(new Blend(), type, y.Layout, At(0), At(1), At(2)),
            _ => MapKernel.Create(new Weave(), type, y.Layout, At(0), At(1), At(2), At(3)),
        };
        fixed (T* yp = y.Buffer, a = x[0].Buffer, b = x[^1].Buffer)
        {
            fixed (T* second = x[Math.Min(1, arity - 1)].Buffer, third = x[Math.Min(2, arity - 1)].Buffer)
                kernel.Run(yp, a, arity > 1 ? second : null, arity > 2 ? third : null, arity > 3 ? b : null);
        }
        foreach (int[] index in Indices.Of(sizes))
        {
            float[] v = [.. x.Select(operand => from(operand[index]))];
            float expected = arity switch
            {
                1 => v[0] * 2 + 3,
                2 => v[0] - v[1],
                3 => v[0] * v[1] - v[2],
                _ => v[0] > v[1] ? v[2] - v[0] : v[3] - v[1],
            };
            Assert.Equal(expected, from(y[index]));
        }
        y.AssertNothingElseWritten();
    }

    [Fact]
    public void Every_length_of_a_run_works_in_place_and_touches_nothing_beyond()
    {
        for (int length = 0; length <= 4 * 16 + 1; length++)
        {
            using GuardedMemory<float> a = new(length), b = new(length);
            for (int i = 0; i < length; i++)
                (a.Span[i], b.Span[i]) = (i, 3 * i);
            Layout run = Layout.Dense([length]);
            MapKernel.Create(new Affine(2, 1), ElementType.Float32, run, run).Run(a.Pointer, a.Pointer);
            MapKernel.Create(new Minus(), ElementType.Float32, run, run, run).Run(b.Pointer, a.Pointer, b.Pointer);
            Assert.Equal(Enumerable.Range(0, length).Select(i => 2f * i + 1), a.Span.ToArray());
            Assert.Equal(Enumerable.Range(0, length).Select(i => 1f - i), b.Span.ToArray());
        }
    }

    [Fact]
    public void Any_strides_work_in_place()
    {
        Random random = new(10);
        for (int trial = 0; trial < 100; trial++)
        {
            int[] sizes = Indices.RandomShape(random, trial % 10 == 0 ? 3000 : 65);
            RandomOperand<float> y = RandomOperand<float>.Create(random, sizes, -77).Fill(() => random.Next(-50, 50));
            RandomOperand<float> b = RandomOperand<float>.Create(random, Indices.RandomBroadcast(random, sizes), 99).Fill(() => random.Next(-50, 50));
            float[] expected = [.. Indices.Of(sizes).Select(index => y[index] - b[index])];
            fixed (float* yp = y.Buffer, bp = b.Buffer)
                MapKernel.Create(new Minus(), ElementType.Float32, y.Layout, y.Layout, b.Layout).Run(yp, yp, bp);
            Assert.Equal(expected, Indices.Of(sizes).Select(index => y[index]));
            y.AssertNothingElseWritten();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(700)]
    [InlineData(1500)]
    public void A_number_per_channel_reaches_every_pixel(int channels)
    {
        int[] shape = [2, channels, 40, 31];
        Layout map = Layout.Dense(shape), perChannel = Layout.Dense([1, channels, 1, 1]), perSample = Layout.Dense([2, channels, 1, 1]);
        Random random = new(channels);
        float[] x = [.. Enumerable.Range(0, (int)map.Elements).Select(_ => (float)random.Next(100))];
        float[] shift = [.. Enumerable.Range(0, channels).Select(i => (float)i)];
        float[] scale = [.. Enumerable.Range(0, 2 * channels).Select(i => i % 7f)];
        float[] y = TeamSize.SameBits(() =>
        {
            float[] result = new float[x.Length];
            fixed (float* yp = result, a = x, b = scale, c = shift)
                MapKernel.Create(new Blend(), ElementType.Float32, map, map, perSample, perChannel).Run(yp, a, b, c);
            return result;
        });
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(x[i] * scale[i / (40 * 31 * channels) * channels + i % channels] - i % channels, y[i]);
    }

    [Fact]
    public void An_operand_that_does_not_broadcast_is_refused_with_both_shapes()
    {
        ShapeException error = Assert.Throws<ShapeException>(
            () => MapKernel.Create(new Affine(1, 0), ElementType.Float32, Layout.Dense([2, 3]), Layout.Dense([2])));
        Assert.Equal("an operand of shape [2] cannot be broadcast to [2, 3]: counted from the last axis, every size must be equal or 1", error.Message);
    }
}
