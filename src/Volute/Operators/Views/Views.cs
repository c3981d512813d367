using Volute.Kernels;

namespace Volute;

/// <summary>Reshape, permute, slice, broadcast and what is made of them: nothing is computed.</summary>
public static class Views
{
    extension(Tensor x)
    {
        /// <summary>The same elements in the same logical (row-major) order under another shape; one size may be −1: what is left.</summary>
        /// <exception cref="ShapeException">The numbers of elements differ.</exception>
        public Tensor Reshape(params int[] sizes)
        {
            int unknown = Array.IndexOf(sizes, -1);
            if (unknown >= 0)
            {
                long known = 1;
                for (int i = 0; i < sizes.Length; i++)
                    known *= i == unknown ? 1 : sizes[i];
                if (known == 0 || x.Shape.Elements % known != 0)
                    throw SourceLine.Error($"reshape: {x.Shape.Elements} elements of shape {x.Shape} cannot fill [{string.Join(", ", sizes)}]");
                sizes = [.. sizes];
                sizes[unknown] = (int)(x.Shape.Elements / known);
            }
            return x.Reshape((Shape)sizes);
        }

        /// <summary>The same elements in the same logical (row-major) order under another shape.</summary>
        /// <exception cref="ShapeException">The numbers of elements differ.</exception>
        public Tensor Reshape(Shape shape) => shape == x.Shape ? x : Tensor.Apply(new Reshape(shape), x);

        /// <summary>Axis i of the result is axis order[i] of this; negative axes count from the end.</summary>
        public Tensor Permute(params int[] order)
        {
            int[] axes = [.. order.Select(x.Shape.Axis)];
            return axes.SequenceEqual(Enumerable.Range(0, x.Shape.Rank)) ? x : Tensor.Apply(new Permute(axes), x);
        }

        /// <summary>The tensor with two axes exchanged.</summary>
        public Tensor Transpose(int a, int b)
        {
            int[] order = [.. Enumerable.Range(0, x.Shape.Rank)];
            (a, b) = (x.Shape.Axis(a), x.Shape.Axis(b));
            (order[a], order[b]) = (order[b], order[a]);
            return x.Permute(order);
        }

        /// <summary>Positions start, start + step, … (count of them) of one axis.</summary>
        /// <exception cref="ShapeException">A position lies outside the axis.</exception>
        public Tensor Slice(int axis, int start, int count, int step = 1)
        {
            axis = x.Shape.Axis(axis);
            return start == 0 && step == 1 && count == x.Shape[axis] ? x : Tensor.Apply(new Slice(axis, start, count, step), x);
        }

        /// <summary>The tensor with an axis turned round.</summary>
        public Tensor Flip(int axis) => x.Slice(axis, x.Shape[x.Shape.Axis(axis)] - 1, x.Shape[x.Shape.Axis(axis)], -1);

        /// <summary>The tensor repeated to <paramref name="shape"/> by NumPy's rule.</summary>
        public Tensor BroadcastTo(Shape shape) => shape == x.Shape ? x : Tensor.Apply(new Broadcast(shape), x);

        /// <summary>The tensor with an axis of size 1 put in at <paramref name="axis"/> (0..rank).</summary>
        public Tensor Unsqueeze(int axis)
        {
            if (axis < -x.Shape.Rank - 1 || axis > x.Shape.Rank)
                throw new InvalidArgumentException($"unsqueeze: axis {axis} is outside {-x.Shape.Rank - 1}..{x.Shape.Rank} of shape {x.Shape}");
            List<int> sizes = [.. x.Shape];
            sizes.Insert(axis < 0 ? axis + x.Shape.Rank + 1 : axis, 1);
            return x.Reshape(sizes.ToArray());
        }

        /// <summary>The tensor without an axis of size 1.</summary>
        public Tensor Squeeze(int axis)
        {
            axis = x.Shape.Axis(axis);
            if (x.Shape[axis] != 1)
                throw SourceLine.Error($"squeeze: axis {axis} of shape {x.Shape} has size {x.Shape[axis]}, not 1");
            List<int> sizes = [.. x.Shape];
            sizes.RemoveAt(axis);
            return x.Reshape(sizes.ToArray());
        }

        /// <summary>Axes <paramref name="first"/> to <paramref name="last"/> joined into one.</summary>
        public Tensor Flatten(int first = 0, int last = -1)
        {
            if (x.Shape.Rank == 0)
                return x.Reshape([1]);
            (first, last) = (x.Shape.Axis(first), x.Shape.Axis(last));
            if (first > last)
                throw new InvalidArgumentException($"flatten: the first axis {first} comes after the last {last} of shape {x.Shape}");
            long joined = Sizes.Product(x.Shape.AsSpan()[first..(last + 1)], "a joined axis");
            return x.Reshape([.. x.Shape.Take(first), (int)joined, .. x.Shape.Skip(last + 1)]);
        }

        /// <summary>The middle of every spatial axis, as large as <paramref name="sizes"/>; an odd rest is cut at the end. Axes 0 and 1 stay whole.</summary>
        /// <exception cref="ShapeException">A size is larger than the axis.</exception>
        public Tensor CenterCrop(params int[] sizes)
        {
            if (sizes.Length != x.Shape.Rank - 2)
                throw SourceLine.Error($"crop: shape {x.Shape} has {x.Shape.Rank - 2} spatial axes, got sizes [{string.Join(", ", sizes)}]");
            Tensor result = x;
            for (int i = 0; i < sizes.Length; i++)
            {
                if (sizes[i] > x.Shape[i + 2])
                    throw SourceLine.Error($"crop: axis {i + 2} of shape {x.Shape} is smaller than {sizes[i]}");
                result = result.Slice(i + 2, (x.Shape[i + 2] - sizes[i]) / 2, sizes[i]);
            }
            return result;
        }

        /// <summary>A scalar of this tensor's type.</summary>
        internal Tensor Scalar(double value) => Tensor.Scalar(value, x.Type);
    }
}
