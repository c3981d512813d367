using Volute.Kernels;

namespace Volute.Tests;

public class TensorTextTests
{
    [Fact]
    public void Numbers_and_vectors_stand_in_a_line()
    {
        Assert.Equal("float32 [] { 3 }", Tensor.Scalar(3).ToString());
        Assert.Equal("int32 [3] { 1, -2, 3 }", Tensor.FromArray([1, -2, 3], [3]).ToString());
        Assert.Equal("float64 [2] { 0.2500, 1.0000 }", Tensor.FromArray([0.25, 1], [2]).ToString());
    }

    [Fact]
    public void A_matrix_stands_in_rows_whose_columns_align()
        => Assert.Equal("float32 [2, 3]\n  1 -20   3\n  4   5 600", Tensor.FromArray([1f, -20, 3, 4, 5, 600], [2, 3]).ToString());

    [Fact]
    public void Planes_stand_below_their_indices_unless_there_is_only_one()
    {
        Assert.Equal("float32 [1, 2, 2, 2]\n[0, 0]\n0 1\n2 3\n[0, 1]\n4 5\n6 7", Tensor.FromArray([0f, 1, 2, 3, 4, 5, 6, 7], [1, 2, 2, 2]).ToString());
        Assert.Equal("float32 [1, 1, 1, 2]\n0 1", Tensor.FromArray([0f, 1], [1, 1, 1, 2]).ToString());
    }

    [Fact]
    public void Large_tensors_show_the_ends_of_their_axes()
    {
        Tensor x = Tensor.FromArray(Enumerable.Range(0, 1600).ToArray(), [40, 40]);
        string[] lines = x.ToString().Split('\n');
        Assert.Equal(["int32 [40, 40]", "   0    1    2    …   37   38   39"], lines[..2]);
        Assert.Equal(8, lines.Length);
        Assert.Equal("…", lines[4]);
        Assert.EndsWith("1599", lines[^1]);
        Assert.DoesNotContain('…', x.Slice(0, 0, 10).ToString());
    }

    [Fact]
    public void Tiny_numbers_and_those_that_are_none_can_be_read()
    {
        Assert.Equal("float64 [2] { 1.500e-6, 0.000e+0 }", Tensor.FromArray([1.5e-6, 0], [2]).ToString());
        Assert.Equal("float32 [3] { NaN, 1, -Infinity }", Tensor.FromArray([float.NaN, 1, float.NegativeInfinity], [3]).ToString());
        Assert.Equal("float64 [2] { 0.0000, 0.5000 }", Tensor.FromArray([-1e-9, 0.5], [2]).ToString());
        Assert.Equal("float32 [2, 0]", Tensor.Full([2, 0], 1, ElementType.Float32).ToString());
    }
}
