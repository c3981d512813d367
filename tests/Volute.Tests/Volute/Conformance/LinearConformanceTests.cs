using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class LinearConformanceTests
{
    [Theory, Golden("linear", "Linear")]
    public void Linear_layers_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, _) => Build(a));

    [Theory, Golden("linear", "Linear")]
    public void Linear_layers_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-6, (a, _) => Build(a));

    [Theory, Golden("linear", "matmul")]
    public void Matrix_products_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (_, _) => Subject.Of((x, y) => x.MatMul(y)));

    [Theory, Golden("linear", "matmul")]
    public void Matrix_products_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-6, (_, _) => Subject.Of((x, y) => x.MatMul(y)));

    internal static Linear Build(GoldenArguments a) => new(a.Int("inFeatures", 0), a.Int("outFeatures", 0), a.Bool("bias", true));
}
