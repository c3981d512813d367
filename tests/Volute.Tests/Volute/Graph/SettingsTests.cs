using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

/// <summary>The switches of the process: alone, because others would see them.</summary>
[Collection(TeamSize.Name)]
public class SettingsTests
{
    [Fact]
    public void Eager_evaluation_gives_the_bits_of_plans()
    {
        float[] planned = Train(), eager;
        Settings.Eager = true;
        try
        {
            eager = Train();
        }
        finally
        {
            Settings.Eager = false;
        }
        Assert.Equal(planned, eager);
    }

    [Fact]
    public void Eager_tensors_have_their_values_at_once()
    {
        Settings.Eager = true;
        try
        {
            Tensor y = Tensor.Full([2], 3) * 2 + 1;
            Assert.NotNull(y.Node.Value);
        }
        finally
        {
            Settings.Eager = false;
        }
        Assert.Null((Tensor.Full([2], 3) * 2 + 1).Node.Value);
    }

    [Fact]
    public void CheckNumerics_names_the_operator_the_module_and_the_line()
    {
        Sequential network = new(new Linear(1, 1), new Logarithm());
        network.Parameters()[0].Assign([-1f]);
        network.Parameters()[1].Assign([0f]);
        Tensor x = Tensor.FromArray([2f], [1, 1]);
        Assert.True(double.IsNaN(network.Forward(x).Item()));
        Settings.CheckNumerics = true;
        try
        {
            Tensor y = network.Forward(x);
            string text = Assert.Throws<VoluteException>(() => y.Item()).Message;
            Assert.Matches(@"^log in 1 \(Logarithm\) at SettingsTests\.cs:\d+ made a NaN or an infinity \(output \[1, 1\]\)$", text);
            Assert.Equal(Math.Log(2), network.Forward(Tensor.FromArray([-2f], [1, 1])).Item(), 1e-6);
        }
        finally
        {
            Settings.CheckNumerics = false;
        }
    }

    [Fact]
    public void CheckNumerics_finds_scores_that_softmax_cannot_take_and_leaves_large_ones_alone()
    {
        Settings.CheckNumerics = true;
        try
        {
            float[] large = Tensor.FromArray([1e4f, -1e4f, 0], [1, 3]).Softmax(1).ToArray();
            Assert.Equal([1f, 0, 0], large);
            Tensor none = Tensor.Full([1, 3], double.NegativeInfinity).Softmax(1);
            Assert.StartsWith("softmax", Assert.Throws<VoluteException>(() => none.ToArray()).Message, StringComparison.Ordinal);
        }
        finally
        {
            Settings.CheckNumerics = false;
        }
    }

    [Fact]
    public void A_step_whose_loss_is_not_a_number_names_the_first_bad_operator()
    {
        Linear layer = new(1, 1);
        layer.Weight.Assign([-1f]);
        layer.Bias!.Assign([0f]);
        Settings.CheckNumerics = true;
        try
        {
            Tensor loss = layer.Forward(Tensor.FromArray([2f], [1, 1])).Sqrt().Sum();
            string text = Assert.Throws<VoluteException>(() => new SGD(layer.Parameters(), 1).Step(loss)).Message;
            Assert.StartsWith("sqrt at SettingsTests.cs:", text, StringComparison.Ordinal);
            Assert.Equal([-1f], layer.Weight.ToArray());
        }
        finally
        {
            Settings.CheckNumerics = false;
        }
    }

    [Fact]
    public void Profiling_adds_milliseconds_to_the_table()
    {
        Tensor x = Tensor.Full([64], 2);
        Tensor y = (x.Evaluate() * 3).Exp();
        Plan plan = y.Plan();
        Assert.DoesNotContain(" ms", plan.ToString().Split('\n')[0], StringComparison.Ordinal);
        Settings.Profile = true;
        try
        {
            y.Evaluate();
        }
        finally
        {
            Settings.Profile = false;
        }
        Assert.Contains(" ms", plan.ToString().Split('\n')[0], StringComparison.Ordinal);
    }

    private static float[] Train()
    {
        Settings.Seed = 3;
        Sequential network = new(new Conv2d(1, 3, 3, padding: 1), new BatchNorm2d(3), new ReLU(), new MaxPool2d(2), new Dropout(0.3), new Conv2d(3, 2, 2), new Tanh(), new Flatten(), new Linear(12, 3));
        Adam optimizer = new(network.Parameters(), 0.01) { ClipNorm = 1 };
        List<float> all = [];
        for (int step = 0; step < 5; step++)
        {
            Tensor y = network.Forward(Tensor.Normal([2, 1, 6, 8])), loss = Loss.CrossEntropy(y, Tensor.FromArray([0, 2], [2]));
            optimizer.Step(loss);
            all.Add((float)loss.Item());
            all.AddRange(y.ToArray());
        }
        network.Eval();
        all.AddRange(network.Forward(Tensor.Full([1, 1, 6, 8], 0.5)).ToArray());
        foreach (Parameter parameter in network.State().Concat(optimizer.State.OrderBy(s => s.Key).Select(s => s.Value)))
            all.AddRange(parameter.ToArray());
        return [.. all];
    }

    private sealed class Logarithm : Layer
    {
        protected override Tensor Apply(Tensor x) => x.Log() * 1;
    }
}
