namespace Volute.Tests;

public class AlexNetTests
{
    // 11x11 at 55, 5x5 at 27, three of 3x3 at 13, three linear layers.
    private const long Linear = 9216 * 4096 + 4096 * 4096 + 4096 * 1000;

    [Theory]
    [InlineData(AlexNetForm.TwoDevices, 227, 60_965_224, 55L * 55 * 96 * 363 + 27 * 27 * 256 * 48 * 25 + 13 * 13 * 9 * (384 * 256 + 384 * 192 + 256 * 192) + Linear)]
    [InlineData(AlexNetForm.OneDevice, 227, 62_378_344, 55L * 55 * 96 * 363 + 27 * 27 * 256 * 96 * 25 + 13 * 13 * 9 * (384 * 256 + 384 * 384 + 256 * 384) + Linear)]
    [InlineData(AlexNetForm.Torchvision, 224, 61_100_840, 55L * 55 * 64 * 363 + 27 * 27 * 192 * 64 * 25 + 13 * 13 * 9 * (384 * 192 + 256 * 384 + 256 * 256) + Linear)]
    public void Every_form_has_its_parameters_and_multiplications(AlexNetForm form, int size, long parameters, long multiplies)
    {
        Summary summary = Summary.Of(new AlexNet(form: form).Eval(), [1, 3, size, size]);
        Assert.Equal((parameters, multiplies), (summary.Parameters, summary.Multiplies));
        Assert.Equal([1, 1000], summary.Output);
    }

    [Fact]
    public void The_paper_s_layers_have_its_counts()
    {
        Summary summary = Summary.Of(new AlexNet().Eval(), [1, 3, 227, 227]);
        Assert.Equal(724_406_816, summary.Multiplies);
        Assert.Equal([34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000], summary.Layers.Where(l => l.Parameters > 0).Select(l => l.Parameters));
        // Before the average nothing is left to average: the maps are 6x6.
        Assert.Equal([1, 256, 6, 6], summary.Layers.Single(l => l.Name == "features.14").Output);
    }

    [Fact]
    public void The_state_of_torchvision_s_form_has_its_names()
    {
        Dictionary<string, Shape> state = new AlexNet(form: AlexNetForm.Torchvision, hidden: 8).State().ToDictionary(p => p.Name, p => p.Shape);
        Assert.Equal(["features.0", "features.3", "features.6", "features.8", "features.10", "classifier.1", "classifier.4", "classifier.6"],
            state.Keys.Where(name => name.EndsWith(".weight", StringComparison.Ordinal)).Select(name => name[..^7]));
        Assert.Equal([192, 64, 5, 5], state["features.3.weight"]);
        Assert.Equal([8, 9216], state["classifier.1.weight"]);
        Assert.Equal([1000], state["classifier.6.bias"]);
    }

    [Fact]
    public void First_values_are_the_paper_s()
    {
        AlexNet network = new(hidden: 8);
        Assert.Equal([0, 1, 0, 1, 1, 1, 1, 0], network.Parameters().Where(p => p.Shape.Rank == 1).Select(p => (int)p.ToArray().Distinct().Single()));
        Assert.All(network.Parameters().Where(p => p.Shape.Elements > 10_000), p => Assert.Equal(0.01, Math.Sqrt(p.ToArray().Average(v => (double)v * v)), 3e-4));
    }

    [Fact]
    public void Other_pictures_are_averaged_to_its_map()
        => Assert.Equal([2, 5], new AlexNet(5, 1, hidden: 8).Eval().Forward(Tensor.Normal([2, 1, 99, 140])).Evaluate().Shape);
}
