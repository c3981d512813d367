namespace Volute.Kernels;

/// <summary>The sums over given channels and taps of depth, node by node and phase by phase: [node][plane][tile][sought channel].</summary>
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

    /// <summary>One phase and node, at most two vectors of sought channels and some of the given channels; every tile of the span.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="node">The node.</param>
    /// <param name="panel">Their weights: [tap of depth][given channel][lane].</param>
    /// <param name="columns">Sought channels, in whole vectors.</param>
    /// <param name="column">The first of them in a row of sums.</param>
    /// <param name="channels">How many given channels, from the first on.</param>
    /// <param name="add">Whether the sums are added to what is there.</param>
    public readonly void Multiply(int phase, int node, float* panel, int columns, int column, int channels, bool add)
    {
        var depth = Grid.Depth.Window;
        bool used = Grid.Uses(phase, node);
        if (!used && add)
            return;
        int tiles = Span.EndTile - Span.FirstTile, most = Tile.RowsFor(columns > L.Count ? 2 : 1, GivenRow);
        Tile tile = new()
        {
            Start = Zeros,
            ARow = GivenRow,
            AStep = 1,
            ADepth = (nint)depth.Dilation * tiles * GivenRow,
            BStep = columns,
            BVector = L.Count,
            BDepth = (nint)channels * columns,
            CRow = SoughtRow,
            Columns = columns,
            Height = used ? 1 : 0,
            Width = 1,
            Run = channels,
            Add = add,
            FetchDepth = (nint)channels * Tile.Line,
            FetchStep = Tile.Line,
            FetchRow = GivenRow,
        };
        float* a = Given + node * GivenStep, c = Sought + node * SoughtStep + column;
        tile.Fetch = panel + depth.Kernel * tile.BDepth;
        tile.FetchEnd = IsWide ? null : tile.Fetch + depth.Kernel * tile.BDepth;
        // Planes that meet the same taps lie behind each other: one run of rows.
        for (int plane = Span.FirstPlane, next; plane < Span.EndPlane; plane = next)
        {
            var (firstTap, endTap) = depth.TapsInside(plane, Grid.Given.Depth);
            for (next = plane + 1; depth.Stride == 1 && next < Span.EndPlane && depth.TapsInside(next, Grid.Given.Depth) == (firstTap, endTap); next++)
            {
            }
            tile.Depth = Math.Max(0, endTap - firstTap);
            tile.A = tile.Depth == 0 ? a : a + (depth.Position(plane, firstTap) - FirstGiven) * tiles * GivenRow;
            tile.B = panel + firstTap * tile.BDepth;
            tile.C = c + (long)(plane - Span.FirstPlane) * tiles * SoughtRow;
            if (IsWide)
                tile.Fetch = tile.A + GivenStep;
            int rows = (next - plane) * tiles;
            tile.Size = Tile.Even(rows, most);
            tile.ComputeRun<L>(rows);
        }
    }
}
