using Volute.Kernels;

namespace Volute;

/// <summary>Element-wise operators in one pass over memory: made by the planner, which knows that nobody else wants what lies between.</summary>
/// <param name="Maps">The operators in order; the last one's value is the output.</param>
/// <param name="Sources">Their inputs: below the number of this operator's inputs one of those, from there on the value of an earlier map.</param>
/// <param name="Further">Maps, by number, whose values are kept too: the step's further results.</param>
internal sealed record MapChain(IReadOnlyList<Elementwise> Maps, IReadOnlyList<int[]> Sources, params int[] Further) : JoinedOperator
{
    private const int NamesShown = 3, LeastRun = 16;

    public override string Name => NameOf(Maps);

    public override bool Accepts(int input, in Layout layout) => true;

    public override bool CanWrite(ReadOnlySpan<Spec> inputs, in Layout layout) => layout.IsDense || (Further.Length == 0 && CanScatter(layout));

    // A tile of the output is written when everything that is read for it has been read.
    public override bool CanOverwrite(int input) => true;

    // Map by map, a tile of a further result is written before the later maps read.
    internal override bool CanOverwrite(int input, FurtherResult by)
    {
        for (int map = Further[by.Index] + 1; map < Maps.Count; map++)
        {
            if (Sources[map].Contains(input))
                return false;
        }
        return true;
    }

    public override Lowered Lower(in Operands operands)
    {
        int inputs = operands.Inputs.Length;
        int[] results = [inputs + Maps.Count - 1, .. Further.Select(map => inputs + map)];
        return Lower(Chain(inputs, operands.Output.Type, Maps, Sources, results), operands);
    }

    /// <summary>The operators' names, not too many.</summary>
    public static string NameOf(IReadOnlyList<Elementwise> maps)
        => string.Join('+', maps.Take(NamesShown).Select(m => m.Name)) + (maps.Count > NamesShown ? $"+{maps.Count - NamesShown}" : "");

    /// <summary>The operators as kernels take them.</summary>
    public static Chain Chain(int inputs, ElementType type, IReadOnlyList<Elementwise> maps, IReadOnlyList<int[]> sources, params ReadOnlySpan<int> results)
        => new(inputs, [.. maps.Select((map, i) => new Link(map.Prepare(type), sources[i]))], results);

    /// <summary>Whether the output's positions hold enough numbers side by side to be written a position at a time.</summary>
    public static bool CanScatter(in Layout layout) => layout.Rank > 2 && layout.Stride(1) == 1 && layout.Size(1) >= LeastRun;

    /// <summary>One pass of a chain over operands that are broadcast to the output, which its first result is.</summary>
    public static unsafe Lowered Lower(Chain chain, in Operands operands)
    {
        int[] shape = operands.Output.Shape.ToArray();
        MapKernel kernel = new(chain, operands.Output.Type, [operands.OutputLayout, .. operands.Layouts.Select(layout => layout.Broadcast(shape))]);
        // Behind the output, the inputs and the place of a prepared form.
        int further = operands.Inputs.Length + 2;
        return new Lowered("map", (p, _) => kernel.Run(p, p + further));
    }
}
