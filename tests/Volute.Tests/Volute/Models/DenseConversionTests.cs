namespace Volute.Tests;

public class DenseConversionTests
{
    /// <summary>Networks without padding, what they classify, something larger, and what lies between neighbouring windows.</summary>
    private static readonly Dictionary<string, (Func<Module> Make, int[] Window, int[] Larger, int Stride)> s_valid = new()
    {
        ["LeNet-5"] = (() => new LeNet5(padding: 0), [32, 32], [44, 37], 4),
        ["LeNet-5 of 1998"] = (() => new LeNet5Original(), [32, 32], [36, 40], 4),
        ["a global average"] = (() => new Sequential(new Conv2d(1, 4, 3, stride: 2), new BatchNorm2d(4), new ReLU(), new AdaptiveAvgPool2d(1), new Flatten(), new Dropout(),
            new Linear(4, 6, bias: false), new BatchNorm1d(6), new ReLU6(), new Linear(6, 3)), [9, 13], [12, 17], 2),
        ["lines"] = (() => new Sequential(new Conv1d(1, 2, 3), new AdaptiveAvgPool1d(3), new Flatten(), new Linear(6, 2)), [8], [14], 2),
        ["volumes"] = (() => new Sequential(new MaxPool3d(2), new Conv3d(1, 2, 2), new Tanh(), new Flatten(), new Linear(2 * 2 * 1 * 3, 2)), [6, 4, 8], [8, 4, 13], 2),
    };

    public static TheoryData<string> Valid => [.. s_valid.Keys];

    [Theory, MemberData(nameof(Valid))]
    public void Each_position_has_the_classifier_s_scores_of_its_window(string name)
    {
        var (make, window, larger, stride) = s_valid[name];
        Module classifier = make().Eval(), dense = make().Eval();
        foreach (var (to, from) in dense.State().Zip(classifier.State()))
            to.Assign(from);
        Assert.Same(dense, dense.ToDense([1, 1, .. window]));
        Tensor small = Tensor.Normal([2, 1, .. window]).Evaluate(), large = Tensor.Normal([1, 1, .. larger]).Evaluate();
        AssertClose(classifier.Forward(small).ToArray(), dense.Forward(small).ToArray());

        Tensor scores = dense.Forward(large);
        int[] counts = [.. larger.Zip(window, (n, k) => (n - k) / stride + 1)];
        Assert.Equal(counts, scores.Shape.Skip(2));
        for (int place = 0; place < counts.Aggregate(1, (a, b) => a * b); place++)
        {
            Tensor part = large, at = scores;
            for (int axis = counts.Length - 1, rest = place; axis >= 0; rest /= counts[axis--])
            {
                part = part.Slice(axis + 2, rest % counts[axis] * stride, window[axis]);
                at = at.Slice(axis + 2, rest % counts[axis], 1);
            }
            AssertClose(classifier.Forward(part).ToArray(), at.ToArray());
        }
    }

    [Fact]
    public void AlexNet_has_one_position_on_its_own_pictures_and_more_on_larger_ones()
    {
        AlexNet network = new(5, 1, hidden: 8);
        float[] weight = network.State().Single(p => p.Name == "classifier.0.weight").ToArray();
        network.ToDense([1, 1, 227, 227]);
        Parameter window = network.State().Single(p => p.Name == "classifier.0.weight");
        Assert.Equal([8, 256, 6, 6], window.Shape);
        Assert.Equal(weight, window.ToArray());
        Assert.True(network.IsTraining);
        Assert.Equal([1, 5, 1, 1], Summary.Of(network.Eval(), [1, 1, 227, 227]).Output);
        Assert.Equal([1, 5, 2, 9], Summary.Of(network, [1, 1, 259, 483]).Output);
    }

    [Fact]
    public void Modes_stay_and_parameters_of_norms_and_biases_are_those_that_there_were()
    {
        Sequential inner = new(new Linear(2, 2), new BatchNorm1d(2));
        Sequential network = new(new Conv2d(1, 2, 3), new AdaptiveAvgPool2d(1), new Flatten(), inner);
        inner.Eval();
        Parameter[] before = [.. network.State()];
        network.ToDense([1, 1, 5, 5]);
        Assert.True(network.IsTraining);
        Assert.False(inner.IsTraining);
        Assert.All(inner.Children, c => Assert.False(c.Child.IsTraining));
        Assert.Equal(before.Select(p => p.Name), network.State().Select(p => p.Name));
        Assert.Equal([[2, 2, 1, 1]], network.State().Except(before).Select(p => p.Shape));
    }

    [Fact]
    public void What_has_no_dense_form_is_named_and_nothing_is_changed()
    {
        Assert.Equal("1 (AdaptiveAvgPool2d 14) cannot be turned into a layer of every position: its parts of [1, 6, 24, 24] are not equal; use an AvgPool",
            Message(new Sequential(new Conv2d(1, 6, 5), new AdaptiveAvgPool2d(14), new Flatten(), new Linear(1176, 2)), [1, 1, 28, 28]));
        Assert.Equal("0 (AdaptiveMaxPool2d 1) cannot be turned into a layer of every position: the parts that it looks at depend on the input's size; use a MaxPool",
            Message(new Sequential(new AdaptiveMaxPool2d(1), new Flatten(), new Linear(1, 2)), [1, 1, 4, 4]));
        Assert.Equal("3 (Softmax) cannot be turned into a layer of every position: what it would do at each position behind a Flatten is not known",
            Message(new Sequential(new Conv2d(1, 2, 4), new Flatten(), new Linear(2, 2), new Softmax(-1)), [1, 1, 4, 4]));
        Assert.Equal("0 (Linear 4->2) cannot be turned into a layer of every position: it does not work behind a Flatten",
            Message(new Sequential(new Linear(4, 2), new Flatten(), new Linear(8, 2)), [1, 1, 4, 4]));
        Assert.Equal("0 (Flatten) cannot be turned into a layer of every position: it turns [1, 1, 4, 4] into [1, 1, 16], not into [N, C]",
            Message(new Sequential(new Flatten(2), new Linear(16, 2)), [1, 1, 4, 4]));
        Assert.Equal("Sequential: no linear layer follows on its Flatten, whose 4x4 positions would stay", Message(new Sequential(new Flatten()), [1, 1, 4, 4]));
        Assert.Equal("Sequential: nothing is flattened on the way to its output, so that it is dense already, or flattens without a Flatten layer",
            Message(new Sequential(new Conv2d(1, 2, 3)), [1, 1, 4, 4]));
    }

    [Fact]
    public void A_linear_layer_whose_weight_is_made_of_others_is_named()
    {
        Sequential network = new(new Conv2d(1, 2, 3), new Flatten(), new Linear(8, 2).WithWeightNorm());
        Assert.Contains("2 (Linear 8->2): its weight is made of 'weight_g' and 'weight_v'", Message(network, [1, 1, 4, 4]), StringComparison.Ordinal);
    }

    private static string Message(Sequential network, Shape input)
    {
        (Module[] layers, bool training) = ([.. network.Children.Select(c => c.Child)], network.IsTraining);
        string message = Assert.Throws<InvalidArgumentException>(() => network.ToDense(input)).Message;
        Assert.Equal(layers, network.Children.Select(c => c.Child));
        Assert.Equal(training, network.IsTraining);
        return message;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f * Math.Max(1, scale));
    }
}
