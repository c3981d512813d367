using Volute.Kernels;

namespace Volute;

/// <summary>The inputs side by side along one axis.</summary>
internal sealed record Concat(int Axis) : Operator
{
    public override string Name => "concat";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        Shape first = inputs[0].Shape;
        long size = 0;
        foreach (Spec input in inputs)
        {
            if (input.Type != inputs[0].Type)
                throw SourceLine.Error($"concat: element types {inputs[0].Type.Name()} and {input.Type.Name()} differ; convert one with To");
            if (input.Shape.Rank != first.Rank || input.Shape.With(Axis, 0) != first.With(Axis, 0))
                throw SourceLine.Error($"concat: shapes {first} and {input.Shape} must be equal but for axis {Axis}");
            size += input.Shape[Axis];
        }
        return new Spec(first.With(Axis, Embedding.AxisSize(Name, size)), inputs[0].Type);
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        int start = 0;
        for (int i = 0; i < input; i++)
            start += application.Input(i).Shape[Axis];
        return gradient.Slice(Axis, start, application.Input(input).Shape[Axis]);
    }

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        var moves = new MoveKernel[operands.Inputs.Length];
        int start = 0;
        for (int i = 0; i < moves.Length; i++)
        {
            int count = operands.Inputs[i].Shape[Axis];
            moves[i] = new MoveKernel(operands.Output.Type, operands.OutputLayout.Slice(Axis, start, count), operands.Layouts[i]);
            start += count;
        }
        return new Lowered("move", (p, _) =>
        {
            for (int i = 0; i < moves.Length; i++)
                moves[i].Run(p[0], p[i + 1]);
        });
    }
}

/// <summary>Joining tensors.</summary>
public static class Joining
{
    extension(Tensor)
    {
        /// <summary>The tensors side by side along an existing axis.</summary>
        /// <exception cref="ShapeException">They differ on another axis.</exception>
        public static Tensor Concat(IReadOnlyList<Tensor> tensors, int axis)
        {
            if (tensors.Count == 0)
                throw new InvalidArgumentException("concat: needs at least one tensor");
            return tensors.Count == 1 ? tensors[0] : Tensor.Apply(new Concat(tensors[0].Shape.Axis(axis)), [.. tensors]);
        }

        /// <summary>The tensors, all of one shape, along a new axis.</summary>
        public static Tensor Stack(IReadOnlyList<Tensor> tensors, int axis) => Tensor.Concat([.. tensors.Select(t => t.Unsqueeze(axis))], axis);
    }
}
