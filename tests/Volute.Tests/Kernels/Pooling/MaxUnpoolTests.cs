using Volute.Kernels;

namespace Volute.Tests.Kernels.Pooling;

public unsafe class MaxUnpoolTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(37, false)]
    [InlineData(70, true)]
    public void Elements_go_to_their_indices_and_the_last_of_equals_counts(int channels, bool strided)
    {
        Random random = new(channels);
        Extent small = new(2, 3, 4), large = new(3, 5, 6);
        using GuardedMap<float> x = new(2, channels, small, strided), y = new(2, channels, large, strided), dx = new(2, channels, small, strided);
        using GuardedMap<int> indices = new(2, channels, small);
        x.Fill(random.NextSingle);
        indices.Fill(() => random.Next(3 * 5 * 6));
        MaxUnpoolKernel kernel = new(ElementType.Float32, 2, channels, small, large, x.Strides, y.Strides);
        kernel.Run(indices.Data, x.Data, y.Data);
        Dictionary<(int, int, int), float> expected = [];
        foreach (var (n, d, h, w) in x.Positions())
        {
            for (int c = 0; c < channels; c++)
                expected[(n, indices[n, d, h, w, c], c)] = x[n, d, h, w, c];
        }
        foreach (var (n, d, h, w) in y.Positions())
        {
            for (int c = 0; c < channels; c++)
                Assert.Equal(expected.GetValueOrDefault((n, (d * 5 + h) * 6 + w, c)), y[n, d, h, w, c]);
        }
        kernel.RunGradient(indices.Data, y.Data, dx.Data);
        foreach (var (n, d, h, w) in dx.Positions())
        {
            for (int c = 0; c < channels; c++)
                Assert.Equal(expected[(n, indices[n, d, h, w, c], c)], dx[n, d, h, w, c]);
        }
        y.AssertGapsUntouched();
        dx.AssertGapsUntouched();
    }

    [Fact]
    public void Float64_pooling_and_unpooling_bring_each_maximum_back_to_its_place()
    {
        Random random = new(4);
        AxisWindows windows = AxisWindows.Pool(new(2, 2), 6), one = AxisWindows.Identity(1);
        Extent large = new(1, 6, 6), small = new(1, 3, 3);
        using GuardedMap<double> x = new(1, 2, large), y = new(1, 2, small), back = new(1, 2, large);
        using GuardedMap<int> indices = new(1, 2, small);
        x.Fill(random.NextDouble);
        new MaxPoolKernel(ElementType.Float64, 1, 2, large, small, one, windows, windows, x.Strides, y.Strides).Run(x.Data, y.Data, indices.Data);
        new MaxUnpoolKernel(ElementType.Float64, 1, 2, small, large, y.Strides, back.Strides).Run(indices.Data, y.Data, back.Data);
        double[] before = x.ToArray(), after = back.ToArray();
        Assert.Equal(18, after.Count(value => value != 0));
        Assert.All(Enumerable.Range(0, before.Length), i => Assert.True(after[i] == 0 || after[i] == before[i]));
        Assert.Equal(y.ToArray().Sum(), after.Sum(), 1e-12);
    }

    [Theory]
    [InlineData(20, "max unpooling cannot put an element at index 20: the output has places 0..19 (1 x 4 x 5); the index is that of image 1, channel 2, position (0, 1, 1)")]
    [InlineData(-1, "max unpooling cannot put an element at index -1: the output has places 0..19 (1 x 4 x 5); the index is that of image 1, channel 2, position (0, 1, 1)")]
    public void An_index_outside_the_output_is_named_with_its_place(int index, string message)
    {
        using GuardedMap<float> x = new(2, 3, new(1, 2, 2)), y = new(2, 3, new(1, 4, 5));
        using GuardedMap<int> indices = new(2, 3, new(1, 2, 2));
        indices.Fill(() => 0);
        indices[1, 0, 1, 1, 2] = index;
        MaxUnpoolKernel kernel = new(ElementType.Float32, 2, 3, x.Extent, y.Extent, x.Strides, y.Strides);
        Assert.Equal(message, Assert.Throws<InvalidArgumentException>(() => kernel.Run(indices.Data, x.Data, y.Data)).Message);
        Assert.Equal(message, Assert.Throws<InvalidArgumentException>(() => kernel.RunGradient(indices.Data, y.Data, x.Data)).Message);
    }
}
