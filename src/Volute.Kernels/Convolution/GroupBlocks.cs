using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// How lanes meet groups in the output and the input pass of small groups. A block is as many groups as fill a register with given channels. Accumulator j
/// of lane (g, i) gathers given channel i for sought channel (i + j) mod sought of its group: one vector of the given map, read as it lies, serves all
/// accumulators. At the end each sought channel adds up its lanes: vector by vector of sought channels, for each step one accumulator permuted.
/// </summary>
internal readonly unsafe struct GroupBlocks
{
    public readonly Gather Gather;

    /// <summary>Lanes of a register, those of one group, and the vectors of given channels that a tap reads.</summary>
    public readonly int Lanes, GroupLanes, Run;

    /// <summary>Sought channels of a group: accumulators of a position.</summary>
    public readonly int Sought;

    /// <summary>Groups in all, and of a block (the last may have fewer).</summary>
    public readonly int Groups, GroupsPerBlock;

    /// <summary>Vectors of sought channels of a block, and the steps that make one.</summary>
    public readonly int Vectors, Steps;

    private readonly int _taps;

    public GroupBlocks(in ConvolutionProblem problem, Pass pass)
    {
        var (given, sought) = pass == Pass.Output ? (problem.GroupInputs, problem.GroupOutputs) : (problem.GroupOutputs, problem.GroupInputs);
        (Lanes, Sought, Groups, _taps) = (Isa.Lanes, sought, problem.Groups, problem.Window.Taps);
        GroupLanes = Math.Min(given, Lanes);
        Run = given / GroupLanes;
        GroupsPerBlock = Math.Min(Lanes / GroupLanes, Groups);
        Vectors = (GroupsPerBlock * sought - 1) / Lanes + 1;
        Steps = sought * StepsPerAccumulator;
        Gather = new(problem, pass, GroupsPerBlock * sought, joined: true, boxed: true);
    }

    /// <summary>Lanes of one accumulator that belong to the same sought channel, at most.</summary>
    public int StepsPerAccumulator => (GroupLanes - 1) / Sought + 1;

    /// <summary>Whether each sought channel has one lane of each accumulator: there is one vector of them, and as many steps as accumulators.</summary>
    public bool JoinsInRegisters => GroupLanes == Sought;

    /// <summary>Whether a step fills only some lanes.</summary>
    public bool StepsAreMasked => GroupLanes % Sought != 0;

    /// <summary>Elements of a tap of one block of weights: [vector of given channels][accumulator][lane].</summary>
    public int TapCount => Run * Sought * Lanes;

    /// <summary>Elements of the table of steps: [vector][step]{indices [lane], mask [lane]}.</summary>
    public int TableCount => Vectors * Steps * 2 * Lanes;

    /// <summary>Elements of the table and of the packed weights behind it.</summary>
    public long PackedCount => TableCount + (long)_taps * Gather.Blocks * TapCount;

    /// <summary>Where the weights of a phase and block begin.</summary>
    public long PanelOffset(in GatherAxis depth, in GatherAxis height, in GatherAxis width, int block)
    {
        long taps = (long)depth.Window.Kernel * height.Window.Kernel * width.Window.Kernel;
        return TableCount + (Gather.TapsBefore(depth, height, width) * Gather.Blocks + block * taps) * TapCount;
    }

    /// <summary>The sought channel of its group that a lane of a group gathers for in an accumulator.</summary>
    public int SoughtOf(int accumulator, int groupLane) => (groupLane + accumulator) % Sought;

    /// <summary>Writes the table of steps: which lane of the step's accumulator goes where, and a mask of the lanes that get one.</summary>
    public void WriteSteps(float* table)
    {
        for (int v = 0; v < Vectors; v++)
            for (int step = 0; step < Steps; step++, table += 2 * Lanes)
            {
                var (accumulator, turn) = Math.DivRem(step, StepsPerAccumulator);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    var (group, sought) = Math.DivRem(v * Lanes + lane, Sought);
                    int first = (sought - accumulator % Sought + Sought) % Sought, source = first + turn * Sought;
                    bool filled = group < GroupsPerBlock && source < GroupLanes;
                    ((int*)table)[lane] = filled ? group * GroupLanes + source : 0;
                    ((int*)table)[Lanes + lane] = filled ? -1 : 0;
                }
            }
    }
}
