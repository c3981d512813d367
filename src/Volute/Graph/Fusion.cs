namespace Volute;

/// <summary>Joins operators: equal ones are one, and what lies between those that can work in one pass never reaches memory.</summary>
internal static class Fusion
{
    public static void Run(Draft draft, bool joinsMaps)
    {
        ShareEqual(draft);
        if (!joinsMaps)
            return;
        ElementwiseFusion elementwise = new(draft);
        elementwise.JoinMaps();
        elementwise.JoinReductions();
    }

    /// <summary>Two equal operators of the same inputs are one: operators are pure.</summary>
    private static void ShareEqual(Draft draft)
    {
        Dictionary<Applied, int> known = [];
        Dictionary<int, int> replaced = [];
        for (int i = 0; i < draft.Count; i++)
        {
            Applied applied = new(draft[i]!, [.. draft.Inputs(i).Select(input => replaced.GetValueOrDefault(input, input))]);
            if (known.TryAdd(applied, i) || draft.IsKept(i))
                continue;
            replaced[i] = known[applied];
            draft.Remove(i);
        }
        draft.Redirect(replaced);
    }

    /// <summary>An operator with its inputs.</summary>
    private readonly record struct Applied(Operator Operator, int[] Inputs)
    {
        public bool Equals(Applied other) => Inputs.AsSpan().SequenceEqual(other.Inputs) && Operator.Equals(other.Operator);

        public override int GetHashCode()
        {
            HashCode hash = new();
            hash.Add(Operator);
            foreach (int input in Inputs)
                hash.Add(input);
            return hash.ToHashCode();
        }
    }
}
