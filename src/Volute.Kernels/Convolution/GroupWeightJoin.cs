using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>dw of small groups from the sums of the parts, always in the same order. A chunk is a pair of vectors.</summary>
internal unsafe struct GroupWeightJoin<L> : IChunks where L : struct, ILanes<L, float>
{
    public GroupWeightPass Pass;
    public float* Sums, Dw;

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        float* lanes = stackalloc float[L.Count];
        var problem = Pass.Problem;
        int taps = problem.Window.Taps, outputs = problem.GroupOutputs;
        long step = (long)taps * Pass.Turns, next = Pass.Pairs * Pass.UnitCount;
        float* sums = Sums + chunk * Pass.UnitCount;
        for (int tap = 0; tap < taps; tap++)
            for (int turn = 0; turn < Pass.Turns; turn++)
                for (int v = 0; v < 2; v++, sums += L.Count)
                {
                    L sum = L.Load(sums);
                    for (int part = 1; part < Pass.Parts; part++)
                        sum += L.Load(sums + part * next);
                    L.Store(sum, lanes);
                    int first = (2 * chunk + v) * Pass.GroupsPerVector, groups = Math.Min(Pass.GroupsPerVector, problem.Groups - first);
                    for (int group = 0; group < groups; group++)
                        for (int output = 0; output < outputs; output++)
                            Dw[((long)(first + group) * outputs + output) * step + tap * Pass.Turns + Pass.InputOf(turn, output)] = lanes[group * outputs + output];
                }
    }
}
