using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Weights as tiles read them: [phase][group][block of sought channels][taps of the phase][given channel][lane]; the dot form leaves the lanes to the
/// given channels: [phase][group][sought channel][taps of the phase][given channel]. A chunk is one block of one group.
/// </summary>
internal unsafe struct WeightPacking<L> : IChunks where L : struct, ILanes<L, float>
{
    // Lines of a row, and rows, that are asked for before they are read: they lie so far apart that no machine foresees them.
    private const int Ahead = 6, AheadRows = 16;

    public Gather Gather;
    public float* Weight, Packed;

    /// <summary>Lanes to pad a block to (1 in the dot form).</summary>
    public int Lanes;

    /// <summary>Whether the weights are for the dot form, and whether for the output pass.</summary>
    public bool Dot, IsOutput;

    /// <summary>Steps in the weights [(g,o)][tap][i]: between sought channels, given channels, taps and groups.</summary>
    public long SoughtStep, GivenStep, TapStep, GroupStep;

    /// <summary>Taps per axis of the whole window.</summary>
    public Extent Taps;

    public WeightPacking(in ConvolutionProblem problem, Pass pass, in Gather gather, int lanes, bool dot, float* weight, float* packed)
    {
        var window = problem.Window;
        (Gather, Lanes, Dot, IsOutput) = (gather, lanes, dot, pass == Pass.Output);
        Weight = weight;
        Packed = packed;
        Taps = new(window.Depth.Kernel, window.Height.Kernel, window.Width.Kernel);
        long output = (long)window.Taps * problem.GroupInputs;
        (SoughtStep, GivenStep) = IsOutput ? (output, 1L) : (1L, output);
        TapStep = problem.GroupInputs;
        GroupStep = problem.GroupOutputs * output;
    }

    public readonly void Run(int chunk)
    {
        var (group, part) = Math.DivRem(chunk, Gather.Blocks);
        foreach (ref readonly var depth in Gather.Depth.AsSpan())
            foreach (ref readonly var height in Gather.Height.AsSpan())
                foreach (ref readonly var width in Gather.Width.AsSpan())
                    Pack(depth, height, width, group, part, Packed + Gather.PanelOffset(depth, height, width, group, part * Gather.BlockColumns, Lanes));
    }

    /// <summary>All phases of one block of a group, padded to <paramref name="columns"/>, to <paramref name="panels"/>.</summary>
    /// <remarks>Not inlined: its tables would be cleared in the frame of the tiles, block by block.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly void PackBlock(int group, int part, int columns, float* panels)
    {
        foreach (ref readonly var depth in Gather.Depth.AsSpan())
            foreach (ref readonly var height in Gather.Height.AsSpan())
                foreach (ref readonly var width in Gather.Width.AsSpan())
                    Pack(depth, height, width, group, part, panels + Gather.BlockPanelOffset(depth, height, width, columns));
    }

    /// <summary>One phase of one block of a group, to <paramref name="panel"/>.</summary>
    [SkipLocalsInit]
    public readonly void Pack(in GatherAxis depth, in GatherAxis height, in GatherAxis width, int group, int part, float* panel)
    {
        int channel = part * Gather.BlockColumns, columns = Math.Min(Gather.BlockColumns, Gather.SoughtChannels - channel);
        float* source = Weight + group * GroupStep + channel * SoughtStep;
        if (!IsOutput || Dot)
        {
            PackPhase(depth, height, width, source, panel, columns);
            return;
        }
        // There is one phase, of all taps in their order with their given channels side by side: one matrix.
        float* table = stackalloc float[Interleaver.TableCount];
        int* offsets = stackalloc int[L.Count];
        Interleaver<L> squares = new(L.Count, (nint)SoughtStep, table, Ahead * Tile.Line);
        squares.Prepare(joins: false);
        Transpose(squares, offsets, source, panel, columns, Taps.Count * Gather.Unit);
    }

