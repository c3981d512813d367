namespace Volute.Kernels;

/// <summary>The geometry of the output and the input pass where every channel meets only itself: channels are counted in vectors.</summary>
internal readonly struct DepthwisePass
{
    // The most channels of a block, about; the least multiply-adds of a chunk.
    private const int BlockChannels = 1024, LeastWork = 1 << 17;

    public readonly Gather Gather;
    public readonly ChannelVectors Vectors;

    /// <summary>For each phase of the width axis its runs, in order.</summary>
    public readonly ColumnRun[][] Runs;

    public DepthwisePass(in ConvolutionProblem problem, Pass pass)
    {
        Vectors = new(problem.Groups);
        int block = Math.Min(Vectors.Count, BlockChannels / Vectors.Lanes);
        // The last vector and the one that it repeats belong to one block.
        while (Vectors.Count > 1 && Vectors.Channels % Vectors.Lanes != 0 && (Vectors.Count - 1) % block == 0)
            block++;
        Gather = new(problem, pass, block * Vectors.Lanes, joined: true, LeastWork);
        int given = Gather.Given.Width;
        Runs = Array.ConvertAll(Gather.Width, width => ColumnRun.Cut(width.Window, given, width.Positions));
    }

    /// <summary>Elements of the packed weights, [phase][vector][tap][lane].</summary>
    public long PackedCount(in ConvolutionProblem problem) => (long)Vectors.Count * problem.Window.Taps * Vectors.Lanes;

    /// <summary>Where the packed weights of a phase and vector begin.</summary>
    public long PackedOffset(in GatherAxis depth, in GatherAxis height, in GatherAxis width, int vector)
    {
        long taps = (long)depth.Window.Kernel * height.Window.Kernel * width.Window.Kernel;
        return (Gather.TapsBefore(depth, height, width) * Vectors.Count + vector * taps) * Vectors.Lanes;
    }
}
