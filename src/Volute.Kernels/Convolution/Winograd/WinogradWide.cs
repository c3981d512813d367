using System.Runtime.CompilerServices;

namespace Volute.Kernels;

// Many channels on small maps: the weights at their nodes would be some times the weights (6.25 by F(4, 2), 4 by F(4, 3)) and larger than the map. Here all
// tiles go to their nodes first, and the weights of a few channels are taken there just before they are used and forgotten after: they never leave the cache.

/// <summary>The first step: a chunk is some tiles of a plane of a phase.</summary>
internal unsafe struct WinogradWideNodes<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    private const int ChunkTiles = 16;

    public WinogradGrid Grid;
    public float* Given, Nodes;

    private readonly int Tiles => Grid.Tiles.Height * Grid.Tiles.Width;

    private readonly int Parts => (Tiles - 1) / ChunkTiles + 1;

    public readonly int ChunkCount => Grid.GivenPhases * Grid.Given.Depth * Parts;

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        var (planes, part) = Math.DivRem(chunk, Parts);
        var (phase, plane) = Math.DivRem(planes, Grid.Given.Depth);
        int first = Gather.Part(Tiles, part, Parts), end = Gather.Part(Tiles, part + 1, Parts);
        var whole = WinogradPatches<L, TH, TW, GivenSide>.Of(Grid, phase, Given, Grid.WideStep);
        for (int i = 0; i < Grid.WideParts; i++)
        {
            int channel = Gather.Part(Grid.GivenChannels, i, Grid.WideParts);
            var patches = whole;
            patches.Map += channel;
            patches.Channels = Gather.Part(Grid.GivenChannels, i + 1, Grid.WideParts) - channel;
            patches.Row = WinogradGrid.Row(Grid.WidePart);
            patches.Transform(plane, first, end, Nodes + ((long)phase * Grid.WideParts + i) * Grid.WidePartStep + ((long)plane * Tiles + first) * patches.Row, between);
        }
    }
}

/// <summary>The second step: a chunk is a block of sought channels, for all tiles.</summary>
internal unsafe struct WinogradWideChannels<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradGrid Grid;
    public WinogradTaps<L, TH, TW> Taps;
    public float* Nodes;
    public WinogradResult<L, TH, TW> Result;

    [SkipLocalsInit]
    public readonly void Run(int block)
    {
        float* zeros = stackalloc float[2 * L.Count], between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        new Span<float>(zeros, 2 * L.Count).Clear();
        WinogradSpan span = new(0, 0, 0, Grid.Sought.Depth, 0, Grid.Tiles.Height * Grid.Tiles.Width, block, block + 1);
        int columns = Grid.PaddedColumns(block), row = WinogradGrid.Row(columns), taps = Grid.Depth.Window.Kernel;
        long step = WinogradGrid.NodeStep(Grid.Tiles.Count, row), panelStep = WinogradGrid.NodeStep((long)taps * Grid.WidePart, columns);
        float* bias = Scratch.Get(2 * L.Count + Grid.Nodes * (step + panelStep) + Taps.Count), sought = bias + 2 * L.Count;
        float* panels = sought + Grid.Nodes * step, collected = panels + Grid.Nodes * panelStep;
        WinogradProducts<L> products = new()
        {
            Grid = Grid,
            Span = span,
            Given = Nodes,
            GivenStep = Grid.WideStep,
            GivenRow = WinogradGrid.Row(Grid.WidePart),
            IsWide = true,
            Sought = sought,
            SoughtStep = step,
            SoughtRow = row,
            Zeros = zeros,
        };
        Taps.Collect(0, block, collected);
        for (int phase = 0; phase < Grid.GivenPhases; phase++)
            for (int part = 0; part < Grid.WideParts; part++, products.Given += Grid.WidePartStep)
            {
                int first = Gather.Part(Grid.GivenChannels, part, Grid.WideParts), end = Gather.Part(Grid.GivenChannels, part + 1, Grid.WideParts);
                Taps.Transform(block, phase, collected, first, end, panels, panelStep);
                for (int node = 0; node < Grid.Nodes; node++)
                    products.Multiply(phase, node, panels + node * panelStep, columns, 0, end - first, add: phase + part > 0);
            }
        int channel = block * 2 * L.Count;
        Result.Transform(Grid, span, sought, step, row, channel, Math.Min(columns, Grid.SoughtChannels - channel), bias, between);
    }
}
