using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class ReduceKernelTests
{
    public static TheoryData<string> Names => ["sum", "sum of squares", "mean", "variance", "maximum", "minimum"];

    private static ReduceKernel Create(string name, ElementType type, Layout y, Layout x) => name switch
    {
        "sum" => ReduceKernel.Create(new SumReduction(), type, y, x),
        "sum of squares" => ReduceKernel.Create(new SumOfSquaresReduction(), type, y, x),
        "mean" => ReduceKernel.Create(new MeanReduction(), type, y, x),
        "variance" => ReduceKernel.Create(new VarianceReduction(1), type, y, x),
        "maximum" => ReduceKernel.Create(new MaximumReduction(), type, y, x),
        _ => ReduceKernel.Create(new MinimumReduction(), type, y, x),
    };

    private static double Expected(string name, List<double> x) => name switch
    {
        "sum" => x.Sum(),
        "sum of squares" => x.Sum(v => v * v),
        "mean" => x.Sum() / x.Count,
        "variance" => x.Average() is double mean ? x.Sum(v => (v - mean) * (v - mean)) / Math.Max(0, x.Count - 1) : 0,
        "maximum" => x.Max(),
        _ => x.Min(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_axes_of_any_strides_agree_with_a_plain_loop(string name)
    {
        Random random = new(5);
        for (int trial = 0; trial < 120; trial++)
        {
            int[] sizes = [.. Indices.RandomShape(random, trial % 10 == 0 ? 3000 : 65).Select(size => Math.Max(1, size))];
            int[] kept = [.. sizes.Select(size => random.Next(2) == 0 ? 1 : size)];
            if (trial % 2 == 0)
                Check<float>(name, random, kept, sizes, ElementType.Float32, x => x, x => x, 1e-5);
            else
                Check<double>(name, random, kept, sizes, ElementType.Float64, x => x, x => x, 1e-12);
        }
    }

    private static void Check<T>(
        string name, Random random, int[] kept, int[] sizes, ElementType type, Func<float, T> to, Func<T, double> from, double tolerance)
        where T : unmanaged
    {
        RandomOperand<T> y = RandomOperand<T>.Create(random, kept, to(-77)), mean = RandomOperand<T>.Create(random, kept, to(-77), plain: 1);
        RandomOperand<T> x = RandomOperand<T>.Create(random, sizes, to(99)).Fill(() => to(random.NextSingle() * 8 - 3));
        fixed (T* yp = y.Buffer, xp = x.Buffer)
            Create(name, type, y.Layout, x.Layout).Run(yp, xp);
        Dictionary<string, List<double>> groups = [];
        foreach (int[] index in Indices.Of(sizes))
        {
            string key = string.Join(",", index.Select((at, axis) => kept[axis] == 1 ? 0 : at));
            if (!groups.TryGetValue(key, out List<double>? group))
                groups[key] = group = [];
            group.Add(from(x[index]));
        }
        foreach (int[] index in Indices.Of(kept))
        {
            double expected = Expected(name, groups[string.Join(",", index)]), scale = groups[string.Join(",", index)].Sum(Math.Abs) + 1;
            double actual = from(y[index]);
            Assert.True(double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= tolerance * scale,
                $"{name} of [{string.Join(", ", sizes)}] to [{string.Join(", ", kept)}] at [{string.Join(", ", index)}]: {actual} for {expected}");
        }
        y.AssertNothingElseWritten();
    }

    public static TheoryData<int[], int[]> Shapes => new()
    {
        { [3, 64, 57, 43], [1, 64, 1, 1] },
        { [3, 3, 101, 99], [1, 3, 1, 1] },
        { [2, 1500, 13, 17], [1, 1500, 1, 1] },
        { [3, 48, 57, 43], [3, 48, 1, 1] },
        { [3, 20, 57, 43], [1, 1, 1, 1] },
        { [3, 20, 57, 43], [3, 1, 57, 43] },
        { [3, 2, 57, 43], [3, 1, 57, 43] },
        { [200, 1000], [200, 1] },
        { [1000, 200], [1, 200] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Maps_are_reduced_to_the_same_bits_by_any_number_of_threads(int[] sizes, int[] kept)
    {
        Layout x = Layout.Dense(sizes), y = Layout.Dense(kept);
        Random random = new(6);
        float[] values = [.. Enumerable.Range(0, (int)x.Elements).Select(_ => random.NextSingle() - 0.3f)];
        foreach (string name in new[] { "sum", "variance", "maximum" })
        {
            float[] actual = TeamSize.SameBits(() =>
            {
                float[] result = new float[y.Elements];
                fixed (float* yp = result, xp = values)
                    Create(name, ElementType.Float32, y, x).Run(yp, xp);
                return result;
            });
            List<double>[] groups = [.. actual.Select(_ => new List<double>())];
            Layout to = y.Broadcast(sizes), from = x;
            foreach (int[] index in Indices.Of(sizes))
            {
                long a = 0, b = 0;
                for (int axis = 0; axis < index.Length; axis++)
                    (a, b) = (a + index[axis] * to.Stride(axis), b + index[axis] * from.Stride(axis));
                groups[a].Add(values[b]);
            }
            for (int i = 0; i < actual.Length; i++)
                Assert.Equal(Expected(name, groups[i]), actual[i], 1e-6 * (1 + groups[i].Count * 0.4));
        }
    }

    [Fact]
    public void A_variance_survives_a_mean_far_from_zero_and_gives_the_mean_too()
    {
        Layout x = Layout.Dense([4, 2, 100, 100]), y = Layout.Dense([1, 2, 1, 1]);
        float[] values = [.. Enumerable.Range(0, 80000).Select(i => i % 2 == 0 ? 10000f + i / 2 % 2 : i / 2 % 4)];
        float[] variance = new float[2], mean = new float[2];
        fixed (float* xp = values, yp = variance, mp = mean)
            ReduceKernel.Create(new VarianceReduction(0), ElementType.Float32, y, x).Run(yp, xp, mp);
        Assert.Equal([0.25f, 1.25f], variance);
        Assert.Equal([10000.5f, 1.5f], mean);
    }

    [Fact]
    public void The_error_of_a_long_sum_stays_near_that_of_pairwise_summation()
    {
        const int count = 4_000_000;
        float[] values = new float[count], sum = new float[1];
        Array.Fill(values, 0.1f);
        fixed (float* xp = values, yp = sum)
            ReduceKernel.Create(new SumReduction(), ElementType.Float32, default, Layout.Dense([count])).Run(yp, xp);
        Assert.Equal(count * (double)0.1f, sum[0], count * 0.1 * 1e-6);
    }

    [Theory]
    [InlineData(new[] { 40 }, new[] { 1 })]
    [InlineData(new[] { 1, 3, 30, 1 }, new[] { 1, 3, 1, 1 })]
    public void Maximum_and_minimum_pass_NaN_on(int[] sizes, int[] kept)
    {
        Layout x = Layout.Dense(sizes), y = Layout.Dense(kept);
        for (int at = 0; at < x.Elements; at++)
        {
            float[] values = new float[x.Elements], results = new float[y.Elements];
            values[at] = float.NaN;
            foreach (string name in new[] { "maximum", "minimum" })
            {
                fixed (float* xp = values, yp = results)
                    Create(name, ElementType.Float32, y, x).Run(yp, xp);
                Assert.Equal(Enumerable.Range(0, results.Length).Select(i => i == at % results.Length ? float.NaN : 0), results);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(40)]
    public void No_element_beyond_the_input_is_read(int channels)
    {
        for (int pixels = 1; pixels <= 70; pixels++)
        {
            Layout x = Layout.Dense([1, channels, pixels]);
            using GuardedMemory<float> values = new(x.Elements), sums = new(channels), totals = new(pixels);
            for (int i = 0; i < x.Elements; i++)
                values.Span[i] = i % 7;
            ReduceKernel.Create(new SumReduction(), ElementType.Float32, Layout.Dense([1, channels, 1]), x).Run(sums.Pointer, values.Pointer);
            ReduceKernel.Create(new SumReduction(), ElementType.Float32, Layout.Dense([1, 1, pixels]), x).Run(totals.Pointer, values.Pointer);
            for (int c = 0; c < channels; c++)
                Assert.Equal(Enumerable.Range(0, pixels).Sum(p => (p * channels + c) % 7), sums.Span[c]);
            for (int p = 0; p < pixels; p++)
                Assert.Equal(Enumerable.Range(0, channels).Sum(c => (p * channels + c) % 7), totals.Span[p]);
        }
    }

    [Fact]
    public void Nothing_sums_to_zero_has_no_mean_and_has_no_maximum()
    {
        Layout x = Layout.Dense([2, 0, 3]), y = Layout.Dense([2, 1, 1]);
        float[] results = new float[2];
        fixed (float* yp = results)
        {
            Create("sum", ElementType.Float32, y, x).Run(yp, null);
            Assert.Equal([0, 0], results);
            Create("mean", ElementType.Float32, y, x).Run(yp, null);
            Assert.Equal([float.NaN, float.NaN], results);
        }
        InvalidArgumentException error = Assert.Throws<InvalidArgumentException>(() => Create("maximum", ElementType.Float32, y, x));
        Assert.Equal("the maximum of no elements is not defined: [2, 0, 3] cannot be reduced to [2, 1, 1]", error.Message);
    }
}
