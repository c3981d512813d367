using Volute.Kernels;

namespace Volute.Tests;

/// <summary>A function whose gradients are compared with finite differences, at inputs away from its kinks.</summary>
internal sealed record GradientCase(string Name, Func<Tensor[], Tensor> Function, params (double[] Values, int[] Shape)[] Inputs);

/// <summary>The list that drives the gradient checks: an operator that no case uses fails a test, unless it is listed as having no gradient.</summary>
internal static class GradientCases
{
    /// <summary>Operators through which no gradient flows, and why.</summary>
    public static readonly Dictionary<string, string> WithoutGradient = new()
    {
        ["Leaf"] = "holds data",
        ["RandomOperator"] = "depends on no tensor of real numbers",
        ["OneHot"] = "of whole numbers",
        ["ArgReduce"] = "to whole numbers",
        ["Floor"] = "constant between its steps",
        ["Sign"] = "constant between its steps",
        ["Greater"] = "constant between its steps",
        ["GreaterOrEqual"] = "constant between its steps",
        ["Equal"] = "constant between its steps",
        ["Inside"] = "constant between its steps",
        ["Between"] = "constant between its steps",
        ["Detached"] = "held constant",
        ["Average"] = "an optimizer's update",
        ["AverageSquare"] = "an optimizer's update",
        ["Normalize"] = "an optimizer's update",
        ["ShrinkAndDescend"] = "an optimizer's update",
        ["Descend"] = "an optimizer's update",
        ["Accelerate"] = "an optimizer's update",
        ["DescendAhead"] = "an optimizer's update",
    };

    /// <summary>Operators with a test of their own, because differences cannot be taken of them.</summary>
    public static readonly Dictionary<string, string> CheckedElsewhere = new()
    {
        ["ConvertTo"] = nameof(OperatorGradientTests.A_conversion_passes_the_gradient_in_the_type_of_its_input),
    };

    public static readonly IReadOnlyDictionary<string, GradientCase> All = Make().ToDictionary(c => c.Name);

    private static IEnumerable<GradientCase> Make()
        => [.. Elementwise(), .. Activations(), .. Reductions(), .. Views(), .. Convolutions(), .. Resampling(), .. Pooling()];

    private static IEnumerable<GradientCase> Elementwise()
    {
        (double[], int[]) a = Input(1, 2, 3, 2), line = Input(2, 3, 1), positive = Shifted(Input(3, 2, 3, 2), 1.25), positiveLine = Shifted(Input(4, 3, 1), 1.25);
        yield return new("add", t => t[0] + t[1], a, line);
        yield return new("subtract", t => t[0] - t[1], a, line);
        yield return new("multiply", t => t[0] * t[1], a, line);
        yield return new("divide", t => t[0] / t[1], a, positiveLine);
        yield return new("maximum", t => t[0].Maximum(t[1]), a, line);
        yield return new("minimum", t => t[0].Minimum(t[1]), a, line);
        yield return new("pow of two", t => t[0].Pow(t[1]), positive, line);
        yield return new("negate", t => -t[0], a);
        yield return new("abs", t => t[0].Abs(), a);
        yield return new("exp", t => t[0].Exp(), a);
        yield return new("log", t => t[0].Log(), positive);
        yield return new("sqrt", t => t[0].Sqrt(), positive);
        yield return new("sin", t => (t[0] * 3).Sin(), a);
        yield return new("cos", t => (t[0] * 3).Cos(), a);
        foreach (double exponent in new[] { 0, 1, 2, 3, -2, 0.5, -0.5, 1.7 })
            yield return new($"pow {exponent}", t => t[0].Pow(exponent), positive);
        yield return new("clamp", t => t[0].Clamp(-0.5, 0.25), a);
        yield return new("where", t => Tensor.FromArray([1.0, 0, 1], [3, 1]).Where(t[0], t[1]), a, line);
        yield return new("standardize", t => t[0].Standardize(t[1], t[2], t[3]), a, line, positiveLine, Input(5, 1, 3, 2));
        yield return new("standardize with scales unlike means", t => t[0].Standardize(t[1], t[2], t[3]), a, line, Input(6, 1, 1, 2), line);
        yield return new("centeredproduct", t => Tensor.Apply(new Ternary<CenteredProduct>(default), t[0], t[1], t[2]), a, Input(7, 2, 3, 2), line);
        yield return new("an input used twice", t => t[0] * t[0] + t[0].Sum([1], keepAxes: true), a);
    }

