using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>y[n, c, d…] = on where c = labels[n, d…], else off; all zeros where the label is the ignored one.</summary>
public sealed unsafe class OneHotKernel
{
    private const int ChunkElements = 16384;

    private readonly ElementType _type;
    private readonly Layout _labels;
    private readonly int _classes;
    private readonly long _stride;
    private readonly int? _ignore;
    private readonly double _on, _off;
    private readonly Tiling _tiling;
    private readonly int _tilesPerChunk, _chunks;

    /// <summary>Prepares y [n, c, d…] from int32 labels [n, d…].</summary>
    /// <param name="type">float32 or float64, of y.</param>
    /// <param name="y">The layout of y.</param>
    /// <param name="labels">The layout of the labels.</param>
    /// <param name="ignore">A label to leave out, or null.</param>
    /// <param name="on">What stands at the label's class.</param>
    /// <param name="off">What stands at every other class.</param>
    /// <exception cref="ShapeException">y has not the shape of the labels with the classes as axis 1.</exception>
    public OneHotKernel(ElementType type, Layout y, Layout labels, int? ignore = null, double on = 1, double off = 0)
    {
        Span<int> withoutClasses = stackalloc int[Math.Max(0, y.Rank - 1)];
        for (int axis = 0; axis < withoutClasses.Length; axis++)
            withoutClasses[axis] = axis == 0 ? 0 : axis + 1;
        Layout positions = y.Rank < 2 ? y : y.Permute(withoutClasses);
        if (y.Rank < 2 || positions.ToString() != labels.ToString())
            throw new ShapeException($"one-hot y must be the labels {labels} with the classes as axis 1, got {y}");
        (_type, _labels, _classes, _stride, _ignore, _on, _off) = (type, labels, y.Size(1), y.Stride(1), ignore, on, off);
        // A tile is a run of positions along the innermost axis.
        LoopNest nest = new(positions, labels);
        _tiling = new(nest, Math.Clamp(nest.Sizes[0], 1, 1024));
        _tilesPerChunk = (int)Math.Max(1, ChunkElements / Math.Max(1, _tiling.Elements * Math.Max(1, _classes)));
        _chunks = checked((int)((_tiling.Count + _tilesPerChunk - 1) / _tilesPerChunk));
    }

    /// <summary>Computes y.</summary>
    /// <exception cref="InvalidArgumentException">A label is no class and not the ignored one; y is then not to be used.</exception>
    public void Run(void* y, int* labels)
    {
        bool isWrong = _type == ElementType.Float64 ? Run((double*)y, labels, _on, _off) : Run((float*)y, labels, (float)_on, (float)_off);
        if (isWrong)
            ThrowFirstWrong(labels);
    }

    private bool Run<T>(T* y, int* labels, T on, T off) where T : unmanaged
    {
        int wrong = 0;
        Chunk<T> chunk = new(this, y, labels, on, off, &wrong);
        Team.Run(_chunks, ref chunk);
        return wrong != 0;
    }

    private void ThrowFirstWrong(int* labels)
    {
        Span<int> index = stackalloc int[_labels.Rank];
        while (true)
        {
            long at = _labels.Offset;
            for (int axis = 0; axis < index.Length; axis++)
                at += index[axis] * _labels.Stride(axis);
            if ((uint)labels[at] >= (uint)_classes && labels[at] != _ignore)
            {
                string position = index.Length == 1 ? "" : $", position [{string.Join(", ", index[1..].ToArray())}]";
                string ignored = _ignore is { } ignore ? $", or {ignore} to be ignored" : "";
                throw new InvalidArgumentException(
                    $"label {labels[at]} at sample {index[0]}{position} is outside 0..{_classes - 1}: a label is the number of a class{ignored}");
            }
            for (int axis = index.Length - 1; ++index[axis] == _labels.Size(axis); axis--)
                index[axis] = 0;
        }
    }

    private readonly struct Chunk<T>(OneHotKernel kernel, T* y, int* labels, T on, T off, int* wrong) : IChunks where T : unmanaged
    {
        public void Run(int chunk)
        {
            Tiling tiling = kernel._tiling;
            long yStride = tiling.Nest.Strides(0)[0], labelStride = tiling.Nest.Strides(1)[0];
            long first = (long)chunk * kernel._tilesPerChunk, end = Math.Min(first + kernel._tilesPerChunk, tiling.Count);
            TileCursor cursor = new(tiling, first);
            for (long tile = first; tile < end; tile++, cursor.Next())
            {
                T* to = y + cursor.Position(0);
                int* from = labels + cursor.Position(1);
                for (long i = tiling.Inner * cursor.Length; i > 0; i--, to += yStride, from += labelStride)
                    Position(to, *from);
            }
        }

        private void Position(T* to, int label)
        {
            bool isClass = (uint)label < (uint)kernel._classes && label != kernel._ignore;
            T rest = isClass ? off : default;
            StridedCopy.Row(to, kernel._stride, &rest, 0, kernel._classes);
            if (isClass)
                to[label * kernel._stride] = on;
            else if (label != kernel._ignore)
                Volatile.Write(ref *wrong, 1);
        }
    }
}
