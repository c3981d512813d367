using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

[Collection(TeamSize.Name)]
public class RecordedTests
{
    private const int Steps = 6;

    private static readonly int[] s_input = [4, 2, 12, 12];

    private static readonly Dictionary<string, Func<IEnumerable<Parameter>, Optimizer>> s_optimizers = new()
    {
        ["SGD"] = p => new SGD(p, 0.05),
        ["SGD with dampening and clipping"] = p => new SGD(p, 0.05, momentum: 0.9, dampening: 0.3, weightDecay: 1e-3) { ClipNorm = 0.5 },
        ["SGD with Nesterov"] = p => new SGD(p, 0.05, momentum: 0.9, nesterov: true),
        ["Adam"] = p => new Adam(p, 0.01, amsgrad: true),
        ["AdamW"] = p => new AdamW(p, 0.01),
        ["RMSprop"] = p => new RMSprop(p, 0.01, momentum: 0.5, centered: true),
    };

    public static TheoryData<string> Optimizers => [.. s_optimizers.Keys];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Recorded_steps_give_the_bits_of_steps(string optimizer) => Assert.Equal(Train(optimizer, recorded: false), Train(optimizer, recorded: true));

    [Fact]
    public void Recorded_steps_and_steps_may_take_turns() => Assert.Equal(Train("Adam", recorded: false), Train("Adam", recorded: true, taking: step => step % 3 != 1));

