using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class ElementwiseConformanceTests
{
    [Theory, Golden("elementwise")]
    public void Arithmetic_reductions_and_views_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, _) => Build(golden, a, ElementType.Float64));

    [Theory, Golden("elementwise")]
    public void Arithmetic_reductions_and_views_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 2e-6, (a, _) => Build(golden, a, ElementType.Float32));

    private static Subject Build(GoldenCase golden, GoldenArguments a, ElementType type)
    {
        int[]? axes = a.Ints("dim", 1);
        bool keep = a.Bool("keepdim", false);
        int axis = axes is null ? 0 : axes[0];
        switch (golden.Kind)
        {
            case "add": return Subject.Of((x, y) => x + y);
            case "sub": return Subject.Of((x, y) => x - y);
            case "mul": return Subject.Of((x, y) => x * y);
            case "div": return Subject.Of((x, y) => x / y);
            case "maximum": return Subject.Of((x, y) => x.Maximum(y));
            case "minimum": return Subject.Of((x, y) => x.Minimum(y));
            case "pow" when golden.Inputs.Length == 2: return Subject.Of((x, y) => x.Pow(y));
            case "pow":
                double exponent = a.Double("exponent", 0);
                return Subject.Of(x => x.Pow(exponent));
            case "where":
                Tensor condition = Recorded.ToTensor(a.Tensor("condition")!, type);
                return Subject.Of(condition.Where);
            case "abs": return Subject.Of(x => x.Abs());
            case "exp": return Subject.Of(x => x.Exp());
            case "neg": return Subject.Of(x => -x);
            case "square": return Subject.Of(x => x * x);
            case "sin": return Subject.Of(x => x.Sin());
            case "cos": return Subject.Of(x => x.Cos());
            case "log": return Subject.Of(x => x.Log());
            case "sqrt": return Subject.Of(x => x.Sqrt());
            case "rsqrt": return Subject.Of(x => x.Pow(-0.5));
            case "reciprocal": return Subject.Of(x => 1 / x);
            case "clamp":
                (double low, double high) = (a.Double("min", double.NegativeInfinity), a.Double("max", double.PositiveInfinity));
                return Subject.Of(x => x.Clamp(low, high));
            case "sum": return Subject.Of(x => x.Sum(axes, keep));
            case "mean": return Subject.Of(x => x.Mean(axes, keep));
            case "var":
                double correction = a.Bool("unbiased", true) ? 1 : 0;
                return Subject.Of(x => x.Variance(axes, keep, correction));
            case "amax": return Subject.Of(x => x.Max(axes, keep));
            case "amin": return Subject.Of(x => x.Min(axes, keep));
            case "max": return new(x => axes is null ? [x[0].Max()] : [x[0].Max(axes, keep), x[0].ArgMax(axis, keep)]);
            case "min": return new(x => axes is null ? [x[0].Min()] : [x[0].Min(axes, keep), x[0].ArgMin(axis, keep)]);
            case "argmax": return Subject.Of(x => axes is null ? x.Flatten().ArgMax(0) : x.ArgMax(axis, keep));
            case "argmin": return Subject.Of(x => axes is null ? x.Flatten().ArgMin(0) : x.ArgMin(axis, keep));
            case "cat": return new(x => [Tensor.Concat(x, axis)]);
            case "stack": return new(x => [Tensor.Stack(x, axis)]);
            case "gather": return Subject.Of((x, indices) => x.Gather(axis, indices));
            default: return View(golden, a, axis);
        }
    }

    private static Subject View(GoldenCase golden, GoldenArguments a, int axis)
    {
        switch (golden.Kind)
        {
            case "squeeze": return Subject.Of(x => x.Squeeze(axis));
            case "unsqueeze": return Subject.Of(x => x.Unsqueeze(axis));
            case "permute":
                int[] order = a.Ints("dims", 1)!;
                return Subject.Of(x => x.Permute(order));
            case "transpose":
                (int first, int second) = (a.Int("dim0", 0), a.Int("dim1", 0));
                return Subject.Of(x => x.Transpose(first, second));
            case "reshape":
                int[] shape = a.Ints("shape", 1)!;
                return Subject.Of(x => x.Reshape(shape));
            case "expand":
                int[] sizes = a.Ints("sizes", 1)!;
                return Subject.Of(x => x.BroadcastTo(sizes));
            case "narrow":
                (int start, int length) = (a.Int("start", 0), a.Int("length", 0));
                return Subject.Of(x => x.Slice(axis, start, length));
            case "flip":
                int[] turned = a.Ints("dims", 1)!;
                return Subject.Of(x => turned.Aggregate(x, (y, i) => y.Flip(i)));
            default: throw new ArgumentOutOfRangeException(nameof(golden), golden.Kind, "no such function");
        }
    }
}
