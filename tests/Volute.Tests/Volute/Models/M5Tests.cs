namespace Volute.Tests;

public class M5Tests
{
    [Fact]
    public void It_has_its_parameters_and_multiplications()
    {
        Summary summary = Summary.Of(new M5().Eval(), [1, 1, 8000]);
        Assert.Equal(128 * 80 + 128 * 128 * 3 + 256 * 128 * 3 + 512 * 256 * 3 + 2 * (128 + 128 + 256 + 512) + 5130, summary.Parameters);
        Assert.Equal(2000 * 128 * 80 + 500 * 128 * 128 * 3 + 125 * 256 * 128 * 3 + 32 * 512 * 256 * 3 + 5120, summary.Multiplies);
        Assert.Equal((558_090, 69_932_032), (summary.Parameters, summary.Multiplies));
    }

    [Fact]
    public void Its_lengths_are_those_of_the_paper_s_table()
    {
        Summary summary = Summary.Of(new M5().Eval(), [1, 1, 32000]);
        Assert.Equal([8000, 2000, 500, 125], Enumerable.Range(1, 4).Select(i => summary.Layers.Single(l => l.Name == $"conv{i}").Output[2]));
        Assert.Equal(32, summary.Layers.Single(l => l.Name == "pool4").Output[2]);
    }
}
