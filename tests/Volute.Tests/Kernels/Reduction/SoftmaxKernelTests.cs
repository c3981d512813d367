using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class SoftmaxKernelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_axis_of_any_strides_agrees_with_the_definition(bool logarithm)
    {
        Random random = new(7);
        for (int trial = 0; trial < 120; trial++)
        {
            int[] sizes = Indices.RandomShape(random, trial % 10 == 0 ? 3000 : 65);
            if (sizes.Length == 0)
                continue;
            int axis = random.Next(sizes.Length);
            if (trial % 2 == 0)
                Check<float>(random, sizes, axis, logarithm, ElementType.Float32, x => (float)x, x => x, 2e-6);
            else
                Check<double>(random, sizes, axis, logarithm, ElementType.Float64, x => x, x => x, 1e-13);
        }
    }

    private static void Check<T>(
        Random random, int[] sizes, int axis, bool logarithm, ElementType type, Func<double, T> to, Func<T, double> from, double tolerance)
        where T : unmanaged
    {
        RandomOperand<T> y = RandomOperand<T>.Create(random, sizes, to(-77));
        RandomOperand<T> x = RandomOperand<T>.Create(random, sizes, to(99)).Fill(() => to(random.NextDouble() * 20 - 10));
        fixed (T* yp = y.Buffer, xp = x.Buffer)
            new SoftmaxKernel(type, y.Layout, x.Layout, axis, logarithm).Run(yp, xp);
        // One sum for each line: elements lie within ±10, so that no power leaves the range.
        Dictionary<string, double> sums = [];
        string Line(int[] index) => string.Join(",", index.Select((at, i) => i == axis ? 0 : at));
        foreach (int[] index in Indices.Of(sizes))
            sums[Line(index)] = sums.GetValueOrDefault(Line(index)) + Math.Exp(from(x[index]));
        foreach (int[] index in Indices.Of(sizes))
        {
            double own = from(x[index]), sum = sums[Line(index)];
            double expected = logarithm ? own - Math.Log(sum) : Math.Exp(own) / sum;
            Assert.Equal(expected, from(y[index]), tolerance * (1 + Math.Abs(expected)));
        }
        y.AssertNothingElseWritten();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(80)]
    public void Ten_thousand_either_way_neither_overflows_nor_vanishes(int length)
    {
        float[] x = [1e4f, -1e4f, 1e4f, .. new float[length - 3]];
        float[] y = Softmax(x, false), logarithm = Softmax(x, true);
        Assert.Equal([0.5f, 0, 0.5f, .. new float[length - 3]], y);
        float ln2 = MathF.Log(2);
        Assert.Equal([-ln2, -2e4f - ln2, -ln2, .. Enumerable.Repeat(-1e4f - ln2, length - 3)], logarithm);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(80)]
    public void Minus_infinity_has_no_share_and_NaN_or_nothing_else_gives_NaN(int length)
    {
        float[] rest = [.. Enumerable.Repeat(float.NegativeInfinity, length - 1)];
        Assert.Equal([1, .. new float[length - 1]], Softmax([5, .. rest], false));
        Assert.All(Softmax([float.NegativeInfinity, .. rest], false), v => Assert.Equal(float.NaN, v));
        Assert.All(Softmax([float.NegativeInfinity, .. rest], true), v => Assert.Equal(float.NaN, v));
        Assert.All(Softmax([float.NaN, .. new float[length - 1]], false), v => Assert.Equal(float.NaN, v));
    }

    private static float[] Softmax(float[] x, bool logarithm)
    {
        using GuardedMemory<float> y = new(x.Length);
        x.CopyTo(y.Span);
        Layout line = Layout.Dense([x.Length]);
        new SoftmaxKernel(ElementType.Float32, line, line, 0, logarithm).Run(y.Pointer, y.Pointer);
        return y.Span.ToArray();
    }

    [Fact]
    public void Every_length_of_a_line_sums_to_one_and_no_element_beyond_it_is_touched()
    {
        for (int length = 1; length <= 200; length++)
            Assert.Equal(1, Softmax([.. Enumerable.Range(0, length).Select(i => i % 5f)], false).Sum(v => (double)v), 1e-6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(21)]
    [InlineData(1000)]
    public void The_classes_of_many_pixels_have_the_same_bits_for_any_number_of_threads(int classes)
    {
        Layout map = Layout.Dense([2, classes, 20, 33]);
        Random random = new(classes);
        float[] x = [.. Enumerable.Range(0, (int)map.Elements).Select(_ => random.NextSingle() * 10)];
        float[] y = TeamSize.SameBits(() =>
        {
            float[] result = new float[x.Length];
            fixed (float* yp = result, xp = x)
                new SoftmaxKernel(ElementType.Float32, map, map, 1, false).Run(yp, xp);
            return result;
        });
        for (int pixel = 0; pixel < 2 * 20 * 33; pixel++)
            Assert.Equal(1, y.AsSpan(pixel * classes, classes).ToArray().Sum(v => (double)v), 1e-5);
    }
}
