namespace Volute.Kernels;

/// <summary>Groups of fewer channels than lanes: lanes hold the given channels of several groups (<see cref="GroupBlocks"/>).</summary>
internal sealed unsafe class SmallGroupsConvolution : ConvolutionAlgorithm
{
    /// <inheritdoc/>
    public override string Name => "small-groups";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass)
    {
        if (problem.Type != ElementType.Float32 || problem.IsEmpty || problem.Groups == 1 || problem.OutputChannels + problem.InputChannels == 2 * problem.Groups)
            return false;
        if (pass == Pass.Weight)
            return problem.GroupInputs <= problem.GroupOutputs && problem.GroupOutputs <= Isa.Lanes;
        var (given, sought) = pass == Pass.Output ? (problem.GroupInputs, problem.GroupOutputs) : (problem.GroupOutputs, problem.GroupInputs);
        // Lanes of a group are its own: what it reads of a neighbour is never added up.
        return sought <= Math.Max(Isa.Lanes, 4) && (given <= Isa.Lanes || given % Isa.Lanes == 0) && GivenBox.Fits(problem.Window, Math.Max(given, Isa.Lanes));
    }

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        double positions = (double)problem.Multiplies / problem.OutputChannels / problem.GroupInputs / problem.Window.Taps;
        if (pass == Pass.Weight)
        {
            GroupWeightPass weight = new(problem);
            return positions * weight.Pairs * 2 * weight.Turns * (problem.Window.Taps + 2);
        }
        // Besides the multiply-adds: the accumulators' stores, and permutations and sums.
        GroupBlocks blocks = new(problem, pass);
        return positions * blocks.Gather.Blocks * (problem.Window.Taps * blocks.Run * blocks.Sought + blocks.Sought + 2 * blocks.Vectors * blocks.Steps);
    }

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass)
        => pass == Pass.Weight ? new GroupWeightPass(problem.Collapse()).SumCount * sizeof(float) : PackedBytes(problem, pass);

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass) => new GroupBlocks(problem.Collapse(), pass).Gather.Parts;

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass)
        => pass == Pass.Weight ? 0 : new GroupBlocks(problem.Collapse(), pass).PackedCount * sizeof(float);

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
    {
        var collapsed = problem.Collapse();
        GroupBlocks blocks = new(collapsed, pass);
        GroupPacking packing = new(collapsed, pass, blocks, (float*)weight, (float*)packed);
        Team.Run(blocks.Gather.Blocks, ref packing);
    }

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        Kernel kernel = new() { Problem = problem.Collapse(), Pass = pass, Operands = operands, Packed = (float*)Packed(problem, pass, operands) };
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
            if (Pass == Pass.Weight)
                RunWeight<L>();
            else
                RunGather<L>();
        }

        private readonly void RunGather<L>() where L : struct, ILanes<L, float>
        {
            bool output = Pass == Pass.Output;
            GroupChunks<L> chunks = new()
            {
                Blocks = new(Problem, Pass),
                Given = (float*)(output ? Operands.Input : Operands.Output),
                Sought = (float*)(output ? Operands.Output : Operands.Input),
                Packed = Packed,
                Bias = (float*)Operands.Bias,
                Epilogue = Operands.Epilogue,
            };
            Team.Run(chunks.Blocks.Gather.ChunkCount, ref chunks);
        }

        private readonly void RunWeight<L>() where L : struct, ILanes<L, float>
        {
            GroupWeightPass pass = new(Problem);
            GroupWeightChunks<L> chunks = new() { Pass = pass, X = (float*)Operands.Input, Dy = (float*)Operands.Output, Sums = (float*)Operands.Workspace };
            Team.Run(pass.Parts * pass.Pairs, ref chunks);
            GroupWeightJoin<L> join = new() { Pass = pass, Sums = chunks.Sums, Dw = (float*)Operands.Weight };
            Team.Run(pass.Pairs, ref join);
        }
    }
}
