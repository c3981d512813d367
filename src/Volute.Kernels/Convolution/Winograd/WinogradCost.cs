namespace Volute.Kernels;

/// <summary>What a pass by F(m, r) takes, in multiply-adds of a vector as direct passes count them: products at the nodes, transforms, and weights.</summary>
internal static class WinogradCost<TAxis> where TAxis : struct, IWinogradAxis
{
    // Measured, in multiply-adds of a vector: its loads, stores and sums in each transform, and what a call costs; weights to nodes just before use, or
    // packed; sums at the nodes where they stay in cache, else once and for each block; a read of nodes from afar. And the share of it that transforms take where
    // one axis is transformed alone, and where both are of two taps.
    private const double GivenCost = 23, GradientCost = 8, SoughtCost = 3.5, CallCost = 60;
    private const double NodeCost = 16, PackCost = 30, DirectPackCost = 10, WideSumCost = 25, SumCost = 50, BlockCost = 25, ReadCost = 10;
    private const double OneAxis = 0.6, OneAxisWeight = 0.75, OneAxisOfTwo = 0.75, TwoTaps = 0.7;

    // What transforms take where blocks share planes that several taps of depth read, or phases of depth each take dy to its nodes.
    private const double SharedPlanes = 1.5;

    // The same where taps are cut in windows behind each other, which each read what the others did; in the weight pass where there are four of them.
    private const double Windows = 1.25, WindowsWeight = 2;

    // Elements of a map's nodes that stay near; and by how much products are slowed where each chunk reads all nodes of a map that has several times as many.
    private const long NearNodes = 1 << 20;
    private const double FarProducts = 0.3;

    /// <summary>The cost of a pass.</summary>
    public static double Of(in ConvolutionProblem problem, Pass pass)
    {
        // Exact algorithms skip the taps that lie in the padding, but may not count with that: a tile of an image is to be computed as the whole image is.
        // So it is taken into account here.
        double done = Math.Max((double)problem.UsefulMultiplies / problem.Multiplies, 0.01);
        ConvolutionProblem collapsed = problem.Collapse();
        return pass == Pass.Weight ? WeightCost(collapsed) / done : GatherCost(collapsed, pass) / done + TapsCost(collapsed, pass);
    }

    private static double GatherCost(in ConvolutionProblem problem, Pass pass)
    {
        double cost = 0;
        for (int phase = 0; phase < WinogradGrid.Count(problem, pass); phase++)
        {
            WinogradGrid grid = WinogradConvolution<TAxis>.Grid(problem, pass, phase);
            double vectors = (grid.SoughtChannels - 1) / grid.Lanes + 1, givenVectors = (grid.GivenChannels - 1) / grid.Lanes + 1;
            double tiles = (double)grid.Batch * grid.Sought.Depth * grid.Tiles.Height * grid.Tiles.Width, call = CallCost / grid.Nodes;
            double planes = (problem.Window.Depth is { Kernel: > 1, Stride: 1 } ? SharedPlanes : 1) * (IsCut(problem.Window) ? Windows : 1);
            double taps = TapsInside(grid.Depth.Window, grid.Given.Depth, grid.Sought.Depth);
            double products = 0, wide = grid.IsWide ? 1 + FarProducts * Far(grid.Nodes * grid.WideStep, NearNodes) : 1;
            for (int part = 0; part < grid.GivenPhases * grid.Nodes; part++)
                products += grid.Uses(part / grid.Nodes, part % grid.Nodes) ? taps * grid.GivenChannels * vectors * wide : 0;
            double transforms = (GivenCost + call) * planes * grid.GivenPhases * givenVectors + (SoughtCost * TAxis.Outputs + call) * vectors;
            cost += grid.Groups * tiles * (products + grid.Nodes * transforms * Share(problem.Window, OneAxis));
        }
        return cost;
    }

    /// <summary>What the weights take to their nodes, beyond what others take to pack them and may not count: their costs know nothing of the extents.</summary>
    private static double TapsCost(in ConvolutionProblem problem, Pass pass)
    {
        double cost = 0;
        for (int phase = 0; phase < WinogradGrid.Count(problem, pass); phase++)
        {
            WinogradGrid grid = WinogradConvolution<TAxis>.Grid(problem, pass, phase);
            double vectors = (grid.SoughtChannels - 1) / grid.Lanes + 1, packed = DirectPackCost * grid.Height.Window.Kernel * grid.Width.Window.Kernel;
            cost += grid.Groups * grid.Depth.Window.Kernel * grid.GivenChannels * vectors * (grid.Nodes * grid.GivenPhases * (grid.IsWide ? NodeCost : PackCost) - packed);
        }
        return cost;
    }

    private static double WeightCost(in ConvolutionProblem problem)
    {
        double cost = 0, lanes = (problem.GroupInputs - 1) / Isa.Lanes + 1, rows = (problem.GroupOutputs - 1) / Isa.Lanes + 1;
        for (int phase = 0; phase < WinogradConvolution<TAxis>.Phases(problem, Pass.Weight); phase++)
        {
            WinogradWeightPass weight = WinogradConvolution<TAxis>.WeightPass(problem, phase);
            double tiles = (double)weight.Problem.Batch * weight.Tiles.Depth * weight.Tiles.Height * weight.Tiles.Width;
            double taps = TapsInside(weight.Problem.Window.Depth, weight.Problem.Input.Depth, weight.Problem.Output.Depth);
            double reads = weight.IsWide ? ReadCost * weight.PieceReads * Far(weight.BlockCount, 2 * NearNodes) : 0;
            double transforms = (GradientCost + CallCost / weight.Nodes) * (lanes + rows) * (problem.Window.Depth.Stride > 1 ? SharedPlanes : 1);
            transforms *= Share(problem.Window, OneAxisWeight) * (IsCut(problem.Window) && WinogradConvolution<TAxis>.IsPlane(problem.Window) ? WindowsWeight : 1);
            double sums = weight.IsWide ? WideSumCost : (SumCost + BlockCost * weight.Blocks) * Share(problem.Window, 1);
            cost += weight.UsedNodes * tiles * taps * problem.GroupOutputs * lanes + weight.Nodes * (tiles * (transforms + reads)
                + weight.Problem.Window.Depth.Kernel * problem.GroupOutputs * lanes * sums);
        }
        return problem.Groups * cost;
    }

    /// <summary>How far away so many elements are, from 0 where they are near to 1 where they are five times as many.</summary>
    private static double Far(long elements, long near) => Math.Clamp((elements - near) / (4.0 * near), 0, 1);

    private static bool IsCut(in Window window) => Math.Max(window.Height.Kernel / window.Height.Stride, window.Width.Kernel / window.Width.Stride) > TAxis.Taps;

    /// <summary>The share of their cost that shorter transforms take.</summary>
    private static double Share(in Window window, double oneAxis) => (WinogradConvolution<TAxis>.IsPlane(window), TAxis.Taps) switch
    {
        (false, 2) => Math.Max(oneAxis, OneAxisOfTwo),
        (false, _) => oneAxis,
        (true, 2) => TwoTaps,
        _ => 1,
    };

    /// <summary>How many taps of an axis a position has inside the given map, on average.</summary>
    private static double TapsInside(WindowAxis axis, int given, int sought)
    {
        double taps = 0;
        for (int tap = 0; tap < axis.Kernel; tap++)
        {
            var (first, end) = axis.OutputsInside(tap, given, sought);
            taps += end - first;
        }
        return taps / sought;
    }
}
