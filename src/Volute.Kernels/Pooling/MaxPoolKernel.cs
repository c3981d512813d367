using System.Diagnostics;

namespace Volute.Kernels;

/// <summary>y[n, o, c] = max over the window of o of x[n, i, c], and which i it was.</summary>
/// <remarks>
/// NaN wins over every number; of equal values the first in the order depth, height, width wins. An index is the place (d·H + h)·W + w in the input without
/// padding, as PyTorch counts it. Prepared once, run many times without allocating; the bits of y depend on nothing but x.
/// </remarks>
public sealed unsafe class MaxPoolKernel
{
    // Finished outputs of few channels wait in a buffer of this size; also as much as one unit of work computes of a long row.
    private const int TileElements = 4096, BlockRegisters = 16;

    private readonly ElementType _type;
    private readonly MaxPoolShape _shape;

    /// <summary>Prepares the kernel.</summary>
    /// <param name="type">float32 or float64.</param>
    /// <param name="batch">Images, n.</param>
    /// <param name="channels">Channels, c.</param>
    /// <param name="input">Spatial size of x.</param>
    /// <param name="output">Spatial size of y and of the indices.</param>
    /// <param name="depth">Windows along the depth; the identity below rank 3.</param>
    /// <param name="height">Windows along the height; the identity below rank 2.</param>
    /// <param name="width">Windows along the width.</param>
    /// <param name="x">How x lies in memory.</param>
    /// <param name="y">How y lies in memory; the indices are dense.</param>
    /// <exception cref="InvalidArgumentException">Windows that do not lead from <paramref name="input"/> to <paramref name="output"/>, or a type without fractions.</exception>
    public MaxPoolKernel(ElementType type, int batch, int channels, Extent input, Extent output,
        AxisWindows depth, AxisWindows height, AxisWindows width, MapStrides x, MapStrides y)
    {
        CheckWindows(type, input, output, depth, height, width);
        int lanes = type == ElementType.Float64 ? 1 : Isa.Lanes, registers = Math.Max(1, channels / lanes);
        ChannelBlocks blocks = new(channels, lanes, (registers + BlockRegisters - 1) / BlockRegisters);
        int tile = Math.Clamp(TileElements / blocks.Largest, 1, Math.Max(1, output.Width)), tiles = (output.Width + tile - 1) / tile;
        double taps = (double)depth.Taps * height.Taps * width.Taps * registers * batch;
        _type = type;
        _shape = new()
        {
            Input = input,
            Output = output,
            Channels = channels,
            Depth = depth,
            Height = height,
            Width = width,
            X = x,
            Y = y,
            Indices = MapStrides.Dense(output, channels),
            End = batch == 0 ? 0 : (batch - 1) * x.Batch + (input.Depth - 1) * x.Depth + (input.Height - 1) * x.Height + (input.Width - 1) * x.Width + channels,
            Blocks = blocks,
            Tile = tile,
            Tiles = tiles,
            Units = new((long)batch * output.Depth * output.Height * tiles * blocks.Count, taps),
        };
    }

    /// <summary>Computes y, or the indices, or both, on the team.</summary>
    /// <param name="x">The input map.</param>
    /// <param name="y">The output map; null where only indices are wanted.</param>
    /// <param name="indices">Dense [n][d][h][w][c] of the output's size; null where only values are wanted.</param>
    public void Run(void* x, void* y, int* indices = null)
    {
        Debug.Assert(y != null || indices != null, "neither values nor indices are wanted");
        Kernel kernel = new() { Shape = _shape, X = x, Y = y, Indices = indices };
        Isa.Run(_type, ref kernel);
    }

    internal static void CheckWindows(ElementType type, Extent input, Extent output, AxisWindows depth, AxisWindows height, AxisWindows width)
    {
        if (type == ElementType.Int32)
            throw new InvalidArgumentException($"max pooling needs float32 or float64, got {type.Name()}; convert with To");
        ReadOnlySpan<(AxisWindows Windows, string Axis)> axes = [(depth, "depth"), (height, "height"), (width, "width")];
        for (int axis = 0; axis < 3; axis++)
        {
            var (windows, name) = axes[axis];
            if (windows.Inputs != input[axis] || windows.Outputs != output[axis])
                throw new InvalidArgumentException($"the windows along the {name} lead from {windows.Inputs} to {windows.Outputs} positions, but the maps go from {input[axis]} to {output[axis]}");
        }
    }

    private struct Kernel : ILaneKernel
    {
        public MaxPoolShape Shape;
        public void* X;
        public void* Y;
        public int* Indices;

        public readonly void Run<TLanes, T>() where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
        {
            if (Indices == null)
                Run<TLanes, T, WantsValues>();
            else if (Y == null)
                Run<TLanes, T, WantsPlaces>();
            else
                Run<TLanes, T, WantsBoth>();
        }

        private readonly void Run<TLanes, T, TWanted>() where TLanes : struct, ILanes<TLanes, T> where T : unmanaged where TWanted : struct, IWanted
        {
            MaxPoolRows<TLanes, T, TWanted> rows = new(Shape, (T*)X, (T*)Y, Indices);
            Team.Run(Shape.Units.Chunks, ref rows);
        }
    }
}
