using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class PoolingConformanceTests
{
    [Theory, Golden("pooling", "AvgPool1d", "AvgPool2d", "AvgPool3d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d")]
    public void Average_pooling_agrees_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, _) => Build(golden, a));

    [Theory, Golden("pooling", "AvgPool1d", "AvgPool2d", "AvgPool3d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d")]
    public void Average_pooling_agrees_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-6, (a, _) => Build(golden, a));

    internal static Layer Build(GoldenCase golden, GoldenArguments a)
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
