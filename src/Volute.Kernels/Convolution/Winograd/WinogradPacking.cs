using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Weights of one block of sought channels at the nodes, G w Gᵀ.</summary>
internal unsafe struct WinogradTaps<L, TH, TW> where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    public WinogradGrid Grid;

    /// <summary>Lays the taps of a block side by side: [tap][given channel][lane].</summary>
    public WeightPacking<L> Packing;

    private readonly (int Depth, int Height, int Width) Taps => (Grid.Depth.Window.Kernel, Grid.Height.Window.Kernel, Grid.Width.Window.Kernel);

    /// <summary>Elements of the taps of a block, and of one that is zero.</summary>
    public readonly long Count => ((long)Taps.Depth * Taps.Height * Taps.Width + 1) * Grid.GivenChannels * 2 * L.Count;

    /// <summary>The taps of a block, to <paramref name="taps"/>, and behind them zeros for those that phases lack.</summary>
    public readonly void Collect(int group, int block, float* taps)
    {
        Packing.Pack(Grid.Depth, Grid.Height, Grid.Width, group, block, taps);
        int tap = Grid.GivenChannels * Grid.PaddedColumns(block);
        new Span<float>(taps + (long)Taps.Depth * Taps.Height * Taps.Width * tap, tap).Clear();
    }

    /// <summary>Given channels first..end of collected taps of a phase to the nodes: [node][tap of depth][given channel][lane].</summary>
    [SkipLocalsInit]
    public readonly void Transform(int block, int phase, float* taps, int first, int end, float* nodes, long nodeStep)
    {
        float* between = stackalloc float[WinogradTransform.MostEntries * L.Count];
        nint* from = stackalloc nint[WinogradTransform.MostEntries], to = stackalloc nint[WinogradTransform.MostEntries];
        int columns = Grid.PaddedColumns(block);
        long tap = (long)Grid.GivenChannels * columns;
        for (int i = 0; i < Grid.Nodes; i++)
            to[i] = (nint)(i * nodeStep);
        var (high, wide) = Grid.Phase(phase);
        for (int depth = 0; depth < Taps.Depth; depth++)
        {
            for (int i = 0; i < TH.Taps * TW.Taps; i++)
            {
                int h = high.Tap + i / TW.Taps * high.Stride, w = wide.Tap + i % TW.Taps * wide.Stride;
                bool lacks = h >= Taps.Height || w >= Taps.Width;
                from[i] = (nint)(tap * (lacks ? (long)Taps.Depth * Taps.Height * Taps.Width : ((long)depth * Taps.Height + h) * Taps.Width + w));
            }
            for (long place = (long)first * columns; place < (long)end * columns; place += L.Count, nodes += L.Count)
                WinogradTransform.Run<L, TH, TW, TapsSide>(taps + place, from, nodes, to, between, L.Count, null);
        }
    }
}

/// <summary>All weights at the nodes, as the products read them: [group][block][phase][node][tap of depth][given channel][lane]. A chunk is one block of one group.</summary>
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
        float* nodes = Packed + Taps.Grid.PanelOffset(group, block);
        long panel = Taps.Grid.NodePanel(block);
        for (int phase = 0; phase < Taps.Grid.GivenPhases; phase++, nodes += Taps.Grid.Nodes * panel)
            Taps.Transform(block, phase, taps, 0, Taps.Grid.GivenChannels, nodes, panel);
    }
}
