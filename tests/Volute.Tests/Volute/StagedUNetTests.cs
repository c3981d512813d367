namespace Volute.Tests;

public class StagedUNetTests
{
    /// <summary>Three stages in 3D whose first axis is coarse: 1x3x3 kernels and strides at first.</summary>
    private static StagedUNetOptions Flat(Normalization normalization = Normalization.Instance, bool residual = false, bool supervised = false) => new()
    {
        InChannels = 2,
        Classes = 3,
        Normalization = normalization,
        Residual = residual,
        DeepSupervision = supervised,
        Stages = [new(4, [1, 3, 3], [1, 1, 1]), new(6, [3, 3, 3], [1, 2, 2], Down: 1, Up: 3), new(8, [3, 3, 3], [2, 2, 2], Down: 3)],
    };

    private static StagedUNetOptions Square(int stages, bool supervised) => new()
    {
        DeepSupervision = supervised,
        Stages = [.. Enumerable.Range(0, stages).Select(s => new UNetStage(2 << s, [3, 3], s == 0 ? [1, 1] : [2, 2]))],
    };

    [Fact]
    public void The_parameters_of_the_plain_form_are_those_of_the_formula()
    {
        static long Unit(int from, int to, int taps) => (long)from * to * taps + 3 * to;   // weights; bias, the norm's weight and bias
        long down = Unit(2, 4, 9) + Unit(4, 4, 9) + Unit(4, 6, 27) + Unit(6, 8, 27) + 2 * Unit(8, 8, 27);
        long up = (8 * 6 * 8 + 6) + Unit(12, 6, 27) + 2 * Unit(6, 6, 27) + (6 * 4 * 4 + 4) + Unit(8, 4, 9) + Unit(4, 4, 9) + (4 * 3 + 3);
        Assert.Equal(down + up, new StagedUNet(Flat()).ParameterCount);
        Assert.Equal(down + up, new StagedUNet(Flat(Normalization.Batch)).ParameterCount);
    }

