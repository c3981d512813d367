using Volute.Kernels;

namespace Volute;

/// <summary>Convolutions, transposed convolutions and the matrix products that they contain.</summary>
public static class Convolutions
{
    /// <summary>How many positions an axis of a transposed convolution gets.</summary>
    /// <exception cref="ShapeException">None, or too many.</exception>
    internal static int TransposedSize(WindowAxis a, Shape input, int axis, int outputPadding)
    {
        long size = a.TransposedOutputs(input[axis], outputPadding);
        return size is >= 1 and <= int.MaxValue ? (int)size
            : throw SourceLine.Error($"transposed convolution: axis {axis} of {input[axis]} positions would give {size}; padding {a.PadBegin} + {a.PadEnd} is too large");
    }

    extension(Tensor x)
    {
        /// <summary>y[n, (g,o), p] = b[o] + Σ x[n, (g,i), p·stride + k·dilation − pad]·w[(g,o), i, k]: cross-correlation, as every network library has it.</summary>
        /// <param name="weight">(O, C/groups, k…).</param>
        /// <param name="bias">(O), or null.</param>
        /// <param name="window">Kernel, stride, dilation, padding.</param>
        /// <param name="groups">Groups of channels that do not see each other.</param>
        /// <returns>(N, O, …).</returns>
        /// <exception cref="ShapeException">Shapes that do not fit, with the rule.</exception>
        public Tensor Convolve(Tensor weight, Tensor? bias, Window window, int groups = 1)
            => bias is null ? Tensor.Apply(new Convolution(window, groups), x, weight) : Tensor.Apply(new Convolution(window, groups), x, weight, bias);

        /// <summary>The transposed convolution: the input pass of the convolution with this window, run forward. Output sizes (n − 1)·s + reach − p₀ − p₁ + outputPadding.</summary>
        /// <param name="weight">(C, O/groups, k…).</param>
        /// <param name="bias">(O), or null.</param>
        /// <param name="window">Kernel, stride, dilation, padding of the convolution that is transposed.</param>
        /// <param name="outputPadding">Positions added at the end of each spatial axis; less than the larger of stride and dilation.</param>
        /// <param name="groups">Groups of channels that do not see each other.</param>
        /// <exception cref="ShapeException">Shapes that do not fit, with the rule.</exception>
        public Tensor ConvolveTransposed(Tensor weight, Tensor? bias, Window window, IReadOnlyList<int>? outputPadding = null, int groups = 1)
        {
            if (x.Shape.Rank != window.Rank + 2 || weight.Shape.Rank != window.Rank + 2)
                throw SourceLine.Error($"transposed convolution: expected a map and a weight of {window.Rank + 2} axes, got {x.Shape} and {weight.Shape}");
            int[] sizes = x.Shape.ToArray();
            sizes[1] = weight.Shape[1] * groups;
            for (int i = 0; i < window.Rank; i++)
            {
                int axis = i;
                WindowAxis a = window[axis];
                int extra = outputPadding?[axis] ?? 0;
                if (extra < 0 || extra >= Math.Max(a.Stride, a.Dilation))
                    throw new InvalidArgumentException($"transposed convolution: output padding must be smaller than stride or dilation, got {extra} with stride {a.Stride} and dilation {a.Dilation}");
                sizes[axis + 2] = TransposedSize(a, x.Shape, axis + 2, extra);
                // Output padding of a whole stride or more: the convolution that is transposed does not look at the last positions.
                int unseen = extra - (a.Stride - 1);
                if (unseen > 0)
                    window = window.Select((j, w) => j == axis ? w with { PadEnd = w.PadEnd - unseen } : w);
            }
            Operator op = new ConvolutionInputGradient(window, groups, sizes);
            return bias is null ? Tensor.Apply(op, x, weight) : Tensor.Apply(op, x, weight, bias);
        }

        /// <summary>y[…, o] = b[o] + Σᵢ x[…, i]·w[o, i]: the empty window.</summary>
        /// <param name="weight">(out, in).</param>
        /// <param name="bias">(out), or null.</param>
        /// <exception cref="ShapeException">The last axis is not in.</exception>
        public Tensor Linear(Tensor weight, Tensor? bias = null)
        {
            if (weight.Shape.Rank != 2 || x.Shape.Rank == 0 || x.Shape[^1] != weight.Shape[1])
                throw SourceLine.Error($"linear: expected [..., {(weight.Shape.Rank == 2 ? weight.Shape[1] : "in")}] for a weight of shape {weight.Shape}, got {x.Shape}");
            Tensor rows = x.Shape.Rank == 2 ? x : x.Reshape([-1, x.Shape[^1]]);
            Tensor y = rows.Convolve(weight, bias, new Window());
            return x.Shape.Rank == 2 ? y : y.Reshape([.. x.Shape.SkipLast(1), weight.Shape[0]]);
        }

        /// <summary>The matrix product over the last two axes; the axes before them are broadcast (NumPy's and PyTorch's matmul, vectors included).</summary>
        /// <exception cref="ShapeException">The inner sizes differ.</exception>
        public Tensor MatMul(Tensor other)
        {
            if (x.Shape.Rank == 0 || other.Shape.Rank == 0)
                throw SourceLine.Error($"matmul: needs at least one axis on both sides, got {x.Shape} and {other.Shape}");
            if (x.Shape.Rank == 1)
                return x.Unsqueeze(0).MatMul(other).Squeeze(other.Shape.Rank == 1 ? 0 : -2);
            if (other.Shape.Rank == 1)
                return x.MatMul(other.Unsqueeze(1)).Squeeze(-1);
            if (x.Shape[^1] != other.Shape[^2])
                throw SourceLine.Error($"matmul: inner sizes differ: {x.Shape} and {other.Shape} ({x.Shape[^1]} and {other.Shape[^2]})");
            if (other.Shape.Rank == 2)
                return x.Linear(other.Transpose(0, 1));
            // A product for each batch entry: the entries are groups of a convolution over m positions.
            (int m, int k, int n) = (x.Shape[^2], x.Shape[^1], other.Shape[^1]);
            Shape batch = Shape.Broadcast("matmul", Shape.Create(x.Shape.AsSpan()[..^2]), Shape.Create(other.Shape.AsSpan()[..^2]));
            int count = (int)batch.Elements;
            Tensor a = x.BroadcastTo([.. batch, m, k]).Reshape([count, m, k]).Transpose(1, 2).Reshape([1, count * k, m]);
            Tensor b = other.BroadcastTo([.. batch, k, n]).Reshape([count, k, n]).Transpose(1, 2).Reshape([count * n, k, 1]);
            Tensor y = a.Convolve(b, null, new Window(new WindowAxis(1)), Math.Max(count, 1));
            return y.Reshape([count, n, m]).Transpose(1, 2).Reshape([.. batch, m, n]);
        }
    }
}
