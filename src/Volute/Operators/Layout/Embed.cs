using Volute.Kernels;

namespace Volute;

/// <summary>Zeros of shape <paramref name="Shape"/> into which x is laid along one axis, from <paramref name="Start"/> in steps of <paramref name="Step"/>: the transpose of a slice.</summary>
internal sealed record Embed(Shape Shape, int Axis, int Start, int Step) : Operator
{
    public override string Name => "embed";

    public override Spec Infer(ReadOnlySpan<Spec> inputs) => new(Shape, inputs[0].Type);

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient.Slice(Axis, Start, application.Input(0).Shape[Axis], Step);

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        Layout whole = operands.OutputLayout;
        ElementType type = operands.Output.Type;
        MoveKernel move = new(type, whole.Slice(Axis, Start, operands.Inputs[0].Shape[Axis], Step), operands.Layouts[0]);
        FillKernel fill = new(type, whole);
        return new Lowered("fill+move", (p, _) =>
        {
            fill.Run(p[0], 0);
            move.Run(p[0], p[1]);
        });
    }
}

/// <summary>Zeros around a tensor.</summary>
public static class Embedding
{
    /// <summary>The size of an axis that was computed.</summary>
    /// <exception cref="LimitException">Longer than any axis can be.</exception>
    internal static int AxisSize(string operation, long size)
        => size <= Sizes.MaxElements ? (int)size : throw new LimitException($"an axis of {operation}", size.ToString(), Sizes.MaxElements.ToString(), "positions");

    extension(Tensor x)
    {
        /// <summary>Zeros of <paramref name="shape"/> with this tensor at positions start, start + step, … of one axis.</summary>
        internal Tensor Embed(Shape shape, int axis, int start, int step = 1) => Tensor.Apply(new Embed(shape, axis, start, step), x);

        /// <summary>The tensor with <paramref name="begin"/> and <paramref name="end"/> more positions of <paramref name="value"/> on one axis; negative numbers cut.</summary>
        public Tensor Pad(int axis, int begin, int end, double value = 0)
        {
            axis = x.Shape.Axis(axis);
            long size = x.Shape[axis], cutBegin = Math.Max(-(long)begin, 0), cutEnd = Math.Max(-(long)end, 0);
            if (size - cutBegin - cutEnd < 0)
                throw SourceLine.Error($"pad: {begin} and {end} cut more than axis {axis} of shape {x.Shape} has");
            Tensor kept = x.Slice(axis, (int)cutBegin, (int)(size - cutBegin - cutEnd));
            (begin, end) = (Math.Max(begin, 0), Math.Max(end, 0));
            if (begin == 0 && end == 0)
                return kept;
            Shape shape = kept.Shape.With(axis, AxisSize("pad", (long)kept.Shape[axis] + begin + end));
            Tensor padded = kept.Embed(shape, axis, begin);
            if (value == 0)
                return padded;
            int[] line = new int[shape.Rank];
            Array.Fill(line, 1);
            double[] border = new double[shape[axis]];
            border.AsSpan(0, begin).Fill(value);
            border.AsSpan(begin + kept.Shape[axis]).Fill(value);
            line[axis] = border.Length;
            return padded + Tensor.FromArray(border, line).To(x.Type);
        }
    }
}
