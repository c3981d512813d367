using Volute.Kernels;

namespace Volute;

/// <summary>y[n, c, …] = 1 where labels[n, …] = c, else 0; ignored labels give zeros.</summary>
internal sealed record OneHot(int Classes, int? Ignore, ElementType Type) : Operator
{
    public override string Name => "one hot";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        Shape labels = inputs[0].Shape;
        if (inputs[0].Type != ElementType.Int32)
            throw SourceLine.Error($"one hot: labels must be int32, got {inputs[0].Type.Name()}; convert with To");
        if (labels.Rank == 0)
            throw SourceLine.Error("one hot: labels need a batch axis, got shape []");
        return new Spec([labels[0], Classes, .. labels.Skip(1)], Type);
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => null;

    public override unsafe Lowered Lower(in Operands operands)
    {
        OneHotKernel kernel = new(operands.Output.Type, operands.OutputLayout, operands.Layouts[0], Ignore);
        return new Lowered("one hot", (p, _) => kernel.Run(p[0], (int*)p[1]));
    }

    public override bool Accepts(int input, in Layout layout) => true;
}

/// <summary>Labels as vectors.</summary>
public static class OneHotOperator
{
    extension(Tensor labels)
    {
        /// <summary>(N, …) labels of int32 to (N, classes, …): 1 at the label's class, else 0.</summary>
        /// <param name="classes">How many classes there are.</param>
        /// <param name="ignore">A label whose vector is all zeros.</param>
        /// <param name="type">The result's element type.</param>
        /// <exception cref="InvalidArgumentException">When evaluated: a label outside 0..classes − 1.</exception>
        public Tensor OneHot(int classes, int? ignore = null, ElementType type = ElementType.Float32)
            => Tensor.Apply(new OneHot(classes, ignore, type), labels);
    }
}
