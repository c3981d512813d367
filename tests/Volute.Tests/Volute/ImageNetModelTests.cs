namespace Volute.Tests;

public class ImageNetModelTests
{
    [Fact]
    public void ResNet_18_has_torchvision_s_parameters_multiplications_and_sizes()
    {
        ResNet18 network = new();
        Assert.Equal(11_689_512, network.ParameterCount);
        Summary summary = Summary.Of(network.Eval(), [2, 3, 224, 224]);
        Assert.Equal([2, 1000], summary.Output);
        // 7x7 at 112; per stage: 3x3 convolutions, the first perhaps from half the width, and the 1x1 beside it.
        long expected = 112L * 112 * 64 * 3 * 49 + 56L * 56 * 64 * 64 * 9 * 4 + 512 * 1000;
        for (long width = 128, size = 28; width <= 512; width *= 2, size /= 2)
            expected += size * size * width * (width / 2 * 9 + width * 9 * 3 + width / 2);
        Assert.Equal(1_814_073_344, expected);
        Assert.Equal(2 * expected, summary.Multiplies);
    }

    [Fact]
    public void MobileNetV2_has_torchvision_s_parameters_multiplications_and_sizes()
    {
        MobileNetV2 network = new();
        Assert.Equal(3_504_872, network.ParameterCount);
        Summary summary = Summary.Of(network.Eval(), [1, 3, 224, 224]);
        Assert.Equal([1, 1000], summary.Output);
        long expected = 112L * 112 * 32 * 27, from = 32, size = 112;
        foreach (var (expand, width, blocks, stride) in new (long, long, int, long)[] { (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1) })
        {
            for (int i = 0; i < blocks; i++)
            {
                long wide = from * expand;
                expected += expand > 1 ? size * size * from * wide : 0;
                size /= i == 0 ? stride : 1;
                expected += size * size * wide * (9 + width);
                from = width;
            }
        }
        expected += size * size * 320 * 1280 + 1280 * 1000;
        Assert.Equal(300_774_272, expected);
        Assert.Equal(expected, summary.Multiplies);
    }

    [Fact]
    public void States_have_torchvision_s_names_and_shapes()
    {
        Dictionary<string, Shape> resnet = new ResNet18().State().ToDictionary(p => p.Name, p => p.Shape), mobilenet = new MobileNetV2(7).State().ToDictionary(p => p.Name, p => p.Shape);
        Assert.Equal(122, resnet.Count);
        Assert.Equal([64, 3, 7, 7], resnet["conv1.weight"]);
        Assert.Equal([64], resnet["layer1.0.bn2.running_var"]);
        Assert.Equal([128, 64, 3, 3], resnet["layer2.0.conv1.weight"]);
        Assert.Equal([128, 64, 1, 1], resnet["layer2.0.downsample.0.weight"]);
        Assert.Equal([512], resnet["layer4.0.downsample.1.bias"]);
        Assert.Equal([512, 512, 3, 3], resnet["layer4.1.conv2.weight"]);
        Assert.Equal([1000, 512], resnet["fc.weight"]);
        Assert.DoesNotContain(resnet.Keys, name => name.StartsWith("layer1.0.downsample", StringComparison.Ordinal));

        Assert.Equal(314, mobilenet.Count);
        Assert.Equal([32, 3, 3, 3], mobilenet["features.0.0.weight"]);
        Assert.Equal([32, 1, 3, 3], mobilenet["features.1.conv.0.0.weight"]);
        Assert.Equal([16, 32, 1, 1], mobilenet["features.1.conv.1.weight"]);
        Assert.Equal([96, 16, 1, 1], mobilenet["features.2.conv.0.0.weight"]);
        Assert.Equal([24], mobilenet["features.2.conv.3.running_mean"]);
        Assert.Equal([1280, 320, 1, 1], mobilenet["features.18.0.weight"]);
        Assert.Equal([7, 1280], mobilenet["classifier.1.weight"]);
    }

    [Fact]
    public void First_weights_keep_the_size_of_gradients()
    {
        float[] weight = new ResNet18(10).State().Single(p => p.Name == "layer4.0.conv1.weight").ToArray();
        // 512 outputs of 3x3 taps from 256 channels: the deviation counts outputs.
        Assert.Equal(Math.Sqrt(2.0 / (512 * 9)), Math.Sqrt(weight.Average(v => (double)v * v)), 1e-4);
        MobileNetV2 network = new(10);
        Assert.All(network.State().Single(p => p.Name == "classifier.1.bias").ToArray(), v => Assert.Equal(0, v));
        Assert.Equal(0.01, Math.Sqrt(network.State().Single(p => p.Name == "classifier.1.weight").ToArray().Average(v => (double)v * v)), 1e-3);
    }

    [Theory]
    [InlineData(1, 32, 32)]
    [InlineData(2, 65, 40)]
    public void Pictures_of_any_size_give_scores_of_the_asked_classes(int batch, int height, int width)
    {
        Tensor x = Tensor.Normal([batch, 1, height, width]);
        foreach (Module network in (Module[])[new ResNet18(5, inChannels: 1), new MobileNetV2(5, inChannels: 1)])
        {
            float[] scores = network.Eval().Forward(x).ToArray();
            Assert.Equal(5 * batch, scores.Length);
            Assert.All(scores, v => Assert.True(float.IsFinite(v)));
        }
    }
}
