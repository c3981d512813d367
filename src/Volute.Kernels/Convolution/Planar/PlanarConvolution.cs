namespace Volute.Kernels;

/// <summary>Lanes hold neighbouring positions: maps are taken apart into planes, one a channel, in which each tap is a run of numbers. For few channels.</summary>
internal sealed unsafe class PlanarConvolution : ConvolutionAlgorithm
{
    // The most elements of the planes of a band as short as it gets, sought channels of all phases of the width axis, and weights of the weight pass.
    private const double LeastColumns = 64, MostElements = 1 << 18, MostSought = 256, MostWeights = 1 << 14;

    /// <inheritdoc/>
    public override string Name => "planar";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass)
    {
        if (problem.Type != ElementType.Float32 || problem.IsEmpty || (problem.Groups > 1 && problem.InputChannels + problem.OutputChannels == 2 * problem.Groups))
            return false;
        var (given, sought) = pass == Pass.Input ? (problem.GroupOutputs, problem.GroupInputs) : (problem.GroupInputs, problem.GroupOutputs);
        var (depth, height, width) = (problem.Window.Depth, problem.Window.Height, problem.Window.Width);
        double positions = LeastColumns * (double)Math.Min(width.Stride, width.Kernel);
        if (given * (width.Reach + positions) * height.Reach * depth.Reach > MostElements || sought * (double)width.Stride > MostSought)
            return false;
        return pass != Pass.Weight || (double)problem.OutputChannels * problem.GroupInputs * problem.Window.Taps <= MostWeights;
    }

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        // Measured: a position's share of the multiply-adds, slower with few rows in a tile and where more planes are read than the first cache holds,
        // and an element to a plane and back, where few channels touch; else a register is moved for each block of them.
        const double SplitCost = 1, JoinCost = 0.6, FullSplitCost = 0.6, RegisterCost = 12, WideJoinCost = 24, ManyGiven = 32, ManyCost = 0.3;
        var (given, sought) = pass == Pass.Input ? (problem.GroupOutputs, problem.GroupInputs) : (problem.GroupInputs, problem.GroupOutputs);
        double term = (sought == 1 ? 1.5 : sought == 2 ? 1.4 : 1.15) + (given > ManyGiven ? ManyCost : 0);
        double positions = (double)problem.Multiplies / problem.OutputChannels / problem.GroupInputs / problem.Window.Taps, inputs = 1;
        for (int axis = 0; axis < 3; axis++)
            inputs *= pass == Pass.Input ? problem.Window.Axis(axis).Stride : Math.Min(problem.Window.Axis(axis).Stride, problem.Window.Axis(axis).Kernel);
        double input = Move(problem.Groups, problem.GroupInputs, pass == Pass.Input ? JoinCost : SplitCost) * inputs;
        double output = pass == Pass.Output && problem.Groups == 1 && 2 * problem.OutputChannels > Isa.Lanes
            ? ((problem.OutputChannels - 1) / Isa.Lanes + 1) * WideJoinCost : Move(problem.Groups, problem.GroupOutputs, pass == Pass.Output ? JoinCost : problem.OutputChannels % Isa.Lanes == 0 ? FullSplitCost : SplitCost);
        return positions * problem.Groups * (term * problem.Window.Taps * given * sought / Isa.Lanes + input + output) + WeightPacking.Cost(problem, pass);

        static double Move(int groups, int channels, double cost) => groups == 1 ? channels * cost : ((channels - 1) / Isa.Lanes + 1) * RegisterCost;
    }

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass)
    {
        PlanarGrid grid = new(problem.Collapse(), pass);
        long sums = pass == Pass.Weight ? grid.Parts * Weights(problem) : 0;
        return PackedBytes(problem, pass) + (Tables(problem, grid) + sums) * sizeof(float);
    }

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass) => new PlanarGrid(problem.Collapse(), pass).BandCount;

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass) => pass == Pass.Weight ? 0 : (Weights(problem) + 15) / 16 * 16 * sizeof(float);

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
    {
        var collapsed = problem.Collapse();
        WeightPackingKernel kernel = new(collapsed, pass, new PlanarGrid(collapsed, pass).Gather, 1, dot: false, (float*)weight, (float*)packed);
        Isa.Run(ref kernel);
    }

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        Kernel kernel = new()
        {
            Problem = problem.Collapse(),
            Pass = pass,
            Operands = operands,
            Packed = (float*)Packed(problem, pass, operands),
            Tables = (float*)operands.Workspace + PackedBytes(problem, pass) / sizeof(float),
        };
        Isa.Run(ref kernel);
    }

    private static long Weights(in ConvolutionProblem problem) => (long)problem.OutputChannels * problem.GroupInputs * problem.Window.Taps;

    /// <summary>Elements of what all chunks look up: offsets of terms, and the tables of the interleavers.</summary>
    private static long Tables(in ConvolutionProblem problem, in PlanarGrid grid)
        => 2 * (Interleaver.TableCount + 2 * Isa.Lanes) + Terms(problem, grid) + grid.Width.Stride * grid.Gather.GivenChannels + grid.Gather.SoughtChannels;

    /// <summary>Terms of a sought channel over all phases, rounded up to whole registers.</summary>
    private static int Terms(in ConvolutionProblem problem, in PlanarGrid grid) => (problem.Window.Taps * grid.Gather.Unit + 15) / 16 * 16;

    private struct Kernel : IFloatKernel
    {
        public ConvolutionProblem Problem;
        public Pass Pass;
        public ConvolutionOperands Operands;
        public float* Packed, Tables;

        public readonly void Run<L>() where L : struct, ILanes<L, float>
        {
            PlanarGrid grid = new(Problem, Pass);
            grid.WriteOffsets((int*)Tables);
            float* joining = Tables + Terms(Problem, grid), rows = joining + PlanarRows<L>.TableCount(1, grid.Gather.SoughtChannels);
            PlanarPlanes<L> planes = new(grid, (float*)(Pass == Pass.Input ? Operands.Output : Operands.Input), rows);
            planes.Prepare();
            if (Pass == Pass.Weight)
                RunWeight(grid, planes, joining);
            else
                RunGather(grid, planes, joining);
        }

        private readonly void RunGather<L>(in PlanarGrid grid, in PlanarPlanes<L> planes, float* table) where L : struct, ILanes<L, float>
        {
            ref readonly Gather gather = ref grid.Gather;
            int records = PlanarChunks<L>.Joins(gather) ? gather.Width.Length : 1;
            PlanarChunks<L> chunks = new()
            {
                Grid = grid,
                Bands = new(grid.BandCount, (double)Problem.Multiplies / L.Count),
                Planes = planes,
                Records = new(gather.SoughtChannels * records, (nint)(gather.Width[0].Step * gather.SoughtStrides.Width), table),
                Sought = (float*)(Pass == Pass.Output ? Operands.Output : Operands.Input),
                Weight = Packed,
                Offsets = (int*)Tables,
                Bias = (float*)Operands.Bias,
                Epilogue = Operands.Epilogue,
            };
            chunks.Records.Prepare(joins: true);
            Team.Run(chunks.Bands.Chunks, ref chunks);
        }

        private readonly void RunWeight<L>(in PlanarGrid grid, in PlanarPlanes<L> planes, float* table) where L : struct, ILanes<L, float>
        {
            ref readonly Gather gather = ref grid.Gather;
            int parts = grid.Parts, count = (int)Weights(Problem);
            float* dw = (float*)Operands.Weight, sums = Tables + PlanarConvolution.Tables(Problem, grid);
            PlanarWeightChunks<L> chunks = new()
            {
                Grid = grid,
                Planes = planes,
                Rows = new(PlanarAxis.Same, gather.SoughtChannels, gather.SoughtStrides.Width, 0, grid.DyChannelStep, table),
                Dy = (float*)Operands.Output,
                End = (float*)Operands.Output + Gather.End(Problem.Batch, Problem.Output, Problem.OutputStrides, Problem.OutputChannels),
                Offsets = (int*)Tables,
                Terms = Problem.Window.Taps * gather.Unit,
                Parts = parts,
                Sums = parts == 1 ? dw : sums,
            };
            chunks.Rows.Prepare();
            Team.Run(parts, ref chunks);
            if (parts == 1)
                return;
            PlanarWeightJoin<L> join = new() { Sums = sums, Dw = dw, Count = count, Parts = parts };
            Team.Run(join.ChunkCount, ref join);
        }
    }
}
