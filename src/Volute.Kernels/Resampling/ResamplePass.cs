namespace Volute.Kernels;

/// <summary>
/// y[n, o, c] = Σ wd·wh·ww · x[n, i, c] in one pass over y, row by row. Either each output sums all its taps at once ("nested"), or the rows of x that a
/// row of y reads are first summed into a buffer, of which the outputs then sum the width's taps ("by rows"): whichever reads less.
/// </summary>
internal sealed class ResamplePass
{
    // The first level of cache holds 32 KiB or more: the summed row takes that at most, finished outputs half of it.
    private const int RowBytes = 32 << 10, OutputBytes = 16 << 10;

    // A block of channels long enough to be read at memory speed, short enough that a buffer holds many positions.
    private const int MaxBlockRegisters = 16, MinBlockRegisters = 4;

    public ResamplePass(ElementType type, int batch, int channels, AxisTaps depth, AxisTaps height, AxisTaps width, MapStrides x, MapStrides y)
    {
        (Type, X, Y) = (type, x, y);
        int lanes = type == ElementType.Float64 ? 1 : Isa.Lanes, registers = Math.Max(1, channels / lanes);
        int reach = WidthTiles.LongestReach(width), rowElements = RowBytes / type.Bytes();
        int blocks = (registers + MaxBlockRegisters - 1) / MaxBlockRegisters;
        while (registers / blocks > MinBlockRegisters && 2L * reach * channels > (long)rowElements * blocks)
            blocks++;
        Blocks = new(channels, lanes, blocks);
        int stride = Blocks.Largest;
        IsNarrow = channels < lanes;
        Depth = new(depth, x.Depth, type);
        Height = new(height, x.Height, type);
        Width = new(width, x.Width, type);
        WidthInBuffer = new(width, stride, type);
        Tiles = new(width, Math.Max(1, rowElements / stride), Math.Max(1, OutputBytes / type.Bytes() / stride));

        double rows = (double)depth.Positions.Length / depth.Outputs * height.Positions.Length / height.Outputs, taps = width.Positions.Length;
        double perPosition = (double)channels / lanes, perOutput = Math.Max(1, perPosition);
        double byRows = (rows + 1) * Tiles.InputsRead * perPosition + taps * perOutput, nested = rows * taps * perOutput;
        IsNested = !IsNarrow && nested <= byRows;
        Cost = (long)batch * depth.Outputs * height.Outputs * (IsNested ? nested : byRows);
        Units = new((long)batch * depth.Outputs * height.Outputs * Tiles.Tiles.Length * Blocks.Count, Cost);
        RowBufferElements = IsNested ? 0 : (int)Math.Min((long)Tiles.Steps.Select(s => s.Inputs).DefaultIfEmpty(0).Max() * stride, rowElements + stride) + lanes;
        OutputBufferElements = IsNested ? 0 : OutputBytes / type.Bytes() + stride + lanes;
    }

    public ElementType Type { get; }

    public MapStrides X { get; }

    public MapStrides Y { get; }

    /// <summary>Taps of the depth axis, as offsets in x.</summary>
    public PinnedTaps Depth { get; }

    /// <summary>Taps of the height axis, as offsets in x.</summary>
    public PinnedTaps Height { get; }

    /// <summary>Taps of the width axis, as offsets in x.</summary>
    public PinnedTaps Width { get; }

    /// <summary>Taps of the width axis, as offsets in the row buffer.</summary>
    public PinnedTaps WidthInBuffer { get; }

    public WidthTiles Tiles { get; }

    /// <summary>Blocks of channels; the largest is also the step between positions in the buffers.</summary>
    public ChannelBlocks Blocks { get; }

    /// <summary>Fewer channels than lanes: registers then lie across positions while rows are summed, and overlap while outputs are.</summary>
    public bool IsNarrow { get; }

    public bool IsNested { get; }

    /// <summary>Estimated register operations.</summary>
    public double Cost { get; }

    /// <summary>One unit is a tile of the width in one block of channels of one row of y; rows run fastest, so that neighbours share what they read.</summary>
    public Units Units { get; }

    /// <summary>The summed row, and a register of slack behind it.</summary>
    public int RowBufferElements { get; }

    /// <summary>Outputs before they are copied to y, and a register of slack behind them.</summary>
    public int OutputBufferElements { get; }

    public unsafe void Run(void* x, void* y)
    {
        Kernel kernel = new() { Pass = this, X = x, Y = y };
        Isa.Run(Type, ref kernel);
        GC.KeepAlive(this); // the pinned taps are only pointed to
    }

    private unsafe struct Kernel : ILaneKernel
    {
        public ResamplePass Pass;
        public void* X;
        public void* Y;

        public readonly void Run<TLanes, T>() where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
        {
            ResampleRows<TLanes, T> rows = new(Pass, (T*)X, (T*)Y);
            Team.Run(Pass.Units.Chunks, ref rows);
        }
    }
}
