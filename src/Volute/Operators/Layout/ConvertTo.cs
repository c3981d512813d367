using Volute.Kernels;

namespace Volute;

/// <summary>The same numbers in another element type.</summary>
internal sealed record ConvertTo(ElementType Target) : Operator
{
    public override string Name => $"to {Target.Name()}";

    public override Spec Infer(ReadOnlySpan<Spec> inputs) => inputs[0] with { Type = Target };

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => Target == ElementType.Int32 || application.Input(0).Type == ElementType.Int32 ? null : gradient.To(application.Input(0).Type);

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        var kernel = ConvertKernel.Create(Target, operands.OutputLayout, operands.Inputs[0].Type, operands.Layouts[0]);
        return new Lowered("convert", (p, _) => kernel.Run(p[0], p[1]));
    }
}

/// <summary>Conversion between element types.</summary>
public static class Conversion
{
    extension(Tensor x)
    {
        /// <summary>The same numbers as <paramref name="type"/>; to integers they are rounded toward zero, and NaN becomes the smallest one.</summary>
        public Tensor To(ElementType type) => type == x.Type ? x : Tensor.Apply(new ConvertTo(type), x);
    }
}
