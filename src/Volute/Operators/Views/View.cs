using Volute.Kernels;

namespace Volute;

/// <summary>An operator that only looks at memory differently: no arithmetic, and no copy where the readers can follow.</summary>
public abstract record ViewOperator : Operator
{
    /// <inheritdoc/>
    public sealed override bool IsView => true;

    /// <inheritdoc/>
    public sealed override Spec Infer(ReadOnlySpan<Spec> inputs) => new(ShapeOf(inputs[0].Shape), inputs[0].Type);

    /// <inheritdoc/>
    public sealed override Tensor? Gradient(int input, in Application application, Tensor gradient) => Back(gradient, application.Input(0).Shape);

    /// <inheritdoc/>
    public sealed override Lowered Lower(in Operands operands) => throw new InvalidOperationException($"{Name} is a view");

    /// <summary>The shape rule.</summary>
    protected abstract Shape ShapeOf(Shape input);

    /// <summary>The gradient of the input.</summary>
    protected abstract Tensor Back(Tensor gradient, Shape input);
}

internal sealed record Reshape(Shape Shape) : ViewOperator
{
    public override string Name => "reshape";

    public override bool TryView(in Layout input, Shape output, out Layout view) => input.TryReshape(output.AsSpan(), out view);

    protected override Shape ShapeOf(Shape input)
        => Shape.Elements == input.Elements ? Shape
            : throw SourceLine.Error($"reshape: shape {input} has {input.Elements} elements, {Shape} has {Shape.Elements}; they must be equal");

    protected override Tensor Back(Tensor gradient, Shape input) => gradient.Reshape(input);
}

internal sealed record Permute(Shape Order) : ViewOperator
{
    public override string Name => "permute";

    public override bool TryView(in Layout input, Shape output, out Layout view)
    {
        view = input.Permute(Order.AsSpan());
        return true;
    }

    protected override Shape ShapeOf(Shape input)
    {
        if (!Order.Order().SequenceEqual(Enumerable.Range(0, input.Rank)))
            throw SourceLine.Error($"permute: the order {Order} must name each axis of shape {input} once");
        return Order.Select(axis => input[axis]).ToArray();
    }

    protected override Tensor Back(Tensor gradient, Shape input)
    {
        int[] inverse = new int[Order.Rank];
        for (int i = 0; i < inverse.Length; i++)
            inverse[Order[i]] = i;
        return gradient.Permute(inverse);
    }
}

internal sealed record Slice(int Axis, int Start, int Count, int Step) : ViewOperator
{
    public override string Name => "slice";

    public override bool TryView(in Layout input, Shape output, out Layout view)
    {
        view = input.Slice(Axis, Start, Count, Step);
        return true;
    }

    protected override Shape ShapeOf(Shape input)
    {
        long last = Start + (Count - 1L) * Step;
        if (Count < 0 || Step == 0 || Count > 0 && (Start < 0 || Start >= input[Axis] || last < 0 || last >= input[Axis]))
            throw SourceLine.Error($"slice: {Count} positions from {Start} in steps of {Step} do not lie inside axis {Axis} of shape {input}");
        return input.With(Axis, Count);
    }

    protected override Tensor Back(Tensor gradient, Shape input) => gradient.Embed(input, Axis, Start, Step);
}

internal sealed record Broadcast(Shape Shape) : ViewOperator
{
    public override string Name => "broadcast";

    public override bool TryView(in Layout input, Shape output, out Layout view)
    {
        view = input.Broadcast(output.AsSpan());
        return true;
    }

    protected override Shape ShapeOf(Shape input)
        => Shape.Broadcast("broadcast", input, Shape) == Shape ? Shape
            : throw SourceLine.Error($"broadcast: shape {input} cannot be repeated to {Shape}; its sizes must be equal or 1");

    protected override Tensor Back(Tensor gradient, Shape input) => gradient.SumTo(input);
}
