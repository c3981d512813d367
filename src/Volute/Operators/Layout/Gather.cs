using Volute.Kernels;

namespace Volute;

/// <summary>Picking elements by index.</summary>
public static class Gathering
{
    extension(Tensor x)
    {
        /// <summary>y[i₀, …, iₐ, …] = x[i₀, …, indices[i₀, …, iₐ, …], …]: for each place of <paramref name="indices"/> the element of <paramref name="axis"/> that it names.</summary>
        /// <param name="axis">The axis that the indices run over.</param>
        /// <param name="indices">int32, as many axes as x and, but for <paramref name="axis"/>, no larger.</param>
        /// <remarks>Every element of the axis is looked at for every index: meant for short axes, such as the classes of scores.</remarks>
        /// <exception cref="ShapeException">Shapes that do not fit.</exception>
        /// <exception cref="InvalidArgumentException">When evaluated: an index outside the axis.</exception>
        public Tensor Gather(int axis, Tensor indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            axis = x.Shape.Axis(axis);
            if (indices.Type != ElementType.Int32)
                throw SourceLine.Error($"gather: indices must be int32, got {indices.Type.Name()}; convert with To");
            if (indices.Shape.Rank != x.Shape.Rank || Enumerable.Range(0, x.Shape.Rank).Any(i => i != axis && indices.Shape[i] > x.Shape[i]))
                throw SourceLine.Error($"gather: indices of shape {indices.Shape} do not fit shape {x.Shape}: they need {x.Shape.Rank} axes, none larger but axis {axis}");
            int size = x.Shape[axis];
            Tensor hits = indices.Flatten().OneHot(size, null, x.Type).Reshape([.. indices.Shape, size]);
            Tensor lines = x.Unsqueeze(-1).Transpose(axis, -1);
            for (int i = 0; i < x.Shape.Rank; i++)
                lines = i == axis ? lines : lines.Slice(i, 0, indices.Shape[i]);
            return hits.Where(lines, x.Scalar(0)).Sum([-1]);
        }
    }
}
