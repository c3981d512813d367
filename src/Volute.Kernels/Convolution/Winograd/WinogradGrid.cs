namespace Volute.Kernels;

/// <summary>
/// How the output pass, or a phase of the input pass, is cut for F(m, r): the sought map in tiles of m × m positions (<see cref="WinogradTiles"/>), tiles in
/// blocks that a chunk takes through all three steps while they are in cache, and the sought channels in slices where blocks alone are too few for the team.
/// </summary>
/// <remarks>
/// Both passes gather (<see cref="GatherAxis"/>): the input pass is the output pass with taps turned round, at stride s for each of s² phases of its own. Taps
/// of depth are no part of the transform: their products are added up between the nodes, as are those of the phases that stride s has in the output pass
/// (<see cref="WinogradPhase"/>).
/// </remarks>
internal readonly struct WinogradGrid
{
    // Nodes of a block, in elements: about the second cache. Tiles that make reading the weights worth while; the least of them where the weights lie in
    // cache, and the blocks for which so few are taken. Chunks wanted, and the least channels of a slice.
    private const int BlockElements = 300_000, LeastTiles = 28, MostTiles = 112, FewTiles = 14, FewBlocks = 4, Chunks = 12, LeastSlice = 64;

    // Elements from which weights at their nodes are large, and up to which all nodes of the map are small; and how much larger than the weights they may be.
    private const long WideWeights = 1 << 20, WideNodes = 16 << 20, WideRatio = 4;

    // Bytes of both maps from which transforms ask for their lines ahead: a second cache.
    private const long FarBytes = 1 << 20;

    // Given channels whose weights are at their nodes at a time where weights go there just before use, for one tap of depth.
    private const int WideChannels = 128, LeastWideChannels = 16;

    public readonly GatherAxis Depth, Height, Width;
    public readonly int Batch, Groups, GivenChannels, SoughtChannels, Nodes, Lanes;
    public readonly Extent Given, Sought, Tiles;
    public readonly WinogradTiles TilesHigh, TilesWide;
    public readonly MapStrides GivenStrides, SoughtStrides;

    /// <summary>The transform along both axes.</summary>
    public readonly WinogradSize HeightSize, WidthSize;

    /// <summary>Where in the sought map the positions of the phase begin.</summary>
    public readonly long SoughtStart;

    /// <summary>Steps between tiles in a plane of nodes: whole vectors, never a multiple of the cache's period.</summary>
    public readonly int GivenRow, SoughtRow;

    /// <summary>Whether the weights are large and the map small: all tiles are taken to their nodes at once, and weights just before they are used.</summary>
    public readonly bool IsWide;

    /// <summary>Whether transforms ask ahead for what they will read and write.</summary>
    public readonly bool IsFar;

    /// <summary>Whether the sought map is more than caches hold, and of whole lines.</summary>
    public readonly bool FillsMemory;

    private readonly int _depthBlocks, _tileBlocks, _slices;

    public WinogradGrid(in ConvolutionProblem problem, Pass pass, int phase, WinogradSize height, WinogradSize width)
    {
        bool output = pass == Pass.Output;
        var window = problem.Window;
        var depths = GatherAxis.Phases(window.Depth, pass, problem.Input.Depth, problem.Output.Depth);
        var heights = GatherAxis.Phases(window.Height, pass, problem.Input.Height, problem.Output.Height);
        var widths = GatherAxis.Phases(window.Width, pass, problem.Input.Width, problem.Output.Width);
        (Depth, Height, Width) = (depths[phase / widths.Length / heights.Length], heights[phase / widths.Length % heights.Length], widths[phase % widths.Length]);
        (Given, GivenStrides) = output ? (problem.Input, problem.InputStrides) : (problem.Output, problem.OutputStrides);
        MapStrides sought = output ? problem.OutputStrides : problem.InputStrides;
        (Sought, SoughtStart) = (new(Depth.Positions, Height.Positions, Width.Positions), sought.Offset(0, Depth.First, Height.First, Width.First));
        SoughtStrides = new(sought.Batch, sought.Depth * Depth.Step, sought.Height * Height.Step, sought.Width * Width.Step);
        (GivenChannels, SoughtChannels) = output ? (problem.GroupInputs, problem.GroupOutputs) : (problem.GroupOutputs, problem.GroupInputs);
        (Batch, Groups, HeightSize, WidthSize, Nodes, Lanes) = (problem.Batch, problem.Groups, height, width, height.Nodes * width.Nodes, Isa.Lanes);
        (TilesHigh, TilesWide) = (new(Sought.Height, height.Outputs, Height.Window.Dilation), new(Sought.Width, width.Outputs, Width.Window.Dilation));
        Tiles = new(Sought.Depth, TilesHigh.Count, TilesWide.Count);
        (GivenRow, SoughtRow) = (Row(GivenChannels), Row(SoughtChannels));

        IsFar = AreFar(problem);
        FillsMemory = Gather.IsFull(problem.Batch * (output ? problem.Output : problem.Input).Count * Groups, SoughtStrides, SoughtChannels);
        long weights = PackedCount / GivenPhases;
        IsWide = Batch == 1 && Groups == 1 && weights > WideWeights && Nodes * WideStep <= Math.Min(WideNodes, WideRatio * weights);

        int perTile = Nodes * (GivenRow + SoughtRow), plane = Tiles.Height * Tiles.Width, taps = Depth.Window.Kernel;
        bool large = (long)GivenPhases * GivenChannels * SoughtChannels * Nodes > BlockElements;
        // Sums that several phases add to are read as often, so they are to lie near.
        int tiles = Math.Clamp(BlockElements / perTile, large && GivenPhases == 1 ? 2 * LeastTiles : LeastTiles, MostTiles);
        // Several planes of depth share what their taps have in common; and small planes are taken together.
        int planes = Math.Min(Sought.Depth, Math.Max(taps > 1 ? 4 : 1, tiles / plane));
        _depthBlocks = (Sought.Depth - 1) / planes + 1;
        _tileBlocks = Math.Max(1, plane * planes / tiles);
        if (!large)
        {
            // Planes of fewer tiles than that are shared out themselves.
            int few = Math.Min((FewBlocks - 1) / (Batch * _depthBlocks) + 1, plane * planes / FewTiles);
            _tileBlocks = Math.Max(_tileBlocks, Math.Min(few, plane));
            _depthBlocks = Math.Min(Sought.Depth, _depthBlocks * Math.Max(1, few / _tileBlocks));
        }
        int blocks = Batch * _depthBlocks * _tileBlocks;
        _slices = Math.Clamp(Math.Min(Chunks / blocks, SoughtChannels / LeastSlice), 1, Blocks);
    }

    /// <summary>Whether the maps are too large for the second cache to hold them for the transforms.</summary>
    public static bool AreFar(in ConvolutionProblem problem) => problem.MapBytes >= FarBytes;

    /// <summary>How many phases the pass has, each with a grid of its own.</summary>
    public static int Count(in ConvolutionProblem problem, Pass pass)
        => GatherAxis.Phases(problem.Window.Depth, pass, problem.Input.Depth, problem.Output.Depth).Length
            * GatherAxis.Phases(problem.Window.Height, pass, problem.Input.Height, problem.Output.Height).Length
            * GatherAxis.Phases(problem.Window.Width, pass, problem.Input.Width, problem.Output.Width).Length;

    /// <summary>Phases of the given map whose products are added up, those of the width fastest.</summary>
    public int GivenPhases => WinogradPhase.Count(Height.Window, HeightSize.Taps) * WidePhases;

    private int WidePhases => WinogradPhase.Count(Width.Window, WidthSize.Taps);

    /// <summary>The phase of the given map along both axes.</summary>
    public (WinogradPhase High, WinogradPhase Wide) Phase(int phase)
    {
        var (high, wide) = Math.DivRem(phase, WidePhases);
        return (WinogradPhase.Of(Height.Window, high, HeightSize.Taps, Given.Height), WinogradPhase.Of(Width.Window, wide, WidthSize.Taps, Given.Width));
    }

    /// <summary>Whether a phase has a product at a node.</summary>
    public bool Uses(int phase, int node)
    {
        var (high, wide) = Math.DivRem(phase, WidePhases);
        var (row, column) = Math.DivRem(node, WidthSize.Nodes);
        return row < HeightSize.UsedNodes(WinogradPhase.TapsOf(Height.Window, high, HeightSize.Taps))
            && column < WidthSize.UsedNodes(WinogradPhase.TapsOf(Width.Window, wide, WidthSize.Taps));
    }

    /// <summary>Blocks of two vectors of sought channels.</summary>
    public int Blocks => (SoughtChannels - 1) / (2 * Lanes) + 1;

    /// <summary>All chunks.</summary>
    public int ChunkCount => checked(Batch * _depthBlocks * _tileBlocks * Groups * _slices);

    /// <summary>Parts of the positions: where weights go to their nodes just before use, chunks are channels alone.</summary>
    public int Parts => IsWide ? 1 : Batch * _depthBlocks * _tileBlocks;

    /// <summary>The image, planes, tiles of a plane, group and blocks of sought channels of a chunk; neighbours share their weights.</summary>
    public WinogradSpan Chunk(int chunk)
    {
        (int slice, int part) = Math.DivRem(chunk, Batch * _depthBlocks * _tileBlocks);
        (int group, slice) = Math.DivRem(slice, _slices);
        (int place, int tile) = Math.DivRem(part, _tileBlocks);
        var (image, plane) = Math.DivRem(place, _depthBlocks);
        int tiles = Tiles.Height * Tiles.Width;
        return new(image, group, Gather.Part(Sought.Depth, plane, _depthBlocks), Gather.Part(Sought.Depth, plane + 1, _depthBlocks),
            Gather.Part(tiles, tile, _tileBlocks), Gather.Part(tiles, tile + 1, _tileBlocks),
            Gather.Part(Blocks, slice, _slices), Gather.Part(Blocks, slice + 1, _slices))
        { Part = part };
    }

    /// <summary>Parts of the given channels that wide products take one after the other: [node][phase][part][plane][tile][channel of the part].</summary>
    public int WideParts => (GivenChannels - 1) / Math.Max(LeastWideChannels, WideChannels / Depth.Window.Kernel) + 1;

    /// <summary>The most channels of a part.</summary>
    public int WidePart => (GivenChannels - 1) / WideParts + 1;

    /// <summary>Steps between the parts of a node.</summary>
    public long WidePartStep => (long)Given.Depth * Tiles.Height * Tiles.Width * Row(WidePart);

    /// <summary>Steps between the nodes of all given tiles.</summary>
    public long WideStep => NodeStep((long)GivenPhases * WideParts * Given.Depth * Tiles.Height * Tiles.Width, Row(WidePart));

    /// <summary>Elements of the nodes of all given tiles, where they are made at once.</summary>
    public long WideCount => IsWide ? Nodes * WideStep : 0;

    /// <summary>Elements of the weights that are packed for many runs.</summary>
    public long KeptCount => IsWide ? 0 : PackedCount;

    /// <summary>Elements of scratch that one chunk needs: the bias, and nodes of its given and its sought tiles.</summary>
    public long ScratchCount
    {
        get
        {
            long tiles = ((long)Tiles.Height * Tiles.Width - 1) / _tileBlocks + 1, planes = (Sought.Depth - 1) / _depthBlocks + 1;
            long given = Math.Min(Given.Depth, (planes - 1) * Depth.Window.Stride + Depth.Window.Reach), blocks = (Blocks - 1) / _slices + 1;
            return SoughtRow + Nodes * (NodeStep(given * tiles, GivenRow) + NodeStep(planes * tiles, Row((int)Math.Min(SoughtChannels, blocks * 2 * Lanes))));
        }
    }

    /// <summary>Steps between nodes: a little apart from the multiples of 4096 bytes, which would all fall into one set of the cache.</summary>
    public static long NodeStep(long tiles, int row) => (tiles * row + 1023) / 1024 * 1024 + 80;

    /// <summary>Channels in whole vectors of 16, an odd number of them.</summary>
    public static int Row(int channels) => (((channels + 15) / 16) | 1) * 16;

    /// <summary>Elements of the weights of one node, phase, group and block, and of all: [group][block][phase][node][tap of depth][given channel][lane].</summary>
    public long NodePanel(int block) => (long)Depth.Window.Kernel * GivenChannels * PaddedColumns(block);

    /// <summary>Where the panels of a group and block begin, phase by phase.</summary>
    public long PanelOffset(int group, int block)
        => (long)GivenPhases * Nodes * (group * GroupPanel + (long)Depth.Window.Kernel * GivenChannels * block * 2 * Lanes);

    /// <summary>Elements of all packed weights.</summary>
    public long PackedCount => (long)GivenPhases * Nodes * Groups * GroupPanel;

    /// <summary>Sought channels of a block in whole vectors.</summary>
    public int PaddedColumns(int block) => Math.Min(2 * Lanes, (SoughtChannels - block * 2 * Lanes + Lanes - 1) / Lanes * Lanes);

    private long GroupPanel => (long)Depth.Window.Kernel * GivenChannels * ((SoughtChannels + Lanes - 1) / Lanes * Lanes);
}

/// <summary>What one chunk does: planes, tiles and blocks of channels each from First up to, not including, End.</summary>
internal readonly record struct WinogradSpan(int Image, int Group, int FirstPlane, int EndPlane, int FirstTile, int EndTile, int FirstBlock, int EndBlock)
{
    /// <summary>Which part of all positions these are; chunks of the same part differ in their channels.</summary>
    public int Part { get; init; }
}
