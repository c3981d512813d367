using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class NormalizationConformanceTests
{
    [Theory, Golden("normalization")]
    public void Normalizations_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, Near(golden, 1e-13), (a, _) => Build(golden, a));

    [Theory, Golden("normalization")]
    public void Normalizations_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, Near(golden, 5e-6), (a, _) => Build(golden, a));

    private static Tolerance Near(GoldenCase golden, double tolerance)
    {
        // The mean is thousand times the deviation: so is its rounding.
        if (golden.About.StartsWith("mean far above", StringComparison.Ordinal))
            return tolerance * 1000;
        // Of two values a group the results are ±1 whatever they are: the gradient is what rounding leaves of numbers a hundred times as large.
        return golden.Kind == "GroupNorm" && golden.Inputs[0].Shape.Length == 2 ? new Tolerance(tolerance, tolerance * 100) : tolerance;
    }

    internal static Layer Build(GoldenCase golden, GoldenArguments a)
    {
        double eps = a.Double("eps", 1e-5);
        switch (golden.Kind)
        {
            case "GroupNorm": return new GroupNorm(a.Int("numGroups", 0), a.Int("numChannels", 0), eps, a.Bool("affine", true));
            case "LayerNorm": return new LayerNorm(a.Ints("normalizedShape", 1)!, eps, a.Bool("elementwiseAffine", true));
            case "LocalResponseNorm": return new LocalResponseNorm(a.Int("size", 0), a.Double("alpha", 1e-4), a.Double("beta", 0.75), a.Double("k", 1));
        }
        int features = a.Int("numFeatures", 0);
        double? momentum = a.IsNone("momentum") ? null : a.Double("momentum", 0.1);
        bool batch = golden.Kind.StartsWith("Batch", StringComparison.Ordinal), affine = a.Bool("affine", batch), tracked = a.Bool("trackRunningStats", batch);
        return golden.Kind switch
        {
            "BatchNorm1d" => new BatchNorm1d(features, eps, momentum, affine, tracked),
            "BatchNorm2d" => new BatchNorm2d(features, eps, momentum, affine, tracked),
            "BatchNorm3d" => new BatchNorm3d(features, eps, momentum, affine, tracked),
            "InstanceNorm1d" => new InstanceNorm1d(features, eps, momentum!.Value, affine, tracked),
            "InstanceNorm2d" => new InstanceNorm2d(features, eps, momentum!.Value, affine, tracked),
            "InstanceNorm3d" => new InstanceNorm3d(features, eps, momentum!.Value, affine, tracked),
            _ => throw new ArgumentOutOfRangeException(nameof(golden), golden.Kind, "no such normalization"),
        };
    }
}
