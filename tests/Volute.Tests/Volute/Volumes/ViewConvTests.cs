using Volute.Kernels;

namespace Volute.Tests.Volumes;

public class ViewConvTests
{
    [Theory]
    [InlineData(1, 1, new[] { 0, 1, 1, 0, 1 })]
    [InlineData(2, 1, new[] { 0, 1, 1, 0, 1, 1, 1, 1, 0, 1 })]
    [InlineData(7, 1, new[] { 0, 3, 3, 0, 1, 1, 2, 2, 0, 1, 2, 2, 2, 0, 1 })]
    [InlineData(7, 7, new[] { 0, 3, 3, 0, 3, 1, 2, 2, 3, 2, 2, 2, 2, 5, 2 })]
    [InlineData(10, 2, new[] { 0, 4, 4, 0, 1, 1, 3, 1, 0, 1, 1, 3, 2, 1, 1, 2, 3, 3, 1, 1 })]
    [InlineData(12, 2, new[] { 0, 4, 4, 0, 1, 1, 4, 2, 0, 1, 1, 4, 2, 1, 1, 2, 4, 4, 1, 1 })]
    public void Output_channels_are_parted_by_thirds_and_at_borders_of_groups(int channels, int groups, int[] expected)
    {
        // Side, thirds' size (for the reader), count, first group, groups.
        ChannelRun[] runs = ChannelRun.Of(channels, groups);
        Assert.Equal(expected.Chunk(5).Select(r => (r[0], r[2], r[3], r[4])), runs.Select(r => (r.Across, r.Count, r.FirstGroup, r.Groups)));
        Assert.Equal(Enumerable.Range(0, channels), runs.SelectMany(r => Enumerable.Range(r.First, r.Count)));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(5, 5)]
    [InlineData(7, 7)]
    public void An_ACS_convolution_costs_a_K_th_of_a_3D_one_and_has_the_parameters_of_a_2D_one(int kernel, int share)
    {
        Shape x = [1, 4, 9, 10, 11];
        Summary acs = Summary.Of(new AcsConv3d(4, 6, kernel, padding: kernel / 2), x), plain = Summary.Of(new Conv3d(4, 6, kernel, padding: kernel / 2), x);
        Assert.Equal(plain.Multiplies, share * acs.Multiplies);
        Assert.Equal(plain.Output, acs.Output);
        Assert.Equal(new Conv2d(4, 6, kernel).ParameterCount, acs.Parameters);
        Assert.InRange(acs.UsefulMultiplies, 1, acs.Multiplies - 1);
        Assert.Equal(3 * acs.Multiplies, Summary.Of(new MeanAcsConv3d(4, 6, kernel, padding: kernel / 2), x).Multiplies);
        Assert.Equal(acs.Multiplies, Summary.Of(new Conv2p5d(4, 6, kernel, padding: kernel / 2), x).Multiplies);
    }

    [Fact]
    public void A_transposed_ACS_convolution_costs_as_much_as_its_planes()
    {
        Shape x = [1, 4, 3, 4, 5];
        Assert.Equal(3 * 4 * 5 * 4 * 6 * 4, Summary.Of(new AcsConvTranspose3d(4, 6, 2, stride: 2), x).Multiplies);
        Assert.Equal([1, 6, 6, 8, 10], Summary.Of(new AcsConvTranspose3d(4, 6, 2, stride: 2), x).Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Views_are_computed_in_their_places_and_nothing_is_copied(bool transposed)
    {
        Module layer = transposed ? new AcsConvTranspose3d(4, 12, 2, stride: 2) : new AcsConv3d(4, 12, 3, padding: 1);
        Step[] steps = [.. layer.Forward(Tensor.Normal([1, 4, 6, 8, 8]).Evaluate()).Plan().Order];
        string[] made = transposed ? ["convolution input", "repeat"] : ["convolution"];
        Assert.Equal(3 * made.Length + (transposed ? 3 : 0), steps.Length);
        Assert.Equal(3, steps.Count(s => s.Operator == made[^1]));
        Assert.All(steps.Where(s => s.Operator == "copy"), s => Assert.True(s.Output.Shape.Elements <= 4 * 12 * 4, "only weights may be copied"));
        Assert.Single(steps.Where(s => s.Operator == made[^1]).Select(s => s.Operands[0].Buffer).Distinct());
    }

    [Fact]
    public void The_weights_of_every_view_are_packed_once()
    {
        AcsConv3d layer = new(16, 48, 3, padding: 1);
        Plan plan = layer.Forward(Tensor.Normal([1, 16, 8, 16, 16]).Evaluate()).Plan();
        Assert.True(plan.PreparedBytes >= layer.Weight.Shape.Elements * sizeof(float), $"{plan.PreparedBytes} bytes of prepared weights");
    }

    [Fact]
    public void Weights_that_change_between_runs_are_packed_anew()
    {
        AcsConv3d layer = new(16, 48, 3, padding: 1);
        Tensor x = Tensor.Normal([1, 16, 8, 16, 16]).Evaluate();
        float[] first = layer.Forward(x).ToArray();
        for (int i = 0; i < 3; i++)
            Assert.Equal(first, layer.Forward(x).ToArray());
        layer.Weight.Assign(layer.Weight * 2);
        layer.Bias!.Assign(layer.Bias * 2);
        float[] twice = layer.Forward(x).ToArray();
        Assert.Equal(first.Select(v => 2 * v), twice);
        Assert.Equal(twice, layer.Forward(x).ToArray());
    }

    [Fact]
    public void Volumes_that_a_kernel_does_not_fit_are_refused_as_by_a_3D_convolution()
    {
        Assert.StartsWith("AcsConv3d: the kernel spans 5 positions on axis 2 (kernel 3, dilation 2), but the input has 4 with padding 0 + 0 (shape [1, 2, 4, 8, 8])",
            Assert.Throws<ShapeException>(() => new AcsConv3d(2, 3, 3, dilation: 2).Forward(Tensor.Full([1, 2, 4, 8, 8], 0))).Message, StringComparison.Ordinal);
        Assert.StartsWith("MeanAcsConv3d: expected 2 channels, got 3 in shape [1, 3, 4, 8, 8]",
            Assert.Throws<ShapeException>(() => new MeanAcsConv3d(2, 3, 3).Forward(Tensor.Full([1, 3, 4, 8, 8], 0))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Conv2p5d: expected [N, C, D, H, W] or [C, D, H, W], got shape [2, 4]",
            Assert.Throws<ShapeException>(() => new Conv2p5d(2, 3, 3).Forward(Tensor.Full([2, 4], 0))).Message, StringComparison.Ordinal);
    }
}
