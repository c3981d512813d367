using System.Text.RegularExpressions;
using Volute.Kernels;

namespace Volute.Tests;

/// <summary>Every wrong argument or shape gives one error of the family, with its exact text, before anything large is allocated.</summary>
public partial class ErrorTests
{
    private static readonly Dictionary<string, (Type Error, string Text, Action Act)> Cases = Make().ToDictionary(c => c.Name, c => (c.Error, c.Text, c.Act));

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_arguments_and_shapes_give_their_error(string name)
    {
        var (type, text, act) = Cases[name];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception error = Assert.Throws(type, act);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(text, WithoutPlace().Replace(error.Message, ""));
        // Finding the user's line reads debug information; tensors of these sizes would be far larger.
        Assert.InRange(allocated, 0, 8 << 20);
    }

    [Fact]
    public void Shape_errors_name_the_line_of_the_user_and_the_path_of_the_module()
    {
        var net = new Sequential(new Conv2d(1, 2, 3), new Sequential(new ReLU(), new Conv2d(3, 1, 1)));
        string text = Assert.Throws<ShapeException>(() => { _ = net.Forward(Zeros(1, 1, 5, 5)).Shape; }).Message;
        Assert.StartsWith("Conv2d: expected 3 channels, got 2 in shape [1, 2, 3, 3] [in 1.1 (Conv2d 3->1 k1x1), ErrorTests.cs:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_whose_construction_failed_does_not_exist_and_its_parent_is_as_before()
    {
        Sequential parent = new(new ReLU());
        Assert.Throws<InvalidArgumentException>(() => parent.Append(new MaxPool2d(0)));
        Assert.Single(parent.Children);
        Assert.Equal([1, 1, 2, 2], parent.Append(new MaxPool2d(1)).Forward(Zeros(1, 1, 2, 2)).Shape);
    }

    [Fact]
    public void The_program_goes_on_after_an_error()
    {
        Parameter weight = new([2, 1, 1, 1], 1);
        SGD optimizer = new([weight], 0.5);
        Tensor wrong = Loss.CrossEntropy(Ones(1, 1, 1, 1).Convolve(weight, null, Plain(1, 1)).Flatten(1), Labels(2));
        Assert.Throws<InvalidArgumentException>(() => optimizer.Step(wrong));
        Assert.Equal([1f, 1], weight.ToArray());
        optimizer.Step(Loss.CrossEntropy(Ones(1, 1, 1, 1).Convolve(weight, null, Plain(1, 1)).Flatten(1), Labels(1)));
        Assert.Equal([0.75f, 1.25f], weight.ToArray());
    }

    [Fact]
    public void Same_padding_goes_with_every_stride()
    {
        for (int stride = 1; stride <= 4; stride++)
        {
            for (int size = 1; size <= 9; size++)
                Assert.Equal([1, 2, (size + stride - 1) / stride], new Conv1d(1, 2, 4, stride, "same").Forward(Zeros(1, 1, size)).Shape);
        }
    }

    [GeneratedRegex(@" \[[^\]]*ErrorTests\.cs:\d+\]$")]
    private static partial Regex WithoutPlace();

    private static IEnumerable<(string Name, Type Error, string Text, Action Act)> Make()
        => [.. Windows(), .. Weights(), .. Gradients(), .. Pools(), .. Sizes(), .. Values(), .. Modules(), .. Optimizers()];

    private static (string, Type, string, Action) Argument(string name, string text, Action act) => (name, typeof(InvalidArgumentException), text, act);

    private static (string, Type, string, Action) Shapes(string name, string text, Action act) => (name, typeof(ShapeException), text, act);

    private static (string, Type, string, Action) Limit(string name, string text, Action act) => (name, typeof(LimitException), text, act);

    private static IEnumerable<(string, Type, string, Action)> Windows()
    {
        foreach (int stride in new[] { 0, -1, int.MinValue })
        {
            yield return Argument($"stride {stride}", $"stride must be >= 1, got {stride}", () => _ = new Conv2d(1, 1, 3, stride: stride));
            yield return Argument($"stride {stride} of a transposed convolution", $"stride must be >= 1, got {stride}", () => _ = new ConvTranspose3d(1, 1, 3, stride: [1, 1, stride]));
            yield return Argument($"stride {stride} of a pool", $"stride must be >= 1, got {stride}", () => _ = new AvgPool1d(2, stride: stride));
        }
        foreach (int dilation in new[] { 0, -1 })
        {
            yield return Argument($"dilation {dilation}", $"dilation must be >= 1, got {dilation}", () => _ = new Conv1d(1, 1, 3, dilation: dilation));
            yield return Argument($"dilation {dilation} of a pool", $"dilation must be >= 1, got {dilation}", () => _ = new MaxPool2d(3, dilation: dilation));
        }
        yield return Argument("a clamp without a bound", "clamp: bounds must be numbers, got NaN and 1", () => _ = Zeros(2).Clamp(double.NaN, 1));
        yield return Argument("a hard tanh without a bound", "hardtanh: bounds must be numbers, got -1 and NaN", () => _ = Zeros(2).HardTanh(high: double.NaN));
        foreach (int kernel in new[] { 0, -1 })
        {
            yield return Argument($"kernel {kernel}", $"kernel size must be >= 1, got {kernel}", () => _ = new Conv2d(1, 1, [3, kernel]));
            yield return Argument($"kernel {kernel} of a max pool", $"kernel size must be >= 1, got {kernel}", () => _ = new MaxPool2d(kernel));
            yield return Argument($"kernel {kernel} of an average pool", $"kernel size must be >= 1, got {kernel}", () => _ = new AvgPool3d([1, kernel, 1]));
        }
        yield return Argument("padding -1", "padding must be >= 0, got -1", () => _ = new Conv2d(1, 1, 3, padding: -1));
        yield return Argument("padding -1 of a pool", "padding must be >= 0, got -1", () => _ = new MaxPool2d(3, padding: -1));
        yield return Limit("padding of two thousand millions", "a window's reach with its padding needs 4294967297 positions, but at most 2147483647 are allowed",
            () => new Conv1d(1, 1, 3, padding: int.MaxValue).Forward(Zeros(1, 1, 4)));
        yield return Argument("a padding rule that there is not", "padding must be a number, numbers, 'valid', 'same' or 'causal', got 'full'", () => _ = new Conv1d(1, 1, 3, padding: "full"));
        yield return Argument("three kernel sizes for two axes", "kernelSize needs 1 or 2 numbers, got [3, 3, 3]", () => _ = new Conv2d(1, 1, [3, 3, 3]));
        yield return Argument("four axes", "a window has at most 3 axes, got 4", () => _ = Plain(1, 1, 1, 1));
        yield return Limit("a kernel of 65536 cubed", "a window's kernel needs 281474976710656 taps, but at most 2147483591 are allowed", () => _ = new Conv3d(1, 1, 65536));
        yield return Argument("output padding of a whole stride", "ConvTranspose2d: output padding must be smaller than stride or dilation, got 2 with stride 2 and dilation 1",
            () => _ = new ConvTranspose2d(1, 1, 3, stride: 2, outputPadding: 2));
        yield return Argument("same padding of a transposed convolution", "ConvTranspose1d: padding must be given as numbers, not 'same'", () => _ = new ConvTranspose1d(1, 1, 3, padding: "same"));
        yield return Shapes("kernel 10 on 4 positions", "convolution: the kernel spans 10 positions on axis 2 (kernel 10, dilation 1), but the input has 4 with padding 0 + 0 (shape [1, 1, 4])",
            () => new Conv1d(1, 1, 10).Forward(Zeros(1, 1, 4)));
        yield return Shapes("dilated kernel on 4 positions", "convolution: the kernel spans 5 positions on axis 3 (kernel 3, dilation 2), but the input has 4 with padding 0 + 0 (shape [1, 1, 6, 4])",
            () => new Conv2d(1, 1, 3, dilation: 2).Forward(Zeros(1, 1, 6, 4)));
        yield return Shapes("transposed away", "transposed convolution: axis 2 of 1 positions would give -1; padding 2 + 2 is too large", () => new ConvTranspose1d(1, 1, 3, padding: 2).Forward(Zeros(1, 1, 1)));
        yield return Argument("an output size out of reach", "ConvTranspose1d: output size [9] cannot be reached from [1, 1, 3]: axis 2 can have 7 to 8",
            () => new ConvTranspose1d(1, 1, 3, stride: 2).Forward(Zeros(1, 1, 3), [9]));
    }

    private static IEnumerable<(string, Type, string, Action)> Weights()
    {
        yield return Argument("groups 0", "Conv2d: groups must be >= 1, got 0", () => _ = new Conv2d(1, 1, 3, groups: 0));
        yield return Argument("groups -1", "ConvTranspose1d: groups must be >= 1, got -1", () => _ = new ConvTranspose1d(1, 1, 3, groups: -1));
        yield return Argument("3 channels in 2 groups", "Conv2d: 3 input and 4 output channels must both divide into 2 groups", () => _ = new Conv2d(3, 4, 3, groups: 2));
        yield return Argument("no channels", "Conv3d: channels must be >= 1, got 1 in and 0 out", () => _ = new Conv3d(1, 0, 2));
        yield return Argument("groups 0 of an operator", "groups must be >= 1, got 0", () => Zeros(1, 2, 4).Convolve(Zeros(2, 2, 3), null, Plain(3), 0));
        yield return Argument("output channels that do not divide", "convolution: 3 output channels do not divide into 2 groups", () => Zeros(1, 2, 4).Convolve(Zeros(3, 1, 3), null, Plain(3), 2));
        yield return Argument("a weight without outputs", "convolution: channels must be >= 1, got a weight of shape [0, 1, 3, 3]", () => Zeros(1, 1, 5, 5).Convolve(Zeros(0, 1, 3, 3), null, Plain(3, 3)));
        yield return Argument("a weight without inputs", "convolution: channels must be >= 1, got a weight of shape [2, 0, 3]", () => Zeros(1, 0, 5).Convolve(Zeros(2, 0, 3), null, Plain(3)));
        yield return Argument("a volume's weight without outputs", "convolution: channels must be >= 1, got a weight of shape [0, 1, 2, 2, 2]",
            () => Zeros(1, 1, 3, 3, 3).Convolve(Zeros(0, 1, 2, 2, 2), null, Plain(2, 2, 2)));
        yield return Shapes("a weight without taps", "convolution: the weight [1, 1, 0] does not have the window's kernel size 3 on axis 2", () => Zeros(1, 1, 5).Convolve(Zeros(1, 1, 0), null, Plain(3)));
        yield return Shapes("a weight of other taps", "convolution: the weight [1, 1, 3, 2] does not have the window's kernel size 3 on axis 3", () => Zeros(1, 1, 5, 5).Convolve(Zeros(1, 1, 3, 2), null, Plain(3, 3)));
        yield return Shapes("a scalar weight", "convolution: expected a weight [out, in/groups, H, W] of 4 axes, got shape []", () => Zeros(1, 1, 5, 5).Convolve(Zeros(), null, Plain(3, 3)));
        yield return Shapes("a scalar map", "convolution: expected a map [N, C, W], got shape []", () => Zeros().Convolve(Zeros(1, 1, 3), null, Plain(3)));
        yield return Shapes("five axes for Conv2d", "Conv2d: expected [N, C, H, W] or [C, H, W], got shape [1, 1, 3, 3, 3] with 5 axes", () => new Conv2d(1, 1, 3).Forward(Zeros(1, 1, 3, 3, 3)));
        yield return Shapes("two axes for Conv2d", "Conv2d: expected [N, C, H, W] or [C, H, W], got shape [3, 3] with 2 axes", () => new Conv2d(1, 1, 3).Forward(Zeros(3, 3)));
        yield return Shapes("other channels", "Conv2d: expected 3 channels, got 2 in shape [1, 2, 5, 5]", () => new Conv2d(3, 1, 3).Forward(Zeros(1, 2, 5, 5)));
        yield return Shapes("a bias of another length", "convolution: expected a bias of shape [2] and type float32, got [3] of float32", () => Zeros(1, 1, 5).Convolve(Zeros(2, 1, 3), Zeros(3), Plain(3)));
        yield return Shapes("a bias that is a number", "convolution input: expected a bias of shape [2] and type float32, got [] of float32",
            () => Zeros(1, 1, 5).ConvolveTransposed(Zeros(1, 2, 3), Zeros(), Plain(3)));
        yield return Shapes("float64 weights on a float32 map", "convolution: the map is float32, the weight float64; convert one with To",
            () => Zeros(1, 1, 5).Convolve(Zeros(1, 1, 3).To(ElementType.Float64), null, Plain(3)));
        yield return Shapes("a convolution of whole numbers", "convolution: needs float32 or float64, got int32; convert with To",
            () => Zeros(1, 1, 5).To(ElementType.Int32).Convolve(Zeros(1, 1, 3).To(ElementType.Int32), null, Plain(3)));
        yield return Shapes("features that do not fit", "linear: expected [..., 4] for a weight of shape [2, 4], got [3, 5]", () => new Linear(4, 2).Forward(Zeros(3, 5)));
        yield return Shapes("matrices that do not fit", "matmul: inner sizes differ: [2, 3] and [4, 2] (3 and 4)", () => Zeros(2, 3).MatMul(Zeros(4, 2)));
    }

    private static IEnumerable<(string, Type, string, Action)> Gradients()
    {
        yield return Shapes("a gradient of another shape", "Gradient.Of: the gradient has shape [1, 1, 4], the output [1, 1, 3]; they must be equal", () =>
        {
            Tensor x = Zeros(1, 1, 5);
            Gradient.Of(x.Convolve(Zeros(1, 1, 3), null, Plain(3)), Zeros(1, 1, 4), [x]);
        });
        yield return Shapes("an empty gradient of max pooling", "Gradient.Of: the gradient has shape [0], the output [1, 1, 2]; they must be equal", () =>
        {
            Tensor x = Zeros(1, 1, 4);
            Gradient.Of(x.MaxPool(new Window(new WindowAxis(2, 2))), Zeros(0), [x]);
        });
        yield return Shapes("a loss of many numbers", "Gradient.Of needs a loss of one number, got shape [2, 3]; reduce it with Mean() or Sum()", () => Gradient.Of(Zeros(2, 3), []));
        yield return Argument("all empty in the weight pass", "convolution weight: channels must be >= 1, got a weight of shape [0, 0, 3]",
            () => Tensor.Apply(new ConvolutionWeightGradient(Plain(3), 1), Zeros(0, 0, 0), Zeros(0, 0, 0)));
        yield return Shapes("a scalar in the weight pass", "convolution weight: expected maps [N, C, W] and [N, O, W], got shapes [] and []",
            () => Tensor.Apply(new ConvolutionWeightGradient(Plain(3), 1), Zeros(), Zeros()));
        yield return Shapes("too many outputs in the weight pass", "convolution weight: the output gradient [1, 1, 4] should have 3 positions on axis 2",
            () => Tensor.Apply(new ConvolutionWeightGradient(Plain(3), 1), Zeros(1, 1, 5), Zeros(1, 1, 4)));
        yield return Argument("an empty weight in the input pass", "convolution input: channels must be >= 1, got a weight of shape [0, 0, 3, 3]",
            () => Tensor.Apply(new ConvolutionInputGradient(Plain(3, 3), 1, [1, 0, 5, 5]), Zeros(1, 0, 3, 3), Zeros(0, 0, 3, 3)));
        yield return Argument("empty operands in the input pass of volumes", "convolution input: channels must be >= 1, got a weight of shape [1, 0, 2, 2, 2]",
            () => Tensor.Apply(new ConvolutionInputGradient(Plain(2, 2, 2), 1, [0, 0, 0, 0, 0]), Zeros(0, 1, 0, 0, 0), Zeros(1, 0, 2, 2, 2)));
        yield return Shapes("an empty gradient in the input pass", "convolution input: axis 2 of the result has 5 positions, which give 3 outputs, not 0",
            () => Tensor.Apply(new ConvolutionInputGradient(Plain(3), 1, [1, 1, 5]), Zeros(1, 1, 0), Zeros(1, 1, 3)));
        yield return Shapes("a result of other axes in the input pass", "convolution input: the result must have the axes [N, C, W], got [5]",
            () => Tensor.Apply(new ConvolutionInputGradient(Plain(3), 1, [5]), Zeros(1, 1, 3), Zeros(1, 1, 3)));
    }

    private static IEnumerable<(string, Type, string, Action)> Pools()
    {
        yield return Argument("too much padding", "MaxPool2d: padding must be at most half the kernel's reach, got padding 2 for kernel 3 with dilation 1", () => _ = new MaxPool2d(3, padding: 2));
        yield return Shapes("a pool that does not fit", "max pool: the kernel spans 5 positions on axis 2, but the input has 4 with padding 0 (shape [1, 1, 4])", () => new MaxPool1d(5).Forward(Zeros(1, 1, 4)));
        yield return Argument("an average of nothing",
            "the average of output 0 has nothing to average: its window of 2 starting at -2 lies wholly in the padding of an input of 4; use less padding or countIncludePad",
            () => Zeros(1, 1, 4).AveragePool(new Window(new WindowAxis(2, 1, 1, 2, 2)), countIncludePad: false));
        yield return Argument("a divisor of 0", "average pool: divisorOverride must not be 0", () => new AvgPool2d(2, divisorOverride: 0).Forward(Zeros(1, 1, 4, 4)));
        yield return Argument("an adaptive pool to 0", "AdaptiveAvgPool2d: output sizes must be >= 1 (or -1 to keep the input's), got 0", () => _ = new AdaptiveAvgPool2d([2, 0]));
        yield return Argument("an unpool beyond the plane", "max unpooling cannot put an element at index 4: the output has places 0..3 (1 x 1 x 4); the index is that of image 0, channel 0, position (0, 0, 1)", () => Ones(1, 1, 2).MaxUnpool(Labels(0, 4).Reshape(1, 1, 2), 4).Evaluate());
        yield return Argument("an unpool before the plane", "max unpooling cannot put an element at index -1: the output has places 0..3 (1 x 1 x 4); the index is that of image 0, channel 0, position (0, 0, 0)", () => Ones(1, 1, 2).MaxUnpool(Labels(-1, 0).Reshape(1, 1, 2), 4).Evaluate());
        yield return Shapes("an unpool of other shapes", "max unpool: values [1, 1, 2] need int32 indices of the same shape, got [1, 1, 3] of int32",
            () => Ones(1, 1, 2).MaxUnpool(Labels(0, 1, 2).Reshape(1, 1, 3), 4));
        yield return Shapes("an unpool of other axes", "max unpool: expected [N, C, ...] with the spatial axes of [2, 2], got shape [1, 1, 2]", () => Ones(1, 1, 2).MaxUnpool(Labels(0, 1).Reshape(1, 1, 2), 2, 2));
        yield return Shapes("a window of other axes", "average pool: expected [N, C, ...] with 2 spatial axes, got shape [1, 1, 4]", () => Zeros(1, 1, 4).AveragePool(Plain(2, 2)));
        yield return Argument("reflection wider than the input", "reflect padding must be smaller than the input, got 4 before and 0 after 4 positions", () => new ReflectionPad1d(4, 0).Forward(Zeros(1, 1, 4)));
        yield return Argument("a ring wider than the input", "circular padding must not exceed the input, got 5 before and 0 after 4 positions", () => new CircularPad1d(5, 0).Forward(Zeros(1, 1, 4)));
    }

    private static IEnumerable<(string, Type, string, Action)> Sizes()
    {
        yield return Limit("65536 to the fourth", "a tensor of shape [65536, 65536, 65536, 65536] needs 18446744073709551616 elements, but at most 2147483591 are allowed",
            () => Tensor.Full([65536, 65536, 65536, 65536], 0));
        yield return Limit("one element too many", "a tensor of shape [2147483592] needs 2147483592 elements, but at most 2147483591 are allowed", () => Tensor.Full([2147483592], 0));
        yield return Limit("a product of large sizes", "a tensor of shape [2147483647, 2147483647, 2147483647] needs 9903520300447984150353281023 elements, but at most 2147483591 are allowed",
            () => Tensor.Uniform([int.MaxValue, int.MaxValue, int.MaxValue]));
        yield return Argument("a negative size", "every size of a tensor must be >= 0, got [1, -1879048192]", () => Tensor.Full([1, -1879048192], 0));
        yield return Limit("a scale of thousand millions", "an interpolated axis needs 3221275876 positions, but at most 2147483591 are allowed", () => new Upsample(1610637938).Forward(Zeros(1, 1, 2, 2)));
        yield return Limit("a square of thousand millions", "the result of shape [1, 1, 1879048192, 1879048192] needs 3530822107858468864 elements, but at most 2147483591 are allowed",
            () => new Upsample([1879048192, 1879048192], mode: "bilinear").Forward(Zeros(1, 1, 2, 2)));
        yield return Limit("an adaptive square", "the result of shape [1, 1, 1879048192, 2] needs 3758096384 elements, but at most 2147483591 are allowed", () => new AdaptiveAvgPool2d([1879048192, 2]).Forward(Zeros(1, 1, 2, 2)));
        yield return Limit("a border of thousand millions", "the result of shape [1, 2, 2000000001] needs 4000000002 elements, but at most 2147483591 are allowed", () => new ReplicationPad1d(2000000000, 0).Forward(Zeros(1, 2, 1)));
        yield return Limit("zeros of thousand millions", "an axis of pad needs 4000000001 positions, but at most 2147483591 are allowed", () => new ZeroPad1d(2000000000, 2000000000).Forward(Zeros(1, 1, 1)));
        yield return Limit("a weight of thousand millions", "a tensor of shape [65536, 65536, 3, 3] needs 38654705664 elements, but at most 2147483591 are allowed", () => _ = new Conv2d(65536, 65536, 3));
        yield return Limit("windows of a million taps", "the windows' one-hot kernels of shape [1, 1000000, 1000, 1000] needs 1000000000000 elements, but at most 2147483591 are allowed",
            () => new Unfold(1000).Forward(Zeros(1, 1, 1000, 1000)));
        yield return Limit("joined axes", "a joined axis of shape [65536, 65536] needs 4294967296 elements, but at most 2147483591 are allowed", () => Zeros(0, 65536, 65536).Flatten(1));
        yield return Shapes("nine axes", "a tensor has at most 8 axes, got 9: [1, 1, 1, 1, 1, 1, 1, 1, 1]", () => Tensor.Full([1, 1, 1, 1, 1, 1, 1, 1, 1], 0));
        yield return Shapes("too few values", "a tensor of shape [2, 3] holds 6 values, got 5", () => Tensor.FromArray(new float[5], [2, 3]));
        yield return Argument("a type that there is not", "tensors hold float, double or int, not Int64", () => Tensor.FromArray(new long[1], [1]));
    }

    private static IEnumerable<(string, Type, string, Action)> Values()
    {
        yield return Argument("label 10 of 10", "label 10 at sample 2 is outside 0..9: a label is the number of a class, or -100 to be ignored", () => Loss.CrossEntropy(Zeros(3, 10), Labels(0, 9, 10)).Item());
        yield return Argument("label -1", "label -1 at sample 1, position [0, 1] is outside 0..2: a label is the number of a class, or -100 to be ignored",
            () => Loss.CrossEntropy(Zeros(2, 3, 1, 2), Labels(0, 1, 2, -1).Reshape(2, 1, 2)).Item());
        yield return Argument("a label that is not a number", "label -2147483648 at sample 0 is outside 0..2: a label is the number of a class, or -100 to be ignored",
            () => Loss.CrossEntropy(Zeros(1, 3), Tensor.FromArray([float.NaN], [1]).To(ElementType.Int32)).Item());
        yield return Shapes("labels of another shape", "cross entropy: scores [2, 3, 4, 4] need labels of shape [2, 4, 4], got [2, 4, 3]", () => Loss.CrossEntropy(Zeros(2, 3, 4, 4), Tensor.Full([2, 4, 3], 0, ElementType.Int32)));
        yield return Shapes("labels that are scores of another shape", "cross entropy: prediction [2, 3] and target [2, 4] must have one shape", () => Loss.CrossEntropy(Zeros(2, 3), Zeros(2, 4)));
        yield return Shapes("class weights of another number", "cross entropy: expected 3 class weights, got shape [2]", () => Loss.CrossEntropy(Zeros(1, 3), Labels(0), weight: Zeros(2)));
        yield return Argument("smoothing beyond 1", "cross entropy: labelSmoothing must be from 0 to 1, got 1.5", () => Loss.CrossEntropy(Zeros(1, 3), Labels(0), labelSmoothing: 1.5));
        yield return Argument("smoothing that is not a number", "cross entropy: labelSmoothing must be from 0 to 1, got NaN", () => Loss.CrossEntropy(Zeros(1, 3), Labels(0), labelSmoothing: double.NaN));
        yield return Shapes("one value per channel", "BatchNorm2d: training needs more than one value per channel, got shape [1, 3, 1, 1]", () => new BatchNorm2d(3).Forward(Zeros(1, 3, 1, 1)));
        yield return Shapes("one value per instance", "InstanceNorm2d: needs more than one value per channel and sample, got shape [2, 3, 1, 1]", () => new InstanceNorm2d(3).Forward(Zeros(2, 3, 1, 1)));
        yield return Shapes("the largest of nothing", "max: of no elements is not defined (axes [1] of shape [2, 0])", () => Zeros(2, 0).Max([1]));
        yield return Shapes("the place of the largest of nothing", "argmax: of no elements is not defined (axis 1 of shape [2, 0])", () => Zeros(2, 0).ArgMax(1));
        yield return Shapes("a softmax of whole numbers", "softmax: needs float32 or float64, got int32; convert with To", () => Labels(1, 2).Softmax(0));
        yield return Shapes("a sum of two types", "add: element types float32 and float64 differ; convert one with To", () => _ = Zeros(2) + Zeros(2).To(ElementType.Float64));
        yield return Shapes("arithmetic of whole numbers", "multiply: arithmetic needs float32 or float64, got int32; convert with To", () => _ = Labels(1) * Labels(2));
        yield return Argument("an axis that there is not", "axis 2 is outside -2..1 of shape [2, 3]", () => Zeros(2, 3).Sum([2]));
        yield return Argument("an axis named twice", "reduction: axes [0, -2] name one axis twice", () => Zeros(2, 3).Sum([0, -2]));
        yield return Shapes("a slice beyond the end", "slice: 3 positions from 1 in steps of 1 do not lie inside axis 0 of shape [3]", () => Zeros(3).Slice(0, 1, 3));
        yield return Shapes("an item of many", "Item needs a tensor of one number, got shape [2]", () => Zeros(2).Item());
        yield return Argument("random numbers of whole type", "random numbers are float32 or float64, not int32", () => Tensor.Uniform([2], type: ElementType.Int32));
        yield return Argument("a mask that keeps twice", "the probability to keep must be in 0..1, got 2", () => Tensor.KeepMask([2], 2));
        yield return Shapes("indices that are not whole", "gather: indices must be int32, got float32; convert with To", () => Zeros(2, 3).Gather(1, Zeros(2, 1)));
    }

    private static IEnumerable<(string, Type, string, Action)> Modules()
    {
        yield return Argument("dropout of more than all", "Dropout: p must be from 0 to 1, got 1.5", () => _ = new Dropout(1.5));
        yield return Argument("dropout that is not a number", "Dropout2d: p must be from 0 to 1, got NaN", () => _ = new Dropout2d(double.NaN));
        yield return Argument("groups that do not divide", "GroupNorm: 6 channels do not divide into 4 groups", () => _ = new GroupNorm(4, 6));
        yield return Argument("no features", "BatchNorm1d: numFeatures must be >= 1, got 0", () => _ = new BatchNorm1d(0));
        yield return Argument("no features of an instance", "InstanceNorm3d: numFeatures must be >= 1, got -1", () => _ = new InstanceNorm3d(-1));
        yield return Argument("no normalized shape", "LayerNorm: normalizedShape needs at least one axis and sizes >= 1, got []", () => _ = new LayerNorm([]));
        yield return Argument("no neighbours", "LocalResponseNorm: size must be >= 1, got 0", () => _ = new LocalResponseNorm(0));
        yield return Argument("no slopes", "PReLU: numParameters must be >= 1, got 0", () => _ = new PReLU(0));
        yield return Shapes("slopes of other channels", "PReLU: has 3 weights, but the input [1, 2, 4] has 2 channels", () => new PReLU(3).Forward(Zeros(1, 2, 4)));
        yield return Argument("no features of a linear layer", "Linear: features must be >= 1, got 0 in and 3 out", () => _ = new Linear(0, 3));
        yield return Shapes("a shuffle that does not divide", "PixelShuffle: expected [..., C*2*2, H, W], got shape [1, 6, 2, 2]", () => new PixelShuffle(2).Forward(Zeros(1, 6, 2, 2)));
        yield return Shapes("a shuffle by 65536", "PixelShuffle: expected [..., C*65536*65536, H, W], got shape [1, 4, 2, 2]", () => new PixelShuffle(65536).Forward(Zeros(1, 4, 2, 2)));
        yield return Shapes("an axis that does not split", "Unflatten: the 6 positions of axis 1 of shape [2, 6] do not split into [4, -1]", () => new Unflatten(1, [4, -1]).Forward(Zeros(2, 6)));
        yield return Argument("neither size nor factor", "Upsample: give either size or scaleFactor", () => _ = new Upsample(null, null, "nearest"));
        yield return Argument("an unknown mode", "Upsample: mode must be nearest, nearest-exact, linear, bilinear, bicubic, trilinear or area, got 'cubic'", () => _ = new Upsample(2, "cubic"));
        yield return Argument("a factor of nothing", "a scale factor must be above 0 and finite, got 0", () => new Upsample(0).Forward(Zeros(1, 1, 2)));
        yield return Argument("a name with a dot", "a name inside a module must not be empty or contain a dot, got 'a.b'", () => _ = new Named("a.b"));
        yield return Argument("a name twice", "Named already has something named 'a'", () => _ = new Named("a", "a"));
        yield return Argument("unpooling without places", "MaxUnpool2d: call Forward(x, indices)", () => new MaxUnpool2d(2).Forward(Zeros(1, 1, 2, 2)));
        yield return Shapes("a U-Net of 100 pixels", "UNet: 100 positions on axis 2 of [1, 1, 100, 100] do not fit 5 valid levels; use at least 188",
            () => new UNet(new UNetOptions(BaseWidth: 1)).Forward(Zeros(1, 1, 100, 100)));
        yield return Shapes("a U-Net of 570 pixels", "UNet: 570 positions on axis 3 of [1, 1, 572, 570] do not fit 5 valid levels; use 556 or 572",
            () => new UNet(new UNetOptions(BaseWidth: 1)).Forward(Zeros(1, 1, 572, 570)));
        yield return Shapes("a parameter's value of another shape", "parameter 'weight' of shape [1, 1, 3] holds 3 values, got 2", () =>
        {
            // A call in the last place would take this frame away, and with it the user's line.
            Parameter weight = new Conv1d(1, 1, 3).Weight;
            weight.Assign(new float[2]);
            GC.KeepAlive(weight);
        });
    }

    private static IEnumerable<(string, Type, string, Action)> Optimizers()
    {
        Parameter w = new([2]);
        yield return Argument("nothing to train", "SGD: there are no parameters to train", () => _ = new SGD([], 0.1));
        yield return Argument("a negative rate", "Adam: the learning rate must be >= 0, got -1", () => _ = new Adam([w], -1));
        yield return Argument("a rate that is not a number", "SGD: the learning rate must be >= 0, got NaN", () => _ = new SGD([w], double.NaN));
        yield return Argument("a beta of 1", "AdamW: betas must be from 0 to below 1, got 0.9 and 1", () => _ = new AdamW([w], beta2: 1));
        yield return Argument("a beta that is not a number", "Adam: betas must be from 0 to below 1, got NaN and 0.999", () => _ = new Adam([w], beta1: double.NaN));
        yield return Argument("a negative momentum", "SGD: momentum must be >= 0, got -0.5", () => _ = new SGD([w], 0.1, momentum: -0.5));
        yield return Argument("a negative decay", "RMSprop: weightDecay must be >= 0, got -1", () => _ = new RMSprop([w], weightDecay: -1));
        yield return Argument("Nesterov without momentum", "SGD: Nesterov needs a momentum > 0 and no dampening, got 0 and 0", () => _ = new SGD([w], 0.1, nesterov: true));
        yield return Argument("gradients of another number", "SGD: expected 1 gradients, got 2", () => new SGD([w], 0.1).Step([w, w]));
        yield return Argument("a schedule of no steps", "Schedule.Cosine: steps must be >= 1, got 0", () => Schedule.Cosine(0));
        yield return Argument("a step before the first", "Schedule.Rate: step must be >= 0, got -1", () => Schedule.Constant.Rate(-1, 0.1));
        yield return Argument("no threads", "threads must be 1..1024, got 0", () => Settings.Threads = 0);
    }

    private static Tensor Zeros(params int[] shape) => Tensor.Full(shape, 0);

    private static Tensor Ones(params int[] shape) => Tensor.Full(shape, 1);

    private static Tensor Labels(params int[] labels) => Tensor.FromArray(labels, [labels.Length]);

    private static Window Plain(params int[] kernel) => new([.. kernel.Select(k => new WindowAxis(k))]);

    private sealed class Named : Module
    {
        public Named(params string[] names)
        {
            foreach (string name in names)
                Add(name, new ReLU());
        }

        public override Tensor Forward(Tensor x) => x;
    }
}
