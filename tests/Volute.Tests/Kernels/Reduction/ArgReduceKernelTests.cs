using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class ArgReduceKernelTests
{
    [Fact]
    public void Every_axis_of_any_strides_gives_the_first_of_the_best_and_the_first_NaN()
    {
        Random random = new(8);
        for (int trial = 0; trial < 200; trial++)
        {
            int[] sizes = [.. Indices.RandomShape(random, trial % 10 == 0 ? 9000 : 65).Select(size => Math.Max(1, size))];
            if (sizes.Length == 0)
                continue;
            int axis = random.Next(sizes.Length);
            int[] kept = [.. sizes.Select((size, i) => i == axis ? 1 : size)];
            bool smallest = random.Next(2) == 0;
            RandomOperand<int> y = RandomOperand<int>.Create(random, kept, -1000);
            RandomOperand<float> x = RandomOperand<float>.Create(random, sizes, 99)
                .Fill(() => random.Next(30) == 0 ? float.NaN : random.Next(60) == 0 ? float.NegativeInfinity : random.Next(-5, 6));
            fixed (int* yp = y.Buffer)
            fixed (float* xp = x.Buffer)
                new ArgReduceKernel(ElementType.Float32, y.Layout, x.Layout, axis, smallest).Run(yp, xp);
            foreach (int[] index in Indices.Of(kept))
            {
                int[] at = [.. index];
                float best = x[at];
                int expected = 0;
                for (at[axis] = 1; at[axis] < sizes[axis]; at[axis]++)
                {
                    float value = x[at];
                    if (!float.IsNaN(best) && (float.IsNaN(value) || (smallest ? value < best : value > best)))
                        (best, expected) = (value, at[axis]);
                }
                Assert.Equal(expected, y[index]);
            }
            y.AssertNothingElseWritten();
        }
    }

    [Fact]
    public void Doubles_that_differ_only_beyond_float32_are_told_apart()
    {
        double[] x = [1, 1 + 1e-12, 1];
        int position;
        fixed (double* xp = x)
            new ArgReduceKernel(ElementType.Float64, Layout.Dense([1]), Layout.Dense([3]), 0, smallest: false).Run(&position, xp);
        Assert.Equal(1, position);
    }

    [Fact]
    public void The_best_of_nothing_and_a_wrong_shape_are_refused()
    {
        InvalidArgumentException nothing = Assert.Throws<InvalidArgumentException>(
            () => new ArgReduceKernel(ElementType.Float32, Layout.Dense([2, 1]), Layout.Dense([2, 0]), 1, smallest: false));
        Assert.Equal("argmax of no elements is not defined: axis 1 of [2, 0] has size 0", nothing.Message);
        ShapeException wrong = Assert.Throws<ShapeException>(
            () => new ArgReduceKernel(ElementType.Float32, Layout.Dense([2, 2]), Layout.Dense([2, 5]), 1, smallest: true));
        Assert.Equal("argmin along axis 1 of [2, 5] gives [2, 1], not [2, 2]", wrong.Message);
    }
}
