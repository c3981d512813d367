namespace Volute;

/// <summary>The order of the steps.</summary>
internal static class StepOrder
{
    /// <summary>
    /// The order in which the user made the nodes, and the optimizer's updates as early as they can go: a gradient is used and forgotten while the
    /// backward pass still runs. An update waits for every other reader of the parameter it will overwrite.
    /// </summary>
    public static int[] Of(Program program, Operator?[] operators, int[][] inputs)
    {
        int[] position = new int[operators.Length];
        Dictionary<int, int> lastReader = [];
        for (int i = 0; i < operators.Length; i++)
        {
            position[i] = i;
            if (operators[i] is null || program.IsUpdate(i))
                continue;
            foreach (int input in inputs[i])
            {
                if (input < 0)
                    lastReader[~input] = i;
            }
        }
        Dictionary<int, int> assigned = [];
        foreach (var (leaf, value) in program.Assigned)
            assigned[value] = leaf;
        for (int i = 0; i < operators.Length; i++)
        {
            if (operators[i] is null || !program.IsUpdate(i))
                continue;
            int ready = -1;
            foreach (int input in inputs[i])
                ready = Math.Max(ready, input >= 0 ? position[input] : -1);
            if (assigned.TryGetValue(i, out int leaf) && lastReader.TryGetValue(leaf, out int reader))
                ready = Math.Max(ready, reader);
            position[i] = ready;
        }
        return [.. Enumerable.Range(0, operators.Length).Where(i => operators[i] is not null)
            .OrderBy(i => position[i]).ThenBy(i => program.IsUpdate(i)).ThenBy(i => i)];
    }
}
