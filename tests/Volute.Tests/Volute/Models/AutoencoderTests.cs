namespace Volute.Tests;

public class AutoencoderTests
{
    [Fact]
    public void It_has_its_parameters_and_multiplications()
    {
        Summary summary = Summary.Of(new Autoencoder().Eval(), [1, 1, 28, 28]);
        Assert.Equal(2 * 9 * (16 + 16 * 32 + 32 * 64) + 16 + 32 + 64 + 32 + 16 + 1, summary.Parameters);
        // Down: outputs of 14, 7 and 4 positions on a side; up: inputs of 4, 7 and 14.
        Assert.Equal(2 * 9 * (14 * 14 * 16 + 7 * 7 * 16 * 32 + 4 * 4 * 32 * 64), summary.Multiplies);
    }

    [Theory]
    [InlineData(28, 28, 3)]
    [InlineData(29, 8, 2)]
    [InlineData(1, 17, 4)]
    public void Pictures_of_any_size_are_made_again_in_that_size(int height, int width, int levels)
    {
        Autoencoder network = new(2, 3, levels);
        Tensor x = Tensor.Normal([2, 2, height, width]), code = network.Encode(x);
        int factor = 1 << levels;
        Assert.Equal([2, 3 << (levels - 1), (height + factor - 1) / factor, (width + factor - 1) / factor], code.Shape);
        Assert.Equal(x.Shape, network.Forward(x).Shape);
        Assert.Equal(network.Forward(x).ToArray(), network.Decode(code, [height, width]).ToArray());
    }

    [Fact]
    public void Volumes_are_made_again_too()
        => Assert.Equal([1, 1, 5, 9, 8], new Autoencoder(1, 2, 2).ToVolumes().Forward(Tensor.Normal([1, 1, 5, 9, 8])).Evaluate().Shape);

    [Fact]
    public void It_learns_to_make_pictures_again()
    {
        Autoencoder network = new(1, 4, 2);
        Tensor x = Tensor.FromArray(Enumerable.Range(0, 4 * 64).Select(i => (float)Math.Sin(0.8 * (i % 8) + i / 64)).ToArray(), [4, 1, 8, 8]);
        Adam optimizer = new(network.Parameters(), learningRate: 1e-2);
        double first = 0, last = 0;
        for (int i = 0; i < 150; i++)
        {
            Tensor difference = network.Forward(x) - x, loss = (difference * difference).Mean();
            optimizer.Step(loss);
            last = loss.Item();
            first = i == 0 ? last : first;
        }
        Assert.True(last < first / 4, $"from {first} to {last}");
    }

    [Fact]
    public void Levels_outside_their_range_are_refused()
        => Assert.Equal("Autoencoder: needs channels and a width >= 1 and 1 to 10 levels, got 1 channels, width 16, 0 levels", Assert.Throws<InvalidArgumentException>(() => new Autoencoder(levels: 0)).Message);
}
