using System.Text.Json;
using Volute.Kernels;

namespace Volute.Cli.Bench;

/// <summary>A convolution as PyTorch's shapes say it: input (N, C, [D,] [H,] W), weight (O, C/groups, k…), of a transposed one (C, O/groups, k…).</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Input">The input's shape.</param>
/// <param name="Weight">The weight's shape.</param>
/// <param name="Stride">A step for each spatial axis.</param>
/// <param name="Padding">Zeros at both ends of each spatial axis.</param>
/// <param name="Dilation">The step between taps for each spatial axis.</param>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Transposed">Whether it is the transposed convolution.</param>
/// <param name="OutputPadding">Positions added to each axis of a transposed convolution's output.</param>
internal sealed record ConvolutionCase(string Name, int[] Input, int[] Weight, int[] Stride, int[] Padding, int[] Dilation, int Groups, bool Transposed, int[] OutputPadding)
{
    /// <summary>Spatial axes.</summary>
    public int Rank => Input.Length - 2;

    /// <summary>Channels of the input.</summary>
    public int InputChannels => Input[1];

    /// <summary>Channels of the output.</summary>
    public int OutputChannels => Transposed ? Weight[1] * Groups : Weight[0];

    /// <summary>The problem that the kernels see: a transposed convolution is the input pass of the convolution from its output to its input.</summary>
    /// <exception cref="InvalidArgumentException">Sizes that do not fit each other; the message begins with the field.</exception>
    public ConvolutionProblem Problem()
    {
        Sizes.Product(Input, "input:");
        Sizes.Product(Weight, "weight:");
        if (InputChannels % Groups != 0 || Weight[0] % Groups != 0)
            throw new InvalidArgumentException($"groups: {InputChannels} input channels and a weight of {Weight[0]} do not both divide into {Groups} groups");
        long expected = Transposed ? Weight[0] : (long)Weight[1] * Groups;
        if (InputChannels != expected)
            throw new InvalidArgumentException($"weight: [{string.Join(", ", Weight)}] with {Groups} group{(Groups == 1 ? "" : "s")} needs {expected} input channels, the input has {InputChannels}");
        WindowAxis[] axes = [.. Enumerable.Range(0, Rank).Select(Axis)];
        int[] output = [.. Enumerable.Range(0, Rank).Select(i => OutputSize(i, axes[i]))];
        Sizes.Product([Input[0], OutputChannels, .. output], "the output");
        (int[] x, int[] y) = Transposed ? (output, Input[2..]) : (Input[2..], output);
        return new ConvolutionProblem(ElementType.Float32, Input[0], Transposed ? OutputChannels : InputChannels, Weight[0], Groups, new Window(axes), ExtentOf(x), ExtentOf(y));
    }

    /// <summary>The kernels' pass for this convolution's.</summary>
    public Pass KernelPass(Pass pass) => (Transposed, pass) switch
    {
        (true, Pass.Output) => Pass.Input,
        (true, Pass.Input) => Pass.Output,
        _ => pass,
    };

    /// <summary>The case as one JSON object, as it stands in a shapes file.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteArray("input", Input);
        json.WriteArray("weight", Weight);
        json.WriteArray("stride", Stride);
        json.WriteArray("padding", Padding);
        json.WriteArray("dilation", Dilation);
        json.WriteNumber("groups", Groups);
        json.WriteBoolean("transposed", Transposed);
        json.WriteArray("outputPadding", OutputPadding);
        json.WriteEndObject();
    }

    private WindowAxis Axis(int i)
    {
        // Output padding of a whole stride or more: the convolution that is transposed does not look at the last positions.
        int unseen = Math.Max(0, OutputPadding[i] - (Stride[i] - 1));
        return new WindowAxis(Weight[i + 2], Stride[i], Dilation[i], Padding[i], Padding[i] - unseen);
    }

    private int OutputSize(int i, WindowAxis axis)
    {
        if (!Transposed && OutputPadding[i] > 0)
            throw new InvalidArgumentException("outputPadding: only a transposed convolution has it");
        if (OutputPadding[i] > 0 && OutputPadding[i] >= Math.Max(Stride[i], Dilation[i]))
            throw new InvalidArgumentException($"outputPadding: must be smaller than stride or dilation, got {OutputPadding[i]} with stride {Stride[i]} and dilation {Dilation[i]}");
        int input = Input[i + 2];
        long size = Transposed ? (axis with { PadEnd = axis.PadBegin }).TransposedOutputs(input, OutputPadding[i]) : axis.Outputs(input);
        if (size < 1 || size > int.MaxValue)
            throw new InvalidArgumentException($"input: the kernel spans {axis.Reach} positions on spatial axis {i}, the input has {input} with padding {Padding[i]} at both ends");
        return (int)size;
    }

    private static Extent ExtentOf(int[] sizes) => new(sizes.Length > 2 ? sizes[^3] : 1, sizes.Length > 1 ? sizes[^2] : 1, sizes[^1]);
}
