namespace Volute.Kernels;

/// <summary>
/// F(m × m, r × r) on height and width, or F(m, r) on one of them; the taps of depth are summed as they are. Dilated windows too (<see cref="WinogradTiles"/>),
/// those of a stride s whose every s-th tap makes r of them, and of twice r taps, or one less, as two windows behind each other (<see cref="WinogradPhase"/>).
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
        return problem.Type == ElementType.Float32 && !problem.IsEmpty
            && (window.Depth.Stride == 1 || (window.Depth.Dilation == 1 && window.Depth.Kernel >= window.Depth.Stride))
            && (problem.Groups == 1 || Math.Min(problem.GroupInputs, problem.GroupOutputs) >= LeastOfGroup)
            && (IsTransformed(window.Height) || window.Height is { Kernel: 1, Stride: 1 }) && (IsTransformed(window.Width) || window.Width is { Kernel: 1, Stride: 1 })
            && (IsTransformed(window.Height) || IsTransformed(window.Width)) && (pass != Pass.Weight || WorkspaceBytes(problem, pass) <= MostSumBytes);
    }

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass) => WinogradCost<TAxis>.Of(problem, pass);

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass)
    {
        ConvolutionProblem collapsed = problem.Collapse();
        long most = 0;
        for (int phase = 0, phases = Phases(collapsed, pass); phase < phases; phase++)
            most = Math.Max(most, pass == Pass.Weight ? WeightPass(collapsed, phase).Count : Grid(collapsed, pass, phase).WideCount);
        return PackedBytes(problem, pass) + most * sizeof(float);
    }

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass)
    {
        ConvolutionProblem collapsed = problem.Collapse();
        int parts = 0;
        for (int phase = 0, phases = Phases(collapsed, pass); phase < phases; phase++)
            parts += Grid(collapsed, pass, phase).Parts;
        return parts;
    }

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass) => PackedCount(problem.Collapse(), pass) * sizeof(float);

    private static long PackedCount(in ConvolutionProblem problem, Pass pass)
    {
        long count = 0;
        for (int phase = 0, phases = pass == Pass.Weight ? 0 : Phases(problem, pass); phase < phases; phase++)
            count += Grid(problem, pass, phase).KeptCount;
        return count;
    }

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed)
        => Start(problem, pass, new() { Weight = weight }, (float*)packed, packs: true);

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
        => Start(problem, pass, operands, (float*)Packed(problem, pass, operands), packs: false);

    /// <summary>Whether every phase of an axis has r taps, or r − 1, which leave one node out.</summary>
    private static bool IsTransformed(WindowAxis axis)
    {
        int taps = (axis.Kernel - 1) / axis.Stride + 1;
        return (taps == TAxis.Taps || (axis.Stride == 1 && TAxis.Taps > 2 && taps <= 2 * TAxis.Taps && taps >= 2 * TAxis.Taps - 1))
            && axis.Dilation <= (axis.Stride == 1 ? MostDilation : 1);
    }

    /// <summary>Whether both axes are transformed.</summary>
    public static bool IsPlane(in Window window) => IsTransformed(window.Height) && IsTransformed(window.Width);

    /// <summary>How many phases a pass of a collapsed problem has, each with a result of its own.</summary>
    public static int Phases(in ConvolutionProblem problem, Pass pass)
        => pass == Pass.Weight ? WinogradWeightPhase.Count(problem.Window, Size(problem.Window.Height), Size(problem.Window.Width)) : WinogradGrid.Count(problem, pass);

    /// <summary>A phase of the output or the input pass of a collapsed problem.</summary>
    public static WinogradGrid Grid(in ConvolutionProblem problem, Pass pass, int phase)
        => new(problem, pass, phase, Size(problem.Window.Height), Size(problem.Window.Width));

    /// <summary>A phase of the weight pass of a collapsed problem.</summary>
    public static WinogradWeightPass WeightPass(in ConvolutionProblem problem, int phase)
    {
        WinogradSize high = Size(problem.Window.Height), wide = Size(problem.Window.Width);
        return new(problem, new(problem, phase, high, wide), high, wide);
    }

    private static WinogradSize Size(WindowAxis axis) => IsTransformed(axis) ? new(TAxis.Outputs, TAxis.Taps) : new(1, 1);

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
        Kernel<TH, TW> kernel = new()
        {
            Problem = problem.Collapse(),
            Pass = pass,
            Operands = operands,
            Packed = packed,
            PackedCount = PackedCount(problem.Collapse(), pass),
            Packs = packs,
        };
        Isa.Run(ref kernel);
    }

    private struct Kernel<TH, TW> : IFloatKernel where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
    {
        public ConvolutionProblem Problem;
        public Pass Pass;
        public ConvolutionOperands Operands;
        public float* Packed;

        /// <summary>Elements at the beginning of the workspace that are left to weights packed at this run.</summary>
        public long PackedCount;

        public bool Packs;

        public readonly void Run<L>() where L : struct, ILanes<L, float>
        {
            float* packed = Packed;
            int part = 0, phases = Phases(Problem, Pass);
            for (int phase = 0; phase < phases; phase++)
            {
                if (Pass == Pass.Weight)
                {
                    RunWeight<L>(WeightPass(Problem, phase));
                    continue;
                }
                WinogradGrid grid = Grid(Problem, Pass, phase);
                RunGather<L>(grid, packed, part);
                packed += grid.KeptCount;
                part += grid.Parts;
            }
        }

        private readonly void RunGather<L>(in WinogradGrid grid, float* packed, int part) where L : struct, ILanes<L, float>
        {
            WinogradTaps<L, TH, TW> taps = new()
            {
                Grid = grid,
                Packing = new(Problem, Pass, new(Problem, Pass, 2 * L.Count, joined: false), L.Count, dot: false, (float*)Operands.Weight, null),
            };
            if (Packs)
            {
                WinogradPacking<L, TH, TW> packing = new() { Taps = taps, Packed = packed };
                if (!grid.IsWide)
                    Team.Run(grid.Groups * grid.Blocks, ref packing);
                return;
            }
            bool output = Pass == Pass.Output;
            float* given = (float*)(output ? Operands.Input : Operands.Output);
            WinogradResult<L, TH, TW> result = new()
            {
                Map = (float*)(output ? Operands.Output : Operands.Input) + grid.SoughtStart,
                Bias = (float*)Operands.Bias,
                Norm = output ? Operands.Epilogue.Norm : default,
                Epilogue = output ? Operands.Epilogue.AfterNorm : Operands.Epilogue,
                FirstPart = part,
            };
            if (grid.IsWide)
            {
                float* nodes = (float*)Operands.Workspace + PackedCount;
                WinogradWideNodes<L, TH, TW> tiles = new() { Grid = grid, Given = given, Nodes = nodes };
                Team.Run(tiles.ChunkCount, ref tiles);
                WinogradWideChannels<L, TH, TW> channels = new() { Grid = grid, Taps = taps, Nodes = nodes, Result = result };
                Team.Run(grid.Blocks, ref channels);
                return;
            }
            WinogradGather<L, TH, TW> chunks = new() { Grid = grid, Given = given, Weight = packed, Result = result };
            Team.Run(grid.ChunkCount, ref chunks);
        }

        private readonly void RunWeight<L>(in WinogradWeightPass pass) where L : struct, ILanes<L, float>
        {
            long weights = (long)Problem.GroupOutputs * Problem.Window.Taps * Problem.GroupInputs;
            for (int group = 0; group < Problem.Groups; group++)
            {
                WinogradWeightParts<L, TH, TW> parts = new()
                {
                    Pass = pass,
                    X = (float*)Operands.Input + pass.Phase.InputStart + group * Problem.GroupInputs,
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
