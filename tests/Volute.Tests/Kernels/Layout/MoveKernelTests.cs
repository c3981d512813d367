using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class MoveKernelTests
{
    [Fact]
    public void Copies_between_random_strides_agree_with_index_arithmetic()
    {
        Random random = new(2);
        for (int trial = 0; trial < 250; trial++)
        {
            int[] sizes = Indices.RandomShape(random, trial % 20 == 0 ? 3000 : 65);
            Check<float>(ElementType.Float32, random, sizes, () => random.Next(1000));
            Check<double>(ElementType.Float64, random, sizes, () => random.Next(1000));
            Check<int>(ElementType.Int32, random, sizes, () => random.Next(1000));
        }
    }

    private static void Check<T>(ElementType type, Random random, int[] sizes, Func<T> next) where T : unmanaged
    {
        RandomOperand<T> y = RandomOperand<T>.Create(random, sizes, default);
        RandomOperand<T> x = RandomOperand<T>.Create(random, Indices.RandomBroadcast(random, sizes), default).Fill(next);
        fixed (T* yp = y.Buffer, xp = x.Buffer)
            new MoveKernel(type, y.Layout, x.Layout).Run(yp, xp);
        foreach (int[] index in Indices.Of(sizes))
            Assert.Equal(x[index], y[index]);
        y.AssertNothingElseWritten();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(33)]
    [InlineData(257)]
    public void Channels_first_and_channels_last_change_into_each_other(int channels)
    {
        int[] shape = [2, channels, 37, 41];
        Layout last = Layout.Dense(shape), first = Layout.RowMajor(shape);
        int[] x = [.. Enumerable.Range(0, (int)last.Elements)];
        int[] y = TeamSize.SameBits(() => Move(x, last, first));
        for (int n = 0, i = 0; n < 2; n++)
            for (int p = 0; p < 37 * 41; p++)
                for (int c = 0; c < channels; c++, i++)
                    Assert.Equal(y[i], x[(n * channels + c) * 37 * 41 + p]);
        Assert.Equal(x, Move(y, first, last));
    }

    private static int[] Move(int[] x, Layout to, Layout from)
    {
        int[] y = new int[x.Length];
        fixed (int* yp = y, xp = x)
            new MoveKernel(ElementType.Int32, to, from).Run(yp, xp);
        return y;
    }

    [Fact]
    public void Filling_writes_the_layout_and_nothing_else()
    {
        Random random = new(3);
        for (int trial = 0; trial < 100; trial++)
        {
            RandomOperand<float> y = RandomOperand<float>.Create(random, Indices.RandomShape(random, 65), -1);
            RandomOperand<int> z = RandomOperand<int>.Create(random, Indices.RandomShape(random, 65), -1);
            fixed (float* p = y.Buffer)
                new FillKernel(ElementType.Float32, y.Layout).Run(p, 2.5);
            fixed (int* p = z.Buffer)
                new FillKernel(ElementType.Int32, z.Layout).Run(p, 7);
            Assert.All(Indices.Of(y.Layout), index => Assert.Equal(2.5f, y[index]));
            Assert.All(Indices.Of(z.Layout), index => Assert.Equal(7, z[index]));
            y.AssertNothingElseWritten();
            z.AssertNothingElseWritten();
        }
    }

    [Fact]
    public void Conversions_round_toward_zero_and_saturate()
    {
        double[] x = [1.9, -1.9, 0.5, double.NaN, 1e300, double.NegativeInfinity, 16777217];
        Layout run = Layout.Dense([x.Length]);
        int[] whole = new int[x.Length];
        float[] single = new float[x.Length];
        double[] back = new double[x.Length];
        fixed (double* xp = x, bp = back)
        fixed (int* ip = whole)
        fixed (float* sp = single)
        {
            ConvertKernel.Create(ElementType.Int32, run, ElementType.Float64, run).Run(ip, xp);
            ConvertKernel.Create(ElementType.Float32, run, ElementType.Float64, run).Run(sp, xp);
            ConvertKernel.Create(ElementType.Float64, run, ElementType.Int32, run).Run(bp, ip);
        }
        Assert.Equal([1, -1, 0, int.MinValue, int.MaxValue, int.MinValue, 16777217], whole);
        Assert.Equal([1.9f, -1.9f, 0.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 16777216], single);
        Assert.Equal([1, -1, 0, int.MinValue, int.MaxValue, int.MinValue, 16777217], back);
    }

    [Fact]
    public void Conversions_agree_with_casts_on_random_strides()
    {
        Random random = new(4);
        for (int trial = 0; trial < 200; trial++)
        {
            int[] sizes = Indices.RandomShape(random, trial % 20 == 0 ? 3000 : 65);
            RandomOperand<int> y = RandomOperand<int>.Create(random, sizes, -1000);
            RandomOperand<float> x = RandomOperand<float>.Create(random, Indices.RandomBroadcast(random, sizes), 0)
                .Fill(() => random.NextSingle() * 200 - 100);
            fixed (int* yp = y.Buffer)
            fixed (float* xp = x.Buffer)
                ConvertKernel.Create(ElementType.Int32, y.Layout, ElementType.Float32, x.Layout).Run(yp, xp);
            foreach (int[] index in Indices.Of(sizes))
                Assert.Equal((int)x[index], y[index]);
            y.AssertNothingElseWritten();
        }
    }
}
