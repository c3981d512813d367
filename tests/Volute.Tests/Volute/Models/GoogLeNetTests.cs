namespace Volute.Tests;

public class GoogLeNetTests
{
    [Fact]
    public void It_has_torchvision_s_parameters_multiplications_and_names()
    {
        GoogLeNet network = new();
        Summary summary = Summary.Of(network.Eval(), [1, 3, 224, 224]);
        long expected = 112L * 112 * 64 * 147 + 56 * 56 * (64 * 64 + 64 * 192 * 9) + 1024 * 1000;
        foreach (int[] b in (int[][])
            [
                [28, 192, 64, 96, 128, 16, 32, 32], [28, 256, 128, 128, 192, 32, 96, 64],
                [14, 480, 192, 96, 208, 16, 48, 64], [14, 512, 160, 112, 224, 24, 64, 64], [14, 512, 128, 128, 256, 24, 64, 64], [14, 512, 112, 144, 288, 32, 64, 64],
                [14, 528, 256, 160, 320, 32, 128, 128], [7, 832, 256, 160, 320, 32, 128, 128], [7, 832, 384, 192, 384, 48, 128, 128],
            ])
            expected += (long)b[0] * b[0] * (b[1] * (b[2] + b[3] + b[5] + b[7]) + 9 * (b[3] * b[4] + b[5] * b[6]));
        Assert.Equal(1.498, Math.Round(expected / 1e9, 3));
        Assert.Equal((6_624_904, expected), (summary.Parameters, summary.Multiplies));

        Dictionary<string, Shape> state = network.State().ToDictionary(p => p.Name, p => p.Shape);
        Assert.Equal(57 * 6 + 2, state.Count);
        Assert.Equal([64, 3, 7, 7], state["conv1.conv.weight"]);
        Assert.Equal([192], state["conv3.bn.running_var"]);
        Assert.Equal([32, 16, 3, 3], state["inception3a.branch3.1.conv.weight"]);
        Assert.Equal([128, 832, 1, 1], state["inception5b.branch4.1.conv.weight"]);
        Assert.Equal([1000, 1024], state["fc.weight"]);
    }
}
