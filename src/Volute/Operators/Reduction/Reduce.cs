using Volute.Kernels;

namespace Volute;

/// <summary>One number from the elements along some axes, which stay with size 1.</summary>
internal abstract record Reduce(Shape Axes) : Operator
{
    public sealed override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        if (inputs[0].Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");
        int[] sizes = inputs[0].Shape.ToArray();
        foreach (int axis in Axes)
            sizes[axis] = 1;
        Shape shape = sizes;
        if (!IsDefinedOfNothing && inputs[0].Shape.Elements == 0 && shape.Elements > 0)
            throw SourceLine.Error($"{Name}: of no elements is not defined (axes {Axes} of shape {inputs[0].Shape})");
        return inputs[0] with { Shape = shape };
    }

    public sealed override bool Accepts(int input, in Layout layout) => true;

    public sealed override unsafe Lowered Lower(in Operands operands)
    {
        Layout x = operands.Layouts[0];
        ReduceKernel kernel = Kernel(operands.Output.Type, operands.OutputLayout, x, new Chain(1, [], 0), x);
        return new Lowered("reduce", (p, _) => kernel.Run(p[0], p[1]));
    }

    /// <summary>The kernel that reduces the results of a chain whose operands are broadcast to <paramref name="order"/>.</summary>
    public abstract ReduceKernel Kernel(ElementType type, Layout y, Layout order, Chain chain, params ReadOnlySpan<Layout> operands);

    /// <summary>Whether no elements at all have a result: a sum is 0, a mean NaN.</summary>
    protected virtual bool IsDefinedOfNothing => true;

    /// <summary>How many elements make one result.</summary>
    protected double Count(Shape input) => Axes.Aggregate(1.0, (n, axis) => n * input[axis]);
}

internal sealed record SumOver(Shape Axes) : Reduce(Axes)
{
    public override string Name => "sum";

    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => gradient.BroadcastTo(application.Input(0).Shape);

    public override ReduceKernel Kernel(ElementType type, Layout y, Layout order, Chain chain, params ReadOnlySpan<Layout> operands)
        => ReduceKernel.Create(default(SumReduction), type, y, order, chain, operands);
}

internal sealed record MeanOver(Shape Axes) : Reduce(Axes)
{
    public override string Name => "mean";

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => (gradient * (1 / Count(application.Input(0).Shape))).BroadcastTo(application.Input(0).Shape);

    public override ReduceKernel Kernel(ElementType type, Layout y, Layout order, Chain chain, params ReadOnlySpan<Layout> operands)
        => ReduceKernel.Create(default(MeanReduction), type, y, order, chain, operands);
}

/// <summary>Σ (x − mean)² / (n − Correction).</summary>
internal sealed record VarianceOver(Shape Axes, double Correction) : Reduce(Axes)
{
    public override string Name => "variance";

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor x = application.Input(0);
        return x.Standardize(Tensor.Apply(new MeanOver(Axes), x), gradient * (2 / (Count(x.Shape) - Correction)), x.Scalar(0));
    }

    public override ReduceKernel Kernel(ElementType type, Layout y, Layout order, Chain chain, params ReadOnlySpan<Layout> operands)
        => ReduceKernel.Create(new VarianceReduction(Correction), type, y, order, chain, operands);
}

/// <summary>The largest or the smallest; equal ones share the gradient (PyTorch's amax).</summary>
internal sealed record ExtremeOver(Shape Axes, bool Smallest) : Reduce(Axes)
{
    public override string Name => Smallest ? "min" : "max";

    protected override bool IsDefinedOfNothing => false;

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor hits = application.Input(0).EqualTo(application.Output);
        return hits * (gradient / Tensor.Apply(new SumOver(Axes), hits));
    }

    public override ReduceKernel Kernel(ElementType type, Layout y, Layout order, Chain chain, params ReadOnlySpan<Layout> operands)
        => Smallest ? ReduceKernel.Create(default(MinimumReduction), type, y, order, chain, operands)
            : ReduceKernel.Create(default(MaximumReduction), type, y, order, chain, operands);
}

/// <summary>The index of the largest or smallest element along one axis, which stays with size 1.</summary>
internal sealed record ArgReduce(int Axis, bool Smallest) : Operator
{
    public override string Name => Smallest ? "argmin" : "argmax";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        Shape shape = inputs[0].Shape.With(Axis, 1);
        if (inputs[0].Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");
        if (inputs[0].Shape[Axis] == 0 && shape.Elements > 0)
            throw SourceLine.Error($"{Name}: of no elements is not defined (axis {Axis} of shape {inputs[0].Shape})");
        return new Spec(shape, ElementType.Int32);
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => null;

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        ArgReduceKernel kernel = new(operands.Inputs[0].Type, operands.OutputLayout, operands.Layouts[0], Axis, Smallest);
        return new Lowered("argreduce", (p, _) => kernel.Run((int*)p[0], p[1]));
    }
}
