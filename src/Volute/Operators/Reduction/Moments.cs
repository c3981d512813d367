using Volute.Kernels;

namespace Volute;

/// <summary>Σ (x − mean)² / n and, behind them, the means: one pass over x gives both. Each row-major, in one row.</summary>
internal sealed record MomentsOver(Shape Axes) : Operator
{
    public override string Name => "moments";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        if (inputs[0].Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");
        return inputs[0] with { Shape = [checked(2 * (int)Kept(inputs[0].Shape).Elements)] };
    }

    /// <summary>The input's shape with the axes of size 1.</summary>
    public Shape Kept(Shape input) => input.Select((size, axis) => Axes.Contains(axis) ? 1 : size).ToArray();

    /// <summary>dx = (x − mean)·2/n·dvariance + dmean/n.</summary>
    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor x = application.Input(0);
        Shape kept = Kept(x.Shape);
        double share = (double)kept.Elements / x.Shape.Elements;
        var (variance, mean) = (Part(gradient, 0, kept), Part(gradient, 1, kept));
        return x.Standardize(Part(application.Output, 1, kept), variance * (2 * share), mean * share);
    }

    public override bool Accepts(int input, in Layout layout) => true;

    public override unsafe Lowered Lower(in Operands operands)
    {
        ElementType type = operands.Output.Type;
        Layout y = Layout.RowMajor(Kept(operands.Inputs[0].Shape).AsSpan());
        ReduceKernel kernel = ReduceKernel.Create(new VarianceReduction(0), type, y, operands.Layouts[0]);
        long bytes = y.Elements * type.Bytes();
        return new Lowered("reduce", (p, _) => kernel.Run(p[0], p[1], (byte*)p[0] + bytes));
    }

    /// <summary>The variances (0) or the means (1).</summary>
    public static Tensor Part(Tensor moments, int part, Shape kept)
    {
        int elements = checked((int)kept.Elements);
        return moments.Slice(0, part * elements, elements).Reshape(kept);
    }
}

/// <summary>Extends tensors by moments.</summary>
public static class MomentsOperator
{
    extension(Tensor x)
    {
        /// <summary>The mean and Σ (x − mean)² / n over <paramref name="axes"/>, which stay with size 1; x is read once.</summary>
        public (Tensor Mean, Tensor Variance) Moments(int[] axes)
        {
            MomentsOver over = new([.. axes.Select(x.Shape.Axis).Distinct().Order()]);
            Tensor moments = Tensor.Apply(over, x);
            Shape kept = over.Kept(x.Shape);
            return (MomentsOver.Part(moments, 1, kept), MomentsOver.Part(moments, 0, kept));
        }
    }
}
