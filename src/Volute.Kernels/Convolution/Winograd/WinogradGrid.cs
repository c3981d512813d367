namespace Volute.Kernels;

/// <summary>
/// How the output or the input pass is cut for F(m, r): the sought map in tiles of m × m positions (<see cref="WinogradTiles"/>), tiles in blocks that a chunk takes through all three
/// steps while they are in cache, and the sought channels in slices where blocks alone are too few for the team.
/// </summary>
/// <remarks>
/// Both passes gather (<see cref="GatherAxis"/>): the input pass is the output pass with taps turned round. Taps of depth are no part of the transform: their
/// products are added up between the nodes.
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

    /// <summary>Steps between tiles in a plane of nodes: whole vectors, never a multiple of the cache's period.</summary>
    public readonly int GivenRow, SoughtRow;

    /// <summary>Whether the weights are large and the map small: all tiles are taken to their nodes at once, and weights just before they are used.</summary>
    public readonly bool IsWide;

    /// <summary>Whether transforms ask ahead for what they will read and write.</summary>
    public readonly bool IsFar;

    private readonly int _depthBlocks, _tileBlocks, _slices;

    public WinogradGrid(in ConvolutionProblem problem, Pass pass, int heightOutputs, int widthOutputs, int nodes)
    {
        bool output = pass == Pass.Output;
        var window = problem.Window;
        Depth = GatherAxis.Phases(window.Depth, pass, problem.Input.Depth, problem.Output.Depth)[0];
        Height = GatherAxis.Phases(window.Height, pass, problem.Input.Height, problem.Output.Height)[0];
        Width = GatherAxis.Phases(window.Width, pass, problem.Input.Width, problem.Output.Width)[0];
        (Given, GivenStrides) = output ? (problem.Input, problem.InputStrides) : (problem.Output, problem.OutputStrides);
        (Sought, SoughtStrides) = output ? (problem.Output, problem.OutputStrides) : (problem.Input, problem.InputStrides);
        (GivenChannels, SoughtChannels) = output ? (problem.GroupInputs, problem.GroupOutputs) : (problem.GroupOutputs, problem.GroupInputs);
        (Batch, Groups, Nodes, Lanes) = (problem.Batch, problem.Groups, nodes, Isa.Lanes);
        (TilesHigh, TilesWide) = (new(Sought.Height, heightOutputs, window.Height.Dilation), new(Sought.Width, widthOutputs, window.Width.Dilation));
        Tiles = new(Sought.Depth, TilesHigh.Count, TilesWide.Count);
        (GivenRow, SoughtRow) = (Row(GivenChannels), Row(SoughtChannels));

        IsFar = AreFar(problem);
        IsWide = Batch == 1 && Groups == 1 && PackedCount > WideWeights && Nodes * WideStep <= Math.Min(WideNodes, WideRatio * PackedCount);

        int perTile = nodes * (GivenRow + SoughtRow), plane = Tiles.Height * Tiles.Width, taps = Depth.Window.Kernel;
        bool large = (long)GivenChannels * SoughtChannels * nodes > BlockElements;
        int tiles = Math.Clamp(BlockElements / perTile, large ? 2 * LeastTiles : LeastTiles, MostTiles);
        // Several planes of depth share what their taps have in common; and small planes are taken together.
        int planes = Math.Min(Sought.Depth, Math.Max(taps > 1 ? 4 : 1, tiles / plane));
        _depthBlocks = (Sought.Depth - 1) / planes + 1;
        _tileBlocks = Math.Max(1, plane * planes / tiles);
        if (!large)
            _tileBlocks = Math.Max(_tileBlocks, Math.Min((FewBlocks - 1) / (Batch * _depthBlocks) + 1, plane * planes / FewTiles));
        int blocks = Batch * _depthBlocks * _tileBlocks;
        _slices = Math.Clamp(Math.Min(Chunks / blocks, SoughtChannels / LeastSlice), 1, Blocks);
    }

    /// <summary>Whether the maps are too large for the second cache to hold them for the transforms.</summary>
    public static bool AreFar(in ConvolutionProblem problem) => problem.MapBytes >= FarBytes;

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

    /// <summary>Parts of the given channels that wide products take one after the other: [node][part][tile][channel of the part].</summary>
    public int WideParts => (GivenChannels - 1) / Math.Max(LeastWideChannels, WideChannels / Depth.Window.Kernel) + 1;

    /// <summary>The most channels of a part.</summary>
    public int WidePart => (GivenChannels - 1) / WideParts + 1;

    /// <summary>Steps between the parts of a node.</summary>
    public long WidePartStep => (long)Given.Depth * Tiles.Height * Tiles.Width * Row(WidePart);

    /// <summary>Steps between the nodes of all given tiles.</summary>
    public long WideStep => NodeStep(WideParts * (long)Given.Depth * Tiles.Height * Tiles.Width, Row(WidePart));

    /// <summary>Elements of scratch that one chunk needs: the bias, and nodes of its given and its sought tiles.</summary>
    public long ScratchCount
    {
        get
        {
            long tiles = ((long)Tiles.Height * Tiles.Width - 1) / _tileBlocks + 1, planes = (Sought.Depth - 1) / _depthBlocks + 1;
            long given = Math.Min(Given.Depth, planes - 1 + Depth.Window.Reach), blocks = (Blocks - 1) / _slices + 1;
            return SoughtRow + Nodes * (NodeStep(given * tiles, GivenRow) + NodeStep(planes * tiles, Row((int)Math.Min(SoughtChannels, blocks * 2 * Lanes))));
        }
    }

    /// <summary>Steps between nodes: a little apart from the multiples of 4096 bytes, which would all fall into one set of the cache.</summary>
    public static long NodeStep(long tiles, int row) => (tiles * row + 1023) / 1024 * 1024 + 80;

    /// <summary>Channels in whole vectors of 16, an odd number of them.</summary>
    public static int Row(int channels) => (((channels + 15) / 16) | 1) * 16;

    /// <summary>Elements of the weights of one node, group and block, and of all: [group][block][node][tap of depth][given channel][lane].</summary>
    public long NodePanel(int block) => (long)Depth.Window.Kernel * GivenChannels * PaddedColumns(block);

    /// <summary>Where the panels of a group and block begin.</summary>
    public long PanelOffset(int group, int block)
        => Nodes * (group * GroupPanel + (long)Depth.Window.Kernel * GivenChannels * block * 2 * Lanes);

    /// <summary>Elements of all packed weights.</summary>
    public long PackedCount => Nodes * Groups * GroupPanel;

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
