namespace Volute.Tests.Golden;

public class GoldenFileTests
{
    public static TheoryData<string> Families => [.. GoldenFile.Families];

    [Theory, MemberData(nameof(Families))]
    public void Every_case_is_complete_and_its_shapes_agree_with_its_data(string family)
    {
        var file = GoldenFile.Of(family);
        Assert.Equal(family, file.Family);
        Assert.StartsWith("PyTorch 1.13", file.RecordedWith);
        Assert.NotEmpty(file.Cases);
        foreach (var golden in file.Cases)
        {
            Assert.False(string.IsNullOrEmpty(golden.Kind));
            Assert.All(TensorsOf(golden), tensor => Assert.Equal(tensor.Shape.Aggregate(1, (count, size) => count * size), tensor.Data.Length));
            AssertSameShapes(golden, golden.Outputs, golden.OutputGradients);
            AssertSameShapes(golden, golden.Inputs, golden.InputGradients);
            foreach (var (name, gradient) in golden.StateGradients)
                Assert.Equal(golden.State[name].Shape, gradient.Shape);
            foreach (var (name, changed) in golden.StateAfter)
                Assert.Equal(golden.State[name].Shape, changed.Shape);
        }
    }

    [Theory, Golden("convolution", "Conv1d")]
    public void Theories_take_the_cases_of_a_kind(GoldenCase golden) => Assert.Equal("Conv1d", golden.Kind);

    [Fact]
    public void A_case_describes_itself()
    {
        var golden = GoldenFile.Of("convolution").Cases.First(c => c.Kind == "Conv2d" && c.About == "everything anisotropic");
        Assert.Equal($"convolution {golden.Index}: Conv2d(inChannels: 2, outChannels: 3, kernelSize: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2]) "
            + "on [2, 2, 5, 7], everything anisotropic", golden.ToString());
    }

    [Fact]
    public void Arguments_spread_over_the_axes_and_unread_ones_are_noticed()
    {
        var arguments = GoldenFile.Of("convolution").Cases.First(c => c.Kind == "Conv2d" && c.About == "dilated").ReadArguments();
        Assert.Equal([3, 3], arguments.Ints("kernelSize", 2)!);
        Assert.Equal([2, 3], arguments.Ints("dilation", 2)!);
        Assert.Null(arguments.Ints("stride", 2));
        Assert.Equal(2, arguments.Int("inChannels", 0));
        Assert.Equal(3, arguments.Int("outChannels", 0));
        Assert.Contains("padding", Assert.ThrowsAny<Exception>(arguments.AssertAllRead).Message);
        Assert.False(arguments.IsText("padding"));
        arguments.Ints("padding", 2);
        arguments.AssertAllRead();
    }

    [Fact]
    public void Arguments_may_be_tensors_none_and_infinite()
    {
        var loss = GoldenFile.Of("loss").Cases.First(c => c.About == "the mean is divided by the weights of the targets").ReadArguments();
        Assert.Equal([0.5, 2, 1.25], loss.Tensor("weight")!.Data);
        loss.AssertAllRead();
        var norm = GoldenFile.Of("normalization").Cases.First(c => c.About == "cumulative average, first step").ReadArguments();
        Assert.True(norm.IsNone("momentum"));
        Assert.True(norm.IsNone("momentum"), "asking twice is the same");
        Assert.False(norm.IsNone("numFeatures"));
        var pool = GoldenFile.Of("pooling").Cases.First(c => c.Kind == "AdaptiveAvgPool3d" && c.About == "one axis kept").ReadArguments();
        Assert.Equal([null, 3, 2], pool.IntsOrNone("outputSize", 3)!);
        var clip = GoldenFile.Of("optimizers").Cases.First(c => c.About == "largest magnitude").ReadArguments();
        Assert.Equal(double.PositiveInfinity, clip.Double("normType", 2));
    }

    [Fact]
    public void Equal_values_have_no_difference_and_close_ones_are_measured_against_the_scale()
    {
        GoldenTensor expected = new([2, 2], [100, 0.5, double.NaN, double.NegativeInfinity]);
        Assert.Null(expected.Difference([100, 0.5, double.NaN, double.NegativeInfinity], [2, 2], 0));
        Assert.Null(expected.Difference([100, 0.5009, double.NaN, double.NegativeInfinity], [2, 2], 1e-5));
        Assert.Equal("is 0.502 at [0, 1], recorded is 0.5: an error of 2.0E-005 of the scale 100, allowed is 1.0E-005",
            expected.Difference([100, 0.502, double.NaN, double.NegativeInfinity], [2, 2], 1e-5));
    }

    [Fact]
    public void Wrong_shapes_non_finite_values_and_wrong_indices_are_differences()
    {
        GoldenTensor expected = new([2], [1, double.NaN]), index = new([1], [7], "int64");
        Assert.Equal("has shape [1, 2], recorded is [2]", expected.Difference([1, double.NaN], [1, 2], 1));
        Assert.Equal("has 1 values, recorded are 2", expected.Difference([1], [2], 1));
        Assert.NotNull(expected.Difference([1, 0], [2], 1e9));
        Assert.NotNull(expected.Difference([double.PositiveInfinity, double.NaN], [2], 1e9));
        Assert.NotNull(expected.Difference([double.NaN, double.NaN], [2], 1e9));
        Assert.NotNull(index.Difference([8], [1], 1e9));
        Assert.Null(index.Difference([7], [1], 0));
    }

    [Fact]
    public void A_failed_comparison_names_the_case()
    {
        var golden = GoldenFile.Of("pooling").Cases[0];
        var failure = Assert.ThrowsAny<Exception>(() => golden.AssertClose("the output", golden.Outputs[0], new double[golden.Outputs[0].Data.Length], golden.Outputs[0].Shape, 1e-6));
        Assert.StartsWith("pooling 0: MaxPool1d(kernelSize: 2) on [2, 2, 9], the stride is the kernel: the output is 0 at [", failure.Message);
    }

    private static IEnumerable<GoldenTensor> TensorsOf(GoldenCase golden) =>
        [.. golden.Inputs, .. golden.Outputs, .. golden.State.Values, .. golden.StateGradients.Values, .. golden.StateAfter.Values,
         .. golden.InputGradients.OfType<GoldenTensor>(), .. golden.OutputGradients.OfType<GoldenTensor>()];

    private static void AssertSameShapes(GoldenCase golden, GoldenTensor[] tensors, GoldenTensor?[] gradients)
    {
        if (gradients.Length == 0)
            return;
        Assert.True(tensors.Length == gradients.Length, $"{golden}: {tensors.Length} tensors, {gradients.Length} gradients");
        foreach (var (tensor, gradient) in tensors.Zip(gradients))
            if (gradient is not null)
                Assert.Equal(tensor.Shape, gradient.Shape);
    }
}
