namespace Volute;

/// <summary>An operator that does the work of several: the planner makes it when shapes and gradients are known.</summary>
internal abstract record JoinedOperator : Operator
{
    public sealed override Spec Infer(ReadOnlySpan<Spec> inputs) => throw new InvalidOperationException($"the planner knows what comes out of {Name}");

    public sealed override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => throw new InvalidOperationException($"{Name} is made when gradients are known");
}

/// <summary>What another operator's step makes beside its output: the moved average beside the weight that it moves.</summary>
/// <param name="Index">Which of the step's further results.</param>
internal sealed record FurtherResult(int Index) : JoinedOperator
{
    public override string Name => "further result";

    public override Lowered Lower(in Operands operands) => throw new InvalidOperationException($"{Name} is made by the step of another operator");
}
