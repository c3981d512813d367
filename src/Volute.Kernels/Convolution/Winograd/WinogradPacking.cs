using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Weights of one block of sought channels at the nodes, G w Gᵀ.</summary>
internal unsafe struct WinogradTaps<L, TH, TW> where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradGrid Grid;

    /// <summary>Lays the taps of a block side by side: [tap][given channel][lane].</summary>
    public WeightPacking<L> Packing;

    private static int Taps => TH.Taps * TW.Taps;

    /// <summary>Elements of the taps of a block.</summary>
    public readonly long Count => (long)Taps * Grid.Depth.Window.Kernel * Grid.GivenChannels * 2 * L.Count;

    /// <summary>The taps of a block, to <paramref name="taps"/>.</summary>
    public readonly void Collect(int group, int block, float* taps)
    {
        WeightPacking<L> packing = Packing;
        packing.Packed = taps - Packing.Gather.PanelOffset(Grid.Depth, Grid.Height, Grid.Width, group, block * 2 * L.Count, L.Count);
        packing.Run(group * Grid.Blocks + block);
    }

    /// <summary>Given channels first..end of collected taps to the nodes: [node][tap of depth][given channel][lane].</summary>
    [SkipLocalsInit]
    public readonly void Transform(int block, float* taps, int first, int end, float* nodes, long nodeStep)
    {
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        nint* from = stackalloc nint[WinogradTransform.MostEntries], to = stackalloc nint[WinogradTransform.MostEntries];
        int columns = Grid.PaddedColumns(block);
        long tap = (long)Grid.GivenChannels * columns;
        for (int i = 0; i < Taps; i++)
            from[i] = (nint)(i * tap);
        for (int i = 0; i < Grid.Nodes; i++)
            to[i] = (nint)(i * nodeStep);
        for (int depth = 0; depth < Grid.Depth.Window.Kernel; depth++)
        {
            float* source = taps + depth * Taps * tap;
            for (long place = (long)first * columns; place < (long)end * columns; place += L.Count, nodes += L.Count)
                WinogradTransform.Run<L, TH, TW, TapsSide>(source + place, from, nodes, to, between, L.Count, null);
        }
    }
}

/// <summary>All weights at the nodes, as the products read them: [group][block][node][tap of depth][given channel][lane]. A chunk is one block of one group.</summary>
internal unsafe struct WinogradPacking<L, TH, TW> : IChunks
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradTaps<L, TH, TW> Taps;
    public float* Packed;

    public readonly void Run(int chunk)
    {
        var (group, block) = Math.DivRem(chunk, Taps.Grid.Blocks);
        float* taps = Scratch.Get(Taps.Count);
        Taps.Collect(group, block, taps);
        Taps.Transform(block, taps, 0, Taps.Grid.GivenChannels, Packed + Taps.Grid.PanelOffset(group, block), Taps.Grid.NodePanel(block));
    }
}
