namespace Volute.Kernels;

/// <summary>What the algorithms by tiles share: geometry, packing, and the way to the team. They differ in what the lanes hold.</summary>
internal static unsafe class TiledConvolution<TForm> where TForm : struct, ITileForm
{
    /// <summary>Lanes to which blocks of weights are padded.</summary>
    private static int PaddedLanes => TForm.Sums ? 1 : Isa.Lanes;

    /// <inheritdoc cref="ConvolutionAlgorithm.WorkspaceBytes"/>
    public static long WorkspaceBytes(in ConvolutionProblem problem, Pass pass)
    {
        ConvolutionProblem collapsed = problem.Collapse();
        if (pass == Pass.Weight)
            return new WeightPass(collapsed).PartialCount * sizeof(float);
        return PacksInChunks(collapsed, pass) ? 0 : PackedBytes(problem, pass);
    }

    /// <inheritdoc cref="ConvolutionAlgorithm.Parts"/>
    public static int Parts(in ConvolutionProblem problem, Pass pass) => Geometry(problem.Collapse(), pass).Parts;

    /// <inheritdoc cref="ConvolutionAlgorithm.PackedBytes"/>
    public static long PackedBytes(in ConvolutionProblem problem, Pass pass)
        => pass == Pass.Weight || IsInPlace(pass) ? 0 : Geometry(problem.Collapse(), pass).PackedCount(PaddedLanes) * sizeof(float);

    /// <inheritdoc cref="ConvolutionAlgorithm.Pack"/>
    public static void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
    {
        var collapsed = problem.Collapse();
        WeightPackingKernel kernel = new(collapsed, pass, Geometry(collapsed, pass), PaddedLanes, TForm.Sums, (float*)weight, (float*)packed);
        Isa.Run(ref kernel);
    }

    /// <summary>Computes the pass of <paramref name="algorithm"/> on the team.</summary>
    public static void Run(ConvolutionAlgorithm algorithm, in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        ConvolutionProblem collapsed = problem.Collapse();
        bool inChunks = operands.PackedWeight == null && PacksInChunks(collapsed, pass);
        void* packed = inChunks ? null : IsInPlace(pass) ? operands.Weight : algorithm.Packed(problem, pass, operands);
        Kernel kernel = new() { Problem = collapsed, Pass = pass, Operands = operands, Packed = (float*)packed };
        Isa.Run(ref kernel);
    }

    /// <summary>The dot form reads the rows of w as they are, and those of its transpose when packed.</summary>
    private static bool IsInPlace(Pass pass) => TForm.Sums && pass == Pass.Output;

    /// <summary>Where one chunk alone uses a block of weights, it packs them too, if nobody has before: they then go from memory to cache and no further.</summary>
    private static bool PacksInChunks(in ConvolutionProblem problem, Pass pass) => TForm.Spreads && pass != Pass.Weight && Geometry(problem, pass).Parts == 1;

    private static Gather Geometry(in ConvolutionProblem problem, Pass pass) => new(problem, pass, TForm.Sums ? 2 : 2 * Isa.Lanes, joined: false,
        boxed: !TForm.Sums && GivenBox.Serves(problem, pass));

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
            // Sums of lanes reach memory one by one, and positions that no tap meets never pass a tile.
            bool norms = output && TForm.Spreads;
            Gather gather = Geometry(Problem, Pass);
            GatherChunks<L, TForm> chunks = new()
            {
                Gather = gather,
                Packing = new(Problem, Pass, gather, PaddedLanes, TForm.Sums, (float*)Operands.Weight, null),
                Given = (float*)(output ? Operands.Input : Operands.Output),
                Sought = (float*)(output ? Operands.Output : Operands.Input),
                Weight = Packed,
                Bias = (float*)Operands.Bias,
                Norm = norms ? Operands.Epilogue.Norm : default,
                Epilogue = norms ? Operands.Epilogue.AfterNorm : Operands.Epilogue,
            };
            Team.Run(gather.ChunkCount, ref chunks);
        }

        private readonly void RunWeight<L>() where L : struct, ILanes<L, float>
        {
            WeightPass pass = new(Problem);
            bool joins = pass.PartialCount > 0;
            WeightChunks<L> chunks = new()
            {
                Pass = pass,
                X = (float*)Operands.Input,
                Dy = (float*)Operands.Output,
                Sums = (float*)(joins ? Operands.Workspace : Operands.Weight),
            };
            Team.Run(pass.ChunkCount, ref chunks);
            if (!joins)
                return;
            WeightJoin<L> join = new(pass, chunks.Sums, (float*)Operands.Weight);
            Team.Run(join.ChunkCount, ref join);
        }
    }
}