    [Fact]
    public void The_parameters_of_the_residual_form_are_those_of_the_formula()
    {
        static long Unit(int from, int to, int taps) => (long)from * to * taps + 3 * to;
        static long Shortcut(int from, int to) => (long)from * to + 2 * to;
        long down = Unit(2, 4, 9) + 4 * Unit(4, 4, 9) + Unit(4, 6, 27) + Unit(6, 6, 27) + Shortcut(4, 6) + Unit(6, 8, 27) + 5 * Unit(8, 8, 27) + Shortcut(6, 8);
        long up = (8 * 6 * 8 + 6) + Unit(12, 6, 27) + 2 * Unit(6, 6, 27) + (6 * 4 * 4 + 4) + Unit(8, 4, 9) + Unit(4, 4, 9) + (4 * 3 + 3);
        Assert.Equal(down + up, new StagedUNet(Flat(residual: true)).ParameterCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_cost_is_what_its_convolutions_put_out(bool residual)
    {
        StagedUNet network = new(Flat(residual: residual));
        Summary summary = Summary.Of(network.Eval(), [1, 2, 4, 8, 12]);
        long expected = summary.Layers.Where(layer => layer.Kind.StartsWith("Conv", StringComparison.Ordinal)).Sum(layer => layer.Output.Elements);
        Assert.Equal(expected, network.Options.OutputElements([4, 8, 12]));
        Assert.Equal([1, 3, 4, 8, 12], summary.Output);
    }

    [Fact]
    public void Its_state_has_nnU_Net_s_names()
    {
        string[] names = [.. new StagedUNet(Flat(residual: true)).State().Select(p => p.Name)];
        foreach (string name in (string[])["encoder.stem.convs.0.conv.weight", "encoder.stages.1.blocks.0.conv1.norm.weight", "encoder.stages.1.blocks.0.skip.1.conv.weight", "decoder.transpconvs.0.bias", "decoder.stages.1.convs.1.conv.bias", "decoder.seg_layers.0.weight"])
            Assert.Contains(name, names);
        Assert.Contains("encoder.stages.2.0.convs.2.norm.bias", new StagedUNet(Flat()).State().Select(p => p.Name));
    }

    [Theory]
    [InlineData(2, new[] { 32 })]
    [InlineData(3, new[] { 32 })]
    [InlineData(4, new[] { 32, 16 })]
    [InlineData(5, new[] { 32, 16, 8 })]
    public void Every_resolution_but_the_two_coarsest_gives_scores(int stages, int[] sizes)
    {
        StagedUNet network = new(Square(stages, supervised: true));
        Tensor x = Tensor.Normal([2, 1, 32, 48]);
        IReadOnlyList<Tensor> scores = network.Outputs(x);
        Assert.Equal([.. sizes.Select(size => (Shape)(int[])[2, 2, size, size * 3 / 2])], scores.Select(s => s.Shape));
        Assert.Equal(scores[0].ToArray(), network.Forward(x).ToArray());
        Assert.Single(new StagedUNet(Square(stages, supervised: false)).Outputs(x));
    }

    [Theory]
    [InlineData(Normalization.Instance, false)]
    [InlineData(Normalization.Batch, true)]
    [InlineData(Normalization.None, false)]
    public void A_gradient_flows_to_every_parameter(Normalization normalization, bool residual)
    {
        StagedUNet network = new(Flat(normalization, residual, supervised: true));
        Tensor x = Tensor.Normal([2, 2, 4, 8, 8]), loss = network.Outputs(x).Aggregate(Tensor.Scalar(0), (sum, scores) => sum + (scores * scores).Mean());
        foreach (Tensor gradient in Gradient.Of(loss, network.Parameters()))
            Assert.All(gradient.ToArray(), g => Assert.True(float.IsFinite(g)));
        // A bias before a normalization moves nothing; everything else does.
        Assert.All(network.Parameters().Zip(Gradient.Of(loss, network.Parameters())).Where(p => normalization == Normalization.None || !p.First.Name.EndsWith("conv.bias", StringComparison.Ordinal)),
            p => Assert.True(p.Second.ToArray().Any(g => g != 0), p.First.Name));
    }

    [Fact]
    public void Its_gradient_is_that_of_finite_differences()
        => FiniteDifferences.Check(new StagedUNet(new StagedUNetOptions { Residual = true, Stages = [new(1, [1, 3], [1, 1], 1, 1), new(2, [3, 3], [1, 2], 1, 1)] }), FiniteDifferences.Input(1, [2, 1, 3, 4]));

    [Fact]
    public void Sizes_that_do_not_divide_are_answered_with_those_that_do()
    {
        StagedUNet network = new(Flat());
        Assert.StartsWith("StagedUNet: 10 positions on axis 3 of [1, 2, 4, 10, 8] are no multiple of 4, the product of the strides; use 8 or 12",
            Assert.Throws<ShapeException>(() => network.Forward(Tensor.Full([1, 2, 4, 10, 8], 0))).Message, StringComparison.Ordinal);
        Assert.StartsWith("StagedUNet: expected [N, 2, 3 spatial axes], got shape [1, 1, 4, 8, 8]",
            Assert.Throws<ShapeException>(() => network.Forward(Tensor.Full([1, 1, 4, 8, 8], 0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_that_fit_no_network_are_refused()
    {
        Assert.Equal("StagedUNet: stage 1 needs 2 odd kernel sizes, 2 strides (>= 1), a width and convolutions >= 1; got kernel [2, 3], stride [2, 2], width 4, 2 down, 2 up",
            Assert.Throws<InvalidArgumentException>(() => new StagedUNet(new StagedUNetOptions { Stages = [new(2, [3, 3], [1, 1]), new(4, [2, 3], [2, 2])] })).Message);
        Assert.Equal("StagedUNet: stage 0 needs 1 odd kernel sizes, 1 strides (1 at the first stage), a width and convolutions >= 1; got kernel [3], stride [2], width 2, 2 down, 2 up",
            Assert.Throws<InvalidArgumentException>(() => new StagedUNet(new StagedUNetOptions { Stages = [new(2, [3], [2])] })).Message);
    }
}
