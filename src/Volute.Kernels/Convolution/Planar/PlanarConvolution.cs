namespace Volute.Kernels;

/// <summary>Lanes hold neighbouring positions: maps are taken apart into planes, one a channel, in which each tap is a run of numbers. For few channels.</summary>
internal sealed unsafe class PlanarConvolution : ConvolutionAlgorithm
{
    // The most elements of the planes that a few positions of a band need.
    private const double MostElements = 1 << 18;

    /// <inheritdoc/>
    public override string Name => "planar";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass)
    {
        if (problem.Type != ElementType.Float32 || problem.IsEmpty || pass == Pass.Weight)
            return false;
        int given = pass == Pass.Output ? problem.GroupInputs : problem.GroupOutputs, sought = pass == Pass.Output ? problem.GroupOutputs : problem.GroupInputs;
        var window = problem.Window;
        double width = window.Width.Reach + 64.0 * Math.Min(window.Width.Stride, window.Width.Kernel);
        return given * width * window.Height.Reach * window.Depth.Reach <= MostElements && sought * (double)window.Width.Stride <= 256;
    }

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        return double.MaxValue;
    }

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass) => PackedBytes(problem, pass);

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass)
    {
        PlanarGrid grid = new(problem.Collapse(), pass);
        return (grid.Gather.PackedCount(1) + (long)problem.Window.Taps * grid.Gather.Unit) * sizeof(float);
    }

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
    {
        var collapsed = problem.Collapse();
        PlanarGrid grid = new(collapsed, pass);
        WeightPacking packing = new(collapsed, pass, grid.Gather, 1, dot: false, (float*)weight, (float*)packed);
        Team.Run(grid.Gather.Groups * grid.Gather.Blocks, ref packing);
        grid.WriteOffsets((int*)packed + grid.Gather.PackedCount(1));
    }

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        void* packed = operands.PackedWeight;
        if (packed == null && pass != Pass.Weight)
            Pack(problem, pass, operands.Weight, packed = operands.Workspace);
        Kernel kernel = new() { Problem = problem.Collapse(), Pass = pass, Operands = operands, Packed = (float*)packed };
        Isa.Run(ref kernel);
    }

    private struct Kernel : IFloatKernel
    {
        public ConvolutionProblem Problem;
        public Pass Pass;
        public ConvolutionOperands Operands;
        public float* Packed;

        public readonly void Run<L>() where L : struct, ILanes<L, float>
        {
            bool output = Pass == Pass.Output;
            PlanarGrid grid = new(Problem, Pass);
            PlanarChunks<L> chunks = new()
            {
                Grid = grid,
                Bands = new(grid.BandCount, (double)Problem.Multiplies / L.Count),
                Given = (float*)(output ? Operands.Input : Operands.Output),
                Sought = (float*)(output ? Operands.Output : Operands.Input),
                Weight = Packed,
                Offsets = (int*)Packed + grid.Gather.PackedCount(1),
                Bias = (float*)Operands.Bias,
                Epilogue = Operands.Epilogue,
            };
            Team.Run(chunks.Bands.Chunks, ref chunks);
        }
    }
}
