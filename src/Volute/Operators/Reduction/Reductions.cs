using Volute.Kernels;

namespace Volute;

/// <summary>Sums, means, extremes and variances.</summary>
public static class Reductions
{
    extension(Tensor x)
    {
        /// <summary>Σ over <paramref name="axes"/> (all of them unless given).</summary>
        /// <param name="axes">Axes, negative ones counted from the end.</param>
        /// <param name="keepAxes">Keeps them with size 1.</param>
        public Tensor Sum(int[]? axes = null, bool keepAxes = false) => Reduce(x, a => new SumOver(a), axes, keepAxes);

        /// <summary>The mean over <paramref name="axes"/>.</summary>
        /// <inheritdoc cref="Sum"/>
        public Tensor Mean(int[]? axes = null, bool keepAxes = false) => Reduce(x, a => new MeanOver(a), axes, keepAxes);

        /// <summary>The largest over <paramref name="axes"/>; NaN wins; equal ones share the gradient.</summary>
        /// <inheritdoc cref="Sum"/>
        public Tensor Max(int[]? axes = null, bool keepAxes = false) => Reduce(x, a => new ExtremeOver(a, false), axes, keepAxes);

        /// <summary>The smallest over <paramref name="axes"/>; NaN wins; equal ones share the gradient.</summary>
        /// <inheritdoc cref="Sum"/>
        public Tensor Min(int[]? axes = null, bool keepAxes = false) => Reduce(x, a => new ExtremeOver(a, true), axes, keepAxes);

        /// <summary>Σ (x − mean)² / (n − correction) over <paramref name="axes"/>; correction 1 (PyTorch's default) is the unbiased estimate.</summary>
        /// <inheritdoc cref="Sum"/>
        public Tensor Variance(int[]? axes = null, bool keepAxes = false, double correction = 1) => Reduce(x, a => new VarianceOver(a, correction), axes, keepAxes);

        /// <summary>The index (int32) of the largest element along <paramref name="axis"/>, the first of equal ones; NaN wins.</summary>
        public Tensor ArgMax(int axis, bool keepAxis = false) => ArgReduce(x, axis, keepAxis, smallest: false);

        /// <summary>The index (int32) of the smallest element along <paramref name="axis"/>, the first of equal ones; NaN wins.</summary>
        public Tensor ArgMin(int axis, bool keepAxis = false) => ArgReduce(x, axis, keepAxis, smallest: true);

        /// <summary>The sum over the axes that broadcasting repeated: the transpose of <c>BroadcastTo</c>.</summary>
        public Tensor SumTo(Shape shape)
        {
            if (shape == x.Shape)
                return x;
            int extra = x.Shape.Rank - shape.Rank;
            int[] axes = [.. Enumerable.Range(0, x.Shape.Rank).Where(i => i < extra || shape[i - extra] == 1 && x.Shape[i] != 1)];
            return (axes.Length == 0 ? x : x.Sum(axes, keepAxes: true)).Reshape(shape);
        }
    }

    private static Tensor Reduce(Tensor x, Func<Shape, Reduce> over, int[]? axes, bool keepAxes)
    {
        int[] sorted = axes is null ? [.. Enumerable.Range(0, x.Shape.Rank)] : [.. axes.Select(x.Shape.Axis).Distinct().Order()];
        if (axes is not null && sorted.Length != axes.Length)
            throw new InvalidArgumentException($"reduction: axes [{string.Join(", ", axes)}] name one axis twice");
        Tensor y = Tensor.Apply(over(sorted), x);
        return keepAxes ? y : y.Reshape(Without(x.Shape, sorted));
    }

    private static Tensor ArgReduce(Tensor x, int axis, bool keepAxis, bool smallest)
    {
        axis = x.Shape.Axis(axis);
        Tensor y = Tensor.Apply(new ArgReduce(axis, smallest), x);
        return keepAxis ? y : y.Reshape(Without(x.Shape, [axis]));
    }

    private static Shape Without(Shape shape, int[] axes) => shape.Where((_, i) => !axes.Contains(i)).ToArray();
}
