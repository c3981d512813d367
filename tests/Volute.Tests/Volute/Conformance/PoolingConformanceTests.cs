using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class PoolingConformanceTests
{
    [Theory, Golden("pooling", "AvgPool1d", "AvgPool2d", "AvgPool3d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d")]
    public void Average_pooling_agrees_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, _) => Build(golden, a));

    [Theory, Golden("pooling", "AvgPool1d", "AvgPool2d", "AvgPool3d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d")]
    public void Average_pooling_agrees_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-6, (a, _) => Build(golden, a));

    [Theory, Golden("pooling", "MaxPool1d", "MaxPool2d", "MaxPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d")]
    public void Max_pooling_and_its_indices_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 0, (a, _) => BuildMax(golden, a));

    [Theory, Golden("pooling", "MaxPool1d", "MaxPool2d", "MaxPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d")]
    public void Max_pooling_and_its_indices_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 0, (a, _) => BuildMax(golden, a));

    [Theory, Golden("pooling", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d")]
    public void Unpooling_agrees_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 0, (a, call) => BuildUnpool(golden, a, call));

    [Theory, Golden("pooling", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d")]
    public void Unpooling_agrees_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 0, (a, call) => BuildUnpool(golden, a, call));

    private static Subject BuildMax(GoldenCase golden, GoldenArguments a)
    {
        int rank = golden.Kind[^2] - '0';
        bool indices = a.Bool("returnIndices", false);
        if (golden.Kind.StartsWith("Adaptive", StringComparison.Ordinal))
        {
            PerAxis size = a.IntsOrNone("outputSize", rank)!.Select(n => n ?? -1).ToArray();
            AdaptiveMaxPoolLayer adaptive = rank switch { 1 => new AdaptiveMaxPool1d(size), 2 => new AdaptiveMaxPool2d(size), _ => new AdaptiveMaxPool3d(size) };
            return new(x => indices ? [adaptive.Forward(x[0]), adaptive.Indices(x[0])] : [adaptive.Forward(x[0])], adaptive);
        }
        PerAxis kernel = a.Ints("kernelSize", rank)!;
        PerAxis? stride = a.Each("stride", rank), padding = a.Each("padding", rank), dilation = a.Each("dilation", rank);
        bool ceil = a.Bool("ceilMode", false);
        MaxPoolLayer pool = rank switch
        {
            1 => new MaxPool1d(kernel, stride, padding, dilation, ceil),
            2 => new MaxPool2d(kernel, stride, padding, dilation, ceil),
            _ => new MaxPool3d(kernel, stride, padding, dilation, ceil),
        };
        return new(x => indices ? [pool.Forward(x[0]), pool.Indices(x[0])] : [pool.Forward(x[0])], pool);
    }

    private static Subject BuildUnpool(GoldenCase golden, GoldenArguments a, GoldenArguments call)
    {
        int rank = golden.Kind[^2] - '0';
        PerAxis kernel = a.Ints("kernelSize", rank)!;
        PerAxis? stride = a.Each("stride", rank), padding = a.Each("padding", rank);
        int[]? size = call.Ints("outputSize", rank);
        MaxUnpoolLayer unpool = rank switch { 1 => new MaxUnpool1d(kernel, stride, padding), 2 => new MaxUnpool2d(kernel, stride, padding), _ => new MaxUnpool3d(kernel, stride, padding) };
        return new(x => [unpool.Forward(x[0], x[1], size)], unpool);
    }

    private static Layer Build(GoldenCase golden, GoldenArguments a)
    {
        int rank = golden.Kind[^2] - '0';
        if (golden.Kind.StartsWith("Adaptive", StringComparison.Ordinal))
        {
            PerAxis size = a.IntsOrNone("outputSize", rank)!.Select(n => n ?? -1).ToArray();
            return rank switch { 1 => new AdaptiveAvgPool1d(size), 2 => new AdaptiveAvgPool2d(size), _ => new AdaptiveAvgPool3d(size) };
        }
        PerAxis kernel = a.Ints("kernelSize", rank)!;
        PerAxis? stride = a.Each("stride", rank), padding = a.Each("padding", rank);
        bool ceil = a.Bool("ceilMode", false), counted = a.Bool("countIncludePad", true);
        int? divisor = a.Has("divisorOverride") ? a.Int("divisorOverride", 0) : null;
        return rank switch
        {
            1 => new AvgPool1d(kernel, stride, padding, ceil, counted),
            2 => new AvgPool2d(kernel, stride, padding, ceil, counted, divisor),
            _ => new AvgPool3d(kernel, stride, padding, ceil, counted, divisor),
        };
    }
}
