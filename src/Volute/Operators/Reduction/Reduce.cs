using Volute.Kernels;

namespace Volute;

/// <summary>One number from the elements along some axes, which stay with size 1.</summary>
internal sealed record Reduce(ReductionKind Kind, Shape Axes, double Correction = 0) : Operator
{
    public override string Name => Kind.ToString().ToLowerInvariant();

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        if (inputs[0].Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");
        return inputs[0] with { Shape = Kept(inputs[0].Shape) };
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor x = application.Input(0);
        double count = Axes.Aggregate(1.0, (n, axis) => n * x.Shape[axis]);
        switch (Kind)
        {
            case ReductionKind.Sum:
                return gradient.BroadcastTo(x.Shape);
            case ReductionKind.Mean:
                return (gradient * (1 / count)).BroadcastTo(x.Shape);
            case ReductionKind.Variance:
                return (x - Tensor.Apply(this with { Kind = ReductionKind.Mean }, x)) * (gradient * (2 / (count - Correction)));
            default:
                // Equal extremes share the gradient (PyTorch's amax).
                Tensor hits = x.EqualTo(application.Output);
                return hits * (gradient / Tensor.Apply(this with { Kind = ReductionKind.Sum }, hits));
        }
    }

    public override bool AcceptsStrided(int input) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        ReduceKernel kernel = new(Kind, operands.Output.Type, operands.OutputLayout, operands.Layouts[0], Correction);
        return new Lowered("reduce", (p, workspace) => kernel.Run(p[0], p[1], workspace), kernel.WorkspaceBytes);
    }

    private Shape Kept(Shape input)
    {
        int[] sizes = input.ToArray();
        foreach (int axis in Axes)
            sizes[axis] = 1;
        return sizes;
    }
}

/// <summary>The index of the largest or smallest element along one axis, which stays with size 1.</summary>
internal sealed record ArgReduce(int Axis, bool Smallest) : Operator
{
    public override string Name => Smallest ? "argmin" : "argmax";

    public override Spec Infer(ReadOnlySpan<Spec> inputs) => new(inputs[0].Shape.With(Axis, 1), ElementType.Int32);

    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => null;

    public override bool AcceptsStrided(int input) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        ArgReduceKernel kernel = new(operands.Inputs[0].Type, operands.OutputLayout, operands.Layouts[0], Axis, Smallest);
        return new Lowered("argreduce", (p, _) => kernel.Run((int*)p[0], p[1]));
    }
}
