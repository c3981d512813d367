namespace Volute.Kernels;

/// <summary>
/// Each output adds its gradient to the position where its maximum was found. A unit owns a slab of dx and looks at all outputs whose windows reach into it,
/// in their order; what lies outside the slab is another unit's.
/// </summary>
internal readonly unsafe struct MaxPoolScatter<T>(MaxPoolGradientShape shape, int* indices, T* dy, T* dx) : IChunks where T : unmanaged
{
    public void Run(int chunk)
    {
        var (first, end) = shape.Units[chunk];
        for (long unit = first; unit < end; unit++)
        {
            var (rest, slab) = Math.DivRem(unit, shape.Slabs);
            var (n, block) = Math.DivRem(rest, shape.Blocks.Count);
            var (channel, channels) = shape.Blocks[(int)block];
            int size = shape.Input[shape.SlabAxis];
            Scatter((int)(slab * size / shape.Slabs), (int)((slab + 1) * size / shape.Slabs), channels,
                indices + n * shape.Indices.Batch + channel, dy + n * shape.Dy.Batch + channel, dx + n * shape.Dx.Batch + channel);
        }
    }

    private void Scatter(int first, int end, int channels, int* places, T* source, T* target)
    {
        Extent input = shape.Input, output = shape.Output;
        Plane plane = new(input, shape.Dx);
        int unit = (int)(input.Count / input[shape.SlabAxis]), low = first * unit, high = end * unit;
        plane.Clear(target, low, high, channels);
        var (firstDepth, endDepth) = Reaching(shape.Depth, 0, first, end);
        var (firstHeight, endHeight) = Reaching(shape.Height, 1, first, end);
        var (firstWidth, endWidth) = Reaching(shape.Width, 2, first, end);
        for (int od = firstDepth; od < endDepth; od++)
        {
            for (int oh = firstHeight; oh < endHeight; oh++)
            {
                for (int ow = firstWidth; ow < endWidth; ow++)
                {
                    int* place = places + od * shape.Indices.Depth + oh * shape.Indices.Height + ow * shape.Indices.Width;
                    T* gradient = source + od * shape.Dy.Depth + oh * shape.Dy.Height + ow * shape.Dy.Width;
                    for (int c = 0; c < channels; c++)
                    {
                        if (place[c] >= low && place[c] < high)
                            Add(target + plane[place[c]] + c, gradient + c);
                    }
                }
            }
        }
    }

    /// <summary>The outputs whose windows reach into the slab, from the first to the last: all of them along the axes that are not cut.</summary>
    private (int First, int End) Reaching(AxisWindows windows, int axis, int first, int end)
    {
        int from = 0, to = windows.Outputs;
        if (axis != shape.SlabAxis)
            return (from, to);
        while (from < to && windows.First[from] + (windows.Count[from] - 1) * windows.Step < first)
            from++;
        while (to > from && windows.First[to - 1] >= end)
            to--;
        return (from, to);
    }

    private static void Add(T* sum, T* term)
    {
        if (sizeof(T) == sizeof(double))
            *(double*)sum += *(double*)term;
        else
            *(float*)sum += *(float*)term;
    }
}
