namespace Volute.Kernels;

/// <summary>The geometry of the output and the input pass where every channel meets only itself: channels are counted in vectors.</summary>
internal readonly struct DepthwisePass
{
    // Elements that a tile should not read more of, so that they stay in the first cache from one row to the next, and vectors that it takes nevertheless:
    // what lies side by side is fetched the faster the longer it is.
    private const int CacheElements = 6 << 10, SideBySide = 10;

    public readonly Gather Gather;
    public readonly ChannelVectors Vectors;

    public DepthwisePass(in ConvolutionProblem problem, Pass pass)
    {
        Vectors = new(problem.Groups);
        var window = problem.Window;
        int columns = Math.Min(DepthwiseTile.MaxColumns, problem.Output.Width) + window.Width.Kernel - 1;
        double vector = (double)window.Depth.Kernel * window.Height.Kernel * columns * Vectors.Lanes;
        int most = Math.Max(SideBySide, (int)(CacheElements / vector)), blocks = (Vectors.Count - 1) / most + 1;
        int block = (Vectors.Count - 1) / blocks + 1;
        // The last vector and the one whose channels it repeats belong to one block.
        while (Vectors.Count > 1 && Vectors.Channels % Vectors.Lanes != 0 && (Vectors.Count - 1) % block == 0)
            block++;
        Gather = new(problem, pass, block * Vectors.Lanes, joined: true);
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
