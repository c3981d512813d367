using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Weights at the nodes, G w Gᵀ, as the products read them: [group][block of sought channels][node][tap of depth][given channel][lane]. A chunk is one block
/// of one group.
/// </summary>
internal unsafe struct WinogradPacking<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradGrid Grid;

    /// <summary>Lays the taps of a block side by side first: [tap][given channel][lane].</summary>
    public WeightPacking Taps;

    public float* Packed;

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        nint* from = stackalloc nint[WinogradTransform.MostEntries], to = stackalloc nint[WinogradTransform.MostEntries];
        var (group, block) = Math.DivRem(chunk, Grid.Blocks);
        int columns = Grid.PaddedColumns(block), taps = TH.Taps * TW.Taps, nodes = WinogradLines.Nodes<TH>() * WinogradLines.Nodes<TW>();
        long tap = (long)Grid.GivenChannels * columns, given = Grid.Depth.Window.Kernel * (long)Grid.GivenChannels;
        float* source = Scratch.Get(taps * columns * given), target = Packed + Grid.PanelOffset(group, block);
        WeightPacking packing = Taps;
        packing.Packed = source - Taps.Gather.PanelOffset(Grid.Depth, Grid.Height, Grid.Width, group, block * 2 * L.Count, L.Count);
        packing.Run(chunk);
        for (int i = 0; i < taps; i++)
            from[i] = (nint)(i * tap);
        for (int i = 0; i < nodes; i++)
            to[i] = (nint)(i * Grid.NodePanel(block));
        for (int depth = 0; depth < Grid.Depth.Window.Kernel; depth++, source += (taps - 1) * tap)
            for (long place = 0; place < tap; place += L.Count, source += L.Count, target += L.Count)
                WinogradTransform.Run<L, TH, TW, TapsSide>(source, from, target, to, between, L.Count, null);
    }
}
