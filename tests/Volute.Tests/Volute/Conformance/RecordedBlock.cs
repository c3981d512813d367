using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

/// <summary>Modules by the kinds and arguments of golden/families/blocks.py.</summary>
internal static class RecordedBlock
{
    public static Module Make(string kind, GoldenArguments a)
    {
        int rank = a.Int("rank", 2), from = a.Int("inChannels", 0), to = a.Int("outChannels", 0), groups = a.Int("groups", 1);
        PerAxis? kernel = a.Each("kernelSize", rank), stride = a.Each("stride", rank), dilation = a.Each("dilation", rank);
        PaddingMode mode = ConvolutionConformanceTests.Mode(a.Text("paddingMode", "zeros"));
        return kind switch
        {
            "ResidualBlock" => new ResidualBlock(from, to, stride, dilation, groups, a.Has("bottleneck") ? a.Int("bottleneck", 0) : null, a.Bool("projection", true),
                a.Bool("strideFirst", false), mode, rank),
            "InvertedResidual" => new InvertedResidual(from, to, stride, a.Int("expandRatio", 6), kernel, dilation, mode, rank),
            "SqueezeExcite" => new SqueezeExcite(a.Int("channels", 0), a.Int("squeezeChannels", 0), rank: rank),
            "ShuffledGroupConv" => new ShuffledGroupConv(from, to, groups, kernel, stride, Padding(a, rank), dilation, a.Bool("bias", true), mode, rank),
            "ShuffleUnit" => new ShuffleUnit(from, to, groups, stride, a.Bool("groupedFirst", true), mode, rank),
            "Aspp" => new Aspp(from, a.Ints("rates", 1)!, to, a.Double("dropout", 0.5), mode, rank),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such module"),
        };
    }

    private static Padding? Padding(GoldenArguments a, int rank)
        => a.IsText("padding") ? a.Text("padding", "") : a.Ints("padding", rank) is { } values ? Volute.Padding.Create(values) : null;
}
