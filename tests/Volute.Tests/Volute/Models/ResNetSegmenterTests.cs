namespace Volute.Tests;

public class ResNetSegmenterTests
{
    private const long AuxiliaryHead = 65L * 65 * (1024 * 256 * 9 + 256 * 21);

    [Fact]
    public void DeepLabV3_has_torchvision_s_parameters_multiplications_and_names()
    {
        DeepLabV3 network = new(auxiliary: true);
        Assert.Equal(42_004_074, network.ParameterCount);
        Assert.Equal(15_535_104, network.Parameters().Where(p => p.Name.StartsWith("classifier.0.", StringComparison.Ordinal)).Sum(p => p.Shape.Elements));
        Summary summary = Summary.Of(new DeepLabV3().Eval(), [1, 3, 520, 520]);
        long head = 65L * 65 * (2048 * 256 + 3 * 2048 * 256 * 9 + 1280 * 256 + 256 * 256 * 9 + 256 * 21) + 2048 * 256;
        Assert.Equal(Backbone + head, summary.Multiplies);
        // torchvision's figure counts the auxiliary head too.
        Assert.Equal(178.722, Math.Round((summary.Multiplies + AuxiliaryHead) / 1e9, 3));
        Assert.Equal(39_638_869, summary.Parameters);
        Assert.Equal([1, 21, 520, 520], summary.Output);

        Dictionary<string, Shape> state = network.State().ToDictionary(p => p.Name, p => p.Shape);
        Assert.Equal([512, 512, 3, 3], state["backbone.layer4.2.conv2.weight"]);
        Assert.Equal([256, 2048, 3, 3], state["classifier.0.convs.2.0.weight"]);
        Assert.Equal([256, 2048, 1, 1], state["classifier.0.convs.4.1.weight"]);
        Assert.Equal([256, 1280, 1, 1], state["classifier.0.project.0.weight"]);
        Assert.Equal([256], state["classifier.2.running_mean"]);
        Assert.Equal([21, 256, 1, 1], state["classifier.4.weight"]);
        Assert.Equal([21, 256, 1, 1], state["aux_classifier.4.weight"]);
        Assert.DoesNotContain(state.Keys, name => name.StartsWith("backbone.fc", StringComparison.Ordinal));
    }

    [Fact]
    public void FCN_has_torchvision_s_parameters_multiplications_and_names()
    {
        Assert.Equal(35_322_218, new FCN(auxiliary: true).ParameterCount);
        FCN network = new();
        Summary summary = Summary.Of(network.Eval(), [1, 3, 520, 520]);
        Assert.Equal(Backbone + 65L * 65 * (2048 * 512 * 9 + 512 * 21), summary.Multiplies);
        Assert.Equal(152.717, Math.Round((summary.Multiplies + AuxiliaryHead) / 1e9, 3));
        Assert.Equal(32_957_013, summary.Parameters);
        Assert.Equal([1, 21, 520, 520], summary.Output);
        Dictionary<string, Shape> state = network.State().ToDictionary(p => p.Name, p => p.Shape);
        Assert.Equal([512, 2048, 3, 3], state["classifier.0.weight"]);
        Assert.Equal([21], state["classifier.4.bias"]);
    }

    [Theory]
    [InlineData(1, 40, 57)]
    [InlineData(2, 33, 64)]
    public void Scores_have_the_picture_s_size_and_an_auxiliary_head_gives_further_ones(int batch, int height, int width)
    {
        Tensor x = Tensor.Normal([batch, 1, height, width]);
        foreach (ResNetSegmenter network in (ResNetSegmenter[])[new DeepLabV3(3, 1, auxiliary: true, width: 4), new FCN(3, 1, auxiliary: true, width: 4)])
        {
            network.Eval();
            IReadOnlyList<Tensor> outputs = network.Outputs(x);
            Tensor scores = network.Forward(x);
            Tensor.Evaluate([scores, .. outputs]);
            Assert.Equal(2, outputs.Count);
            Assert.All(outputs, y => Assert.Equal([batch, 3, height, width], y.Shape));
            Assert.Equal(scores.ToArray(), outputs[0].ToArray());
            Assert.NotEqual(outputs[0].ToArray(), outputs[1].ToArray());
        }
        Assert.Single(new FCN(3, 1, width: 4).Outputs(x));
    }

    [Fact]
    public void Maps_stay_at_an_eighth_of_the_picture()
    {
        Summary summary = Summary.Of(new FCN(2, 1, width: 4).Eval(), [1, 1, 64, 96]);
        Assert.Equal([[1, 16, 16, 24], [1, 32, 8, 12], [1, 64, 8, 12], [1, 128, 8, 12]],
            Enumerable.Range(1, 4).Select(stage => summary.Layers.Last(l => l.Name.StartsWith($"backbone.layer{stage}.", StringComparison.Ordinal)).Output));
        Assert.Contains("d4", summary.Layers.Single(l => l.Name == "backbone.layer4.2.conv2").Kind);
        Assert.Contains("d2", summary.Layers.Single(l => l.Name == "backbone.layer4.0.conv2").Kind);
    }

    [Fact]
    public void Networks_of_volumes_score_every_voxel()
    {
        Module network = new DeepLabV3(2, 1, width: 4).Eval().ToVolumes();
        Assert.Equal([1, 2, 9, 16, 17], network.Forward(Tensor.Normal([1, 1, 9, 16, 17])).Evaluate().Shape);
    }

    /// <summary>ResNet-50 without its head at 520×520: 260, 130, and 65 from the second stage on.</summary>
    private static long Backbone
    {
        get
        {
            long sum = 260L * 260 * 64 * 147, from = 64, size = 130;
            foreach (var (narrow, blocks, stride) in new (long, int, int)[] { (64, 3, 1), (128, 4, 2), (256, 6, 1), (512, 3, 1) })
            {
                for (int i = 0; i < blocks; i++)
                {
                    sum += size * size * from * narrow;
                    size /= i == 0 ? stride : 1;
                    sum += size * size * narrow * narrow * 13 + (i == 0 ? size * size * from * narrow * 4 : 0);
                    from = 4 * narrow;
                }
            }
            return sum;
        }
    }
}
