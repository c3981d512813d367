namespace Volute.Kernels;

/// <summary>dx[n, i, c] = Σ over the outputs o whose maximum was found at i (indices[n, o, c] = i) of dy[n, o, c]: the gradient of max pooling.</summary>
/// <remarks>
/// Small windows are gathered: each input asks the outputs that see it. Large ones are scattered: each output adds to its input, slab by slab of the input.
/// Either way the order of additions is that of the outputs, on any number of threads. Prepared once, run many times without allocating.
/// </remarks>
public sealed unsafe class MaxPoolGradientKernel
{
    private const int TileElements = 4096, BlockRegisters = 16, MaxRows = 64;

    private readonly ElementType _type;
    private readonly MaxPoolGradientShape _shape;

    /// <summary>Prepares the kernel.</summary>
    /// <param name="type">float32 or float64.</param>
    /// <param name="batch">Images, n.</param>
    /// <param name="channels">Channels, c.</param>
    /// <param name="input">Spatial size of the pooling's input and of dx.</param>
    /// <param name="output">Spatial size of the pooling's output, of the indices and of dy.</param>
    /// <param name="depth">Windows along the depth.</param>
    /// <param name="height">Windows along the height.</param>
    /// <param name="width">Windows along the width.</param>
    /// <param name="dy">How dy lies in memory; the indices are dense.</param>
    /// <param name="dx">How dx lies in memory.</param>
    /// <exception cref="InvalidArgumentException">Windows that do not fit the maps, or a type without fractions.</exception>
    public MaxPoolGradientKernel(ElementType type, int batch, int channels, Extent input, Extent output,
        AxisWindows depth, AxisWindows height, AxisWindows width, MapStrides dy, MapStrides dx)
    {
        MaxPoolKernel.CheckWindows(type, input, output, depth, height, width);
        int lanes = type == ElementType.Float64 ? 1 : Isa.Lanes, registers = Math.Max(1, channels / lanes);
        double seen = (double)depth.Taps * height.Taps * width.Taps;
        // In register operations: a gathered tap is two loads, a comparison, a selection and an addition; a scattered element one of each, alone.
        double gather = batch * registers * (input.Count + 2 * seen), scatter = batch * (2.0 * channels * output.Count + (double)registers * input.Count);
        AxisTaps depthSeen = depth.SeenBy(), heightSeen = height.SeenBy(), widthSeen = width.SeenBy();
        int maxRows = Most(depthSeen) * Most(heightSeen);
        bool isGathered = channels >= lanes && gather <= scatter && maxRows <= MaxRows;
        ChannelBlocks blocks = new(channels, lanes, (registers + BlockRegisters - 1) / BlockRegisters);
        int tile = Math.Clamp(TileElements / blocks.Largest, 1, Math.Max(1, input.Width)), tiles = (input.Width + tile - 1) / tile;
        // Slabs cut the first axis that there is, so that each is a range of indices; a window at a border is looked at twice.
        int axis = input.Depth > 1 ? 0 : input.Height > 1 ? 1 : 2;
        AxisWindows cut = axis == 0 ? depth : axis == 1 ? height : width;
        int overlap = (int)(cut.Taps / cut.Outputs + 1) * cut.Step, slabs = (int)Math.Clamp(16L / Math.Max(1, (long)batch * blocks.Count), 1, 1 + input[axis] / (4L * overlap));
        _type = type;
        _shape = new()
        {
            Input = input,
            Output = output,
            Channels = channels,
            Depth = depth,
            Height = height,
            Width = width,
            DepthSeen = depthSeen,
            HeightSeen = heightSeen,
            WidthSeen = widthSeen,
            Dy = dy,
            Dx = dx,
            Indices = MapStrides.Dense(output, channels),
            Blocks = blocks,
            IsGathered = isGathered,
            MaxRows = maxRows,
            Tile = tile,
            Tiles = tiles,
            SlabAxis = axis,
            Slabs = slabs,
            Units = isGathered
                ? new((long)batch * input.Depth * input.Height * tiles * blocks.Count, gather)
                : new((long)batch * slabs * blocks.Count, scatter),
        };
    }

    /// <summary>Computes dx, all of it, on the team.</summary>
    /// <param name="indices">What <see cref="MaxPoolKernel.Run"/> wrote.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="dx">The gradient of the input.</param>
    public void Run(int* indices, void* dy, void* dx)
    {
        Kernel kernel = new() { Shape = _shape, Indices = indices, Dy = dy, Dx = dx };
        Isa.Run(_type, ref kernel);
    }

    private static int Most(AxisTaps seen)
    {
        int most = 0;
        for (int i = 0; i < seen.Outputs; i++)
            most = Math.Max(most, seen.Starts[i + 1] - seen.Starts[i]);
        return most;
    }

    private struct Kernel : ILaneKernel
    {
        public MaxPoolGradientShape Shape;
        public int* Indices;
        public void* Dy;
        public void* Dx;

        public readonly void Run<TLanes, T>() where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
        {
            if (Shape.IsGathered)
            {
                MaxPoolGather<TLanes, T> rows = new(Shape, Indices, (T*)Dy, (T*)Dx);
                Team.Run(Shape.Units.Chunks, ref rows);
            }
            else
            {
                MaxPoolScatter<T> slabs = new(Shape, Indices, (T*)Dy, (T*)Dx);
                Team.Run(Shape.Units.Chunks, ref slabs);
            }
        }
    }
}

/// <summary>What the loops of a <see cref="MaxPoolGradientKernel"/> need to know.</summary>
internal sealed class MaxPoolGradientShape
{
    public required Extent Input { get; init; }

    public required Extent Output { get; init; }

    public required int Channels { get; init; }

    public required AxisWindows Depth { get; init; }

    public required AxisWindows Height { get; init; }

    public required AxisWindows Width { get; init; }

    /// <summary>For each input of an axis the outputs that see it.</summary>
    public required AxisTaps DepthSeen { get; init; }

    public required AxisTaps HeightSeen { get; init; }

    public required AxisTaps WidthSeen { get; init; }

    public required MapStrides Dy { get; init; }

    public required MapStrides Dx { get; init; }

    public required MapStrides Indices { get; init; }

    public required ChannelBlocks Blocks { get; init; }

    public required bool IsGathered { get; init; }

    /// <summary>Gathering: the most rows of outputs that see one row of inputs.</summary>
    public required int MaxRows { get; init; }

    /// <summary>Gathering: inputs of the width in a tile, the last excepted.</summary>
    public required int Tile { get; init; }

    public required int Tiles { get; init; }

    /// <summary>Scattering: the axis that is cut, the first with more than one input.</summary>
    public required int SlabAxis { get; init; }

    public required int Slabs { get; init; }

    /// <summary>Gathering: one unit is a tile of the width in one block of channels of one row of dx. Scattering: a slab in one block of channels.</summary>
    public required Units Units { get; init; }
}
