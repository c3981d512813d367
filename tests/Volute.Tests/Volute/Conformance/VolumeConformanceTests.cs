using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

/// <summary>Layers and whole networks of volumes with 2D kernels, beside compositions of PyTorch's convolutions (golden/families/volumes.py).</summary>
public class VolumeConformanceTests
{
    private const string Family = "volumes";

    [Theory]
    [Golden(Family, "AcsConv3d", "MeanAcsConv3d", "SoftAcsConv3d", "Conv2p5d")]
    public void Convolutions_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-13, (a, _) => Convolution(golden.Kind, a));

    [Theory]
    [Golden(Family, "AcsConv3d", "MeanAcsConv3d", "SoftAcsConv3d", "Conv2p5d")]
    public void Convolutions_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 2e-6, (a, _) => Convolution(golden.Kind, a));

    [Theory]
    [Golden(Family, "AcsConvTranspose3d", "MeanAcsConvTranspose3d", "SoftAcsConvTranspose3d", "ConvTranspose2p5d")]
    public void Transposed_convolutions_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-13, (a, _) => Transposed(golden.Kind, a));

    [Theory]
    [Golden(Family, "AcsConvTranspose3d", "MeanAcsConvTranspose3d", "SoftAcsConvTranspose3d", "ConvTranspose2p5d")]
    public void Transposed_convolutions_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 2e-6, (a, _) => Transposed(golden.Kind, a));

    [Theory, Golden(Family, "UNetBlock", "Sequential", "Residual")]
    public void Networks_turned_into_networks_of_volumes_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-12, (a, _) => Grown(golden.Kind, a));

    // Normalizations over few values magnify roundings of what comes before them.
    [Theory, Golden(Family, "UNetBlock", "Sequential", "Residual")]
    public void Networks_turned_into_networks_of_volumes_agree_in_float32(GoldenCase golden)
        => Recorded.Check(golden, ElementType.Float32, new(1e-5, 1e-4), (a, _) => Grown(golden.Kind, a));

    [Theory, Golden(Family, "ResNet18", "MobileNetV2")]
    public void Models_turned_into_networks_of_volumes_agree_in_float32(GoldenCase golden) => ModelConformanceTests.Check(golden, 2e-5);

    private static Conv Convolution(string kind, GoldenArguments a)
    {
        int from = a.Int("inChannels", 0), to = a.Int("outChannels", 0), kernel = a.Int("kernelSize", 0), groups = a.Int("groups", 1);
        PerAxis? stride = a.Each("stride", 3), dilation = a.Each("dilation", 3);
        Padding? padding = a.Ints("padding", 3) is { } ends ? Padding.Create(ends) : null;
        bool bias = a.Bool("bias", true);
        PaddingMode mode = ConvolutionConformanceTests.Mode(a.Text("paddingMode", "zeros"));
        return kind switch
        {
            "AcsConv3d" => new AcsConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            "MeanAcsConv3d" => new MeanAcsConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            "SoftAcsConv3d" => new SoftAcsConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            _ => new Conv2p5d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
        };
    }

    private static ConvTranspose Transposed(string kind, GoldenArguments a)
    {
        int from = a.Int("inChannels", 0), to = a.Int("outChannels", 0), kernel = a.Int("kernelSize", 0), groups = a.Int("groups", 1);
        PerAxis? stride = a.Each("stride", 3), dilation = a.Each("dilation", 3), extra = a.Each("outputPadding", 3);
        Padding? padding = a.Ints("padding", 3) is { } ends ? Padding.Create(ends) : null;
        bool bias = a.Bool("bias", true);
        return kind switch
        {
            "AcsConvTranspose3d" => new AcsConvTranspose3d(from, to, kernel, stride, padding, extra, groups, bias, dilation),
            "MeanAcsConvTranspose3d" => new MeanAcsConvTranspose3d(from, to, kernel, stride, padding, extra, groups, bias, dilation),
            "SoftAcsConvTranspose3d" => new SoftAcsConvTranspose3d(from, to, kernel, stride, padding, extra, groups, bias, dilation),
            _ => new ConvTranspose2p5d(from, to, kernel, stride, padding, extra, groups, bias, dilation),
        };
    }

    /// <summary>The recorded 2D network, turned. Where shapes of the state change, it is turned only when its state has been assigned.</summary>
    private static Subject Grown(string kind, GoldenArguments a)
    {
        RecordedNetwork network = new(kind, a.Texts("layers"));
        VolumeForm form = Enum.Parse<VolumeForm>(a.Text("form", ""));
        if (form != VolumeForm.Inflated)
            return network.ToVolumes(form);
        return new Subject(inputs => [network.ToVolumes(form).Forward(inputs[0])], network);
    }
}
