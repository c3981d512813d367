using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>What one chunk does: rows and columns of positions, which are one part of all, and blocks of sought channels, each from First up to, not including, End.</summary>
internal readonly record struct ChunkSpan(int Part, int FirstRow, int EndRow, int FirstColumn, int EndColumn, int FirstBlock, int EndBlock);

/// <summary>
/// The geometry that the output and the input pass share: each position of the sought map gathers from the given map,
/// sought[m, j] = start[j] + Σ over taps and c of given[m·stride + tap·dilation − pad, c] · w[j, tap, c], phase by phase (<see cref="GatherAxis"/>).
/// </summary>
internal readonly unsafe struct Gather
{
    // Chunks wanted where there is work enough; the least multiply-adds of one, and of one where channels meet few others.
    private const int Chunks = 128, LeastWork = 1 << 19, LeastJoinedWork = 1 << 16;

    // The least positions to read weights for, few or many.
    private const int LeastPositions = 48, ManyLeastPositions = 128, ManyWeights = 1 << 16;

    // So many times the elements of both maps, weights are too large for every thread to read all of them.
    private const int LargeWeights = 4;

    // Weights that leave the first cache room for what a chunk finds, and elements of that: epilogues then read it from there. But no fewer positions than
    // are worth the start of each block: of eight groups of 48 channels a row of 28 took two fifths longer than four rows, of 96 channels of 16 chunks of
    // 100 positions take a tenth longer than chunks of 340.
    private const int FewWeights = 1 << 13, NearResults = 1 << 13, NearPositions = 400;

    // Bytes of both maps from which tiles ask for their lines ahead; below, asking costs more than it brings (measured: a tenth at 9 MB; from 18 on tiles that
    // ask take half the time).
    private const long FarBytes = 12 << 20;

    // The same for what tiles that read in place write: that costs them less.
    private const long FarResultBytes = 6 << 20;

    // Bytes of the sought map from which it is sent to memory past the caches. Measured with 32 MB of last cache, 1->16 channels by 3x3: 16 MB take an
    // eighth longer so, 24 MB an eighth less, 33 MB a sixth less.
    private const long FullBytes = 24 << 20;

    // Rows of a chunk that reads the given map through boxes.
    private const int BoxedRows = 8;

    public readonly GatherAxis[] Depth, Height, Width;
    public readonly int Groups, GivenChannels, SoughtChannels;
    public readonly Extent Given, Sought;
    public readonly MapStrides GivenStrides, SoughtStrides;

    /// <summary>Elements from the given map's start to its end.</summary>
    public readonly long GivenEnd;

    /// <summary>Rows (image, depth, height) of <see cref="Columns"/> positions, each times the phases of its axis.</summary>
    public readonly int Rows, DepthRows, HeightRows, Columns;

    /// <summary>How many given channels a tap multiplies for one sought channel.</summary>
    public readonly int Unit;

    /// <summary>Sought channels of a block, and blocks of a group.</summary>
    public readonly int BlockColumns, Blocks;

    /// <summary>Whether the given map is read through a <see cref="GivenBox{L}"/>.</summary>
    public readonly bool IsBoxed;

    /// <summary>Whether tiles ask ahead for what they will read and write.</summary>
    public readonly bool IsFar;

    /// <summary>Whether tiles that read in place ask for what they will write.</summary>
    public readonly bool FetchesResults;

    /// <summary>Whether the sought map is more than caches hold, and of whole lines.</summary>
    public readonly bool FillsMemory;

    /// <summary>Taps of the whole window.</summary>
    public readonly int Taps;

    private readonly int _heightTaps, _widthTaps;
    private readonly int _rowChunks, _columnChunks, _blockChunks;
    private readonly bool _blocksFirst;

    /// <param name="problem">The convolution.</param>
    /// <param name="pass">Output or input.</param>
    /// <param name="blockColumns">The most sought channels of one tile.</param>
    /// <param name="joined">Lanes reach across groups: their channels are taken as those of one.</param>
    /// <param name="boxed">Whether a <see cref="GivenBox{L}"/> is wanted: a chunk then takes several rows of few blocks rather than few of all.</param>
    public Gather(in ConvolutionProblem problem, Pass pass, int blockColumns, bool joined, bool boxed = false)
    {
        bool output = pass == Pass.Output;
        var window = problem.Window;
        Depth = GatherAxis.Phases(window.Depth, pass, problem.Input.Depth, problem.Output.Depth);
        Height = GatherAxis.Phases(window.Height, pass, problem.Input.Height, problem.Output.Height);
        Width = GatherAxis.Phases(window.Width, pass, problem.Input.Width, problem.Output.Width);
        (IsFar, FetchesResults) = (AreFar(problem), problem.MapBytes >= FarResultBytes);
        (Taps, _heightTaps, _widthTaps) = (window.Taps, window.Height.Kernel, window.Width.Kernel);
        (Given, GivenStrides) = output ? (problem.Input, problem.InputStrides) : (problem.Output, problem.OutputStrides);
        (Sought, SoughtStrides) = output ? (problem.Output, problem.OutputStrides) : (problem.Input, problem.InputStrides);
        (GivenChannels, SoughtChannels) = output ? (problem.GroupInputs, problem.GroupOutputs) : (problem.GroupOutputs, problem.GroupInputs);
        Unit = GivenChannels;
        Groups = joined ? 1 : problem.Groups;
        if (joined)
            (GivenChannels, SoughtChannels) = (GivenChannels * problem.Groups, SoughtChannels * problem.Groups);
        GivenEnd = End(problem.Batch, Given, GivenStrides, Groups * GivenChannels);
        BlockColumns = blockColumns;
        Blocks = (SoughtChannels + blockColumns - 1) / blockColumns;
        FillsMemory = IsFull(problem.Batch * Sought.Count * Groups, SoughtStrides, SoughtChannels) && BlockColumns % Tile.Line == 0;
        (DepthRows, HeightRows, Columns) = (Depth[0].Positions, Height[0].Positions, Width[0].Positions);
        Rows = checked(problem.Batch * DepthRows * HeightRows);

        long positions = (long)Rows * Columns, weights = (long)Groups * SoughtChannels * Taps * Unit;
        double work = Math.Max(1, problem.Multiplies);
        double leastWork = joined ? LeastJoinedWork : LeastWork;
        int least = (int)Math.Clamp(leastWork * positions / work, joined ? 1 : weights > ManyWeights ? ManyLeastPositions : LeastPositions, int.MaxValue);
        if (weights <= FewWeights)
            least = Math.Min(least, Math.Max(NearPositions, NearResults / (Groups * SoughtChannels)));
        int rows = Math.Clamp((least - 1) / Columns + 1, 1, Rows);
        IsBoxed = boxed;
        if (boxed)
            rows = Math.Clamp(BoxedRows, rows, Rows);
        // Whole planes where there is work for them: neighbouring chunks then share no given rows.
        if (rows > HeightRows / 2)
            rows = (rows + HeightRows / 2) / HeightRows * HeightRows;
        _rowChunks = (Rows - 1) / rows + 1;
        _columnChunks = rows > 1 ? 1 : Math.Clamp(Columns / least, 1, Math.Max(1, Chunks / _rowChunks));
        double chunks = (double)_rowChunks * _columnChunks;
        _blocksFirst = weights > LargeWeights * positions * Groups * (GivenChannels + SoughtChannels);
        _blockChunks = (int)Math.Clamp(Math.Min(work / chunks / leastWork, Chunks / chunks), 1, Groups * Blocks);
    }

    /// <summary>Whether the maps are too large for tiles to find their lines in the caches.</summary>
    public static bool AreFar(in ConvolutionProblem problem) => problem.MapBytes >= FarBytes;

    /// <summary>Whether a sought map of so many positions, times groups of so many channels, is more than caches hold, and of whole lines.</summary>
    public static bool IsFull(long positions, MapStrides strides, int channels)
    {
        var (batch, depth, height, width) = strides;
        return positions * channels * sizeof(float) >= FullBytes && (batch | depth | height | width | (long)channels) % Tile.Line == 0;
    }

    /// <summary>Whether both maps are one position, which one tap meets.</summary>
    public bool IsOnePosition => (long)Rows * Columns * Taps * Given.Count * Sought.Count == 1;

    /// <summary>All chunks of the pass.</summary>
    public int ChunkCount => checked(_rowChunks * _columnChunks * _blockChunks);

    /// <summary>Parts of the positions: chunks of the same part differ in their channels.</summary>
    public int Parts => checked(_rowChunks * _columnChunks);

    /// <summary>What chunk <paramref name="chunk"/> does; neighbouring chunks share their positions, or large weights.</summary>
    public ChunkSpan Chunk(int chunk)
    {
        var (block, part) = _blocksFirst ? Math.DivRem(chunk, Parts) : (chunk % _blockChunks, chunk / _blockChunks);
        var (row, column) = Math.DivRem(part, _columnChunks);
        return new(part, Part(Rows, row, _rowChunks), Part(Rows, row + 1, _rowChunks),
            Part(Columns, column, _columnChunks), Part(Columns, column + 1, _columnChunks),
            Part(Groups * Blocks, block, _blockChunks), Part(Groups * Blocks, block + 1, _blockChunks));
    }

    /// <summary>Where part <paramref name="part"/> of <paramref name="parts"/> nearly equal parts of 0..count begins.</summary>
    public static int Part(int count, int part, int parts) => (int)((long)count * part / parts);

    /// <summary>One past the last element of a map.</summary>
    public static long End(int batch, Extent extent, MapStrides strides, int channels)
        => strides.Offset(batch - 1, extent.Depth - 1, extent.Height - 1, extent.Width - 1) + channels;

    /// <summary>Columns of the packed weights of one group: blocks padded to <paramref name="lanes"/>.</summary>
    public long PaddedColumns(int lanes)
    {
        int before = (Blocks - 1) * BlockColumns;
        return before + (SoughtChannels - before + lanes - 1) / lanes * lanes;
    }

    /// <summary>Elements of the packed weights.</summary>
    public long PackedCount(int lanes) => Groups * PaddedColumns(lanes) * Taps * Unit;

    /// <summary>Where the packed weights of a phase, group and block begin; <paramref name="channel"/> is the block's first in its group.</summary>
    public long PanelOffset(in GatherAxis depth, in GatherAxis height, in GatherAxis width, int group, int channel, int lanes)
    {
        long taps = (long)depth.Window.Kernel * height.Window.Kernel * width.Window.Kernel, columns = PaddedColumns(lanes);
        return (TapsBefore(depth, height, width) * Groups * columns + (group * columns + channel) * taps) * Unit;
    }

    /// <summary>The same in the weights of one block alone, padded to <paramref name="columns"/>.</summary>
    public long BlockPanelOffset(in GatherAxis depth, in GatherAxis height, in GatherAxis width, nint columns) => TapsBefore(depth, height, width) * columns * Unit;

    /// <summary>Elements of the packed weights of one block at most.</summary>
    public long BlockCount(int lanes) => (long)Taps * Unit * Math.Min(BlockColumns, PaddedColumns(lanes));

    /// <summary>Taps of the phases before this one.</summary>
    public long TapsBefore(in GatherAxis depth, in GatherAxis height, in GatherAxis width)
        => depth.TapsBefore * (long)_heightTaps * _widthTaps
            + depth.Window.Kernel * (height.TapsBefore * (long)_widthTaps + height.Window.Kernel * (long)width.TapsBefore);

    /// <summary>Ends a chunk with the epilogue, if there is one.</summary>
    [SkipLocalsInit]
    public void End<L>(in Epilogue epilogue, float* sought, in ChunkSpan span) where L : struct, ILanes<L, float>
    {
        if (epilogue.IsNone)
            return;
        int channel = Channel(span.FirstBlock), channels = Channel(span.EndBlock) - channel;
        byte* room = stackalloc byte[ChunkEnd<L>.RoomBytes(epilogue, channels)];
        ChunkEnd<L> end = new(epilogue, span.Part, channel, channels, room);
        Apply(ref end, sought, span);
        end.Finish();
    }

    /// <summary>Applies the end of a chunk to what is finished of it, in the longest runs that lie side by side.</summary>
    public void Apply<L>(ref ChunkEnd<L> end, float* sought, in ChunkSpan span) where L : struct, ILanes<L, float>
    {
        int firstChannel = Channel(span.FirstBlock), channels = Channel(span.EndBlock) - firstChannel;
        int step = Width[0].Step, first = span.FirstColumn * step, last = Math.Min(span.EndColumn * step, Sought.Width);
        bool whole = channels == SoughtStrides.Width;
        for (int row = span.FirstRow; row < span.EndRow; row++)
        {
            var (rest, h) = Math.DivRem(row, HeightRows);
            var (n, d) = Math.DivRem(rest, DepthRows);
            foreach (ref readonly var depth in Depth.AsSpan())
                foreach (ref readonly var height in Height.AsSpan())
                {
                    if (d >= depth.Positions || h >= height.Positions)
                        continue;
                    float* values = sought + firstChannel
                        + SoughtStrides.Offset(n, depth.First + (long)d * depth.Step, height.First + (long)h * height.Step, first);
                    if (whole)
                        end.Apply(values, (long)(last - first) * channels);
                    for (int w = first; w < last && !whole; w++, values += SoughtStrides.Width)
                        end.Apply(values, channels);
                }
        }
    }

    /// <summary>Where rows from <paramref name="row"/> on end: at most so many, of one slice of an image.</summary>
    public int EndRow(in ChunkSpan span, int row, int rows) => (int)Math.Min(span.EndRow, Math.Min((long)row + rows, (row / HeightRows + 1L) * HeightRows));

    /// <summary>The first sought channel of a block, of all groups.</summary>
    public int Channel(int block) => block / Blocks * SoughtChannels + block % Blocks * BlockColumns;
}
