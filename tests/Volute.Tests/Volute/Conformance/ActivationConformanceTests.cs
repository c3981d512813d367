using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class ActivationConformanceTests
{
    // PyTorch's slope of Hardsigmoid is 1/6 rounded to float32, whatever the element type.
    private const double SixthInFloat32 = 4e-8;

    [Theory, Golden("activations")]
    public void Activations_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, new(1e-14, golden.Kind == "Hardsigmoid" ? SixthInFloat32 : 1e-14), (a, _) => Build(golden, a));

    [Theory, Golden("activations")]
    public void Activations_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 2e-6, (a, _) => Build(golden, a));

    internal static Layer Build(GoldenCase golden, GoldenArguments a) => golden.Kind switch
    {
        "ReLU" => new ReLU(),
        "ReLU6" => new ReLU6(),
        "LeakyReLU" => new LeakyReLU(a.Double("negativeSlope", 0.01)),
        "PReLU" => new PReLU(a.Int("numParameters", 1), a.Double("init", 0.25)),
        "ELU" => new ELU(a.Double("alpha", 1)),
        "GELU" => new GELU(a.Text("approximate", "none")),
        "SiLU" => new SiLU(),
        "Mish" => new Mish(),
        "Sigmoid" => new Sigmoid(),
        "LogSigmoid" => new LogSigmoid(),
        "Tanh" => new Tanh(),
        "Softplus" => new Softplus(a.Double("beta", 1), a.Double("threshold", 20)),
        "Hardtanh" => new Hardtanh(a.Double("minVal", -1), a.Double("maxVal", 1)),
        "Hardsigmoid" => new Hardsigmoid(),
        "Hardswish" => new Hardswish(),
        "Softmax" => new Softmax(a.Int("dim", 0)),
        "LogSoftmax" => new LogSoftmax(a.Int("dim", 0)),
        "Softmax2d" => new Softmax2d(),
        _ => throw new ArgumentOutOfRangeException(nameof(golden), golden.Kind, "no such activation"),
    };
}
