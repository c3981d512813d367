using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Modules;

/// <summary>Weights that are made of other parameters: what the recorded values of PyTorch leave open.</summary>
[Collection(TeamSize.Name)]
public class ParametrizationTests
{
    [Fact]
    public void A_layer_with_weight_norm_begins_as_it_was_and_has_the_state_of_PyTorch()
    {
        Conv2d layer = new(3, 4, 3);
        Tensor x = Tensor.Normal([1, 3, 5, 5]).Evaluate();
        float[] before = layer.Forward(x).ToArray();
        Assert.Same(layer, layer.WithWeightNorm());
        Assert.All(layer.Forward(x).ToArray().Zip(before), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        (string, Shape)[] state = [("bias", [4]), ("weight_g", [4, 1, 1, 1]), ("weight_v", [4, 3, 3, 3])];
        Assert.Equal(state, layer.State().Select(p => (p.Name, p.Shape)));
        Assert.All(layer.State(), p => Assert.True(p.IsTrainable));
        Assert.Equal([], new Linear(2, 3, bias: false).WithWeightNorm(null).State()[0].Shape);
    }

    [Fact]
    public void The_length_alone_scales_the_weight()
    {
        Linear layer = new Linear(2, 1, bias: false).WithWeightNorm();
        (Parameter g, Parameter v) = (layer.State()[0], layer.State()[1]);
        v.Assign([30f, 40]);
        g.Assign([10f]);
        Assert.Equal([6f], layer.Forward(Tensor.FromArray([1f, 0], [1, 2])).ToArray());
    }

    [Fact]
    public void Spectral_norm_finds_the_largest_singular_value_as_training_goes_on()
    {
        Settings.Seed = 1;
        Linear layer = new(2, 2, bias: false);
        layer.Weight.Assign([3f, 0, 0, 1]);
        layer.WithSpectralNorm();
        Tensor x = Tensor.FromArray([1f, 0, 0, 1], [2, 2]);
        for (int i = 0; i < 30; i++)
            layer.Forward(x).Evaluate();
        Assert.All(layer.Forward(x).ToArray().Zip([1f, 0, 0, 1 / 3f]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        string[] names = ["weight_orig", "weight_u", "weight_v"];
        Assert.Equal(names, layer.State().Select(p => p.Name));
        Assert.Equal(["weight_orig"], layer.Parameters().Select(p => p.Name));
    }

    [Fact]
    public void First_directions_have_length_1_and_only_training_moves_them()
    {
        ConvTranspose2d layer = new ConvTranspose2d(3, 4, 2).WithSpectralNorm();
        Parameter u = layer.State()[2], v = layer.State()[3];
        Assert.Equal([4], u.Shape);
        Assert.Equal([12], v.Shape);
        float[] first = u.ToArray();
        Assert.Equal(1, first.Sum(a => a * a), 1e-5);
        Assert.Equal(1, v.ToArray().Sum(a => a * a), 1e-5);
        Tensor x = Tensor.Normal([1, 3, 4, 4]);
        layer.Eval().Forward(x).Evaluate();
        Assert.Equal(first, u.ToArray());
        layer.Train().Forward(x).Evaluate();
        Assert.NotEqual(first, u.ToArray());
        Assert.Equal(1, u.ToArray().Sum(a => a * a), 1e-5);
    }

    [Fact]
    public void One_forward_through_three_views_is_one_step_of_the_power_iteration()
    {
        Conv2d flat = new(2, 3, 3);
        AcsConv3d views = new(2, 3, 3);
        views.Weight.Assign(flat.Weight);
        flat.WithSpectralNorm();
        views.WithSpectralNorm();
        foreach (var (to, from) in views.State().Zip(flat.State()))
            to.Assign(from);
        flat.Forward(Tensor.Full([1, 2, 4, 4], 1)).Evaluate();
        views.Forward(Tensor.Full([1, 2, 4, 4, 4], 1)).Evaluate();
        Assert.Equal(flat.State().Select(p => (p.Name, p.Shape)), views.State().Select(p => (p.Name, p.Shape)));
        Assert.Equal(flat.State()[2].ToArray(), views.State()[2].ToArray());
        Assert.Equal(flat.State()[3].ToArray(), views.State()[3].ToArray());
    }

    [Fact]
    public void Gradients_may_be_asked_for_after_the_value_and_after_later_forwards()
    {
        float[][] slopes = [.. new[] { false, true }.Select(late =>
        {
            Settings.Seed = 5;
            Linear layer = new Linear(3, 3).WithSpectralNorm();
            Tensor x = Tensor.Normal([2, 3]).Evaluate(), y = layer.Forward(layer.Forward(x));
            Tensor slope = Gradient.Of((y * y).Sum(), [layer.State()[1]])[0];
            if (late)
            {
                y.Evaluate();
                layer.Forward(x).Evaluate();
            }
            return slope.ToArray();
        })];
        Assert.All(slopes[0].Zip(slopes[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Contains(slopes[0], v => Math.Abs(v) > 1e-3);
    }

    [Fact]
    public void Recorded_steps_move_lengths_and_directions_as_steps_do() => Assert.Equal(Trained(recorded: false), Trained(recorded: true));

    private static float[] Trained(bool recorded)
    {
        Settings.Seed = 3;
        Sequential network = new(new Conv2d(2, 3, 3).WithWeightNorm(), new ReLU(), new Conv2d(3, 2, 3).WithSpectralNorm(), new Flatten(), new Linear(8, 3).WithSpectralNorm());
        Adam optimizer = new(network.Parameters(), 0.01);
        Tensor x = Tensor.Normal([4, 2, 6, 6]).Evaluate(), labels = Tensor.FromArray([0, 1, 2, 1], [4]);
        float[] before = [.. network.State().SelectMany(p => p.ToArray())];
        if (recorded)
        {
            RecordedStep step = optimizer.Record(Loss.CrossEntropy(network.Forward(x), labels), x, labels);
            for (int i = 0; i < 4; i++)
                step.Run(x, labels);
        }
        else
        {
            for (int i = 0; i < 4; i++)
                optimizer.Step(Loss.CrossEntropy(network.Forward(x), labels));
        }
        float[] after = [.. network.State().SelectMany(p => p.ToArray())];
        Assert.All(after.Zip(before), pair => Assert.NotEqual(pair.Second, pair.First));
        return after;
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Conv2d layer = new Conv2d(3, 4, 3).WithWeightNorm();
        const string made = "Conv2d 3->4 k3x3: its weight is made of 'weight_g' and 'weight_v', which take values in its place";
        Assert.Equal(made, Assert.Throws<InvalidArgumentException>(() => _ = layer.Weight).Message);
        Assert.Equal(made, Assert.Throws<InvalidArgumentException>(() => layer.WithSpectralNorm()).Message);
        Assert.Equal(made, Assert.Throws<InvalidArgumentException>(() => new Sequential(new ReLU(), layer).ToVolumes(VolumeForm.Inflated)).Message.Replace("1 (Conv2d 3->4 k3x3)", "Conv2d 3->4 k3x3"));
        Assert.Equal("axis 4 is outside -4..3 of shape [4, 3, 3, 3]", Assert.Throws<InvalidArgumentException>(() => new Conv2d(3, 4, 3).WithWeightNorm(4)).Message);
        Assert.Equal("Linear 2->3: spectral norm needs iterations >= 1 and eps > 0, got 0 and 1E-12",
            Assert.Throws<InvalidArgumentException>(() => new Linear(2, 3).WithSpectralNorm(0)).Message);
    }
}
