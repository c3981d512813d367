using Volute.Kernels;

namespace Volute;

/// <summary>Values that only a joined map reads, and that can be computed straight into their place in it: nothing is copied.</summary>
internal static class Parts
{
    /// <summary>A place in a joined map.</summary>
    /// <param name="Whole">The number of the operator that joins.</param>
    /// <param name="Layout">How the part lies in the whole.</param>
    internal readonly record struct Part(int Whole, Layout Layout);

    /// <summary>The values that are parts, by number.</summary>
    public static Dictionary<int, Part> Of(Draft draft)
    {
        List<int>[] readers = draft.Readers();
        Dictionary<int, Part> parts = [];
        for (int whole = 0; whole < draft.Count; whole++)
        {
            // What is assigned may lie in a parameter's memory, which must not change before its time.
            if (draft[whole] is not Concat concat || (draft.IsKept(whole) && !draft.IsWanted(whole)))
                continue;
            Layout joined = Layout.Dense(draft.Output(whole).Shape.AsSpan());
            int[] inputs = draft.Inputs(whole);
            int start = 0;
            foreach (int input in inputs)
            {
                int count = draft.SpecOf(input).Shape[concat.Axis];
                Layout place = joined.Slice(concat.Axis, start, count);
                if (input >= 0 && readers[input].Count == 1 && inputs.Count(other => other == input) == 1 && CanBePart(draft, input, place))
                    parts[input] = new Part(whole, place);
                start += count;
            }
        }
        return parts;
    }

    private static bool CanBePart(Draft draft, int number, in Layout place)
        => draft[number] is { IsView: false } op && !draft.IsKept(number) && place.Elements > 0
            && op.CanWrite([.. draft.Inputs(number).Select(draft.SpecOf)], place.WithoutOffset());
}
