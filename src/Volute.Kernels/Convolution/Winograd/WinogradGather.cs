using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The output or the input pass by F(m, r) on the team: a chunk takes its tiles to nodes, multiplies node by node, and takes the sums back.</summary>
internal unsafe struct WinogradGather<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradGrid Grid;
    public float* Given, Weight;
    public WinogradResult<L, TH, TW> Result;

    private static int Nodes => WinogradLines.Nodes<TH>() * WinogradLines.Nodes<TW>();

    [SkipLocalsInit]
    public readonly void Run(int chunk)
    {
        WinogradSpan span = Grid.Chunk(chunk);
        var (firstGiven, endGiven) = Grid.Depth.Window.InputsRead(span.FirstPlane, span.EndPlane, Grid.Given.Depth);
        int tiles = span.EndTile - span.FirstTile;
        long givenStep = WinogradGrid.NodeStep((long)(endGiven - firstGiven) * tiles, Grid.GivenRow);
        float* bias = Scratch.Get(Grid.ScratchCount), given = bias + Grid.SoughtRow, sought = given + Nodes * givenStep;
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        float* map = Given + Grid.GivenStrides.Offset(span.Image, 0, 0) + span.Group * Grid.GivenChannels;
        int channel = span.FirstBlock * 2 * L.Count, channels = Math.Min(span.EndBlock * 2 * L.Count, Grid.SoughtChannels) - channel;
        int soughtRow = WinogradGrid.Row(channels);
        long soughtStep = WinogradGrid.NodeStep((long)(span.EndPlane - span.FirstPlane) * tiles, soughtRow);
        float* zeros = stackalloc float[2 * L.Count];
        new Span<float>(zeros, 2 * L.Count).Clear();
        WinogradProducts<L> products = new()
        {
            GivenRow = Grid.GivenRow,
            Grid = Grid,
            Span = span,
            Given = given,
            GivenStep = givenStep,
            FirstGiven = firstGiven,
            Sought = sought,
            SoughtStep = soughtStep,
            SoughtRow = soughtRow,
            Zeros = zeros,
        };
        for (int phase = 0; phase < Grid.GivenPhases; phase++)
        {
            var patches = WinogradPatches<L, TH, TW, GivenSide>.Of(Grid, phase, map, givenStep);
            for (int plane = firstGiven; plane < endGiven; plane++)
                patches.Transform(plane, span.FirstTile, span.EndTile, given + (long)(plane - firstGiven) * tiles * Grid.GivenRow, between);
            for (int node = 0; node < Nodes; node++)
            {
                for (int block = span.FirstBlock; block < span.EndBlock; block++)
                {
                    float* panel = Weight + Grid.PanelOffset(span.Group, block) + ((long)phase * Nodes + node) * Grid.NodePanel(block);
                    products.Multiply(phase, node, panel, Grid.PaddedColumns(block), (block - span.FirstBlock) * 2 * L.Count, Grid.GivenChannels, add: phase > 0);
                }
            }
        }
        Result.Transform(Grid, span, sought, soughtStep, soughtRow, span.Group * Grid.SoughtChannels + channel, channels, bias, between);
    }
}
