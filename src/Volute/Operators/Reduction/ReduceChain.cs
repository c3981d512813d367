using Volute.Kernels;

namespace Volute;

/// <summary>Reductions, all alike, of the values of element-wise operators that are never written: made by the planner.</summary>
/// <param name="Reduction">What is done to each value.</param>
/// <param name="Input">The shape of each value.</param>
/// <param name="Maps">The operators in order.</param>
/// <param name="Sources">Their inputs: below the number of this operator's inputs one of those, from there on the value of an earlier map.</param>
/// <param name="Results">The values that are reduced: inputs or maps. The output holds the results of several one after another, each row-major.</param>
internal sealed record ReduceChain(Reduce Reduction, Shape Input, IReadOnlyList<Elementwise> Maps, IReadOnlyList<int[]> Sources, int[] Results) : JoinedOperator
{
    public override string Name => $"{(Maps.Count > 0 ? MapChain.NameOf(Maps) + "+" : "")}{Reduction.Name}{(Results.Length > 1 ? $" x{Results.Length}" : "")}";

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        ElementType type = operands.Output.Type;
        int[] input = Input.ToArray(), kept = [.. input.Select((size, axis) => Reduction.Axes.Contains(axis) ? 1 : size)];
        Layout[] layouts = [.. operands.Layouts.Select(layout => layout.Broadcast(input))];
        // Walked as an operand lies in memory: the first that fills the shape, where there is one.
        Layout order = Array.Find([.. layouts, Layout.Dense(input)], layout => layout.IsDense), y = Results.Length == 1 ? Layout.Dense(kept) : Layout.RowMajor(kept);
        Chain chain = MapChain.Chain(layouts.Length, type, Maps, Sources, Results);
        ReduceKernel kernel = Reduction.Kernel(type, y, order, chain, layouts);
        long bytes = y.Elements * type.Bytes();
        int results = Results.Length;
        return new Lowered("reduce", (p, _) =>
        {
            void** outputs = stackalloc void*[results];
            for (int i = 0; i < results; i++)
                outputs[i] = (byte*)p[0] + i * bytes;
            kernel.Run(outputs, p + 1);
        });
    }
}
