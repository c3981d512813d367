using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

public class PlanTests
{
    public static TheoryData<string> Networks => [.. Cases.Keys];

    private static readonly Dictionary<string, (Func<Module> Make, int[] Input)> Cases = new()
    {
        ["LeNet"] = (() => new LeNet(), [2, 1, 28, 28]),
        ["U-Net"] = (() => new UNet(new UNetOptions(1, 2, 2, BaseWidth: 2, Levels: 2, Padded: true, Normalization.Batch, TransposedUpsampling: false, Dropout: 0.5)), [1, 1, 8, 12]),
        ["mixed"] = (() => new Sequential(new Conv2d(1, 4, 3, padding: 1, paddingMode: PaddingMode.Reflect), new GroupNorm(2, 4), new SiLU(), new MaxPool2d(3, 2, 1, ceilMode: true),
            new AdaptiveMaxPool2d([3, -1]), new LocalResponseNorm(3), new PixelUnshuffle(1), new Upsample([5, 4], mode: "bicubic"), new Flatten(), new Linear(80, 3), new Dropout()), [2, 1, 9, 8]),
        ["lines"] = (() => new Sequential(new Conv1d(1, 3, 4, padding: "same"), new BatchNorm1d(3), new ReplicationPad1d(2), new AvgPool1d(2), new ELU(), new ConvTranspose1d(3, 2, 2, 2)), [2, 1, 11]),
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_training_loop_plans_once(string name)
    {
        var (make, input) = Cases[name];
        Module network = make();
        Adam optimizer = new(network.Parameters(), 1e-3) { ClipNorm = 1 };
        int made = 0;
        for (int step = 0; step < 4; step++)
        {
            Tensor y = network.Forward(Tensor.Normal(input)), loss = Loss.MeanSquaredError(y, Tensor.Full(y.Shape, 0));
            optimizer.LearningRate = 1e-3 / (step + 1);
            optimizer.Step(loss);
            _ = loss.Item();
            _ = y.ToArray();
            if (step == 0)
                made = Planner.Made;
        }
        Assert.Equal(made, Planner.Made);
    }

    [Fact]
    public void Other_shapes_are_other_plans_and_old_ones_are_remembered()
    {
        Conv2d conv = new(1, 2, 3);
        _ = conv.Forward(Tensor.Full([1, 1, 5, 5], 1)).ToArray();
        int made = Planner.Made;
        _ = conv.Forward(Tensor.Full([1, 1, 5, 6], 1)).ToArray();
        Assert.Equal(made + 1, Planner.Made);
        _ = conv.Forward(Tensor.Full([1, 1, 5, 5], 1)).ToArray();
        Assert.Equal(made + 1, Planner.Made);
    }

    [Fact]
    public void A_step_keeps_the_loss_and_the_predictions_it_was_computed_from()
    {
        Linear layer = new(2, 2);
        layer.Weight.Assign([1f, 2, 3, 4]);
        layer.Bias!.Assign([0f, 0]);
        Tensor x = Tensor.FromArray([1f, 1, 2, 0], [2, 2]), y = layer.Forward(x), loss = Loss.MeanSquaredError(y, Tensor.Full([2, 2], 0));
        SGD optimizer = new(layer.Parameters(), 0.1);
        optimizer.Step(loss);
        int made = Planner.Made;
        Assert.Equal([3f, 7, 2, 6], y.ToArray());
        Assert.Equal((9 + 49 + 4 + 36) / 4.0, loss.Item());
        Assert.Equal(made, Planner.Made);
        Assert.NotEqual([1f, 2, 3, 4], layer.Weight.ToArray());
    }

    [Fact]
    public void A_tensor_whose_parameter_has_changed_is_right_or_an_error_that_names_the_cure()
    {
        const string Cure = "this tensor was built from parameter '0.weight' before it was changed; call Forward again, or ask for the value before the change (Evaluate, Item, ToArray)";
        Sequential network = new(new Linear(1, 1, bias: false));
        Parameter weight = network.Parameters()[0];
        weight.Assign([2f]);
        Tensor x = Tensor.FromArray([3f], [1, 1]), known = network.Forward(x), unknown = network.Forward(x) + 1, kept = network.Forward(x);
        known.Evaluate();
        SGD optimizer = new(network.Parameters(), 0.5);
        optimizer.Step(kept.Sum());
        Assert.Equal(6, known.Item());
        Assert.Equal(Cure, Assert.Throws<VoluteException>(() => unknown.Item()).Message);
        Assert.Equal(Cure, Assert.Throws<VoluteException>(() => Gradient.Of(known * known, [weight])[0].Item()).Message);
        Assert.Equal(0.5 * 3, network.Forward(x).Item());
        Tensor before = network.Forward(x);
        weight.Assign([7f]);
        Assert.Equal(Cure, Assert.Throws<VoluteException>(() => before.Item()).Message);
        Assert.Equal(21, network.Forward(x).Item());
    }

    [Fact]
    public void A_failed_step_changes_neither_the_count_nor_the_rates_of_the_next()
    {
        Parameter weight = new([2], 1, type: ElementType.Float64), twin = new([2], 1, type: ElementType.Float64);
        Adam optimizer = new([weight], 0.1), other = new([twin], 0.1);
        Tensor wrong = Loss.CrossEntropy(weight.Unsqueeze(0), Tensor.FromArray([5], [1]));
        Assert.Throws<InvalidArgumentException>(() => optimizer.Step(wrong));
        Assert.Equal(0, optimizer.Steps);
        for (int i = 0; i < 3; i++)
        {
            optimizer.Step(Loss.CrossEntropy(weight.Unsqueeze(0), Tensor.FromArray([1], [1])));
            other.Step(Loss.CrossEntropy(twin.Unsqueeze(0), Tensor.FromArray([1], [1])));
        }
        Assert.Equal(twin.ToArray<double>(), weight.ToArray<double>());
    }

    [Fact]
    public void The_table_names_operators_algorithms_shapes_and_bytes()
    {
        Sequential network = new(new Conv2d(1, 2, 3), new ReLU());
        Plan plan = network.Forward(Tensor.Full([1, 1, 8, 8], 1).Evaluate()).Plan();
        string[] lines = plan.ToString().Split('\n');
        Assert.Equal(1, plan.Steps);
        Assert.Equal(["0", "convolution+relu", "planar", "[1,", "2,", "6,", "6]", "0.00", "0.6", "output", "0", "0", "(Conv2d", "1->2", "k3x3)"],
            lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(2 * 36 * 9, plan.Multiplies);
        Assert.Equal(4 * (64 + 18 + 2), plan.LeafBytes);
        Assert.Equal(4 * 72, plan.OutputBytes);
        Assert.Contains($"peak {plan.PeakBytes:N0} bytes", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_reserved_is_what_the_plan_said()
    {
        Tensor x = Tensor.Full([5, 1 << 20], 0.5).Evaluate(), y = (x.Softmax(0) * x.LogSoftmax(0)).Sum([0]) * x.Slice(0, 0, 1);
        Plan plan = y.Plan();
        y.Evaluate();
        Assert.Equal(4 * (5 << 20), plan.LeafBytes);
        Assert.Equal(4 << 20, plan.OutputBytes);
        // Larger than any other test's: so the arena that is just large enough is this plan's.
        Arena arena = Arena.Rent(plan.ArenaBytes);
        Assert.Equal(plan.ArenaBytes, arena.Bytes);
        arena.Return();
        Assert.Equal(plan.ArenaBytes + plan.LeafBytes + plan.OutputBytes, plan.PeakBytes);
        Assert.InRange(plan.ArenaBytes, 2 * (20 << 20), 3 * (20 << 20));
    }

    [Fact]
    public void A_plan_runs_on_several_threads_at_once()
    {
        UNet network = new(new UNetOptions(1, 2, 2, BaseWidth: 3, Levels: 2, Padded: true));
        network.Eval();
        Tensor[] inputs = [.. Enumerable.Range(0, 8).Select(_ => Tensor.Normal([1, 1, 16, 16]).Evaluate())];
        float[][] expected = [.. inputs.Select(x => network.Forward(x).ToArray())], actual = new float[64][];
        Parallel.For(0, 64, i => actual[i] = network.Forward(inputs[i % 8]).ToArray());
        for (int i = 0; i < 64; i++)
            Assert.Equal(expected[i % 8], actual[i]);
    }

    [Theory]
    [InlineData("SGD", 2)]
    [InlineData("Adam", 3)]
    [InlineData("RMSprop", 3)]
    public void An_update_writes_parameters_and_what_is_remembered_in_place(string name, int tensors)
    {
        UNet network = new(new UNetOptions(BaseWidth: 8, Levels: 3));
        Optimizer optimizer = name switch
        {
            "SGD" => new SGD(network.Parameters(), 0.1, 0.9, nesterov: true),
            "Adam" => new Adam(network.Parameters(), 0.1),
            _ => new RMSprop(network.Parameters(), 0.1, momentum: 0.9),
        };
        Plan plan = optimizer.Plan(Loss.CrossEntropy(network.Forward(Tensor.Normal([1, 1, 60, 60])), Tensor.Full([1, 20, 20], 1, ElementType.Int32)));
        Assert.Equal(tensors * network.Parameters().Count, plan.Order.SelectMany(s => s.Further.Append(s.Operands[0].Buffer)).Count(buffer => plan.Buffers[buffer].Place == Place.Leaf));
        Assert.All(plan.Order, s => Assert.NotEqual("assign", s.Operator));
    }

    [Fact]
    public void A_hundred_thousand_nodes_are_evaluated_and_differentiated_without_recursion()
    {
        Tensor x = Tensor.FromArray([0.5, 1], [2]), y = x;
        for (int i = 0; i < 50_000; i++)
            y = y * 1.00001 + 1e-6;
        Tensor slope = Gradient.Of(y.Sum(), [x])[0];
        // No pass takes more than some dozens of them.
        Assert.True(y.Plan().Steps >= 100_000 / 40);
        Assert.Equal(Math.Pow(1.00001, 50_000), slope.ToArray<double>()[1], 1e-9);
        Assert.Equal(0.5 * Math.Pow(1.00001, 50_000) + 0.1 * (Math.Pow(1.00001, 50_000) - 1), y.ToArray<double>()[0], 1e-9);
    }

    [Fact]
    public void A_gradient_that_needs_every_one_of_thirty_thousand_values_is_planned_in_seconds()
    {
        Tensor x = Tensor.FromArray([0.5], [1]), y = x;
        double expected = 0.5, slope = 1;
        for (int i = 0; i < 30_000; i++)
        {
            y = y.Tanh();
            expected = Math.Tanh(expected);
            slope *= 1 - expected * expected;
        }
        Assert.Equal(slope, Gradient.Of(y.Sum(), [x])[0].ToArray<double>()[0], 1e-12);
    }

    [Fact]
    public void The_plan_of_a_step_is_the_one_that_the_step_runs()
    {
        Sequential network = new(new Conv2d(1, 3, 3), new BatchNorm2d(3), new ReLU(), new Flatten(), new Linear(48, 2));
        Adam optimizer = new(network.Parameters(), 0.01);
        Tensor x = Tensor.Normal([2, 1, 6, 6]), labels = Tensor.FromArray([0, 1], [2]);
        float[] Weights() => [.. network.Parameters().SelectMany(p => p.ToArray())];
        float[] before = Weights();
        Tensor loss = Loss.CrossEntropy(network.Forward(x), labels);
        int made = Planner.Made;
        Plan plan = optimizer.Plan(loss);
        Assert.Equal(made + 1, Planner.Made);
        Assert.Equal(0, optimizer.Steps);
        Assert.Equal(before, Weights());
        optimizer.Step(loss);
        Assert.Equal(made + 1, Planner.Made);
        Assert.NotEqual(before, Weights());
        Assert.Contains("convolution weight", plan.ToString());
        Assert.InRange(plan.PeakBytes, 2 * 36 * 4, 1_000_000);
    }

    [Fact]
    public void First_values_are_drawn_when_they_are_asked_for_and_never_where_others_take_their_place()
    {
        float[] Drawn(bool early)
        {
            Settings.Seed = 5;
            Conv2d first = new(1, 2, 3), second = new(2, 1, 3);
            if (early)
                second.Weight.ToArray();
            first.Weight.Assign(first.Weight);
            return [.. first.Weight.ToArray(), .. second.Weight.ToArray()];
        }
        Assert.Equal(Drawn(early: true), Drawn(early: false));

        int made = Planner.Made;
        Conv2d given = new(3, 5, 7, bias: false);
        Initialize.KaimingNormal(given.Weight);
        given.Weight.Assign(new float[3 * 5 * 7 * 7]);
        Assert.All(given.Weight.ToArray(), v => Assert.Equal(0, v));
        Assert.Equal(made, Planner.Made);
        Initialize.KaimingNormal(given.Weight);
        Assert.DoesNotContain(0, given.Weight.ToArray());
    }

    [Fact]
    public void First_values_are_drawn_once_for_all_threads()
    {
        Parameter weight = Initialize.Normal([40_000], 1);
        float[][] seen = new float[8][];
        Parallel.For(0, seen.Length, i => seen[i] = weight.ToArray());
        Assert.All(seen, values => Assert.Equal(seen[0], values));
        Assert.InRange(seen[0].Average(v => v * (double)v), 0.97, 1.03);
    }

    [Fact]
    public void Weights_are_prepared_once_and_anew_when_they_have_changed()
    {
        Sequential network = new(new Conv2d(16, 24, 3, padding: 1), new ReLU(), new ConvTranspose2d(24, 16, 2, stride: 2), new Conv2d(16, 16, 1));
        SGD optimizer = new(network.Parameters(), 0.1);
        Tensor x = Tensor.Normal([1, 16, 9, 7]).Evaluate();
        Assert.True(network.Forward(x).Plan().PreparedBytes > 4 * 16 * 24 * 9);
        Assert.Equal(0, optimizer.Plan(network.Forward(x).Sum()).PreparedBytes);
        for (int change = 0; change < 4; change++)
        {
            // The first run packs for itself, the second keeps what it has packed, the third reads that.
            float[][] runs = [.. Enumerable.Range(0, 3).Select(_ => network.Forward(x).ToArray())];
            Sequential same = new(new Conv2d(16, 24, 3, padding: 1), new ReLU(), new ConvTranspose2d(24, 16, 2, stride: 2), new Conv2d(16, 16, 1));
            foreach (var (mine, theirs) in same.Parameters().Zip(network.Parameters()))
                mine.Assign(theirs.ToArray());
            float[] expected = same.Forward(x).ToArray();
            Assert.All(runs, run => Assert.Equal(expected, run));
            if (change % 2 == 0)
                optimizer.Step((network.Forward(x) * network.Forward(x)).Mean());
            else
                network.Parameters()[0].Assign([.. network.Parameters()[0].ToArray().Select(v => -v)]);
            Assert.NotEqual(expected, network.Forward(x).ToArray());
        }
    }

    [Fact]
    public void Prepared_weights_go_with_their_network()
    {
        WeakReference Predict()
        {
            Conv2d layer = new(32, 32, 3, padding: 1);
            Tensor x = Tensor.Full([1, 32, 8, 8], 1);
            for (int i = 0; i < 3; i++)
                layer.Forward(x).Evaluate();
            return new WeakReference(layer.Weight.Storage);
        }

        WeakReference storage = Predict();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(storage.IsAlive);
    }
}
