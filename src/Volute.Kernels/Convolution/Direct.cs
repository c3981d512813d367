namespace Volute.Kernels;

/// <summary>Output and input pass by tiles of neighbouring positions times two vectors of channels, the given map read in place.</summary>
internal sealed unsafe class DirectConvolution : ConvolutionAlgorithm
{
    /// <inheritdoc/>
    public override string Name => "direct";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass) => problem.Type == ElementType.Float32 && !problem.IsEmpty && pass != Pass.Weight;

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        // Lanes stay empty where a group's channels do not fill them.
        int channels = pass == Pass.Input ? problem.GroupInputs : problem.GroupOutputs, lanes = Isa.Lanes;
        return (double)problem.Multiplies / lanes * ((channels + lanes - 1) / lanes * lanes) / Math.Max(1, channels);
    }

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass) => PackedBytes(problem, pass);

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass)
        => Geometry(problem.Collapse(), pass).PackedCount(Isa.Lanes) * sizeof(float);

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
    {
        var collapsed = problem.Collapse();
        Gather gather = Geometry(collapsed, pass);
        WeightPacking packing = new(collapsed, pass, gather, Isa.Lanes, (float*)weight, (float*)packed);
        Team.Run(gather.Groups * gather.Blocks, ref packing);
    }

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        void* packed = operands.PackedWeight;
        if (packed == null)
            Pack(problem, pass, operands.Weight, packed = operands.Workspace);
        Kernel kernel = new() { Gather = Geometry(problem.Collapse(), pass), Pass = pass, Operands = operands, Packed = (float*)packed };
        Isa.Run(ref kernel);
    }

    private static Gather Geometry(in ConvolutionProblem problem, Pass pass) => new(problem, pass, 2 * Isa.Lanes, lanewise: false);

    private struct Kernel : IFloatKernel
    {
        public Gather Gather;
        public Pass Pass;
        public ConvolutionOperands Operands;
        public float* Packed;

        public readonly void Run<L>() where L : struct, ILanes<L, float>
        {
            bool output = Pass == Pass.Output;
            GatherChunks<L, SpreadForm> chunks = new()
            {
                Gather = Gather,
                Given = (float*)(output ? Operands.Input : Operands.Output),
                Sought = (float*)(output ? Operands.Output : Operands.Input),
                Weight = Packed,
                Bias = (float*)Operands.Bias,
                Epilogue = Operands.Epilogue,
            };
            Team.Run(Gather.ChunkCount, ref chunks);
        }
    }
}
