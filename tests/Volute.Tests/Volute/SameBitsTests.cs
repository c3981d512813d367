using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests;

/// <summary>The same bits with one, two or three threads: forward, gradients, and ten steps of training.</summary>
[Collection(TeamSize.Name)]
public class SameBitsTests
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    public void Of_a_convolutional_network_with_batch_norm_and_dropout(string optimizer)
        => TeamSize.SameBits(() => Train(() => new Sequential(
            new Conv2d(3, 12, 3, padding: 1), new BatchNorm2d(12), new ReLU(), new MaxPool2d(2), new Dropout2d(0.2),
            new Conv2d(12, 20, 3, stride: 2, padding: "same", groups: 4), new BatchNorm2d(20), new GELU(), new AdaptiveAvgPool2d(3), new Flatten(), new Dropout(0.3), new Linear(180, 5)),
            [4, 3, 33, 29], labels => labels.Slice(1, 0, 1).Squeeze(1), [4, 1], optimizer));

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    public void Of_a_small_U_Net(string optimizer)
        => TeamSize.SameBits(() => Train(() => new UNet(new UNetOptions(1, 3, 2, BaseWidth: 6, Levels: 3, Padded: true, Normalization.Instance, Dropout: 0.1)),
            [2, 1, 40, 36], labels => labels, [2, 40, 36], optimizer));

    [Fact]
    public void Of_a_small_U_Net_of_volumes()
        => TeamSize.SameBits(() => Train(() => new UNet(new UNetOptions(1, 2, 3, BaseWidth: 4, Levels: 2, Padded: true, Normalization.Batch, TransposedUpsampling: false)),
            [1, 1, 12, 16, 10], labels => labels, [1, 12, 16, 10], "adam", steps: 3));

    /// <summary>All numbers that the training leaves: losses, the first gradients, weights, running statistics and what the optimizer remembers.</summary>
    private static float[] Train(Func<Module> make, int[] input, Func<Tensor, Tensor> labels, int[] labelShape, string name, int steps = 10)
    {
        Settings.Seed = 12;
        Module network = make();
        int classes = network.Forward(Tensor.Full(input, 0)).Shape[1];
        Optimizer optimizer = name == "adam" ? new Adam(network.Parameters(), 0.01) : new SGD(network.Parameters(), 0.05, momentum: 0.9) { ClipNorm = 5 };
        List<float> all = [];
        for (int step = 0; step < steps; step++)
        {
            Tensor x = Tensor.Normal(input), target = labels((Tensor.Uniform(labelShape) * (classes - 0.001)).To(ElementType.Int32));
            Tensor y = network.Forward(x), loss = Loss.CrossEntropy(y, target);
            if (step == 0)
            {
                Tensor[] gradients = Gradient.Of(loss, [x, .. network.Parameters()]);
                Tensor.Evaluate([loss, .. gradients]);
                foreach (Tensor gradient in gradients)
                    all.AddRange(gradient.ToArray());
            }
            optimizer.Step(loss);
            all.Add((float)loss.Item());
            all.AddRange(y.ToArray());
        }
        foreach (Parameter parameter in network.State().Concat(optimizer.State.OrderBy(s => s.Key).Select(s => s.Value)))
            all.AddRange(parameter.ToArray());
        Assert.All(all, value => Assert.True(float.IsFinite(value)));
        return [.. all];
    }
}
