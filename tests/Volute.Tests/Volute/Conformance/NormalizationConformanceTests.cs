using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class NormalizationConformanceTests
{
    // Where the mean is far above the deviation, a rounding of the mean is large beside it.
    [Theory, Golden("normalization")]
    public void Normalizations_agree_in_float64(GoldenCase golden)
        => Recorded.Check(golden, ElementType.Float64, golden.About.StartsWith("mean far above", StringComparison.Ordinal) ? 1e-11 : 1e-13, (a, _) => Build(golden, a));

    [Theory, Golden("normalization")]
    public void Normalizations_agree_in_float32(GoldenCase golden)
        => Recorded.Check(golden, ElementType.Float32, golden.About.StartsWith("mean far above", StringComparison.Ordinal) ? 1e-3 : 5e-6, (a, _) => Build(golden, a));

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