    private static IEnumerable<GradientCase> Activations()
    {
        (double[], int[]) x = Scaled(Input(1, 2, 3, 2), 4), slope = Input(2, 3, 1);
        yield return new("relu", t => t[0].Relu(), x);
        yield return new("leaky relu", t => t[0].LeakyRelu(0.1), x);
        yield return new("leaky relu, falling", t => t[0].LeakyRelu(-0.5), x);
        yield return new("prelu", t => t[0].PRelu(t[1]), x, slope);
        yield return new("gate", t => t[0].GatedBy(t[1], 0.25), x, slope);
        yield return new("elu", t => t[0].Elu(0.75), x);
        yield return new("gelu", t => t[0].Gelu(), x);
        yield return new("erf", t => t[0].Erf(), x);
        yield return new("silu", t => t[0].Silu(), x);
        yield return new("sigmoid", t => t[0].Sigmoid(), x);
        yield return new("tanh", t => t[0].Tanh(), x);
        yield return new("softplus", t => t[0].Softplus(), x);
        yield return new("hardtanh", t => t[0].HardTanh(-1.5, 2.5), x);
        yield return new("hardsigmoid", t => t[0].HardSigmoid(), x);
        yield return new("hardswish", t => t[0].HardSwish(), x);
        foreach (int axis in new[] { 0, 1, 2 })
        {
            yield return new($"softmax {axis}", t => t[0].Softmax(axis), x);
            yield return new($"log softmax {axis}", t => t[0].LogSoftmax(axis), x);
        }
    }

    private static IEnumerable<GradientCase> Reductions()
    {
        (double[], int[]) x = Input(1, 2, 3, 2, 2);
        foreach (int[]? axes in new int[]?[] { null, [1], [0, 2], [2, 3], [-1] })
        {
            string name = axes is null ? "all" : string.Join(",", axes);
            yield return new($"sum {name}", t => t[0].Sum(axes), x);
            yield return new($"mean {name}", t => t[0].Mean(axes, keepAxes: true), x);
            yield return new($"variance {name}", t => t[0].Variance(axes), x);
            yield return new($"biased variance {name}", t => t[0].Variance(axes, keepAxes: true, correction: 0), x);
            yield return new($"moments {name}", t => t[0].Moments(axes ?? [0, 1, 2, 3]) is var (mean, variance) ? mean * 0.7 + variance : null!, x);
            yield return new($"max {name}", t => t[0].Max(axes), x);
            yield return new($"min {name}", t => t[0].Min(axes, keepAxes: true), x);
        }
    }

    private static IEnumerable<GradientCase> Views()
    {
        (double[], int[]) x = Input(1, 2, 3, 4), y = Input(2, 2, 1, 4);
        yield return new("reshape", t => t[0].Reshape(4, 6), x);
        yield return new("permute", t => t[0].Permute(2, 0, 1), x);
        yield return new("slice", t => t[0].Slice(2, 1, 2), x);
        yield return new("slice in steps", t => t[0].Slice(1, 0, 2, 2).Slice(2, 3, 2, -2), x);
        yield return new("flip", t => t[0].Flip(1), x);
        yield return new("broadcast", t => t[0].BroadcastTo([3, 2, 5, 4]), y);
        yield return new("pad", t => t[0].Pad(1, 2, 1, 0.5), x);
        yield return new("cut", t => t[0].Pad(2, -1, -2), x);
        yield return new("concat", t => Tensor.Concat([t[0], t[1], t[0]], 1), x, y);
        yield return new("stack", t => Tensor.Stack([t[0], t[0] * 2], 1), y);
        yield return new("crop", t => t[0].CenterCrop(2), x);
        yield return new("gather", t => t[0].Gather(1, Tensor.FromArray([2, 0, 1, 1], [2, 2, 1])), x);
        yield return new("views of views", t => t[0].Permute(2, 1, 0).Reshape(2, 2, 6).Transpose(1, 2).Slice(1, 5, 3, -2) * 2, x);
    }

