using Volute.Kernels;

namespace Volute;

/// <summary>
/// A view that is read long after all else of what it looks at keeps the whole of it in memory: it gets memory of its own. So a skip connection's part of the
/// gradient of joined maps outlives the rest.
/// </summary>
internal static class Detachment
{
    // A view worth it is smaller than what it looks at by this factor, and read this share of all steps later.
    private const double Smaller = 0.75, Later = 0.05;
    private const long LeastBytes = 1 << 20;

    public static void Run(Draft draft)
    {
        int[] order = StepOrder.Of(draft), time = new int[draft.Count], last = new int[draft.Count];
        List<int>[] readers = draft.Readers();
        for (int i = 0; i < order.Length; i++)
            time[order[i]] = last[order[i]] = i;
        // The last step that reads a value, through however many views.
        foreach (int number in order.Reverse())
        {
            foreach (int reader in readers[number])
                last[number] = Math.Max(last[number], draft[reader]!.IsView ? last[reader] : time[reader]);
        }
        foreach (int number in order)
        {
            if (draft[number]!.IsView || draft.IsKept(number) || draft.Output(number).Bytes < LeastBytes)
                continue;
            foreach (int view in readers[number])
            {
                int others = readers[number].Where(r => r != view).Select(r => draft[r]!.IsView ? last[r] : time[r]).DefaultIfEmpty(time[number]).Max();
                bool isWorthIt = draft[view]!.IsView && !draft.IsKept(view) && draft.Output(view).Bytes < Smaller * draft.Output(number).Bytes
                    && last[view] - others > Later * order.Length && readers[view].TrueForAll(reader => time[reader] > others);
                if (!isWorthIt)
                    continue;
                int copy = draft.Add(new Detach(), [view], draft.Output(view), draft.Origin(view));
                draft.Place(copy, order[others]);
                foreach (int reader in readers[view])
                    draft.Replace(reader, draft[reader]!, [.. draft.Inputs(reader).Select(input => input == view ? copy : input)], draft.Origin(reader));
            }
        }
    }
}

/// <summary>The same value in memory of its own.</summary>
internal sealed record Detach : JoinedOperator
{
    public override string Name => "detach";

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        MoveKernel kernel = new(operands.Output.Type, operands.OutputLayout, operands.Layouts[0]);
        return new Lowered("move", (p, _) => kernel.Run(p[0], p[1]));
    }
}
