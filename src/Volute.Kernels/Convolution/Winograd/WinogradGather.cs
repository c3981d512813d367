using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The output or the input pass by F(m, 3) on the team: a chunk takes its tiles to nodes, multiplies node by node, and takes the sums back.</summary>
internal unsafe struct WinogradGather<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradGrid Grid;
    public float* Given, Sought, Weight;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    public Epilogue Epilogue;

    private static int Nodes => WinogradLines.Nodes<TH>() * WinogradLines.Nodes<TW>();

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        WinogradSpan span = Grid.Chunk(chunk);
        var (firstGiven, endGiven) = Grid.GivenPlanes(span.FirstPlane, span.EndPlane);
        int tiles = span.EndTile - span.FirstTile;
        long givenStep = WinogradGrid.NodeStep((long)(endGiven - firstGiven) * tiles, Grid.GivenRow);
        float* bias = Scratch.Get(Grid.ScratchCount), given = bias + Grid.SoughtRow, sought = given + Nodes * givenStep;
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        WinogradPatches<L, TH, TW, GivenSide> patches = new()
        {
            Map = Given + Grid.GivenStrides.Offset(span.Image, 0, 0) + span.Group * Grid.GivenChannels,
            Strides = Grid.GivenStrides,
            Extent = Grid.Given,
            Channels = Grid.GivenChannels,
            PadHeight = Grid.Height.Window.PadBegin,
            PadWidth = Grid.Width.Window.PadBegin,
            TilesWidth = Grid.Tiles.Width,
            Row = Grid.GivenRow,
            NodeStep = givenStep,
        };
        for (int plane = firstGiven; plane < endGiven; plane++)
            patches.Transform(plane, span.FirstTile, span.EndTile, given + (long)(plane - firstGiven) * tiles * Grid.GivenRow, between);

        int channel = span.FirstBlock * 2 * L.Count, channels = Math.Min(span.EndBlock * 2 * L.Count, Grid.SoughtChannels) - channel;
        int soughtRow = WinogradGrid.Row(channels);
        long soughtStep = WinogradGrid.NodeStep((long)(span.EndPlane - span.FirstPlane) * tiles, soughtRow);
        Multiply(span, firstGiven, given, givenStep, sought, soughtStep, soughtRow);
        channel += span.Group * Grid.SoughtChannels;
        for (int i = 0; i < channels; i++)
            bias[i] = Bias == null ? 0 : Bias[channel + i];
        TransformSought(span, sought, soughtStep, soughtRow, channel, channels, bias, between);
    }

    /// <summary>The sum over given channels and taps of depth, node by node: [node][plane][tile][sought channel].</summary>
    [SkipLocalsInit]
    private readonly void Multiply(in WinogradSpan span, int firstGiven, float* given, long givenStep, float* sought, long soughtStep, int soughtRow)
    {
        float* zeros = stackalloc float[2 * L.Count];
        new Span<float>(zeros, 2 * L.Count).Clear();
        var depth = Grid.Depth.Window;
        int tiles = span.EndTile - span.FirstTile;
        Tile tile = new()
        {
            Start = zeros,
            ARow = Grid.GivenRow,
            AStep = 1,
            ADepth = depth.Dilation * tiles * Grid.GivenRow,
            BVector = L.Count,
            CRow = soughtRow,
            Height = 1,
            Width = 1,
            Run = Grid.GivenChannels,
        };
        for (int node = 0; node < Nodes; node++)
        {
            float* a = given + node * givenStep, c = sought + node * soughtStep;
            for (int block = span.FirstBlock; block < span.EndBlock; block++, c += 2 * L.Count)
            {
                int columns = Grid.PaddedColumns(block), most = Tile.RowsFor(columns > L.Count ? 2 : 1, tile.ARow);
                (tile.Columns, tile.BStep, tile.BDepth) = (columns, columns, Grid.GivenChannels * columns);
                float* panel = Weight + Grid.PanelOffset(span.Group, block) + node * Grid.NodePanel(block);
                // Planes that meet the same taps lie behind each other: one run of rows.
                for (int plane = span.FirstPlane, next; plane < span.EndPlane; plane = next)
                {
                    var (firstTap, endTap) = depth.TapsInside(plane, Grid.Given.Depth);
                    for (next = plane + 1; next < span.EndPlane && depth.TapsInside(next, Grid.Given.Depth) == (firstTap, endTap); next++)
                    {
                    }
                    endTap = Math.Max(firstTap, endTap);
                    tile.Depth = endTap - firstTap;
                    float* from = tile.Depth == 0 ? a : a + (depth.Position(plane, firstTap) - firstGiven) * tiles * Grid.GivenRow;
                    tile.B = panel + firstTap * tile.BDepth;
                    float* to = c + (long)(plane - span.FirstPlane) * tiles * soughtRow;
                    int rows = (next - plane) * tiles, parts = (rows - 1) / most + 1;
                    for (int part = 0; part < parts; part++)
                    {
                        int row = Gather.Part(rows, part, parts);
                        tile.A = from + row * tile.ARow;
                        tile.C = to + row * tile.CRow;
                        tile.Compute<L, SpreadForm>(Gather.Part(rows, part + 1, parts) - row);
                    }
                }
            }
        }
    }

    /// <summary>Aᵀ m A and the bias, to the map; positions of a tile beyond the map's end go nowhere.</summary>
    [SkipLocalsInit]
    private readonly void TransformSought(in WinogradSpan span, float* nodes, long step, int row, int channel, int channels, float* bias, float* between)
    {
        nint* from = stackalloc nint[WinogradTransform.MostEntries], inside = stackalloc nint[WinogradTransform.MostEntries], border = stackalloc nint[WinogradTransform.MostEntries];
        float* nowhere = stackalloc float[L.Count];
        for (int i = 0; i < Nodes; i++)
            from[i] = (nint)(i * step);
        int entries = TH.Outputs * TW.Outputs;
        for (int i = 0; i < entries; i++)
        {
            (int h, int w) = Math.DivRem(i, TW.Outputs);
            inside[i] = (nint)(h * Grid.SoughtStrides.Height + w * Grid.SoughtStrides.Width);
        }
        for (int plane = span.FirstPlane; plane < span.EndPlane; plane++)
        {
            float* map = Sought + Grid.SoughtStrides.Offset(span.Image, plane, 0) + channel;
            for (int tile = span.FirstTile; tile < span.EndTile; tile++, nodes += row)
            {
                var (th, tw) = Math.DivRem(tile, Grid.Tiles.Width);
                int h = th * TH.Outputs, w = tw * TW.Outputs;
                float* to = map + (h * Grid.SoughtStrides.Height + w * Grid.SoughtStrides.Width);
                bool whole = h + TH.Outputs <= Grid.Sought.Height && w + TW.Outputs <= Grid.Sought.Width;
                for (int c = 0; c < channels; c += L.Count)
                {
                    for (int i = 0; i < entries && !whole; i++)
                    {
                        bool outside = h + i / TW.Outputs >= Grid.Sought.Height || w + i % TW.Outputs >= Grid.Sought.Width;
                        border[i] = outside ? (nint)(nowhere - (to + c)) : inside[i];
                    }
                    WinogradTransform.Run<L, TH, TW, SoughtSide>(nodes + c, from, to + c, whole ? inside : border, between, Math.Min(L.Count, channels - c), bias + c);
                }
            }
            if (!Epilogue.IsNone)
                Finish(span, map, channels);
        }
    }

    /// <summary>The epilogue on a plane of the chunk, tile row by tile row, in the longest runs that lie side by side.</summary>
    private readonly void Finish(in WinogradSpan span, float* map, int channels)
    {
        bool whole = channels == Grid.SoughtStrides.Width;
        for (int tile = span.FirstTile, next; tile < span.EndTile; tile = next)
        {
            var (th, tw) = Math.DivRem(tile, Grid.Tiles.Width);
            next = Math.Min(span.EndTile, (th + 1) * Grid.Tiles.Width);
            int first = tw * TW.Outputs, last = Math.Min((tw + next - tile) * TW.Outputs, Grid.Sought.Width);
            for (int h = th * TH.Outputs; h < Math.Min((th + 1) * TH.Outputs, Grid.Sought.Height); h++)
            {
                float* values = map + h * Grid.SoughtStrides.Height + first * Grid.SoughtStrides.Width;
                if (whole)
                    Epilogue.Apply(values, (long)(last - first) * channels);
                for (int w = first; w < last && !whole; w++, values += Grid.SoughtStrides.Width)
                    Epilogue.Apply(values, channels);
            }
        }
    }
}