    [Fact]
    public void A_recorded_step_allocates_no_managed_memory()
    {
        // Strided, grouped, depthwise, transposed, dilated, few channels, 1x1; both paddings, pools and both kinds of statistics.
        Sequential network = new(
            new Conv2d(2, 16, 3, padding: 1), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2), new Conv2d(16, 16, 3, padding: 1, groups: 16), new ReLU6(),
            new Conv2d(16, 24, 1), new InstanceNorm2d(24), new GELU(), new Conv2d(24, 24, 3, stride: 2, padding: 1, groups: 6), new SiLU(),
            new ConvTranspose2d(24, 18, 2, stride: 2), new Conv2d(18, 20, 3, padding: 2, dilation: 2), new ReLU(), new Upsample(2, "bilinear"), new Conv2d(20, 2, 3, padding: 1),
            new Dropout(0.1), new AdaptiveAvgPool2d(3), new Flatten(), new Linear(18, 5));
        AllocatesNothing(network);
    }

    [Fact]
    public void A_recorded_step_of_strides_by_nodes_allocates_no_managed_memory()
    {
        string? before = ConvolutionRegistry.Force;
        ConvolutionRegistry.Force = "winograd4x2";
        try
        {
            AllocatesNothing(new(
                new Conv2d(2, 16, 3, stride: 2, padding: 1), new BatchNorm2d(16), new ReLU(), new ConvTranspose2d(16, 20, 4, stride: 2, padding: 1), new BatchNorm2d(20),
                new Conv2d(20, 18, 4, stride: 2, padding: 1), new AdaptiveAvgPool2d(1), new Flatten(), new Linear(18, 5)));
        }
        finally
        {
            ConvolutionRegistry.Force = before;
        }
    }

    private static void AllocatesNothing(Sequential network)
    {
        Adam optimizer = new(network.Parameters(), 1e-3);
        Tensor x = Tensor.Normal([4, 2, 24, 24]).Evaluate(), labels = Tensor.FromArray([0, 1, 2, 4], [4]);
        RecordedStep step = optimizer.Record(Loss.CrossEntropy(network.Forward(x), labels), x, labels);
        long allocated = 0;
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            step.Run(x, labels);
            // The first rounds compile, start workers and fill the pools.
            allocated += round < 10 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
        Assert.Equal(20, optimizer.Steps);
    }

    [Fact]
    public void What_was_built_before_a_recorded_step_is_refused_and_what_is_built_after_it_is_right()
    {
        Linear layer = new(3, 1, bias: false);
        SGD optimizer = new(layer.Parameters(), 0.5);
        Tensor x = Tensor.FromArray([1f, 2, 3], [1, 3]);
        RecordedStep step = optimizer.Record(layer.Forward(x).Sum(), x);
        layer.Weight.Assign([1, 1, 1]);
        step.Run(x);
        for (int run = 2; run <= 3; run++)
        {
            Tensor old = layer.Forward(x);
            step.Run(x);
            Assert.StartsWith("this tensor was built from parameter 'weight' before it was changed", Assert.Throws<VoluteException>(() => old.Evaluate()).Message);
            Assert.Equal([1 - run * 0.5f, 1 - run * 1f, 1 - run * 1.5f], layer.Weight.ToArray());
            Assert.Equal(6 - run * 7, layer.Forward(x).Item());
        }
    }

    [Fact]
    public void Recording_does_no_step()
    {
        Linear layer = new(2, 2);
        float[] before = layer.Weight.ToArray();
        SGD optimizer = new(layer.Parameters(), 1);
        Tensor x = Tensor.FromArray([1f, 2], [1, 2]);
        RecordedStep step = optimizer.Record(layer.Forward(x).Sum(), x);
        Assert.Equal(0, optimizer.Steps);
        Assert.Equal(before, layer.Weight.ToArray());
        Assert.Contains("descend", step.Plan.ToString());
    }

    [Fact]
    public void Wrong_inputs_are_named()
    {
        Linear layer = new(2, 2);
        SGD optimizer = new(layer.Parameters(), 1);
        Tensor x = Tensor.FromArray([1f, 2], [1, 2]), other = Tensor.FromArray([1f], [1]);
        RecordedStep step = optimizer.Record(layer.Forward(x).Sum(), x);

        Assert.Equal("a recorded step of 1 inputs got 0", Assert.Throws<InvalidArgumentException>(() => step.Run()).Message);
        Assert.Equal("input 0 of a recorded step must be float32 of shape [1, 2], got float32 of shape [1]; record another one for it",
            Assert.Throws<InvalidArgumentException>(() => step.Run(other)).Message);
        Assert.Equal("input 1 of a recorded step, [1], is not read by it",
            Assert.Throws<InvalidArgumentException>(() => optimizer.Record(layer.Forward(x).Sum(), x, other)).Message);
        Tensor twice = x * 2;
        Assert.Equal("input 0 of a recorded step must hold data, got an expression of shape [1, 2]; evaluate it, or pass what it is computed from",
            Assert.Throws<InvalidArgumentException>(() => optimizer.Record(layer.Forward(twice).Sum(), twice)).Message);
        Tensor known = layer.Forward(x).Sum().Evaluate();
        Assert.Equal("what a recorded step computes has been evaluated already; record it before it is asked for",
            Assert.Throws<InvalidArgumentException>(() => optimizer.Record(known, x)).Message);
        Assert.Equal(0, optimizer.Steps);
        layer.To(ElementType.Float64);
        Assert.Equal("parameter 'weight' is now float64 and was not when the recorded step was made; record it again",
            Assert.Throws<VoluteException>(() => step.Run(x)).Message);
    }

    [Fact]
    public void A_recorded_prediction_takes_other_pictures_and_the_weights_as_they_are_and_allocates_no_managed_memory()
    {
        Sequential network = new(new Conv2d(1, 4, 3), new BatchNorm2d(4), new ReLU(), new Flatten(), new Linear(400, 3));
        network.Eval();
        Tensor first = Tensor.Normal([2, 1, 12, 12]).Evaluate(), second = Tensor.Normal([2, 1, 12, 12]).Evaluate();
        RecordedPrediction prediction = network.Forward(first).Record(first);
        float[] scores = new float[6];
        long allocated = 0;
        for (int round = 0; round < 20; round++)
        {
            if (round is 5 or 15)
                network.Parameters()[0].Assign(Tensor.Normal(network.Parameters()[0].Shape));
            Tensor x = round % 2 == 0 ? first : second;
            float[] expected = network.Forward(x).ToArray();
            long before = GC.GetAllocatedBytesForCurrentThread();
            prediction.Run<float>(x).FlattenTo(scores);
            // The first rounds compile; prepared weights are made anew when the weights have changed.
            allocated += round is < 10 or 15 or 16 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(expected, scores);
        }
        Assert.Equal(0, allocated);
        Assert.Equal("a recorded prediction of 1 inputs got 2", Assert.Throws<InvalidArgumentException>(() => prediction.Run<float>(first, second)).Message);
    }

    /// <summary>Losses, weights and running statistics of some steps with a rate that changes.</summary>
    private static float[] Train(string name, bool recorded, Func<int, bool>? taking = null)
    {
        Settings.Seed = 3;
        Sequential network = new(new Conv2d(2, 6, 3), new BatchNorm2d(6), new ReLU(), new Dropout(0.3), new Flatten(), new Dropout(0.2), new Linear(600, 4));
        Optimizer optimizer = s_optimizers[name](network.Parameters());
        (Tensor X, Tensor Labels)[] batches = [.. Enumerable.Range(0, Steps).Select(i => (Tensor.Normal(s_input).Evaluate(), Tensor.FromArray([i % 4, 1, 2, 3], [4])))];
        List<float> all = [];
        RecordedStep? step = null;
        for (int i = 0; i < Steps; i++)
        {
            optimizer.LearningRate *= 0.8;
            if (recorded && (taking?.Invoke(i) ?? true))
            {
                step ??= optimizer.Record(Loss.CrossEntropy(network.Forward(batches[0].X), batches[0].Labels), batches[0].X, batches[0].Labels);
                all.Add((float)step.Run(batches[i].X, batches[i].Labels));
                continue;
            }
            Tensor loss = Loss.CrossEntropy(network.Forward(batches[i].X), batches[i].Labels);
            optimizer.Step(loss);
            all.Add((float)loss.Item());
        }
        foreach (Parameter parameter in network.State().Concat(optimizer.State.OrderBy(s => s.Key).Select(s => s.Value)))
            all.AddRange(parameter.ToArray());
        Assert.All(all, value => Assert.True(float.IsFinite(value)));
        return [.. all];
    }
}
