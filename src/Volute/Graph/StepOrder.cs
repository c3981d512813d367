namespace Volute;

/// <summary>The order of the steps.</summary>
internal static class StepOrder
{
    /// <summary>How much larger than what goes in is what comes out of an operator that waits.</summary>
    private const double Expansion = 1.2;

    /// <summary>
    /// The order in which the user made the nodes, and the optimizer's updates as early as they can go: a gradient is used and forgotten while the
    /// backward pass still runs. An update waits for every other reader of the parameter it will overwrite. What makes much of little, as the gradient of a
    /// crop does, goes just before its first reader. Joined operators go where their inputs allow.
    /// </summary>
    public static int[] Of(Draft draft)
    {
        List<int>[] readers = draft.Readers();
        int[] position = Positions(draft, readers), waits = new int[draft.Count];
        foreach (List<int> list in readers)
        {
            foreach (int reader in list)
                waits[reader]++;
        }
        PriorityQueue<int, (int Position, bool IsUpdate, int Number)> ready = new();
        void Offer(int number) => ready.Enqueue(number, (position[number], draft.IsUpdate(number), number));
        for (int i = 0; i < draft.Count; i++)
        {
            if (draft[i] is not null && waits[i] == 0)
                Offer(i);
        }
        List<int> order = [];
        while (ready.TryDequeue(out int number, out _))
        {
            order.Add(number);
            foreach (int reader in readers[number])
            {
                if (--waits[reader] == 0)
                    Offer(reader);
            }
        }
        int[] all = [.. order];
        return all.Length == Enumerable.Range(0, draft.Count).Count(i => draft[i] is not null) ? all
            : throw new InvalidOperationException("some operators were joined so that they wait for each other");
    }

    private static int[] Positions(Draft draft, List<int>[] readers)
    {
        int[] position = new int[draft.Count];
        Dictionary<int, int> lastReader = [];
        for (int i = 0; i < draft.Count; i++)
            position[i] = draft.Position(i);
        // From the last: of several in a row, the reader knows its place first.
        for (int i = draft.Count - 1; i >= 0; i--)
        {
            // What an update reads does not wait: the update comes right behind it.
            if (draft[i] is { IsView: false } && readers[i].Count > 0 && !draft.IsKept(i) && !draft.IsUpdate(i) && !readers[i].Exists(draft.IsUpdate)
                && draft.Output(i).Bytes > Expansion * draft.Inputs(i).Sum(input => draft.SpecOf(input).Bytes))
            {
                position[i] = Math.Max(position[i], readers[i].Min(reader => position[reader]));
            }
        }
        for (int i = 0; i < draft.Count; i++)
        {
            if (draft[i] is null || draft.IsUpdate(i))
                continue;
            foreach (int input in draft.Inputs(i))
            {
                if (input < 0)
                    lastReader[~input] = Math.Max(lastReader.GetValueOrDefault(~input), position[i]);
            }
        }
        Dictionary<int, int> assigned = [];
        foreach (var (leaf, value) in draft.Program.Assigned)
            assigned[value] = leaf;
        for (int i = 0; i < draft.Count; i++)
        {
            if (draft[i] is null || !draft.IsUpdate(i))
                continue;
            int last = -1;
            foreach (int input in draft.Inputs(i))
                last = Math.Max(last, input >= 0 ? position[input] : -1);
            if (assigned.TryGetValue(i, out int leaf) && lastReader.TryGetValue(leaf, out int reader))
                last = Math.Max(last, reader);
            position[i] = last;
        }
        return position;
    }
}
