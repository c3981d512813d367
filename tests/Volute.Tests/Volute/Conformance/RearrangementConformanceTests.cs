using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class RearrangementConformanceTests
{
    [Theory, Golden("rearrangement")]
    public void Rearrangements_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-15, (a, _) => Build(golden, a));

    [Theory, Golden("rearrangement")]
    public void Rearrangements_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-7, (a, _) => Build(golden, a));

    internal static Layer Build(GoldenCase golden, GoldenArguments a)
    {
        switch (golden.Kind)
        {
            case "PixelShuffle": return new PixelShuffle(a.Int("upscaleFactor", 0));
            case "PixelUnshuffle": return new PixelUnshuffle(a.Int("downscaleFactor", 0));
            case "ChannelShuffle": return new ChannelShuffle(a.Int("groups", 0));
            case "Flatten": return new Flatten(a.Int("startDim", 1), a.Int("endDim", -1));
            case "Unflatten": return new Unflatten(a.Int("dim", 0), a.Ints("unflattenedSize", 1)!);
        }
        PerAxis kernel = a.Ints("kernelSize", 2)!;
        PerAxis? dilation = a.Each("dilation", 2), padding = a.Each("padding", 2), stride = a.Each("stride", 2);
        return golden.Kind == "Unfold" ? new Unfold(kernel, dilation, padding, stride) : new Fold(a.Ints("outputSize", 2)!, kernel, dilation, padding, stride);
    }
}
