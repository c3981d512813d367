using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

/// <summary>Running statistics change once for each forward in training, however its result is asked for.</summary>
[Collection(TeamSize.Name)]
public class EffectTests
{
    public static TheoryData<string> Ways => [.. Cases.Keys];

    private static readonly Dictionary<string, Action<Tensor, Sequential, Optimizer>> Cases = new()
    {
        ["evaluated once"] = (y, _, _) => y.Evaluate(),
        ["evaluated twice"] = (y, _, _) => { y.Evaluate(); y.ToArray(); y.Evaluate(); },
        ["in a step"] = (y, _, optimizer) => optimizer.Step((y * y).Mean()),
        ["in a step, then read"] = (y, _, optimizer) => { optimizer.Step(Loss.L1(y, Tensor.Full(y.Shape, 0, y.Type))); y.ToArray(); },
        ["as a loss, then in a step"] = (y, _, optimizer) =>
        {
            Tensor loss = (y * y).Mean();
            loss.Evaluate();
            optimizer.Step(loss);
        },
        ["in two losses"] = (y, _, _) => { y.Sum().Evaluate(); (y * y).Sum().Evaluate(); },
        ["in two losses at once"] = (y, _, _) => Tensor.Evaluate(y.Sum(), (y * y).Sum()),
        ["after its gradient"] = (y, network, _) => { Tensor.Evaluate(Gradient.Of((y * y).Sum(), network.Parameters())); y.Evaluate(); },
        ["with its gradient"] = (y, network, _) => Tensor.Evaluate([y, .. Gradient.Of((y * y).Sum(), network.Parameters())]),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Of_one_forward_happen_once(string way)
    {
        var (network, x) = Make();
        Cases[way](network.Forward(x), network, new SGD(network.Parameters(), 0.1));
        AssertState(network, x, forwards: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_forwards_happen_twice_in_order_whichever_is_asked_for(bool both)
    {
        var (network, x) = Make();
        Tensor first = network.Forward(x), second = network.Forward(x);
        if (both)
            Tensor.Evaluate(first, second);
        else
            second.Evaluate();
        first.Evaluate();
        AssertState(network, x, forwards: 2);
    }

    [Fact]
    public void Do_not_happen_where_nothing_is_asked_for_or_in_inference()
    {
        var (network, x) = Make();
        _ = network.Eval().Forward(x).ToArray();
        AssertState(network, x, forwards: 0);
        network.Train().Forward(x);
        Tensor norm = network.State().Single(p => p.Name == "0.running_mean");
        // The statistic itself asks for it.
        Assert.Equal(Expected(x, 1).Mean, norm.ToArray<double>()[0], 1e-12);
    }

    [Fact]
    public void Happen_in_a_loop_as_if_each_step_stood_alone()
    {
        var (network, x) = Make();
        SGD optimizer = new(network.Parameters(), 0.01);
        for (int step = 0; step < 5; step++)
            optimizer.Step((network.Forward(x) * 0.5).Mean());
        AssertState(network, x, forwards: 5);
    }

    [Fact]
    public void Masks_differ_from_step_to_step_and_repeat_with_the_seed()
    {
        Dropout dropout = new(0.5);
        Tensor x = Tensor.Full([1, 256], 1);
        float[][] Draw()
        {
            Settings.Seed = 77;
            return [.. Enumerable.Range(0, 5).Select(_ => dropout.Forward(x).ToArray())];
        }

        float[][] first = Draw(), again = Draw();
        for (int i = 0; i < first.Length; i++)
        {
            Assert.Equal(first[i], again[i]);
            Assert.All(first[i], v => Assert.True(v is 0 or 2));
            Assert.InRange(first[i].Count(v => v == 0), 90, 166);
            for (int k = 0; k < i; k++)
                Assert.NotEqual(first[k], first[i]);
        }
        // One forward has one mask: in its value, and in its gradient, which is computed later.
        Tensor y = dropout.Forward(x);
        Assert.Equal(y.ToArray(), Gradient.Of(y.Sum(), [x])[0].ToArray());
        Settings.Seed = 78;
        Assert.NotEqual(first[0], dropout.Forward(x).ToArray());
    }

    private static (Sequential Network, Tensor X) Make()
    {
        Sequential network = new(new BatchNorm1d(1, momentum: 0.25));
        network.To(ElementType.Float64);
        return (network, Tensor.FromArray([1.0, 2, 4, 5], [4, 1]));
    }

    /// <summary>The running mean and unbiased variance after some forwards of the same values, from 0 and 1.</summary>
    private static (double Mean, double Variance) Expected(Tensor x, int forwards)
    {
        double mean = 0, variance = 1;
        for (int i = 0; i < forwards; i++)
        {
            mean += (x.Mean().Item() - mean) * 0.25;
            variance += (x.Variance().Item() - variance) * 0.25;
        }
        return (mean, variance);
    }

    private static void AssertState(Sequential network, Tensor x, int forwards)
    {
        Dictionary<string, double> state = network.State().Where(p => !p.IsTrainable).ToDictionary(p => p.Name, p => p.ToArray<double>()[0]);
        Assert.Equal(forwards, state["0.num_batches_tracked"]);
        Assert.Equal(Expected(x, forwards).Mean, state["0.running_mean"], 1e-12);
        Assert.Equal(Expected(x, forwards).Variance, state["0.running_var"], 1e-12);
    }
}
