using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Kernels;

public class WindowConformanceTests
{
    [Theory, Golden("convolution", "Conv1d", "Conv2d", "Conv3d"), Golden("pooling", "MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d")]
    public void Direct_sizes_are_those_of_PyTorch(GoldenCase golden)
    {
        var arguments = golden.ReadArguments();
        var (input, axes) = AxesOf(golden);
        bool ceil = arguments.Bool("ceilMode", false);
        long[] outputs = [.. axes.Select((axis, i) => axis.Outputs(input[i], ceil))];
        Assert.Equal(golden.Outputs[0].Shape[^axes.Length..].Select(size => (long)size), outputs);
    }

    [Theory, Golden("convolution", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")]
    public void Transposed_sizes_are_those_of_PyTorch(GoldenCase golden)
    {
        var (input, axes) = AxesOf(golden);
        int[] extra = golden.ReadArguments().Ints("outputPadding", axes.Length) ?? new int[axes.Length];
        int[] asked = golden.ReadCall().Ints("outputSize", axes.Length) ?? [];
        for (int i = 0; i < asked.Length; i++)
        {
            extra[i] = asked[i] - (int)axes[i].TransposedOutputs(input[i]);
            Assert.InRange(extra[i], 0, Math.Max(axes[i].Stride, axes[i].Dilation) - 1);
        }
        long[] outputs = [.. axes.Select((axis, i) => axis.TransposedOutputs(input[i], extra[i]))];
        Assert.Equal(golden.Outputs[0].Shape[^axes.Length..].Select(size => (long)size), outputs);
    }

    private static (int[] Input, WindowAxis[] Axes) AxesOf(GoldenCase golden)
    {
        var arguments = golden.ReadArguments();
        int rank = golden.Kind[^2] - '0';
        int[] input = golden.Inputs[0].Shape[^rank..];
        int[] kernel = arguments.Ints("kernelSize", rank)!;
        int[] stride = arguments.Ints("stride", rank) ?? (golden.Family == "pooling" ? kernel : [1, 1, 1]);
        int[] dilation = arguments.Ints("dilation", rank) ?? [1, 1, 1];
        bool named = arguments.IsText("padding");
        int[] padding = named ? [0, 0, 0] : arguments.Ints("padding", rank) ?? [0, 0, 0];
        var axes = new WindowAxis[rank];
        for (int i = 0; i < rank; i++)
        {
            axes[i] = new(kernel[i], stride[i], dilation[i], padding[i], padding[i]);
            if (named && arguments.Text("padding", "") == "same")
                axes[i] = axes[i].Same(input[i]);
        }
        return (input, axes);
    }
}
