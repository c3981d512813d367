using Volute.Kernels;

namespace Volute;

/// <summary>eˣ / Σ eˣ along one axis, or its logarithm.</summary>
internal sealed record SoftmaxOver(int Axis, bool Logarithm) : Operator
{
    public override string Name => Logarithm ? "log softmax" : "softmax";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
        => inputs[0].Type != ElementType.Int32 ? inputs[0] : throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor y = application.Output;
        return Logarithm
            ? gradient - y.Exp() * gradient.Sum([Axis], keepAxes: true)
            : y * (gradient - (y * gradient).Sum([Axis], keepAxes: true));
    }

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        SoftmaxKernel kernel = new(operands.Output.Type, operands.OutputLayout, operands.Layouts[0], Axis, Logarithm);
        return new Lowered("softmax", (p, _) => kernel.Run(p[0], p[1]));
    }
}

/// <summary>Probabilities from scores.</summary>
public static class SoftmaxOperator
{
    extension(Tensor x)
    {
        /// <summary>eˣ / Σ eˣ along <paramref name="axis"/>, the largest score subtracted first.</summary>
        public Tensor Softmax(int axis) => Tensor.Apply(new SoftmaxOver(x.Shape.Axis(axis), false), x);

        /// <summary>x − ln Σ eˣ along <paramref name="axis"/>, the largest score subtracted first.</summary>
        public Tensor LogSoftmax(int axis) => Tensor.Apply(new SoftmaxOver(x.Shape.Axis(axis), true), x);
    }
}
