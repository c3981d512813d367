namespace Volute.Kernels;

/// <summary>
/// Weights as tiles read them: [phase][group][block of sought channels][taps of the phase][given channel][lane]; the dot form leaves the lanes to the
/// given channels: [phase][group][sought channel][taps of the phase][given channel]. A chunk is one block of one group.
/// </summary>
internal unsafe struct WeightPacking : IChunks
{
    public Gather Gather;
    public float* Weight, Packed;

    /// <summary>Lanes to pad a block to (1 in the dot form).</summary>
    public int Lanes;

    /// <summary>Whether the weights are for the dot form.</summary>
    public bool Dot;

    /// <summary>Steps in the weights [(g,o)][tap][i]: between sought channels, given channels, taps and groups.</summary>
    public long SoughtStep, GivenStep, TapStep, GroupStep;

    /// <summary>Taps per axis of the whole window.</summary>
    public Extent Taps;

    public WeightPacking(in ConvolutionProblem problem, Pass pass, in Gather gather, int lanes, bool dot, float* weight, float* packed)
    {
        var window = problem.Window;
        (Gather, Lanes, Dot) = (gather, lanes, dot);
        Weight = weight;
        Packed = packed;
        Taps = new(window.Depth.Kernel, window.Height.Kernel, window.Width.Kernel);
        long output = (long)window.Taps * problem.GroupInputs;
        (SoughtStep, GivenStep) = pass == Pass.Output ? (output, 1L) : (1L, output);
        TapStep = problem.GroupInputs;
        GroupStep = problem.GroupOutputs * output;
    }

    public readonly void Run(int chunk)
    {
        var (group, part) = Math.DivRem(chunk, Gather.Blocks);
        int channel = part * Gather.BlockColumns, columns = Math.Min(Gather.BlockColumns, Gather.SoughtChannels - channel);
        float* source = Weight + group * GroupStep + channel * SoughtStep;
        foreach (ref readonly var depth in Gather.Depth.AsSpan())
            foreach (ref readonly var height in Gather.Height.AsSpan())
                foreach (ref readonly var width in Gather.Width.AsSpan())
                    PackPhase(depth, height, width, source, Packed + Gather.PanelOffset(depth, height, width, group, channel, Lanes), columns);
    }

    private readonly void PackPhase(in GatherAxis depth, in GatherAxis height, in GatherAxis width, float* source, float* panel, int columns)
    {
        var (countD, countH, countW) = (depth.Window.Kernel, height.Window.Kernel, width.Window.Kernel);
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
                        CopyLanes(source + tap * TapStep, panel, place, columns);
                }
    }

    private readonly void CopyRows(float* source, float* target, int columns, long targetStep)
    {
        for (int column = 0; column < columns; column++)
            for (int c = 0; c < Gather.Unit; c++)
                target[column * targetStep + c] = source[column * SoughtStep + c * GivenStep];
    }

    private readonly void CopyLanes(float* source, float* panel, long place, int columns)
    {
        int padded = (columns + Lanes - 1) / Lanes * Lanes;
        float* target = panel + place * Gather.Unit * padded;
        if (SoughtStep == 1)
        {
            for (int c = 0; c < Gather.Unit; c++, target += padded)
            {
                new ReadOnlySpan<float>(source + c * GivenStep, columns).CopyTo(new(target, columns));
                new Span<float>(target + columns, padded - columns).Clear();
            }
            return;
        }
        // A transposition in squares of 16 given channels: what it reads and what it writes stays in the first cache.
        for (int first = 0; first < Gather.Unit; first += 16)
        {
            int end = Math.Min(first + 16, Gather.Unit);
            for (int column = 0; column < padded; column++)
            {
                float* from = source + column * SoughtStep, to = target + column;
                for (int c = first; c < end; c++)
                    to[(long)c * padded] = column < columns ? from[c * GivenStep] : 0;
            }
        }
    }
}