    private static IEnumerable<GradientCase> Convolutions()
    {
        static WindowAxis Axis(int kernel, int stride = 1, int dilation = 1, int begin = 0, int end = 0) => new(kernel, stride, dilation, begin, end);
        (string Name, Window Window, int[] Size, int Groups)[] windows =
        [
            ("1 wide", new(Axis(1)), [1], 1),
            ("3 taps over one position", new(Axis(3, 1, 1, 1, 1)), [1], 2),
            ("stride beyond the kernel", new(Axis(2, 4)), [7], 1),
            ("dilated, unevenly padded", new(Axis(3, 2, 3, 2, 5)), [6], 2),
            ("the end not looked at", new(Axis(2, 2, 1, 0, -1)), [6], 1),
            ("square", new(Axis(3, 1, 1, 1, 1), Axis(3, 1, 1, 1, 1)), [3, 4], 1),
            ("anisotropic", new(Axis(3, 2, 1, 1, 0), Axis(2, 1, 2, 0, 2)), [4, 5], 2),
            ("depthwise", new(Axis(2, 1, 1, 1, 0), Axis(3, 2, 1, 1, 1)), [3, 4], 4),
            ("a row of one", new(Axis(1), Axis(4, 3, 1, 3, 3)), [1, 5], 1),
            ("volume", new(Axis(2), Axis(2, 2), Axis(2, 1, 1, 1, 0)), [2, 3, 2], 2),
            ("anisotropic volume", new(Axis(1, 2), Axis(3, 1, 1, 1, 1), Axis(2, 3, 2, 2, 1)), [3, 2, 4], 1),
        ];
        foreach (var (name, window, size, groups) in windows)
        {
            int[] kernel = [.. Enumerable.Range(0, window.Rank).Select(i => window[i].Kernel)];
            var x = Input(1, [2, 4, .. size]);
            var w = Input(2, [4, 4 / groups, .. kernel]);
            yield return new($"convolution, {name}", t => t[0].Convolve(t[1], t[2], window, groups), x, w, Input(3, 4));
            yield return new($"transposed convolution, {name}", t => t[0].ConvolveTransposed(t[1], t[2], Cropless(window), null, groups), x, w, Input(3, 4 / groups * groups));
            Tensor outputs = Tensor.FromArray(x.Values, x.Shape).Convolve(Tensor.FromArray(w.Values, w.Shape), null, window, groups);
            yield return new($"weight pass, {name}", t => Tensor.Apply(new ConvolutionWeightGradient(window, groups), t[0], t[1]), x, Input(4, outputs.Shape.ToArray()));
        }
        yield return new("transposed convolution, uneven strides and output padding", t => t[0].ConvolveTransposed(t[1], t[2], new Window(Axis(3, 2, 1, 1, 1), Axis(2, 3, 2)), [1, 2], 2),
            Input(1, 2, 4, 3, 2), Input(2, 4, 3, 3, 2), Input(3, 6));
        yield return new("convolution and activation", t => t[0].Convolve(t[1], t[2], new Window(Axis(2), Axis(2))).Silu(), Input(1, 1, 2, 3, 3), Input(2, 3, 2, 2, 2), Input(3, 3));
        yield return new("linear", t => t[0].Linear(t[1], t[2]), Input(1, 2, 3, 4), Input(2, 5, 4), Input(3, 5));
        yield return new("matrix product", t => t[0].MatMul(t[1]), Input(1, 3, 4), Input(2, 4, 2));
        yield return new("stacks of matrices, repeated", t => t[0].MatMul(t[1]), Input(1, 2, 1, 3, 2), Input(2, 2, 2, 3));
    }

    /// <summary>A transposed convolution cuts what the padding adds; more than there is would leave nothing.</summary>
    private static Window Cropless(Window window) => window.Select((_, axis) => axis with { PadBegin = 0, PadEnd = Math.Min(axis.PadEnd, 0) });

