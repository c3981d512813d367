using Volute.Kernels;

namespace Volute.Tests;

public class TensorTests
{
    [Fact]
    public void The_example_of_the_design_runs()
    {
        var conv = new Conv2d(1, 2, kernelSize: 3);
        conv.Weight.Assign([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
        conv.Bias!.Assign([0f, 1]);
        float[] pixels = [.. Enumerable.Range(0, 784).Select(i => (float)i)];
        Tensor x = Tensor.FromArray(pixels, [1, 1, 28, 28]), y = conv.Forward(x);
        Assert.Equal([1, 2, 26, 26], y.Shape);
        float[] values = y.ToArray();
        Assert.Equal(pixels[0], values[0]);
        Assert.Equal(2 * pixels[29] + 1, values[26 * 26]);
        Assert.Equal(2 * pixels[27 * 28 + 27 - 29] + 1, values[^1]);
    }

    [Fact]
    public void Values_come_back_in_row_major_order_whatever_the_rank()
    {
        foreach (int[] sizes in new int[][] { [], [3], [2, 3], [2, 3, 4], [2, 3, 4, 2], [2, 2, 3, 2, 2], [2, 1, 2, 3, 2, 2] })
        {
            Shape shape = sizes;
            int[] values = [.. Enumerable.Range(0, (int)shape.Elements)];
            Assert.Equal(values, Tensor.FromArray(values, shape).ToArray<int>());
        }
    }

    [Fact]
    public void Views_rearrange_without_changing_values()
    {
        double[] values = [.. Enumerable.Range(0, 24).Select(i => (double)i)];
        Tensor x = Tensor.FromArray(values, [2, 3, 4]);
        Assert.Equal(values, x.Reshape([4, 3, 2]).Reshape([24]).ToArray<double>());
        Assert.Equal([0, 12, 1, 13, 2, 14, 3, 15, 4, 16, 5, 17, 6, 18, 7, 19, 8, 20, 9, 21, 10, 22, 11, 23], x.Permute(1, 2, 0).ToArray<double>());
        Assert.Equal([6, 4, 18, 16], x.Slice(1, 1, 1).Slice(2, 2, 2, -2).ToArray<double>());
        Assert.Equal([4, 6, 16, 18], x.Slice(1, 1, 1).Slice(2, 0, 2, 2).ToArray<double>());
    }

    [Fact]
    public void Arithmetic_broadcasts()
    {
        Tensor a = Tensor.FromArray([1.0, 2, 3, 4, 5, 6], [2, 3]), b = Tensor.FromArray([10.0, 20, 30], [3]), c = Tensor.FromArray([100.0, 200], [2, 1]);
        Assert.Equal([111, 122, 133, 214, 225, 236], (a + b + c).ToArray<double>());
        Assert.Equal([-0.5, -1, -1.5, -2, -2.5, -3], (-a / 2).ToArray<double>());
    }

    [Fact]
    public void Hits_are_counted_by_comparing_classes()
    {
        Tensor scores = Tensor.FromArray([0f, 1, 5, 2, 3, 4], [3, 2]), labels = Tensor.FromArray([1, 1, 1], [3]);
        Assert.Equal(2, scores.ArgMax(1).EqualTo(labels).Sum().Item());
        // Neighbours that float32 does not tell apart.
        Assert.Equal([0, 1], Tensor.FromArray([16_777_217, int.MinValue], [2]).EqualTo(Tensor.FromArray([16_777_216, int.MinValue], [2])).ToArray());
    }

    [Fact]
    public void A_wrong_shape_names_both_shapes_and_the_line()
    {
        Tensor a = Tensor.Full([2, 3], 1), b = Tensor.Full([4], 1);
        var error = Assert.Throws<ShapeException>(() =>
        {
            // Not as the last call: the optimizer would leave this method before it, and its line with it.
            Tensor sum = a + b;
            GC.KeepAlive(sum);
        });
        Assert.Contains("add: shapes [2, 3] and [4] do not broadcast: axis -1 is 3 and 4; sizes must be equal or 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("TensorTests.cs:", error.Message, StringComparison.Ordinal);
    }
}
