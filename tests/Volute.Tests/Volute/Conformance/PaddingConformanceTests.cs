using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class PaddingConformanceTests
{
    [Theory, Golden("padding")]
    public void Padding_agrees_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, _) => Build(golden, a));

    [Theory, Golden("padding")]
    public void Padding_agrees_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-6, (a, _) => Build(golden, a));

    internal static Subject Build(GoldenCase golden, GoldenArguments a)
    {
        if (golden.Kind == "pad")
            return Subject.Of(Pad(a.Ints("pad", 1)!, a.Text("mode", "constant"), a.Double("value", 0)));
        int[] padding = a.Ints("padding", 1)!;
        return golden.Kind switch
        {
            "ConstantPad1d" => new ConstantPad1d(padding, a.Double("value", 0)),
            "ConstantPad2d" => new ConstantPad2d(padding, a.Double("value", 0)),
            "ConstantPad3d" => new ConstantPad3d(padding, a.Double("value", 0)),
            "ZeroPad2d" => new ZeroPad2d(padding),
            "ReflectionPad1d" => new ReflectionPad1d(padding),
            "ReflectionPad2d" => new ReflectionPad2d(padding),
            "ReflectionPad3d" => new ReflectionPad3d(padding),
            "ReplicationPad1d" => new ReplicationPad1d(padding),
            "ReplicationPad2d" => new ReplicationPad2d(padding),
            "ReplicationPad3d" => new ReplicationPad3d(padding),
            _ => throw new ArgumentOutOfRangeException(nameof(golden), golden.Kind, "no such padding"),
        };
    }

    /// <summary>PyTorch's list begins with the last axis.</summary>
    private static Func<Tensor, Tensor> Pad(int[] ends, string mode, double value)
    {
        int axes = ends.Length / 2;
        if (mode != "constant")
            return x => x.Pad([.. Enumerable.Range(0, axes).Select(i => (ends[2 * (axes - 1 - i)], ends[2 * (axes - 1 - i) + 1]))], ConvolutionConformanceTests.Mode(mode));
        return x =>
        {
            for (int i = 0; i < axes; i++)
                x = x.Pad(-1 - i, ends[2 * i], ends[2 * i + 1], value);
            return x;
        };
    }
}
