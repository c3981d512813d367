using Volute.Kernels;

namespace Volute.Tests.Kernels.Resampling;

public unsafe class ResampleKernelTests
{
    private static readonly int[] ChannelCounts = [1, 2, 3, 4, Isa.Lanes - 1, Isa.Lanes, Isa.Lanes + 1, 2 * Isa.Lanes + 1, 5 * Isa.Lanes + 3];

    public static TheoryData<int> Channels => [.. ChannelCounts.Where(c => c > 0).Distinct()];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Random_sparse_maps_of_each_axis_agree_with_plain_loops(int channels)
    {
        Random random = new(channels);
        for (int trial = 0; trial < 25; trial++)
        {
            AxisTaps[] taps = [RandomTaps(random, trial % 3 == 0), RandomTaps(random, trial % 3 < 2), RandomTaps(random, true)];
            Check<float>(random, 1 + trial % 2, channels, taps, strided: trial % 2 == 1, tolerance: 3e-6);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Float64_agrees_with_plain_loops_to_its_own_precision(int channels)
    {
        Random random = new(channels);
        for (int trial = 0; trial < 20; trial++)
            Check<double>(random, 2, channels, [RandomTaps(random, false), RandomTaps(random, true), RandomTaps(random, true)], strided: trial % 2 == 1, tolerance: 1e-14);
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Pooling_interpolation_and_padding_agree_with_plain_loops(int channels)
    {
        Random random = new(channels);
        AxisTaps one = AxisTaps.Identity(1);
        foreach (bool strided in (bool[])[false, true])
        {
            Check<float>(random, 2, channels, [one, AxisTaps.AveragePool(new(2, 2), 8), AxisTaps.AveragePool(new(2, 2), 10)], strided);
            Check<float>(random, 1, channels, [one, AxisTaps.AdaptiveAverage(9, 1), AxisTaps.AdaptiveAverage(20, 1)], strided);
            Check<float>(random, 1, channels, [one, AxisTaps.AdaptiveAverage(9, 1).Transpose(), AxisTaps.AdaptiveAverage(20, 1).Transpose()], strided);
            Check<float>(random, 1, channels, [one, AxisTaps.AveragePool(new(7, 1, 1, 3, 3), 9), AxisTaps.AveragePool(new(7, 1, 1, 3, 3), 31)], strided);
            Check<float>(random, 2, channels, [AxisTaps.Linear(3, 6), AxisTaps.Linear(4, 8), AxisTaps.Linear(5, 10)], strided);
            Check<float>(random, 1, channels, [one, AxisTaps.Cubic(5, 11), AxisTaps.Cubic(7, 13)], strided);
            Check<float>(random, 1, channels, [AxisTaps.Nearest(3, 6), AxisTaps.Nearest(3, 6), AxisTaps.Nearest(19, 38)], strided);
            Check<float>(random, 1, channels, [one, AxisTaps.Reflect(9, 2, 3), AxisTaps.Reflect(33, 4, 5)], strided);
            Check<float>(random, 1, channels, [one, AxisTaps.Zeros(9, 2, -1), AxisTaps.Circular(33, 4, 5)], strided);
            Check<float>(random, 1, channels, [one, AxisTaps.Replicate(9, 2, 3).Transpose(), AxisTaps.Replicate(33, 4, 5).Transpose()], strided);
        }
    }

    [Theory]
    [InlineData(1, 40000, 3, 7)]
    [InlineData(3, 20000, 9000, 9000)]
    [InlineData(300, 700, 9, 5)]
    [InlineData(600, 90, 90, 1)]
    public void Rows_and_windows_larger_than_the_buffers_agree_with_plain_loops(int channels, int input, int kernel, int stride)
    {
        Random random = new(channels);
        Check<float>(random, 1, channels, [AxisTaps.Identity(1), AxisTaps.AveragePool(new(2, 1), 2), AxisTaps.AveragePool(new(kernel, stride), input)], strided: false, tolerance: 1e-5);
        Check<float>(random, 1, channels, [AxisTaps.Identity(1), AxisTaps.Identity(2), AxisTaps.Circular(input, input, input / 2).Transpose()], strided: false);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void Two_passes_with_a_map_between_them_agree_with_plain_loops(int channels)
    {
        Random random = new(channels);
        AxisTaps large = AxisTaps.AveragePool(new(7, 1, 1, 3, 3), 20), all = AxisTaps.AdaptiveAverage(20, 1), down = AxisTaps.Antialiased(20, 6, cubic: true);
        foreach (bool strided in (bool[])[false, true])
        {
            bool inTwo = Check<float>(random, 2, channels, [large, large, large], strided);
            Assert.True(inTwo || channels < 40, "not in two passes");
            Check<float>(random, 1, channels, [all, all, all], strided);
            Check<float>(random, 1, channels, [down, large, down], strided);
            Check<float>(random, 1, channels, [large.Transpose(), down.Transpose(), all.Transpose()], strided);
        }
    }

    [Fact]
    public void A_single_large_mean_is_taken_in_two_passes_so_that_all_threads_have_work()
        => Assert.True(Check<float>(new(1), 1, 40, [AxisTaps.Identity(1), AxisTaps.AdaptiveAverage(300, 1), AxisTaps.AdaptiveAverage(500, 1)], strided: false), "not in two passes");

    [Fact]
    public void The_mean_of_a_large_window_is_as_good_as_one_rounding()
    {
        using GuardedMap<float> x = new(1, 2, new(1, 1024, 1024)), y = new(1, 2, new(1, 1, 1));
        Random random = new(3);
        x.Fill(() => 1000 + random.NextSingle());
        ResampleKernel kernel = Kernel(x, y, [AxisTaps.Identity(1), AxisTaps.AdaptiveAverage(1024, 1), AxisTaps.AdaptiveAverage(1024, 1)]);
        using GuardedMemory<byte> workspace = new(kernel.WorkspaceBytes);
        kernel.Run(x.Data, y.Data, workspace.Pointer);
        double mean = 0;
        for (int i = 0; i < 1024 * 1024; i++)
            mean += x.Data[2 * i + 1];
        mean /= 1024 * 1024;
        Assert.Equal(mean, y[0, 0, 0, 0, 1], 5e-7 * mean);
    }

    [Fact]
    public void The_transposed_taps_are_the_adjoint_map()
    {
        Random random = new(11);
        AxisTaps[] taps = [AxisTaps.Linear(4, 7, alignCorners: true), AxisTaps.AveragePool(new(3, 2, 1, 1, 1), 9, ceilMode: true), AxisTaps.Cubic(6, 5)];
        using GuardedMap<double> x = new(2, 3, new(4, 9, 6)), ax = new(2, 3, Outputs(taps)), y = new(2, 3, Outputs(taps)), aty = new(2, 3, new(4, 9, 6));
        x.Fill(() => random.NextDouble() - 0.5);
        y.Fill(() => random.NextDouble() - 0.5);
        ResampleKernel forward = Kernel(x, ax, taps), backward = Kernel(y, aty, [.. taps.Select(t => t.Transpose())]);
        using GuardedMemory<byte> workspace = new(Math.Max(forward.WorkspaceBytes, backward.WorkspaceBytes));
        forward.Run(x.Data, ax.Data, workspace.Pointer);
        backward.Run(y.Data, aty.Data, workspace.Pointer);
        Assert.Equal(ax.ToArray().Zip(y.ToArray(), (a, b) => a * b).Sum(), x.ToArray().Zip(aty.ToArray(), (a, b) => a * b).Sum(), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void One_two_and_three_threads_give_the_same_bits(int channels)
    {
        Random random = new(5);
        AxisTaps[] taps = [AxisTaps.Linear(5, 10), AxisTaps.Cubic(40, 71), AxisTaps.AveragePool(new(5, 1, 1, 2, 2), 60)];
        using GuardedMap<float> x = new(2, channels, new(5, 40, 60)), y = new(2, channels, Outputs(taps));
        x.Fill(() => random.NextSingle());
        ResampleKernel kernel = Kernel(x, y, taps);
        using GuardedMemory<byte> workspace = new(kernel.WorkspaceBytes);
        int threads = Team.Threads;
        List<float[]> results = [];
        try
        {
            for (int count = 1; count <= 3; count++)
            {
                Team.Threads = count;
                kernel.Run(x.Data, y.Data, workspace.Pointer);
                results.Add(y.ToArray());
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
        using GuardedMap<float> x = new(1, 3, new(1, 64, 64)), y = new(1, 3, new(1, 32, 128));
        ResampleKernel kernel = Kernel(x, y, [AxisTaps.Identity(1), AxisTaps.AveragePool(new(2, 2), 64), AxisTaps.Linear(64, 128)]);
        Assert.Equal(0, kernel.WorkspaceBytes);
        kernel.Run(x.Data, y.Data, null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            kernel.Run(x.Data, y.Data, null);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Wrong_sizes_and_types_are_named()
    {
        AxisTaps one = AxisTaps.Identity(1), taps = AxisTaps.Linear(4, 8);
        Extent small = new(1, 1, 4), large = new(1, 1, 8);
        var size = Assert.Throws<InvalidArgumentException>(
            () => new ResampleKernel(ElementType.Float32, 1, 1, large, small, one, one, taps, MapStrides.Dense(large, 1), MapStrides.Dense(small, 1)));
        Assert.Equal("the taps of the width lead from 4 to 8 positions, but the maps go from 8 to 4", size.Message);
        var type = Assert.Throws<InvalidArgumentException>(
            () => new ResampleKernel(ElementType.Int32, 1, 1, small, large, one, one, taps, MapStrides.Dense(small, 1), MapStrides.Dense(large, 1)));
        Assert.Equal("resampling needs float32 or float64, got int32; convert with To", type.Message);
    }

    private static Extent Outputs(AxisTaps[] taps) => new(taps[0].Outputs, taps[1].Outputs, taps[2].Outputs);

    private static ResampleKernel Kernel<T>(GuardedMap<T> x, GuardedMap<T> y, AxisTaps[] taps) where T : unmanaged
        => new(ElementTypes.Of<T>(), x.Batch, x.Channels, x.Extent, y.Extent, taps[0], taps[1], taps[2], x.Strides, y.Strides);

    private static AxisTaps RandomTaps(Random random, bool busy)
    {
        if (!busy)
            return AxisTaps.Identity(1);
        int inputs = random.Next(1, 9), outputs = random.Next(1, 14);
        List<int> starts = [0], positions = [];
        List<double> weights = [];
        for (int o = 0; o < outputs; o++)
        {
            for (int tap = random.Next(0, 5); tap > 0; tap--)
            {
                positions.Add(random.Next(inputs));
                weights.Add(random.Next(3) == 0 ? 1 : random.NextDouble() - 0.5);
            }
            starts.Add(positions.Count);
        }
        return AxisTaps.Create(inputs, [.. starts], [.. positions], [.. weights]);
    }

    /// <summary>Axis after axis, tap after tap, in double.</summary>
    private static double[] Reference(double[] x, int outer, AxisTaps taps, int inner)
    {
        var y = new double[outer * taps.Outputs * inner];
        for (int a = 0; a < outer; a++)
            for (int o = 0; o < taps.Outputs; o++)
                for (int tap = taps.Starts[o]; tap < taps.Starts[o + 1]; tap++)
                    for (int b = 0; b < inner; b++)
                        y[(a * taps.Outputs + o) * inner + b] += taps.Weights[tap] * x[(a * taps.Inputs + taps.Positions[tap]) * inner + b];
        return y;
    }

    /// <summary>Says whether the kernel took two passes.</summary>
    private static bool Check<T>(Random random, int batch, int channels, AxisTaps[] taps, bool strided, double tolerance = 2e-6)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        using GuardedMap<T> x = new(batch, channels, new(taps[0].Inputs, taps[1].Inputs, taps[2].Inputs), strided), y = new(batch, channels, Outputs(taps), strided);
        x.Fill(() => T.CreateTruncating(random.NextDouble() - 0.5));
        ResampleKernel kernel = Kernel(x, y, taps);
        using GuardedMemory<byte> workspace = new(kernel.WorkspaceBytes);
        kernel.Run(x.Data, y.Data, workspace.Pointer);
        double[] expected = [.. x.ToArray().Select(double.CreateTruncating)];
        expected = Reference(expected, batch, taps[0], taps[1].Inputs * taps[2].Inputs * channels);
        expected = Reference(expected, batch * taps[0].Outputs, taps[1], taps[2].Inputs * channels);
        expected = Reference(expected, batch * taps[0].Outputs * taps[1].Outputs, taps[2], channels);
        T[] actual = y.ToArray();
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(double.CreateTruncating(actual[i]) - expected[i]);
            if (!(error <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                Assert.Fail($"[{string.Join(", ", (object[])taps)}] channels {channels}: element {i} is {actual[i]}, expected {expected[i]}");
        }
        y.AssertGapsUntouched();
        return kernel.WorkspaceBytes > 0;
    }
}
