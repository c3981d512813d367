using Volute.Kernels;

namespace Volute.Tests;

/// <summary>
/// Small whole numbers: every partial sum is exact in float32, so order, fused rounding and threads cannot matter, and one wrong bit is a fault.
/// Weights are multiples of 9, which keep Winograd's transforms exact too (9/24 = 3/8).
/// </summary>
public sealed class ExactConvolutionTests : IDisposable
{
    private readonly Random _random = new(29);
    private int _compared, _zero;

    /// <summary>Zeros everywhere prove nothing: where few numbers meet they happen, but not often.</summary>
    public void Dispose() => Assert.True(_zero <= _compared / 4, $"{_zero} of {_compared} results are zero everywhere");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Outputs_and_all_gradients_equal_sums_of_whole_numbers(int rank)
    {
        for (int trial = 0; trial < 120; trial++)
        {
            Case c = Draw(rank, Math.Max(2, 20 / (rank * rank)));
            int[] outputs = [.. Enumerable.Range(0, rank).Select(i => (int)c.Window[i].Outputs(c.Size[i]))];
            int[] mapShape = [c.Batch, c.In, .. c.Size], weightShape = [c.Out, c.In / c.Groups, .. c.Kernel], outShape = [c.Batch, c.Out, .. outputs];
            long[] x = Whole(mapShape, 8, 1), w = Whole(weightShape, 4, 9), b = Whole([c.Out], 8, 1), dy = Whole(outShape, 8, 1);
            long[] y = new long[dy.Length], dx = new long[x.Length], dw = new long[w.Length], db = new long[b.Length];
            for (int i = 0; i < y.Length; i++)
            {
                int o = i / (y.Length / c.Batch / c.Out) % c.Out;
                y[i] = b[o];
                db[o] += dy[i];
            }
            Each(c, c.Size, outputs, (i, k, o) =>
            {
                y[o] += x[i] * w[k];
                dx[i] += dy[o] * w[k];
                dw[k] += x[i] * dy[o];
            });

            Tensor[] inputs = [ToTensor(x, mapShape), ToTensor(w, weightShape), ToTensor(b, [c.Out])];
            Tensor result = inputs[0].Convolve(inputs[1], inputs[2], c.Window, c.Groups);
            Tensor[] gradients = Gradient.Of(result, ToTensor(dy, outShape), inputs);
            Tensor.Evaluate([result, .. gradients]);
            AssertExact(c, "output", y, outShape, result);
            AssertExact(c, "input gradient", dx, mapShape, gradients[0]);
            AssertExact(c, "weight gradient", dw, weightShape, gradients[1]);
            AssertExact(c, "bias gradient", db, [c.Out], gradients[2]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Transposed_convolutions_are_the_adjoints_of_convolutions(int rank)
    {
        for (int trial = 0; trial < 120; trial++)
        {
            Case c = Draw(rank, Math.Max(2, 12 / (rank * rank)));
            int[] extra = [.. Enumerable.Range(0, rank).Select(i => _random.Next(Math.Max(c.Window[i].Stride, c.Window[i].Dilation)))];
            int[] large = [.. Enumerable.Range(0, rank).Select(i => (int)c.Window[i].TransposedOutputs(c.Size[i], extra[i]))];
            if (large.Min() < 1)
                continue;
            // A transposed convolution from In to Out channels: its weight is that of a convolution from Out to In.
            int[] mapShape = [c.Batch, c.In, .. c.Size], weightShape = [c.In, c.Out / c.Groups, .. c.Kernel], outShape = [c.Batch, c.Out, .. large];
            long[] x = Whole(mapShape, 8, 1), w = Whole(weightShape, 4, 9), b = Whole([c.Out], 8, 1), z = Whole(outShape, 8, 1);
            long[] y = new long[z.Length], back = new long[x.Length], dw = new long[w.Length];
            for (int i = 0; i < y.Length; i++)
                y[i] = b[i / (y.Length / c.Batch / c.Out) % c.Out];
            Each(c with { In = c.Out, Out = c.In }, large, c.Size, (i, k, o) =>
            {
                y[i] += x[o] * w[k];
                back[o] += z[i] * w[k];
                dw[k] += x[o] * z[i];
            });

            Tensor[] inputs = [ToTensor(x, mapShape), ToTensor(w, weightShape), ToTensor(b, [c.Out])];
            Tensor result = inputs[0].ConvolveTransposed(inputs[1], inputs[2], c.Window, extra, c.Groups);
            AssertExact(c, "transposed output", y, outShape, result);
            Tensor[] gradients = Gradient.Of(result, ToTensor(z, outShape), inputs);
            AssertExact(c, "input gradient", back, mapShape, gradients[0]);
            AssertExact(c, "weight gradient", dw, weightShape, gradients[1]);
            // The identity itself: <transposed x, z> = <x, convolved z>, where the convolution exists.
            Assert.Equal(y.Zip(z, (p, q) => p * q).Sum() - Biased(b, z, c), x.Zip(back, (p, q) => p * q).Sum());
        }
    }

    [Fact]
    public void Weights_in_any_strides_give_the_bits_of_a_contiguous_copy()
    {
        Tensor x = Tensor.Normal([2, 6, 9, 7]), dense = Tensor.Normal([3, 5, 4, 6]);
        Window window = new(new WindowAxis(3), new WindowAxis(5));
        Tensor[] weights =
        [
            dense.Permute(2, 3, 0, 1), // transposed
            Tensor.Normal([8, 6, 6, 5]).Slice(0, 1, 4, 2 - 1).Slice(2, 0, 3, 2), // strided
            Tensor.Normal([1, 6, 3, 1]).BroadcastTo([4, 6, 3, 5]), // broadcast: stride 0
            Tensor.Normal([4, 6, 3, 5]).Flip(2).Flip(3), // backwards
        ];
        x.Evaluate();
        foreach (Tensor weight in weights)
        {
            Tensor copy = Tensor.FromArray(weight.ToArray(), weight.Shape);
            Assert.Equal(x.Convolve(copy, null, window).ToArray(), x.Convolve(weight, null, window).ToArray());
            Tensor y = x.Convolve(copy, null, window);
            Assert.Equal(Gradient.Of(y, y, [x])[0].ToArray(), Gradient.Of(x.Convolve(weight, null, window), y, [x])[0].ToArray());
        }
    }

    [Fact]
    public void One_pixel_that_is_not_a_number_stays_in_its_receptive_field()
    {
        double[] pixels = new double[20 * 20];
        pixels[9 * 20 + 11] = double.NaN;
        foreach (ElementType type in new[] { ElementType.Float32, ElementType.Float64 })
        {
            Tensor x = Tensor.FromArray(pixels, [1, 1, 20, 20]).To(type), w = Tensor.Normal([2, 1, 3, 3], type: type);
            float[] y = x.Convolve(w, null, new Window(new WindowAxis(3, 1, 1, 1, 1), new WindowAxis(3, 1, 1, 1, 1))).ToArray();
            for (int i = 0; i < y.Length; i++)
            {
                int distance = Math.Max(Math.Abs(i / 20 % 20 - 9), Math.Abs(i % 20 - 11));
                // An algorithm that works on tiles of up to 8 pixels may spread it over the tile, and no farther.
                if (distance <= 1 || distance > 8)
                    Assert.Equal(distance <= 1, float.IsNaN(y[i]));
            }
        }
    }

    [Fact]
    public void A_small_problem_with_a_huge_window_needs_little_memory()
    {
        // The matrix of all windows would be 16 GiB.
        Tensor x = Tensor.Full([1, 64, 512, 512], 1), w = Tensor.Full([8, 64, 16, 16], 1);
        Plan plan = x.Convolve(w, null, new Window(new WindowAxis(16, 1, 1, 8, 7), new WindowAxis(16, 1, 1, 8, 7))).Plan();
        Assert.InRange(plan.PeakBytes, 0, 512L << 20);
    }

    private static long Biased(long[] b, long[] z, Case c) => z.Select((v, i) => v * b[i / (z.Length / c.Batch / c.Out) % c.Out]).Sum();

    private Case Draw(int rank, int most)
    {
        while (true)
        {
            int groups = _random.Next(3) == 0 ? _random.Next(1, 4) : 1;
            WindowAxis[] axes = [.. Enumerable.Range(0, rank).Select(_ => new WindowAxis(_random.Next(1, 5), _random.Next(1, 4), _random.Next(1, 4), _random.Next(0, 4), _random.Next(0, 4)))];
            Case c = new(_random.Next(1, 3), groups * _random.Next(1, 7), groups * _random.Next(1, 7), groups, new Window(axes), [.. axes.Select(_ => _random.Next(1, most + 1))]);
            if (axes.Select((a, i) => a.Outputs(c.Size[i])).Min() >= 1)
                return c;
        }
    }

    private sealed record Case(int Batch, int In, int Out, int Groups, Window Window, int[] Size)
    {
        public int[] Kernel => [.. Enumerable.Range(0, Window.Rank).Select(i => Window[i].Kernel)];
    }

    /// <summary>Calls <paramref name="product"/> with the flat places (input, weight, output) of every product of the convolution.</summary>
    private static void Each(Case c, int[] inputSize, int[] outputSize, Action<int, int, int> product)
    {
        int rank = inputSize.Length, inputs = inputSize.Aggregate(1, (a, n) => a * n), outputs = outputSize.Aggregate(1, (a, n) => a * n), taps = c.Window.Taps;
        int inGroup = c.In / c.Groups, outGroup = c.Out / c.Groups;
        for (int o = 0; o < outputs; o++)
        {
            for (int k = 0; k < taps; k++)
            {
                int place = 0, restO = o, restK = k, scale = 1;
                bool inside = true;
                for (int axis = rank - 1; axis >= 0; axis--)
                {
                    WindowAxis a = c.Window[axis];
                    int at = restO % outputSize[axis] * a.Stride + restK % a.Kernel * a.Dilation - a.PadBegin;
                    inside &= at >= 0 && at < inputSize[axis];
                    place += at * scale;
                    scale *= inputSize[axis];
                    (restO, restK) = (restO / outputSize[axis], restK / a.Kernel);
                }
                if (!inside)
                    continue;
                for (int n = 0; n < c.Batch; n++)
                {
                    for (int oc = 0; oc < c.Out; oc++)
                    {
                        for (int ic = 0; ic < inGroup; ic++)
                            product((n * c.In + oc / outGroup * inGroup + ic) * inputs + place, (oc * inGroup + ic) * taps + k, (n * c.Out + oc) * outputs + o);
                    }
                }
            }
        }
    }

    private long[] Whole(int[] shape, int limit, int step)
        => [.. Enumerable.Range(0, shape.Aggregate(1, (a, n) => a * n)).Select(_ => (long)_random.Next(-limit, limit + 1) * step)];

    private static Tensor ToTensor(long[] values, int[] shape) => Tensor.FromArray([.. values.Select(v => (float)v)], shape);

    private void AssertExact(Case c, string what, long[] expected, int[] shape, Tensor actual)
    {
        Assert.Equal(shape, actual.Shape);
        float[] values = actual.ToArray();
        Assert.True(expected.Max(Math.Abs) < 1 << 24, "the numbers are too large to be exact");
        for (int i = 0; i < values.Length; i++)
            Assert.True(values[i] == expected[i], $"{what} {i} is {values[i]}, not {expected[i]}: {c} of size [{string.Join(", ", c.Size)}]");
        _compared++;
        _zero += Array.TrueForAll(expected, v => v == 0) ? 1 : 0;
    }
}
