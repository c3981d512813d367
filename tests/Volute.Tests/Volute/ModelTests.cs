namespace Volute.Tests;

public class ModelTests
{
    [Fact]
    public void The_paper_s_U_Net_has_its_parameters_multiplications_and_sizes()
    {
        UNet network = new();
        Summary summary = Summary.Of(network.Eval(), [1, 1, 572, 572]);
        Assert.Equal(31_030_658, network.ParameterCount);
        Assert.Equal(150_428_424_448, summary.Multiplies);
        Assert.Equal([1, 2, 388, 388], summary.Output);
        Assert.Equal(summary.Multiplies, summary.UsefulMultiplies);
    }

    [Fact]
    public void The_paper_s_inputs_are_16k_plus_12_and_lose_184()
    {
        UNet network = new(new UNetOptions(BaseWidth: 1));
        for (int size = 1; size < 700; size++)
            Assert.Equal(size >= 188 && (size - 12) % 16 == 0 ? size - 184 : null, network.OutputSize(size));
        Assert.Equal(572, network.InputSize(388));
        Assert.Equal(588, network.InputSize(389));
    }

    [Fact]
    public void A_size_that_does_not_fit_is_answered_with_those_that_do()
    {
        var error = Assert.Throws<ShapeException>(() => new UNet(new UNetOptions(BaseWidth: 1)).Forward(Tensor.Full([1, 1, 570, 572], 0)));
        Assert.StartsWith("UNet: 570 positions on axis 2 of [1, 1, 570, 572] do not fit 5 valid levels; use 556 or 572", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ShapeException>(() => new UNet().Forward(Tensor.Full([1, 3, 572, 572], 0)));
        Assert.StartsWith("UNet: expected [N, 1, 2 spatial axes], got shape [1, 3, 572, 572]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true, Normalization.Batch, true)]
    [InlineData(2, true, Normalization.Instance, false)]
    [InlineData(3, true, Normalization.None, true)]
    [InlineData(1, false, Normalization.None, false)]
    [InlineData(3, false, Normalization.Instance, true)]
    public void U_Nets_of_every_rank_and_form_give_the_sizes_that_they_announce(int rank, bool padded, Normalization normalization, bool transposed)
    {
        UNet network = new(new UNetOptions(2, 3, rank, BaseWidth: 2, Levels: 3, padded, normalization, transposed));
        int input = network.InputSize(8);
        Tensor y = network.Forward(Tensor.Normal([2, 2, .. Enumerable.Repeat(input, rank)]));
        Assert.Equal([2, 3, .. Enumerable.Repeat(network.OutputSize(input)!.Value, rank)], y.Shape);
        Assert.All(y.ToArray(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Both_LeNets_have_their_parameters()
    {
        Assert.Equal(61_706, new LeNet5().ParameterCount);
        Assert.Equal([1, 10], new LeNet5().Forward(Tensor.Full([1, 1, 28, 28], 0)).Shape);
        Assert.Equal([1, 10], new LeNet5(padding: 0).Forward(Tensor.Full([1, 1, 32, 32], 0)).Shape);
        Assert.Equal(416_520, Summary.Of(new LeNet5(), [1, 1, 28, 28]).Multiplies);
        Assert.Equal(61_706, new LeNet().ParameterCount);
        Assert.Equal([2, 10], new LeNet().Forward(Tensor.Full([2, 1, 40, 28], 0)).Shape);
    }

    [Fact]
    public void A_summary_is_printed_as_a_table_with_its_sums()
        => Assert.Equal("""
            layer kind             output           parameters        multiplies
            0     Conv2d 1->6 k5x5 [1, 6, 24, 24]          156            86,400
            1     ReLU             [1, 6, 24, 24]            0                 0
            output [1, 6, 24, 24], 156 parameters, 86,400 multiplies
            """, Summary.Of(new Sequential(new Conv2d(1, 6, 5), new ReLU()), [1, 1, 28, 28]).ToString());
}
