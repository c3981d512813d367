using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

/// <summary>Batch normalization behind a convolution: its statistics come from the convolution's step. Alone, because forced algorithms and switches are the process's.</summary>
[Collection(TeamSize.Name)]
public class MomentsFusionTests
{
    private static string[] Steps(Plan plan) => [.. plan.Order.Select(s => s.Operator)];

    [Fact]
    public void A_plan_shows_the_moments_in_the_convolution_and_none_that_read_its_map()
    {
        Sequential network = new(new Conv2d(3, 24, 3, padding: 1), new BatchNorm2d(24), new ReLU());
        Plan plan = network.Forward(Tensor.Normal([2, 3, 32, 32]).Evaluate()).Plan();
        Assert.Contains("convolution+moments", Steps(plan));
        Assert.Contains("moments of parts", Steps(plan));
        Assert.DoesNotContain("moments", Steps(plan));
        Assert.Contains("convolution+moments ", plan.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Moments_follow_element_wise_operators_that_the_convolution_has_taken_in()
    {
        Tensor x = Tensor.Normal([2, 5, 31, 29]).Evaluate(), w = Tensor.Normal([20, 5, 3, 3]).Evaluate();
        Tensor y = x.Convolve(w, null, new Window(new WindowAxis(3), new WindowAxis(3))).Relu(), z = Norm(y);
        Assert.Equal("convolution+relu+moments", Steps(z.Plan())[0]);
        Close(Norm(Tensor.FromArray(y.ToArray(), y.Shape.ToArray())).ToArray(), z.ToArray(), 1e-5);
    }

    [Fact]
    public void Several_moments_and_other_readers_of_one_result_are_all_right()
    {
        Tensor x = Tensor.Normal([3, 4, 30, 30]).Evaluate(), w = Tensor.Normal([18, 4, 3, 3]).Evaluate();
        Tensor y = x.Convolve(w, null, new Window(new WindowAxis(3), new WindowAxis(3)));
        var (mean, variance) = y.Moments([0, 2, 3]);
        var (mean2, variance2) = y.Moments([2, 0, 3]);
        var (each, _) = y.Moments([2, 3]);
        Tensor[] wanted = [y, mean, variance, mean2, variance2, each, y.Sum([1])];
        Tensor.Evaluate(wanted);
        Tensor apart = Tensor.FromArray(y.ToArray(), y.Shape.ToArray());
        var (expected, expectedVariance) = apart.Moments([0, 2, 3]);
        Close(expected.ToArray(), mean.ToArray(), 1e-6);
        Close(expectedVariance.ToArray(), variance.ToArray(), 1e-5);
        Assert.Equal(mean.ToArray(), mean2.ToArray());
        Assert.Equal(variance.ToArray(), variance2.ToArray());
        Assert.Equal(apart.Moments([2, 3]).Mean.ToArray(), each.ToArray());
        Assert.Equal(apart.Sum([1]).ToArray(), wanted[^1].ToArray());
    }

    [Theory]
    [InlineData(8, ElementType.Float32)]
    [InlineData(24, ElementType.Float64)]
    public void Few_channels_and_float64_keep_a_step_for_their_moments(int channels, ElementType type)
    {
        Tensor x = Tensor.Normal([2, 3, 32, 32]).To(type).Evaluate(), w = Tensor.Normal([channels, 3, 3, 3]).To(type).Evaluate();
        Assert.Contains("moments", Steps(x.Convolve(w, null, new Window(new WindowAxis(3), new WindowAxis(3))).Moments([0, 2, 3]).Mean.Plan()));
    }

    [Fact]
    public void Chunks_of_few_positions_keep_a_step_for_their_moments()
    {
        Tensor x = Tensor.Normal([8, 960, 7, 7]).Evaluate(), w = Tensor.Normal([960, 1, 3, 3]).Evaluate();
        Assert.Contains("moments", Steps(x.Convolve(w, null, new Window(new WindowAxis(3, 1, 1, 1, 1), new WindowAxis(3, 1, 1, 1, 1)), 960).Moments([0, 2, 3]).Mean.Plan()));
    }

    public static TheoryData<string, int> Ranks => [.. ConvolutionRegistry.All.SelectMany(a => Enumerable.Range(1, 3).Select(rank => (a.Name, rank)))];

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Every_algorithm_forced_normalizes_as_the_plan_without_fusion_does(string name, int rank)
    {
        string? before = ConvolutionRegistry.Force;
        ConvolutionRegistry.Force = name;
        try
        {
            foreach (var (inputs, outputs, groups, width) in new[] { (5, 24, 1, 37), (18, 18, 18, 50), (16, 48, 8, 33), (20, 33, 1, 40) })
            {
                Window window = new([.. Enumerable.Range(0, rank).Select(axis => new WindowAxis(3, 1, 1, 1, 1))]);
                Tensor x = Tensor.Normal([3, inputs, .. new[] { 3, 5, width }[^rank..]]).Evaluate();
                Tensor w = Tensor.Normal([outputs, inputs / groups, .. Enumerable.Repeat(3, rank)]).Evaluate(), bias = Tensor.Normal([outputs]).Evaluate();
                Tensor Make() => Norm(x.Convolve(w, bias, window, groups));
                Tensor fused = Make();
                Assert.Equal("convolution+moments", Steps(fused.Plan())[0]);
                Close(Unfused(Make), fused.ToArray(), 2e-5);
                Tensor transposed = Tensor.Normal([inputs, outputs / groups, .. Enumerable.Repeat(3, rank)]).Evaluate();
                Tensor Transposed() => Norm(x.ConvolveTransposed(transposed, null, window, groups: groups));
                Close(Unfused(Transposed), Transposed().ToArray(), 2e-5);
            }
        }
        finally
        {
            ConvolutionRegistry.Force = before;
        }
    }

    [Fact]
    public void Values_far_from_zero_keep_their_variance_as_well_as_in_the_plan_without_fusion()
    {
        const int Channels = 24;
        Settings.Seed = 8;
        float[] identity = new float[Channels * Channels];
        for (int c = 0; c < Channels; c++)
            identity[c * (Channels + 1)] = 1;
        Tensor x = (Tensor.Normal([4, Channels, 60, 60]) * 0.01 + 1000).Evaluate(), w = Tensor.FromArray(identity, [Channels, Channels, 1, 1]);
        float[] Variances() => x.Convolve(w, null, new Window(new WindowAxis(1), new WindowAxis(1))).Moments([0, 2, 3]).Variance.ToArray();
        double worst = 0, worstUnfused = 0;
        float[] values = x.ToArray(), fused = Variances(), unfused = Unfused(Variances);
        for (int c = 0; c < Channels; c++)
        {
            double[] channel = [.. Enumerable.Range(0, 4).SelectMany(n => values.Skip((n * Channels + c) * 3600).Take(3600)).Select(v => (double)v)];
            double mean = channel.Average(), expected = channel.Average(v => (v - mean) * (v - mean));
            worst = Math.Max(worst, Math.Abs(fused[c] / expected - 1));
            worstUnfused = Math.Max(worstUnfused, Math.Abs(unfused[c] / expected - 1));
        }
        // The mean is 10⁵ deviations: a last bit of it is 6·10⁻³ of one. Squares added up from zero would leave nothing.
        Assert.InRange(worstUnfused, 0, 1e-3);
        Assert.InRange(worst, 0, 1e-3);
    }

    [Fact]
    public void Training_a_residual_network_goes_as_without_fusion()
    {
        float[] fused = Train(), unfused = Unfused(Train);
        Close(unfused, fused, 2e-4);
    }

    private static float[] Train()
    {
        Settings.Seed = 5;
        Module first = new Sequential(new Conv2d(3, 16, 3, padding: 1, bias: false), new BatchNorm2d(16), new ReLU());
        Module inner = new Sequential(new Conv2d(16, 16, 3, padding: 1, bias: false), new BatchNorm2d(16), new ReLU(), new Conv2d(16, 16, 3, padding: 1), new BatchNorm2d(16));
        Module last = new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), new Linear(16, 4));
        Parameter[] parameters = [.. first.Parameters(), .. inner.Parameters(), .. last.Parameters()];
        SGD optimizer = new(parameters, 0.05, momentum: 0.9);
        for (int step = 0; step < 6; step++)
        {
            Tensor x = Tensor.Normal([4, 3, 20, 20]), labels = (Tensor.Uniform([4]) * 3.99).To(ElementType.Int32), h = first.Forward(x);
            optimizer.Step(Loss.CrossEntropy(last.Forward((h + inner.Forward(h)).Relu()), labels));
        }
        return [.. parameters.Concat(first.State()).Concat(inner.State()).SelectMany(p => p.ToArray())];
    }

    private static Tensor Norm(Tensor x)
    {
        var (mean, variance) = x.Moments([0, .. Enumerable.Range(2, x.Shape.Rank - 2)]);
        return (x - mean) / (variance + 1e-5).Sqrt();
    }

    /// <summary>Node by node: no plan sees a convolution and its moments together.</summary>
    private static float[] Unfused(Func<Tensor> make) => Unfused(() => make().ToArray());

    private static float[] Unfused(Func<float[]> compute)
    {
        Settings.Eager = true;
        try
        {
            return compute();
        }
        finally
        {
            Settings.Eager = false;
        }
    }

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i} is {actual[i]}, not {expected[i]}");
    }
}
