namespace Volute.Tests;

public class NiNTests
{
    [Fact]
    public void It_has_its_parameters_and_multiplications()
    {
        Summary summary = Summary.Of(new NiN().Eval(), [2, 3, 32, 32]);
        Assert.Equal(966_986, summary.Parameters);
        long expected = 32 * 32 * (192 * 75 + 192 * 160 + 160 * 96) + 16 * 16 * (96 * 25 * 192 + 2 * 192 * 192) + 8 * 8 * (192 * 9 * 192 + 192 * 192 + 192 * 10);
        Assert.Equal(222_486_528, expected);
        Assert.Equal(2 * expected, summary.Multiplies);
        Assert.Equal([2, 10], summary.Output);
    }

    [Fact]
    public void The_mean_of_a_class_s_map_is_its_score()
    {
        NiN network = new(4, 1);
        network.Eval();
        Tensor x = Tensor.Normal([1, 1, 21, 30]).Evaluate(), maps = network.Children[0].Child.Forward(x);
        Assert.Equal([1, 4, 5, 7], maps.Shape);
        float[] means = maps.Mean([2, 3]).ToArray(), scores = network.Forward(x).ToArray();
        for (int i = 0; i < 4; i++)
            Assert.Equal(means[i], scores[i], 1e-5 * (1 + Math.Abs(means[i])));
        Assert.Contains(scores, v => v > 0);
    }
}
