using System.Numerics;
using Volute.Kernels;

namespace Volute.Tests.Kernels.Pooling;

public unsafe class MaxPoolTests
{
    public static TheoryData<int> Channels => [.. new[] { 1, 2, 3, 4, Isa.Lanes - 1, Isa.Lanes, Isa.Lanes + 1, 2 * Isa.Lanes + 1, 6 * Isa.Lanes + 5 }.Where(c => c > 0).Distinct()];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Values_indices_and_gradient_agree_with_plain_loops(int channels)
    {
        Random random = new(channels);
        for (int trial = 0; trial < 60; trial++)
        {
            Axis[] axes = [Axis.Unit, Axis.Unit, Axis.Unit];
            for (int axis = 0; axis <= trial % 3; axis++)
                axes[2 - axis] = Axis.Random(random);
            Check<float>(random, channels, axes, strided: trial % 2 == 1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Float64_agrees_with_plain_loops(int channels)
    {
        Random random = new(channels);
        for (int trial = 0; trial < 20; trial++)
            Check<double>(random, channels, [Axis.Random(random), Axis.Random(random), Axis.Random(random)], strided: trial % 2 == 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Adaptive_windows_agree_with_plain_loops(int channels)
    {
        Random random = new(channels);
        Check<float>(random, channels, [Axis.Unit, Axis.Adaptive(7, 3), Axis.Adaptive(10, 4)], strided: false);
        Check<float>(random, channels, [Axis.Adaptive(4, 1), Axis.Adaptive(9, 1), Axis.Adaptive(8, 1)], strided: true);
        Check<float>(random, channels, [Axis.Adaptive(2, 5), Axis.Adaptive(3, 7), Axis.Adaptive(5, 5)], strided: false);
    }

    [Theory]
    [InlineData(1, 3000, 5)]
    [InlineData(40, 600, 41)]
    public void Long_rows_agree_with_plain_loops(int channels, int width, int kernel)
    {
        Random random = new(channels);
        Check<float>(random, channels, [Axis.Unit, Axis.Unit, new(width, kernel, 2, 1, kernel / 2, kernel / 2, true)], strided: false);
    }

    [Fact]
    public void A_window_of_minus_infinity_alone_has_the_index_of_its_first_input()
    {
        using GuardedMap<float> x = new(1, 1, new(1, 4, 4)), y = new(1, 1, new(1, 2, 2));
        using GuardedMap<int> indices = new(1, 1, new(1, 2, 2));
        AxisWindows windows = AxisWindows.Pool(new(3, 2, 1, 1, 1), 4);
        new MaxPoolKernel(ElementType.Float32, 1, 1, x.Extent, y.Extent, AxisWindows.Identity(1), windows, windows, x.Strides, y.Strides)
            .Run(x.Fill(() => float.NegativeInfinity).Data, y.Data, indices.Data);
        Assert.Equal([0, 1, 4, 5], indices.ToArray());
        Assert.All(y.ToArray(), value => Assert.Equal(float.NegativeInfinity, value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public void One_two_and_three_threads_give_the_same_bits(int channels)
    {
        Random random = new(2);
        AxisWindows windows = AxisWindows.Pool(new(5, 2, 1, 2, 2), 70);
        Extent input = new(2, 70, 70), output = new(2, windows.Outputs, windows.Outputs);
        using GuardedMap<float> x = new(2, channels, input), y = new(2, channels, output), dx = new(2, channels, input);
        using GuardedMap<int> indices = new(2, channels, output);
        x.Fill(() => random.Next(30));
        MaxPoolKernel pool = new(ElementType.Float32, 2, channels, input, output, AxisWindows.Identity(2), windows, windows, x.Strides, y.Strides);
        MaxPoolGradientKernel gradient = new(ElementType.Float32, 2, channels, input, output, AxisWindows.Identity(2), windows, windows, y.Strides, dx.Strides);
        int threads = Team.Threads;
        List<float[]> results = [];
        try
        {
            for (int t = 1; t <= 3; t++)
            {
                Team.Threads = t;
                pool.Run(x.Data, y.Data, indices.Data);
                float[] values = y.ToArray();
                gradient.Run(indices.Data, y.Fill(new Random(7).NextSingle).Data, dx.Data);
                results.Add([.. values, .. indices.ToArray(), .. dx.ToArray()]);
            }
        }
        finally
        {
            Team.Threads = threads;
        }
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        AxisWindows windows = AxisWindows.Pool(new(3, 2, 1, 1, 1), 32);
        Extent input = new(1, 32, 32), output = new(1, 16, 16);
        using GuardedMap<float> x = new(1, 18, input), y = new(1, 18, output);
        using GuardedMap<int> indices = new(1, 18, output);
        MaxPoolKernel pool = new(ElementType.Float32, 1, 18, input, output, AxisWindows.Identity(1), windows, windows, x.Strides, y.Strides);
        MaxPoolGradientKernel gradient = new(ElementType.Float32, 1, 18, input, output, AxisWindows.Identity(1), windows, windows, y.Strides, x.Strides);
        pool.Run(x.Fill(() => 1).Data, y.Data, indices.Data);
        gradient.Run(indices.Data, y.Data, x.Data);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            pool.Run(x.Data, y.Data, indices.Data);
            gradient.Run(indices.Data, y.Data, x.Data);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Wrong_windows_are_named()
    {
        Assert.Equal("max pooling allows padding of at most half of its kernel's reach, 1, got 2 with kernel 3 and dilation 1",
            Assert.Throws<InvalidArgumentException>(() => AxisWindows.Pool(new(3, 1, 1, 2, 0), 9)).Message);
        Assert.Equal("max pooling gives no output from 3 inputs; use a smaller kernel or more outputs",
            Assert.Throws<InvalidArgumentException>(() => AxisWindows.Pool(new(5), 3)).Message);
        Assert.Equal("output 0 of max pooling sees padding alone: its taps start at -2, 4 apart, on an input of 1; use less padding",
            Assert.Throws<InvalidArgumentException>(() => AxisWindows.Pool(new(2, 1, 4, 2, 2), 1)).Message);
        AxisWindows windows = AxisWindows.Adaptive(6, 2), one = AxisWindows.Identity(1);
        Extent input = new(1, 1, 5), output = new(1, 1, 2);
        Assert.Equal("the windows along the width lead from 6 to 2 positions, but the maps go from 5 to 2", Assert.Throws<InvalidArgumentException>(
            () => new MaxPoolKernel(ElementType.Float32, 1, 1, input, output, one, one, windows, MapStrides.Dense(input, 1), MapStrides.Dense(output, 1))).Message);
    }

    [Fact]
    public void Windows_are_equal_where_their_numbers_are()
    {
        Assert.Equal(AxisWindows.Pool(new(2, 2), 8), AxisWindows.Adaptive(8, 4));
        Assert.Equal(AxisWindows.Pool(new(2, 2), 8).GetHashCode(), AxisWindows.Adaptive(8, 4).GetHashCode());
        Assert.NotEqual(AxisWindows.Pool(new(2, 2), 8), AxisWindows.Pool(new(2, 2, 2), 8));
        Assert.NotEqual(AxisWindows.Pool(new(2, 2), 8), AxisWindows.Pool(new(2, 2), 9));
    }

    /// <summary>One axis as PyTorch describes it: <see cref="Kernel"/> 0 stands for adaptive windows to <see cref="Stride"/> outputs.</summary>
    private sealed record Axis(int Input, int Kernel, int Stride, int Dilation, int Begin, int End, bool Ceil)
    {
        public static Axis Unit { get; } = new(1, 1, 1, 1, 0, 0, false);

        public static Axis Adaptive(int input, int output) => new(input, 0, output, 1, 0, 0, false);

        public static Axis Random(Random random)
        {
            while (true)
            {
                int kernel = random.Next(1, 5), dilation = random.Next(1, 3), half = ((kernel - 1) * dilation + 1) / 2;
                Axis axis = new(random.Next(1, 12), kernel, random.Next(1, 4), dilation, random.Next(half + 1), random.Next(half + 1), random.Next(2) == 0);
                if (axis.Outputs >= 1 && Enumerable.Range(0, axis.Outputs).All(o => axis.Inputs(o).Any()))
                    return axis;
            }
        }

        public AxisWindows Windows => Kernel == 0 ? AxisWindows.Adaptive(Input, Stride) : AxisWindows.Pool(new(Kernel, Stride, Dilation, Begin, End), Input, Ceil);

        public int Outputs
        {
            get
            {
                if (Kernel == 0)
                    return Stride;
                double room = Input + Begin + End - Dilation * (Kernel - 1) - 1;
                int outputs = (int)(Ceil ? Math.Ceiling(room / Stride) : Math.Floor(room / Stride)) + 1;
                return Ceil && (outputs - 1) * Stride >= Input + Begin ? outputs - 1 : outputs;
            }
        }

        public IEnumerable<int> Inputs(int output) => Kernel == 0
            ? Enumerable.Range(0, Input).Where(i => i >= Math.Floor((double)output * Input / Stride) && i < Math.Ceiling((output + 1.0) * Input / Stride))
            : Enumerable.Range(0, Kernel).Select(k => output * Stride - Begin + k * Dilation).Where(i => i >= 0 && i < Input);
    }

    private static void Check<T>(Random random, int channels, Axis[] axes, bool strided) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Extent input = new(axes[0].Input, axes[1].Input, axes[2].Input), output = new(axes[0].Outputs, axes[1].Outputs, axes[2].Outputs);
        using GuardedMap<T> x = new(2, channels, input, strided), y = new(2, channels, output, strided), dy = new(2, channels, output, strided), dx = new(2, channels, input, strided);
        using GuardedMap<T> alone = new(2, channels, output, strided);
        using GuardedMap<int> indices = new(2, channels, output), indicesAlone = new(2, channels, output);
        x.Fill(() => random.Next(40) switch { 0 => T.NaN, < 6 => T.NegativeInfinity, var i => T.CreateTruncating(i % 5 - 2) });
        dy.Fill(() => T.CreateTruncating(random.Next(100)));
        ElementType type = ElementTypes.Of<T>();
        AxisWindows depth = axes[0].Windows, height = axes[1].Windows, width = axes[2].Windows;
        MaxPoolKernel pool = new(type, 2, channels, input, output, depth, height, width, x.Strides, y.Strides);
        pool.Run(x.Data, y.Data, indices.Data);
        pool.Run(x.Data, alone.Data);
        pool.Run(x.Data, null, indicesAlone.Data);
        Assert.Equal(indices.ToArray(), indicesAlone.ToArray());
        new MaxPoolGradientKernel(type, 2, channels, input, output, depth, height, width, dy.Strides, dx.Strides).Run(indices.Data, dy.Data, dx.Data);

        int[][][] seen = [.. axes.Select(axis => Enumerable.Range(0, axis.Outputs).Select(o => axis.Inputs(o).ToArray()).ToArray())];
        T[] expectedDx = new T[2 * input.Count * channels];
        foreach (var (n, od, oh, ow) in y.Positions())
        {
            for (int c = 0; c < channels; c++)
            {
                T best = T.NegativeInfinity;
                int index = -1;
                foreach (int d in seen[0][od])
                    foreach (int h in seen[1][oh])
                        foreach (int w in seen[2][ow])
                        {
                            T value = x[n, d, h, w, c];
                            int place = (d * input.Height + h) * input.Width + w;
                            if (index < 0)
                                index = place;
                            if (value > best || T.IsNaN(value))
                                (best, index) = (value, place);
                        }
                if (!best.Equals(y[n, od, oh, ow, c]) || !best.Equals(alone[n, od, oh, ow, c]) || index != indices[n, od, oh, ow, c])
                {
                    Assert.Fail($"{string.Join(", ", (object[])axes)}, {channels} channels: y[{n}, {od}, {oh}, {ow}, {c}] is {y[n, od, oh, ow, c]} at {indices[n, od, oh, ow, c]}, "
                        + $"without indices {alone[n, od, oh, ow, c]}; expected {best} at {index}");
                }
                expectedDx[(n * input.Count + index) * channels + c] += dy[n, od, oh, ow, c];
            }
        }
        Assert.Equal(expectedDx, dx.ToArray());
        y.AssertGapsUntouched();
        dx.AssertGapsUntouched();
    }
}
