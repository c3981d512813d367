using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

/// <summary>Modules by the kinds and arguments of golden/families/blocks.py.</summary>
internal static class RecordedBlock
{
    public static Subject Of(GoldenCase golden, GoldenArguments a)
    {
        Module module = golden.Kind is "WeightNorm" or "SpectralNorm" ? Parametrized(golden.Kind, a) : Make(golden.Kind, a);
        module.MakeParameters(name => golden.State[name].Shape);
        int times = a.Int("times", 1);
        if (times > 1)
            return new Subject(x => [Enumerable.Repeat(module, times).Aggregate(x[0], (t, m) => m.Forward(t))], new Sequential(module));
        return module is UpBlock up ? new Subject(x => [up.Forward(x[0], x[1])], up) : module;
    }

    private static WeightedLayer Parametrized(string kind, GoldenArguments a)
    {
        string name = a.Text("layer", "");
        WeightedLayer layer = name == "Linear" ? LinearConformanceTests.Build(a) : ConvolutionConformanceTests.Convolution(name, a);
        int? dim = a.Has("dim") && !a.IsNone("dim") ? a.Int("dim", 0) : null;
        return kind == "WeightNorm" ? layer.WithWeightNorm(a.Has("dim") ? dim : 0) : layer.WithSpectralNorm(a.Int("iterations", 1), a.Double("eps", 1e-12), dim);
    }

    private static Module Make(string kind, GoldenArguments a)
    {
        int rank = kind.EndsWith('d') && char.IsDigit(kind[^2]) ? kind[^2] - '0' : a.Int("rank", 2);
        int from = a.Int("inChannels", 0), to = a.Int("outChannels", 0), channels = a.Int("channels", 0), groups = a.Int("groups", 1), multiplier = a.Int("multiplier", 1);
        PerAxis? taps = a.Each("kernelSize", rank), stride = a.Each("stride", rank), dilation = a.Each("dilation", rank);
        PerAxis kernel = taps ?? 0;
        Padding? padding = a.IsText("padding") ? a.Text("padding", "") : a.Ints("padding", rank) is { } values ? Padding.Create(values) : null;
        bool bias = a.Bool("bias", true);
        PaddingMode mode = ConvolutionConformanceTests.Mode(a.Text("paddingMode", "zeros"));
        int? middle = a.Has("middleChannels") ? a.Int("middleChannels", 0) : null, bottleneck = a.Has("bottleneck") ? a.Int("bottleneck", 0) : null;
        double factor = a.Double("scaleFactor", 2);
        Interpolation between = Enum.Parse<Interpolation>(a.Text("mode", "nearest"), ignoreCase: true);
        return kind switch
        {
            "ResidualBlock" => new ResidualBlock(from, to, stride, dilation, groups, bottleneck, a.Bool("projection", true), a.Bool("strideFirst", false), mode, rank),
            "InvertedResidual" => new InvertedResidual(from, to, stride, a.Int("expandRatio", 6), taps, dilation, mode, rank),
            "SqueezeExcite" => new SqueezeExcite(channels, a.Int("squeezeChannels", 0), rank: rank),
            "ShuffledGroupConv" => new ShuffledGroupConv(from, to, groups, taps, stride, padding, dilation, bias, mode, rank),
            "ShuffleUnit" => new ShuffleUnit(from, to, groups, stride, a.Bool("groupedFirst", true), mode, rank),
            "Aspp" => new Aspp(from, a.Ints("rates", 1)!, to, a.Double("dropout", 0.5), mode, rank),
            "LazyConv1d" => new LazyConv1d(to, kernel, stride, padding, dilation, groups, bias, mode),
            "LazyConv2d" => new LazyConv2d(to, kernel, stride, padding, dilation, groups, bias, mode),
            "LazyConv3d" => new LazyConv3d(to, kernel, stride, padding, dilation, groups, bias, mode),
            "DepthwiseConv1d" => new DepthwiseConv1d(channels, kernel, multiplier, stride, padding, dilation, bias, mode),
            "DepthwiseConv2d" => new DepthwiseConv2d(channels, kernel, multiplier, stride, padding, dilation, bias, mode),
            "DepthwiseConv3d" => new DepthwiseConv3d(channels, kernel, multiplier, stride, padding, dilation, bias, mode),
            "DepthwiseSeparableConv1d" => new DepthwiseSeparableConv1d(from, to, kernel, stride, padding, dilation, groups, bias, mode, multiplier),
            "DepthwiseSeparableConv2d" => new DepthwiseSeparableConv2d(from, to, kernel, stride, padding, dilation, groups, bias, mode, multiplier),
            "DepthwiseSeparableConv3d" => new DepthwiseSeparableConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode, multiplier),
            "SpatiallySeparableConv2d" => new SpatiallySeparableConv2d(from, to, kernel, middle, stride, padding, dilation, groups, bias, mode),
            "SpatiallySeparableConv3d" => new SpatiallySeparableConv3d(from, to, kernel, middle, stride, padding, dilation, groups, bias, mode),
            "FlattenedConv2d" => new FlattenedConv2d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            "FlattenedConv3d" => new FlattenedConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            "ResizeConv1d" => new ResizeConv1d(from, to, kernel, factor, between, padding, dilation, groups, bias, mode),
            "ResizeConv2d" => new ResizeConv2d(from, to, kernel, factor, between, padding, dilation, groups, bias, mode),
            "ResizeConv3d" => new ResizeConv3d(from, to, kernel, factor, between, padding, dilation, groups, bias, mode),
            "UpBlock" => new UpBlock(from, a.Int("skipChannels", 0), to, Enum.Parse<Upsampling>(a.Text("upsampling", ""), ignoreCase: true),
                Enum.Parse<Normalization>(a.Text("normalization", "none"), ignoreCase: true), a.Bool("padded", true), mode, rank),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such module"),
        };
    }
}
