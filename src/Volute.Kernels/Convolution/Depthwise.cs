namespace Volute.Kernels;

/// <summary>groups = channels: lanes hold channels, which meet only themselves.</summary>
internal sealed unsafe class DepthwiseConvolution : ConvolutionAlgorithm
{
    /// <inheritdoc/>
    public override string Name => "depthwise";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass)
        => problem.Type == ElementType.Float32 && !problem.IsEmpty && problem.GroupInputs == 1 && problem.GroupOutputs == 1;

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
        => (double)problem.Multiplies / problem.Groups * new ChannelVectors(problem.Groups).Count;

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass)
        => pass == Pass.Weight ? new DepthwiseWeightPass(problem.Collapse()).SumCount * sizeof(float) : PackedBytes(problem, pass);

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass) => new DepthwisePass(problem.Collapse(), pass).Gather.Parts;

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass)
        => pass == Pass.Weight ? 0 : new DepthwisePass(problem.Collapse(), pass).PackedCount(problem) * sizeof(float);

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
    {
        DepthwisePacking packing = new() { Pass = new(problem.Collapse(), pass), Window = problem.Window, Weight = (float*)weight, Packed = (float*)packed };
        Team.Run(packing.Pass.Vectors.Count, ref packing);
    }

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        Kernel kernel = new() { Problem = problem.Collapse(), Pass = pass, Operands = operands, Packed = (float*)Packed(problem, pass, operands) };
        Isa.RunWithin(problem.Groups, ref kernel);
    }

    private struct Kernel : IFloatKernel
    {
        public ConvolutionProblem Problem;
        public Pass Pass;
        public ConvolutionOperands Operands;
        public float* Packed;

        public readonly void Run<L>() where L : struct, ILanes<L, float>
        {
            if (Pass == Pass.Weight)
                RunWeight<L>();
            else
                RunGather<L>();
        }

        private readonly void RunGather<L>() where L : struct, ILanes<L, float>
        {
            bool output = Pass == Pass.Output;
            DepthwiseChunks<L> chunks = new()
            {
                Pass = new(Problem, Pass),
                Given = (float*)(output ? Operands.Input : Operands.Output),
                Sought = (float*)(output ? Operands.Output : Operands.Input),
                Weight = Packed,
                Bias = (float*)Operands.Bias,
                Norm = Operands.Epilogue.Norm,
                Epilogue = Operands.Epilogue.AfterNorm,
            };
            Team.Run(chunks.Pass.Gather.ChunkCount, ref chunks);
        }

        private readonly void RunWeight<L>() where L : struct, ILanes<L, float>
        {
            DepthwiseWeightPass pass = new(Problem);
            DepthwiseWeightChunks<L> chunks = new() { Pass = pass, X = (float*)Operands.Input, Dy = (float*)Operands.Output, Sums = (float*)Operands.Workspace };
            Team.Run(pass.ChunkCount, ref chunks);
            DepthwiseWeightJoin<L> join = new() { Pass = pass, Sums = chunks.Sums, Dw = (float*)Operands.Weight };
            Team.Run(pass.Vectors.Count, ref join);
        }
    }
}
