namespace Volute.Kernels;

/// <summary>y[n, indices[n, i, c], c] = x[n, i, c], and 0 elsewhere: max unpooling; and its gradient, dx[n, i, c] = dy[n, indices[n, i, c], c].</summary>
/// <remarks>
/// Where an index occurs more than once, the last in the order depth, height, width counts. Indices are dense [n][d][h][w][c] of the input's size.
/// The gradient is also the derivative of <see cref="MaxPoolGradientKernel"/> by dy. Prepared once, run many times without allocating.
/// </remarks>
/// <param name="type">float32 or float64.</param>
/// <param name="batch">Images, n.</param>
/// <param name="channels">Channels, c.</param>
/// <param name="input">Spatial size of x and of the indices.</param>
/// <param name="output">Spatial size of y.</param>
/// <param name="x">How x (and dx) lies in memory.</param>
/// <param name="y">How y (and dy) lies in memory.</param>
public sealed unsafe class MaxUnpoolKernel(ElementType type, int batch, int channels, Extent input, Extent output, MapStrides x, MapStrides y)
{
    /// <summary>A cache line of float32: neighbouring blocks of channels do not write to the same line.</summary>
    private const int BlockChannels = 16;

    private readonly ChannelBlocks _blocks = new(channels, Math.Min(BlockChannels, Math.Max(1, channels)), Math.Max(1, channels / BlockChannels));

    /// <summary>Computes y, all of it, on the team.</summary>
    /// <param name="indices">For each element of x its place (d·H + h)·W + w in y's plane.</param>
    /// <param name="x">The input map.</param>
    /// <param name="y">The output map.</param>
    /// <exception cref="InvalidArgumentException">An index outside y's plane; the message gives it and its place.</exception>
    public void Run(int* indices, void* x, void* y) => Move(indices, x, y, isGradient: false);

    /// <summary>Computes dx, all of it, on the team.</summary>
    /// <param name="indices">As in <see cref="Run"/>.</param>
    /// <param name="dy">The gradient of y.</param>
    /// <param name="dx">The gradient of x.</param>
    /// <exception cref="InvalidArgumentException">An index outside y's plane; the message gives it and its place.</exception>
    public void RunGradient(int* indices, void* dy, void* dx) => Move(indices, dx, dy, isGradient: true);

    private void Move(int* indices, void* x, void* y, bool isGradient)
    {
        CheckIndices(indices);
        Units units = new((long)batch * _blocks.Count, 2.0 * batch * channels * (input.Count + output.Count));
        if (type == ElementType.Float64)
        {
            Moves<double> moves = new(this, units, indices, (double*)x, (double*)y, isGradient);
            Team.Run(units.Chunks, ref moves);
        }
        else
        {
            Moves<float> moves = new(this, units, indices, (float*)x, (float*)y, isGradient);
            Team.Run(units.Chunks, ref moves);
        }
    }

    private void CheckIndices(int* indices)
    {
        long count = batch * input.Count * channels, places = output.Count;
        ReadOnlySpan<int> all = new(indices, (int)count);
        int outside = places > int.MaxValue ? all.IndexOfAnyInRange(int.MinValue, -1) : all.IndexOfAnyExceptInRange(0, (int)places - 1);
        if (outside < 0)
            return;
        var (position, c) = Math.DivRem(outside, channels);
        var (row, w) = Math.DivRem(position, input.Width);
        var (plane, h) = Math.DivRem(row, input.Height);
        var (n, d) = Math.DivRem(plane, input.Depth);
        throw new InvalidArgumentException(
            $"max unpooling cannot put an element at index {indices[outside]}: the output has places 0..{places - 1} ({output.Depth} x {output.Height} x {output.Width}); the index is that of image {n}, channel {c}, position ({d}, {h}, {w})");
    }

    private readonly struct Moves<T>(MaxUnpoolKernel kernel, Units units, int* indices, T* x, T* y, bool isGradient) : IChunks where T : unmanaged
    {
        public void Run(int chunk)
        {
            var (first, end) = units[chunk];
            for (long unit = first; unit < end; unit++)
                Move(unit);
        }

        private void Move(long unit)
        {
            var (n, block) = Math.DivRem(unit, kernel._blocks.Count);
            var (channel, channels) = kernel._blocks[(int)block];
            Plane from = kernel.InputPlane, to = kernel.OutputPlane;
            int* places = indices + (n * from.Count * kernel.Channels) + channel;
            T* source = x + n * kernel.InputBatch + channel, target = y + n * kernel.OutputBatch + channel;
            if (!isGradient)
                to.Clear(target, 0, (int)to.Count, channels);
            for (int i = 0; i < from.Count; i++, places += kernel.Channels)
            {
                T* element = source + from[i];
                for (int c = 0; c < channels; c++)
                {
                    T* place = target + to[places[c]] + c;
                    if (isGradient)
                        element[c] = *place;
                    else
                        *place = element[c];
                }
            }
        }
    }

    private int Channels => channels;

    private Plane InputPlane { get; } = new(input, x);

    private Plane OutputPlane { get; } = new(output, y);

    private long InputBatch => x.Batch;

    private long OutputBatch => y.Batch;
}
