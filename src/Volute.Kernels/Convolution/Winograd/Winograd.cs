namespace Volute.Kernels;

/// <summary>
/// F(m × m, r × r) on height and width, or F(m, r) on one of them; the taps of depth are summed as they are. Dilated windows too (<see cref="WinogradTiles"/>).
/// </summary>
internal sealed unsafe class WinogradConvolution<TAxis> : ConvolutionAlgorithm where TAxis : struct, IWinogradAxis
{
    // A pass that wants more memory than this for sums at the nodes is left to others.
    private const long MostSumBytes = 64 << 20;
    private const int LeastOfGroup = 16;

    // The entries of a patch that begins on a map are counted in int.
    private const int MostDilation = 1 << 20;

    /// <inheritdoc/>
    public override string Name => TAxis.Taps == 3 ? $"winograd{TAxis.Outputs}" : $"winograd{TAxis.Outputs}x{TAxis.Taps}";

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass)
    {
        var window = problem.Window;
        // Of a group with few channels the transforms cost more than they save.
        return problem.Type == ElementType.Float32 && !problem.IsEmpty && window.Depth.Stride == 1
            && (problem.Groups == 1 || Math.Min(problem.GroupInputs, problem.GroupOutputs) >= LeastOfGroup)
            && (IsTransformed(window.Height) || window.Height is { Kernel: 1, Stride: 1 }) && (IsTransformed(window.Width) || window.Width is { Kernel: 1, Stride: 1 })
            && (IsTransformed(window.Height) || IsTransformed(window.Width)) && (pass != Pass.Weight || WorkspaceBytes(problem, pass) <= MostSumBytes);
    }

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        // Exact algorithms skip the taps that lie in the padding, but may not count with that: a tile of an image is to be computed as the whole image is.
        // So it is taken into account here.
        double done = Math.Max((double)problem.UsefulMultiplies / problem.Multiplies, 0.01);
        return pass == Pass.Weight ? WeightCost(problem) / done : GatherCost(problem, pass) / done + TapsCost(problem, pass);
    }

    // Measured, in multiply-adds of a vector: its loads, stores and sums in each transform, and what a call costs; weights to nodes just before use, or
    // packed; sums at the nodes where they stay in cache, else once and for each block; a read of nodes from afar. And the share of it that transforms take where
    // one axis is transformed alone.
    private const double GivenCost = 23, GradientCost = 8, SoughtCost = 3.5, CallCost = 60;
    private const double NodeCost = 16, PackCost = 30, DirectPackCost = 10, WideSumCost = 25, SumCost = 50, BlockCost = 25, ReadCost = 10;
    private const double OneAxis = 0.6, OneAxisWeight = 0.75;

    // Elements of a map's nodes that stay near; and what products are slowed by where each chunk reads all nodes of a map that has more.
    private const long NearNodes = 1 << 20;
    private const double FarProducts = 1.2;

    private static double GatherCost(in ConvolutionProblem problem, Pass pass)
    {
        WinogradGrid grid = Grid(problem.Collapse(), pass);
        double vectors = (grid.SoughtChannels - 1) / grid.Lanes + 1, givenVectors = (grid.GivenChannels - 1) / grid.Lanes + 1;
        double tiles = (double)grid.Batch * grid.Sought.Depth * grid.Tiles.Height * grid.Tiles.Width, call = CallCost / grid.Nodes;
        double planes = grid.Depth.Window.Kernel > 1 ? 1.5 : 1;
        double taps = TapsInside(grid.Depth.Window, grid.Given.Depth, grid.Sought.Depth);
        double products = taps * grid.GivenChannels * vectors * (grid.IsWide && grid.Nodes * grid.WideStep > NearNodes ? FarProducts : 1);
        double transforms = (GivenCost + call) * planes * givenVectors + (SoughtCost * TAxis.Outputs + call) * vectors;
        return grid.Groups * grid.Nodes * tiles * (products + transforms * (IsPlane(problem.Window) ? 1 : OneAxis));
    }

    /// <summary>What the weights take to their nodes, beyond what others take to pack them and may not count: their costs know nothing of the extents.</summary>
    private static double TapsCost(in ConvolutionProblem problem, Pass pass)
    {
        WinogradGrid grid = Grid(problem.Collapse(), pass);
        double vectors = (grid.SoughtChannels - 1) / grid.Lanes + 1, packed = DirectPackCost * problem.Window.Height.Kernel * problem.Window.Width.Kernel;
        return grid.Groups * grid.Depth.Window.Kernel * grid.GivenChannels * vectors * (grid.Nodes * (grid.IsWide ? NodeCost : PackCost) - packed);
    }

    private static double WeightCost(in ConvolutionProblem problem)
    {
        WinogradWeightPass weight = WeightPass(problem.Collapse());
        double lanes = (problem.GroupInputs - 1) / Isa.Lanes + 1, rows = (problem.GroupOutputs - 1) / Isa.Lanes + 1;
        double tiles = (double)weight.Problem.Batch * weight.Tiles.Depth * weight.Tiles.Height * weight.Tiles.Width;
        double taps = TapsInside(problem.Window.Depth, weight.Problem.Input.Depth, weight.Problem.Output.Depth);
        double reads = weight.IsWide && weight.BlockCount > 2 * NearNodes ? ReadCost * weight.PieceReads : 0;
        double transforms = (GradientCost + CallCost / weight.Nodes) * (lanes + rows) * (IsPlane(problem.Window) ? 1 : OneAxisWeight);
        return problem.Groups * weight.Nodes * (tiles * (taps * problem.GroupOutputs * lanes + transforms + reads)
            + problem.Window.Depth.Kernel * problem.GroupOutputs * lanes * (weight.IsWide ? WideSumCost : SumCost + BlockCost * weight.Blocks));
    }

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

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass)
    {
        if (pass == Pass.Weight)
            return WeightPass(problem.Collapse()).Count * sizeof(float);
        WinogradGrid grid = Grid(problem.Collapse(), pass);
        return (grid.IsWide ? grid.Nodes * grid.WideStep : grid.PackedCount) * sizeof(float);
    }

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass) => Grid(problem.Collapse(), pass).Parts;

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass)
    {
        if (pass == Pass.Weight)
            return 0;
        WinogradGrid grid = Grid(problem.Collapse(), pass);
        return grid.IsWide ? 0 : grid.PackedCount * sizeof(float);
    }

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
        => Start(problem, pass, new() { Weight = weight }, (float*)packed, packs: true);

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
        => Start(problem, pass, operands, (float*)Packed(problem, pass, operands), packs: false);

    private static bool IsTransformed(WindowAxis axis) => axis.Kernel == TAxis.Taps && axis is { Stride: 1, Dilation: <= MostDilation };

    private static bool IsPlane(in Window window) => IsTransformed(window.Height) && IsTransformed(window.Width);

    private static WinogradGrid Grid(in ConvolutionProblem problem, Pass pass)
    {
        var (height, width, nodes) = Sizes(problem.Window);
        return new(problem, pass, height, width, nodes);
    }

    private static WinogradWeightPass WeightPass(in ConvolutionProblem problem)
    {
        var (height, width, nodes) = Sizes(problem.Window);
        return new(problem, height, width, nodes);
    }

    /// <summary>Outputs of a tile along height and width, and its nodes.</summary>
    private static (int Height, int Width, int Nodes) Sizes(in Window window)
    {
        bool height = IsTransformed(window.Height), width = IsTransformed(window.Width);
        int nodes = WinogradLines.Nodes<TAxis>();
        return (height ? TAxis.Outputs : 1, width ? TAxis.Outputs : 1, height && width ? nodes * nodes : nodes);
    }

    private static void Start(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands, float* packed, bool packs)
    {
        bool height = IsTransformed(problem.Window.Height), width = IsTransformed(problem.Window.Width);
        if (height && width)
            Start<TAxis, TAxis>(problem, pass, operands, packed, packs);
        else if (width)
            Start<OneByOne, TAxis>(problem, pass, operands, packed, packs);
        else
            Start<TAxis, OneByOne>(problem, pass, operands, packed, packs);
    }

    private static void Start<TH, TW>(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands, float* packed, bool packs)
        where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
    {
        Kernel<TH, TW> kernel = new() { Problem = problem.Collapse(), Pass = pass, Operands = operands, Packed = packed, Packs = packs };
        Isa.Run(ref kernel);
    }

    private struct Kernel<TH, TW> : IFloatKernel where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
    {
        public ConvolutionProblem Problem;
        public Pass Pass;
        public ConvolutionOperands Operands;
        public float* Packed;
        public bool Packs;

        public readonly void Run<L>() where L : struct, ILanes<L, float>
        {
            if (Pass == Pass.Weight)
            {
                RunWeight<L>();
                return;
            }
            WinogradGrid grid = Grid(Problem, Pass);
            WinogradTaps<L, TH, TW> taps = new()
            {
                Grid = grid,
                Packing = new(Problem, Pass, new(Problem, Pass, 2 * L.Count, joined: false), L.Count, dot: false, (float*)Operands.Weight, null),
            };
            if (Packs)
            {
                WinogradPacking<L, TH, TW> packing = new() { Taps = taps, Packed = Packed };
                Team.Run(grid.Groups * grid.Blocks, ref packing);
                return;
            }
            bool output = Pass == Pass.Output;
            float* given = (float*)(output ? Operands.Input : Operands.Output);
            WinogradResult<L, TH, TW> result = new() { Map = (float*)(output ? Operands.Output : Operands.Input), Bias = (float*)Operands.Bias, Epilogue = Operands.Epilogue };
            if (grid.IsWide)
            {
                float* nodes = (float*)Operands.Workspace;
                WinogradWideNodes<L, TH, TW> tiles = new() { Grid = grid, Patches = WinogradPatches<L, TH, TW, GivenSide>.Of(grid, given, grid.WideStep), Nodes = nodes };
                Team.Run(tiles.ChunkCount, ref tiles);
                WinogradWideChannels<L, TH, TW> channels = new() { Grid = grid, Taps = taps, Nodes = nodes, Result = result };
                Team.Run(grid.Blocks, ref channels);
                return;
            }
            WinogradGather<L, TH, TW> chunks = new() { Grid = grid, Given = given, Weight = Packed, Result = result };
            Team.Run(grid.ChunkCount, ref chunks);
        }

        private readonly void RunWeight<L>() where L : struct, ILanes<L, float>
        {
            WinogradWeightPass pass = WeightPass(Problem);
            long weights = (long)Problem.GroupOutputs * Problem.Window.Taps * Problem.GroupInputs;
            for (int group = 0; group < Problem.Groups; group++)
            {
                WinogradWeightParts<L, TH, TW> parts = new()
                {
                    Pass = pass,
                    X = (float*)Operands.Input + group * Problem.GroupInputs,
                    Dy = (float*)Operands.Output + group * Problem.GroupOutputs,
                    Sums = (float*)Operands.Workspace,
                    Dw = (float*)Operands.Weight + group * weights,
                };
                if (pass.Parts > 1)
                    Team.Run(pass.Parts, ref parts);
                else
                    parts.Run(0);
                if (pass.IsWide)
                    continue;
                WinogradWeightTaps<L, TH, TW> taps = new() { Pass = pass, Piece = WinogradPiece.Whole(pass, parts.Sums), Dw = parts.Dw };
                Team.Run(Problem.GroupOutputs, ref taps);
            }
        }
    }
}