    private static IEnumerable<GradientCase> Resampling()
    {
        (double[], int[])[] maps = [Input(1, 2, 3, 5), Input(1, 1, 2, 4, 3), Input(1, 1, 2, 3, 2, 4)];
        for (int rank = 1; rank <= 3; rank++)
        {
            var x = maps[rank - 1];
            int axes = rank;
            Window window = new([.. Enumerable.Range(0, rank).Select(i => new WindowAxis(2 + i % 2, 2, 1, 1, 1))]);
            yield return new($"average pool {rank}", t => t[0].AveragePool(window), x);
            yield return new($"average pool of what is inside {rank}", t => t[0].AveragePool(window, ceilMode: true, countIncludePad: false), x);
            yield return new($"average pool with a divisor {rank}", t => t[0].AveragePool(window, divisorOverride: 5), x);
            yield return new($"adaptive average pool {rank}", t => t[0].AdaptiveAveragePool([.. Enumerable.Range(0, axes).Select(i => 3 - i)]), x);
            foreach (Interpolation mode in Enum.GetValues<Interpolation>())
            {
                if (mode == Interpolation.Cubic && rank != 2)
                    continue;
                yield return new($"interpolate {mode} to sizes {rank}", t => t[0].Interpolate(size: [.. Enumerable.Range(0, axes).Select(i => 7 - 3 * i)], mode: mode), x);
                yield return new($"interpolate {mode} by a factor {rank}", t => t[0].Interpolate(scaleFactor: [1.6], mode: mode), x);
            }
            foreach (Interpolation mode in rank == 2 ? new[] { Interpolation.Linear, Interpolation.Cubic } : [Interpolation.Linear])
                yield return new($"interpolate {mode} with aligned corners {rank}", t => t[0].Interpolate(size: [6], mode: mode, alignCorners: true), x);
            foreach (PaddingMode mode in Enum.GetValues<PaddingMode>())
                yield return new($"pad {mode} {rank}", t => t[0].Pad([.. Enumerable.Range(0, axes).Select(i => (i == 0 ? 1 : 0, 1))], mode), x);
        }
    }

    private static IEnumerable<GradientCase> Pooling()
    {
        (double[], int[])[] maps = [Input(1, 2, 3, 5), Input(1, 1, 2, 4, 3), Input(1, 1, 2, 3, 2, 4)];
        for (int rank = 1; rank <= 3; rank++)
        {
            var x = maps[rank - 1];
            int axes = rank;
            Window tiles = new([.. Enumerable.Range(0, rank).Select(_ => new WindowAxis(2, 2))]);
            Window overlapping = new([.. Enumerable.Range(0, rank).Select(i => new WindowAxis(2 + i % 2, 1, 1, 1, 1))]);
            Tensor at = Tensor.FromArray(x.Item1, x.Item2);
            PoolWindows windows = PoolWindows.Of(rank, i => AxisWindows.Pool(tiles[i], x.Item2[i + 2], false));
            Tensor places = at.MaxPoolIndices(tiles);
            int[] spatial = [.. x.Item2.Skip(2)];
            yield return new($"max pool {rank}", t => t[0].MaxPool(tiles), x);
            yield return new($"overlapping max pool {rank}", t => t[0].MaxPool(overlapping, ceilMode: true), x);
            yield return new($"adaptive max pool {rank}", t => t[0].AdaptiveMaxPool([.. Enumerable.Range(0, axes).Select(i => 3 - i)]), x);
            yield return new($"max unpool {rank}", t => t[0].MaxUnpool(places, spatial), Input(2, places.Shape.ToArray()));
            yield return new($"max pool gradient {rank}", t => Tensor.Apply(new MaxPoolScatter(windows), places, t[0]), Input(2, places.Shape.ToArray()));
            yield return new($"gather places {rank}", t => Tensor.Apply(new GatherPlaces(windows), places, t[0]), x);
        }
    }

    private static (double[] Values, int[] Shape) Input(int seed, params int[] shape) => FiniteDifferences.Input(seed, shape);

    private static (double[] Values, int[] Shape) Shifted((double[] Values, int[] Shape) input, double by) => ([.. input.Values.Select(v => v + by)], input.Shape);

    private static (double[] Values, int[] Shape) Scaled((double[] Values, int[] Shape) input, double by) => ([.. input.Values.Select(v => v * by)], input.Shape);
}
