using Volute.Kernels;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Modules;

public class LazyConvTests
{
    private const string Unmade = "0 (LazyConv2d ?->4 k3x3): has no parameters yet, since its input channels are those of its first input; call Forward once or load a state first";

    private static Sequential Network() => new(new LazyConv2d(4, 3), new ReLU());

    [Fact]
    public void Whoever_asks_for_parameters_before_the_first_input_is_told_so()
    {
        Sequential network = Network();
        LazyConv2d lazy = (LazyConv2d)network.Children[0].Child;
        Action[] questions =
        [
            () => network.Parameters(), () => network.State(), () => network.To(ElementType.Float64), () => _ = network.ParameterCount, () => _ = new SGD(network.Parameters(), 0.1),
            () => network.ToVolumes(), () => _ = lazy.Weight, () => _ = lazy.Bias, () => _ = lazy.InChannels, () => lazy.WithWeightNorm(),
        ];
        foreach (Action question in questions)
            Assert.Equal(Unmade, Assert.Throws<InvalidArgumentException>(question).Message);
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void The_first_input_makes_the_parameters_of_a_plain_convolution(ElementType type)
    {
        LazyConv2d lazy = new(4, [3, 2], padding: 1, groups: 2);
        Conv2d plain = new(6, 4, [3, 2], padding: 1, groups: 2);
        Tensor x = Tensor.Normal([2, 6, 5, 5]).To(type);
        Assert.Equal([2, 4, 5, 6], lazy.Forward(x).Shape);
        Assert.Equal(plain.State().Select(p => (p.Name, p.Shape)), lazy.State().Select(p => (p.Name, p.Shape)));
        Assert.All(lazy.State(), p => Assert.Equal(type, p.Type));
        Assert.Equal(6, lazy.InChannels);
        Assert.Equal("LazyConv2d 6->4 k3x2 p1 g2", lazy.Kind);
        Assert.InRange(lazy.Weight.ToArray().Max(Math.Abs), 0.1, 1 / Math.Sqrt(18));
        plain.To(type);
        foreach (var (to, from) in plain.State().Zip(lazy.State()))
            to.Assign(from);
        Assert.Equal(plain.Forward(x).ToArray<double>(), lazy.Forward(x).ToArray<double>());
    }

    [Fact]
    public void Later_inputs_have_the_channels_of_the_first()
    {
        LazyConv1d lazy = new(4, 3);
        lazy.Forward(Tensor.Full([3, 5], 0));
        string text = Assert.Throws<ShapeException>(() => lazy.Forward(Tensor.Full([1, 2, 5], 0))).Message;
        Assert.StartsWith("LazyConv1d: expected 3 channels, got 2 in shape [1, 2, 5]", text, StringComparison.Ordinal);
        Assert.StartsWith("LazyConv3d: 3 input and 4 output channels must both divide into 2 groups",
            Assert.Throws<InvalidArgumentException>(() => new LazyConv3d(4, 1, groups: 2).Forward(Tensor.Full([1, 3, 2, 2, 2], 0))).Message, StringComparison.Ordinal);
        Assert.StartsWith("LazyConv2d: groups must be >= 1, got 0", Assert.Throws<InvalidArgumentException>(() => new LazyConv2d(4, 1, groups: 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_makes_the_parameters_and_one_that_does_not_fit_makes_none()
    {
        using TemporaryFolder folder = new();
        Sequential plain = new(new Conv2d(3, 4, 3), new ReLU()), lazy = Network();
        Checkpoint.Save(folder["a"], plain);
        Checkpoint.Load(folder["a"], lazy);
        Assert.Equal(plain.State().SelectMany(p => p.ToArray()), lazy.State().SelectMany(p => p.ToArray()));
        foreach (Conv2d other in (Conv2d[])[new(3, 5, 3), new(3, 4, 2)])
        {
            Checkpoint.Save(folder["b"], new Sequential(other));
            lazy = Network();
            Assert.Equal(Unmade, Assert.Throws<InvalidArgumentException>(() => Checkpoint.Load(folder["b"], lazy)).Message);
        }
    }

    [Fact]
    public void A_summary_and_a_network_of_volumes_take_it_as_the_convolution_that_it_is()
    {
        Sequential network = Network();
        Assert.Equal(4 * 3 * 9 + 4, Summary.Of(network, [1, 3, 6, 6]).Parameters);
        IReadOnlyList<Parameter> state = network.State();
        network.ToVolumes();
        Assert.IsType<AcsConv3d>(network.Children[0].Child);
        Assert.Equal(state, network.State());
    }
}
