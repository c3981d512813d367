using Volute.Kernels;

namespace Volute.Tests;

public class ConvolutionGradientTests
{
    public static TheoryData<int, int, int, int, int> Windows => new()
    {
        // rank, stride, dilation, padding, groups
        { 1, 1, 1, 0, 1 }, { 1, 2, 1, 1, 1 }, { 1, 3, 2, 2, 2 }, { 2, 1, 1, 1, 1 }, { 2, 2, 1, 0, 2 }, { 2, 1, 2, 2, 1 }, { 2, 3, 1, 1, 4 }, { 3, 1, 1, 1, 1 }, { 3, 2, 1, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void All_passes_have_right_gradients(int rank, int stride, int dilation, int padding, int groups)
    {
        Window window = new([.. Enumerable.Range(0, rank).Select(i => new WindowAxis(2 + i % 2, stride, dilation, padding, i))]);
        int[] spatial = [.. Enumerable.Range(0, rank).Select(i => 4 + i)], kernel = [.. Enumerable.Range(0, rank).Select(i => 2 + i % 2)];
        var x = FiniteDifferences.Input(1, [2, 4, .. spatial]);
        var w = FiniteDifferences.Input(2, [4, 4 / groups, .. kernel]);
        var b = FiniteDifferences.Input(3, 4);
        FiniteDifferences.Check(t => t[0].Convolve(t[1], t[2], window, groups), x, w, b);
        FiniteDifferences.Check(t => Gradient.Of((t[0].Convolve(t[1], null, window, groups) * t[0].Convolve(t[1], null, window, groups)).Sum(), [t[0]])[0], x, w);
        FiniteDifferences.Check(t => Gradient.Of((t[0].Convolve(t[1], null, window, groups) * t[0].Convolve(t[1], null, window, groups)).Sum(), [t[1]])[0], x, w);
    }

    [Fact]
    public void Transposed_convolutions_have_right_gradients_with_uneven_strides_and_output_padding()
    {
        Window window = new(new WindowAxis(3, 2, 1, 1, 1), new WindowAxis(2, 3, 2, 0, 0));
        FiniteDifferences.Check(t => t[0].ConvolveTransposed(t[1], t[2], window, [1, 2], 2),
            FiniteDifferences.Input(1, 2, 4, 3, 2), FiniteDifferences.Input(2, 4, 3, 3, 2), FiniteDifferences.Input(3, 6));
    }

    [Fact]
    public void A_planted_wrong_gradient_is_found()
    {
        var x = FiniteDifferences.Input(1, 1, 2, 5);
        Assert.Null(FiniteDifferences.Fault(t => t[0] * 1, x));
        string? fault = FiniteDifferences.Fault(t => Tensor.Apply(new WrongGradient(), t[0]), x);
        Assert.StartsWith("input 0, element 0: the gradient is", fault, StringComparison.Ordinal);
    }

    private sealed record WrongGradient : Operator
    {
        public override string Name => "wrong";

        public override Spec Infer(ReadOnlySpan<Spec> inputs) => inputs[0];

        public override Tensor? Gradient(int input, in Application application, Tensor gradient) => gradient * 1.01;

        public override unsafe Lowered Lower(in Operands operands)
        {
            long bytes = operands.Output.Bytes;
            return new Lowered("copy", (p, _) => System.Buffer.MemoryCopy(p[1], p[0], bytes, bytes));
        }
    }
}
