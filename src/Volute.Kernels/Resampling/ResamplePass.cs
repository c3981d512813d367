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

    // Register operations in a chunk: several microseconds, beside which handing it out costs nothing.
    private const double ChunkWork = 16384;

    public ResamplePass(ElementType type, int batch, int channels, AxisTaps depth, AxisTaps height, AxisTaps width, MapStrides x, MapStrides y)
    {
        (Type, Batch, Channels, X, Y) = (type, batch, channels, x, y);
        int lanes = type == ElementType.Float64 ? 1 : Isa.Lanes, registers = Math.Max(1, channels / lanes);
        int reach = WidthTiles.LongestReach(width), rowElements = RowBytes / type.Bytes();
        int blocks = (registers + MaxBlockRegisters - 1) / MaxBlockRegisters;
        while (registers / blocks > MinBlockRegisters && 2L * reach * channels > (long)rowElements * blocks)
            blocks++;
        BlockRegisters = (registers + blocks - 1) / blocks;
        Blocks = (registers + BlockRegisters - 1) / BlockRegisters;
        Block = Blocks == 1 ? channels : BlockRegisters * lanes;
        BlockStride = Math.Max(Block, channels - (Blocks - 1) * Block);
        IsNarrow = channels < lanes;
        Depth = new(depth, x.Depth, type);
        Height = new(height, x.Height, type);
        Width = new(width, x.Width, type);
        WidthInBuffer = new(width, BlockStride, type);
        Tiles = new(width, Math.Max(1, rowElements / BlockStride), Math.Max(1, OutputBytes / type.Bytes() / BlockStride));

        double rows = (double)depth.Positions.Length / depth.Outputs * height.Positions.Length / height.Outputs, taps = width.Positions.Length;
        double perPosition = (double)channels / lanes, perOutput = Math.Max(1, perPosition);
        double byRows = (rows + 1) * Tiles.InputsRead * perPosition + taps * perOutput, nested = rows * taps * perOutput;
        IsNested = !IsNarrow && nested <= byRows;
        Cost = (long)batch * depth.Outputs * height.Outputs * (IsNested ? nested : byRows);
        Units = (long)batch * depth.Outputs * height.Outputs * Tiles.Tiles.Length * Blocks;
        UnitsPerChunk = (long)Math.Max(Math.Ceiling(Units / (double)(1 << 20)), Math.Clamp(Math.Floor(ChunkWork * Units / Math.Max(1, Cost)), 1, Math.Max(1, Units)));
        Chunks = (int)((Units + UnitsPerChunk - 1) / UnitsPerChunk);
        RowBufferElements = IsNested ? 0 : (int)Math.Min((long)Tiles.Steps.Select(s => s.Inputs).DefaultIfEmpty(0).Max() * BlockStride, rowElements + BlockStride) + lanes;
        OutputBufferElements = IsNested ? 0 : OutputBytes / type.Bytes() + BlockStride + lanes;
    }

    public ElementType Type { get; }

    public int Batch { get; }

    public int Channels { get; }

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

    /// <summary>Blocks of channels; the last one takes what is over.</summary>
    public int Blocks { get; }

    /// <summary>Whole registers of a block.</summary>
    private int BlockRegisters { get; }

    /// <summary>Channels of every block but the last.</summary>
    public int Block { get; }

    /// <summary>Elements between positions in the buffers: the channels of the largest block.</summary>
    public int BlockStride { get; }

    /// <summary>Fewer channels than lanes: registers then lie across positions while rows are summed, and overlap while outputs are.</summary>
    public bool IsNarrow { get; }

    public bool IsNested { get; }

    /// <summary>Estimated register operations.</summary>
    public double Cost { get; }

    /// <summary>One unit is a tile of the width in one block of channels of one row of y; rows run fastest, so that neighbours share what they read.</summary>
    public long Units { get; }

    public long UnitsPerChunk { get; }

    public int Chunks { get; }

    /// <summary>The summed row, and a register of slack behind it.</summary>
    public int RowBufferElements { get; }

    /// <summary>Outputs before they are copied to y, and a register of slack behind them.</summary>
    public int OutputBufferElements { get; }

    public unsafe void Run(void* x, void* y)
    {
        Kernel kernel = new() { Pass = this, X = x, Y = y };
        Isa.Run(Type, ref kernel);
    }

    private unsafe struct Kernel : ILaneKernel
    {
        public ResamplePass Pass;
        public void* X;
        public void* Y;

        public readonly void Run<TLanes, T>() where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
        {
            ResampleRows<TLanes, T> rows = new(Pass, (T*)X, (T*)Y);
            Team.Run(Pass.Chunks, ref rows);
        }
    }
}