    private readonly void PackPhase(in GatherAxis depth, in GatherAxis height, in GatherAxis width, float* source, float* panel, int columns)
    {
        var (countD, countH, countW) = (depth.Window.Kernel, height.Window.Kernel, width.Window.Kernel);
        int padded = (columns + Lanes - 1) / Lanes * Lanes;
        for (int d = 0; d < countD; d++)
            for (int h = 0; h < countH; h++)
                for (int w = 0; w < countW; w++)
                {
                    long tap = ((depth.FirstTap + (long)d * depth.TapStep) * Taps.Height + height.FirstTap + h * height.TapStep) * Taps.Width
                        + width.FirstTap + w * width.TapStep;
                    long place = ((long)d * countH + h) * countW + w;
                    if (Dot)
                        CopyRows(source + tap * TapStep, panel + place * Gather.Unit, columns, (long)countD * countH * countW * Gather.Unit);
                    else
                        CopyLanes(source + tap * TapStep, panel + place * Gather.Unit * padded, columns, padded);
                }
    }

    private readonly void CopyRows(float* source, float* target, int columns, long targetStep)
    {
        for (int column = 0; column < columns; column++)
            for (int c = 0; c < Gather.Unit; c++)
                target[column * targetStep + c] = source[column * SoughtStep + c * GivenStep];
    }

    /// <summary>The sought channels of one given channel lie side by side.</summary>
    private readonly void CopyLanes(float* source, float* target, int columns, int padded)
    {
        for (int c = 0; c < Gather.Unit; c++, source += GivenStep, target += padded)
        {
            int column = 0;
            for (int line = 0; line < columns; line += Tile.Line)
                L.Prefetch(source + AheadRows * GivenStep + line);
            for (; column + L.Count <= columns; column += L.Count)
                L.Store(L.Load(source + column), target + column);
            if (column < padded && padded - column < L.Count)
                L.Store(L.Load(source + column, columns - column), target + column, padded - column);
            else if (column < padded)
                L.Store(L.Load(source + column, columns - column), target + column);
        }
    }

    /// <summary>Rows of <paramref name="terms"/> numbers become columns, square by square of registers; columns that no register fills, number by number.</summary>
    private readonly void Transpose(in Interleaver<L> squares, int* offsets, float* source, float* target, int columns, long terms)
    {
        int padded = (columns + Lanes - 1) / Lanes * Lanes, whole = padded / L.Count * L.Count;
        float* end = source + (columns - 1) * SoughtStep + terms;
        for (int i = 0; i < L.Count; i++)
            offsets[i] = i * padded;
        for (long first = 0; first < terms && whole > 0; first += L.Count)
        {
            for (int i = (int)Math.Min(terms - first, L.Count); i < L.Count; i++)
                offsets[i] = -1;
            squares.Split(source + first, end, whole, target + first * padded, offsets);
        }
        for (int column = whole; column < padded; column++)
            for (long term = 0; term < terms; term++)
                target[term * padded + column] = source[column * SoughtStep + term];
    }
}

/// <summary>All weights of a pass, packed on the team.</summary>
internal readonly unsafe struct WeightPackingKernel(
    ConvolutionProblem problem, Pass pass, Gather gather, int lanes, bool dot, float* weight, float* packed) : IFloatKernel
{
    public void Run<L>() where L : struct, ILanes<L, float>
    {
        WeightPacking<L> packing = new(problem, pass, gather, lanes, dot, weight, packed);
        Team.Run(gather.Groups * gather.Blocks, ref packing);
    }
}

/// <summary>What packing costs where it counts.</summary>
internal static class WeightPacking
{
    /// <summary>
    /// A window that covers the whole map, as that of a linear layer does, has no position but its samples, so that their number may decide: with few of
    /// them, to turn the weights costs more than to use them. The input pass reads them nearly as they lie.
    /// </summary>
    public static double Cost(in ConvolutionProblem problem, Pass pass)
    {
        const double WeightCost = 1;
        bool covers = problem.Output.Count == 1 && problem.Input.Count == problem.Window.Taps;
        return covers && pass == Pass.Output ? WeightCost * problem.OutputChannels * problem.GroupInputs * problem.Window.Taps : 0;
    }
}
