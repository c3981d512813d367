namespace Volute.Kernels;

/// <summary>The sums over given channels and taps of depth, node by node: [node][plane][tile][sought channel].</summary>
internal unsafe struct WinogradProducts<L> where L : struct, ILanes<L, float>
{
    public WinogradGrid Grid;
    public WinogradSpan Span;

    /// <summary>Nodes of the given planes from <see cref="FirstGiven"/> on, [node][plane][tile][channel], and of the sought ones.</summary>
    public float* Given, Sought;

    public long GivenStep, SoughtStep;
    public int FirstGiven, GivenRow, SoughtRow;

    /// <summary>Whether the given nodes come from afar: each tile then brings what it will read at the next one. Else the weights of the next one are brought.</summary>
    public bool IsWide;

    /// <summary>Two vectors of numbers where accumulators begin.</summary>
    public float* Zeros;

    /// <summary>One node, at most two vectors of sought channels and some of the given channels; every tile of the span.</summary>
    /// <param name="node">The node.</param>
    /// <param name="panel">Its weights: [tap of depth][given channel][lane].</param>
    /// <param name="columns">Sought channels, in whole vectors.</param>
    /// <param name="column">The first of them in a row of sums.</param>
    /// <param name="channels">How many given channels, from the first on.</param>
    /// <param name="add">Whether the sums are added to what is there.</param>
    public readonly void Multiply(int node, float* panel, int columns, int column, int channels, bool add)
    {
        var depth = Grid.Depth.Window;
        int tiles = Span.EndTile - Span.FirstTile, most = Tile.RowsFor(columns > L.Count ? 2 : 1, GivenRow);
        Tile tile = new()
        {
            Start = Zeros,
            ARow = GivenRow,
            AStep = 1,
            ADepth = depth.Dilation * tiles * GivenRow,
            BStep = columns,
            BVector = L.Count,
            BDepth = channels * columns,
            CRow = SoughtRow,
            Columns = columns,
            Height = 1,
            Width = 1,
            Run = channels,
            Add = add,
            FetchDepth = channels * Tile.Line,
            FetchStep = Tile.Line,
        };
        float* a = Given + node * GivenStep, c = Sought + node * SoughtStep + column;
        float* ahead = panel + depth.Kernel * tile.BDepth, end = ahead + depth.Kernel * tile.BDepth;
        // Planes that meet the same taps lie behind each other: one run of rows.
        for (int plane = Span.FirstPlane, next; plane < Span.EndPlane; plane = next)
        {
            var (firstTap, endTap) = depth.TapsInside(plane, Grid.Given.Depth);
            for (next = plane + 1; next < Span.EndPlane && depth.TapsInside(next, Grid.Given.Depth) == (firstTap, endTap); next++)
            {
            }
            tile.Depth = Math.Max(0, endTap - firstTap);
            float* from = tile.Depth == 0 ? a : a + (depth.Position(plane, firstTap) - FirstGiven) * tiles * GivenRow;
            tile.B = panel + firstTap * tile.BDepth;
            float* to = c + (long)(plane - Span.FirstPlane) * tiles * SoughtRow;
            int rows = (next - plane) * tiles, parts = (rows - 1) / most + 1;
            for (int part = 0; part < parts; part++)
            {
                int row = Gather.Part(rows, part, parts);
                tile.A = from + row * tile.ARow;
                tile.C = to + row * tile.CRow;
                int count = Gather.Part(rows, part + 1, parts) - row;
                tile.Fetch = IsWide ? tile.A + GivenStep : ahead;
                if (IsWide || ahead < end)
                    tile.Compute<L, FetchingForm>(count);
                else
                    tile.Compute<L, SpreadForm>(count);
                ahead += tile.Depth * tile.FetchDepth;
            }
        }
    }
}
