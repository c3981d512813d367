using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class ConvolutionConformanceTests
{
    [Theory, Golden("convolution")]
    public void Convolutions_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, call) => Build(golden, a, call));

    // Float32 sums at most some hundred products of numbers with few bits: the inputs are multiples of 1/16.
    [Theory, Golden("convolution")]
    public void Convolutions_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-6, (a, call) => Build(golden, a, call));

    [Theory, Golden("initialization")]
    public void First_values_are_drawn_from_the_distributions_of_PyTorch(GoldenCase golden)
    {
        GoldenArguments arguments = golden.ReadArguments();
        Module module = golden.Kind == "Linear" ? LinearConformanceTests.Build(arguments) : (Module)Convolution(golden.Kind, arguments);
        arguments.AssertAllRead();
        Settings.Seed = 5;
        foreach (Parameter parameter in module.State())
            Assert.All(parameter.ToArray(), value => Assert.InRange(Math.Abs(value), 0, golden.Values[parameter.Name + "Bound"] * (1 + 1e-7)));
        Parameter weight = module.State()[0];
        double bound = golden.Values["weightBound"], largest = weight.ToArray().Max(Math.Abs), count = weight.Shape.Elements;
        // The largest of n uniform magnitudes lies below bound·(1 − t) with probability (1 − t)ⁿ: here below 1e-6.
        Assert.InRange(largest, bound * Math.Pow(1e-6, 1 / count), bound * (1 + 1e-7));
        Assert.InRange(weight.ToArray().Average(), -6 * bound / Math.Sqrt(3 * count), 6 * bound / Math.Sqrt(3 * count));
    }

    private static Subject Build(GoldenCase golden, GoldenArguments a, GoldenArguments call)
    {
        Conv module = Convolution(golden.Kind, a);
        return call.Ints("outputSize", module.Rank) is { } size ? new Subject(x => [((ConvTranspose)module).Forward(x[0], size)], module) : module;
    }

    internal static Conv Convolution(string kind, GoldenArguments a)
    {
        int rank = kind[^2] - '0', from = a.Int("inChannels", 0), to = a.Int("outChannels", 0), groups = a.Int("groups", 1);
        PerAxis kernel = a.Ints("kernelSize", rank)!;
        PerAxis? stride = a.Each("stride", rank), dilation = a.Each("dilation", rank);
        Padding? padding = a.IsText("padding") ? a.Text("padding", "") : a.Ints("padding", rank) is { } ends ? Padding.Create(ends) : null;
        bool bias = a.Bool("bias", true);
        if (kind.StartsWith("ConvTranspose", StringComparison.Ordinal))
        {
            PerAxis? extra = a.Each("outputPadding", rank);
            return rank switch
            {
                1 => new ConvTranspose1d(from, to, kernel, stride, padding, extra, groups, bias, dilation),
                2 => new ConvTranspose2d(from, to, kernel, stride, padding, extra, groups, bias, dilation),
                _ => new ConvTranspose3d(from, to, kernel, stride, padding, extra, groups, bias, dilation),
            };
        }
        PaddingMode mode = Mode(a.Text("paddingMode", "zeros"));
        return rank switch
        {
            1 => new Conv1d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            2 => new Conv2d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            _ => new Conv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
        };
    }

    internal static PaddingMode Mode(string name) => name switch
    {
        "zeros" or "constant" => PaddingMode.Zeros,
        "reflect" => PaddingMode.Reflect,
        "replicate" => PaddingMode.Replicate,
        "circular" => PaddingMode.Circular,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such mode"),
    };
}
