using Volute.Kernels;

namespace Volute.Tests.Graph;

/// <summary>What shares a pass over memory: seen in the plan's steps.</summary>
public class FusionTests
{
    private static string[] Steps(Plan plan) => [.. plan.Order.Select(s => s.Operator)];

    [Fact]
    public void A_convolution_takes_folded_normalization_residual_and_activation_into_its_pass()
    {
        Sequential network = new(new Conv2d(3, 8, 3, padding: 1, bias: false), new BatchNorm2d(8));
        network.Eval();
        Tensor x = Tensor.Normal([2, 3, 9, 9]).Evaluate(), residual = Tensor.Normal([2, 8, 9, 9]).Evaluate();
        Tensor y = (network.Forward(x) + residual).Relu();
        Assert.Equal(["convolution+standardize+add+relu"], Steps(y.Plan()));
        Tensor apart = (network.Forward(x).Evaluate() + residual).Relu();
        Assert.Equal(apart.ToArray(), y.ToArray());
    }

    public static TheoryData<string> Endings => ["norm", "relu", "relu6", "hardtanh", "clamp", "leaky", "residual", "relu of the residual", "the norm twice", "the result twice"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void What_tiles_do_to_their_results_has_the_bits_of_passes_over_memory(string ending)
    {
        // Pointwise, with borders, by stride, channel by channel, of less than a vector of channels, by Winograd, and transposed.
        Module[] convolutions =
        [
            new Conv2d(24, 40, 1), new Conv2d(24, 40, 3, padding: 1), new Conv2d(24, 36, 3, stride: 2, padding: 2), new Conv2d(24, 24, 3, padding: 1, groups: 24),
            new Conv2d(24, 5, 1), new Conv2d(24, 12, 3, padding: 1), new Conv2d(24, 8, 3, padding: 1, groups: 4), new Conv2d(24, 64, 3, padding: 1),
            new ConvTranspose2d(24, 20, 3, stride: 2),
        ];
        foreach (Module convolution in convolutions)
        {
            Tensor x = Tensor.Normal([2, 24, 19, 21]).Evaluate(), result = convolution.Forward(x).Evaluate(), residual = Tensor.Normal(result.Shape).Evaluate();
            BatchNorm2d norm = new(result.Shape[1]);
            norm.Forward(Tensor.Normal([4, result.Shape[1], 3, 3]) * 2 + 0.5).Evaluate();
            norm.Weight!.Assign(Tensor.Normal([result.Shape[1]]));
            norm.Eval();
            Tensor fused = End(ending, norm, convolution.Forward(x), residual, value => value), apart = End(ending, norm, result, residual, value => value.Evaluate());
            Assert.Single(Steps(fused.Plan()));
            Assert.Equal(apart.ToArray(), fused.ToArray());
        }
    }

    private static Tensor End(string ending, Module norm, Tensor y, Tensor residual, Func<Tensor, Tensor> between)
    {
        Tensor normed = between(norm.Forward(y));
        return ending switch
        {
            "norm" => normed,
            "relu" => normed.Relu(),
            "relu6" => normed.HardTanh(0, 6),
            "hardtanh" => normed.HardTanh(-0.25, 0.5),
            "clamp" => normed.Clamp(high: 0.125),
            "leaky" => normed.LeakyRelu(0.1),
            "residual" => normed + residual,
            "relu of the residual" => between(between(normed.Relu()) + residual).Relu(),
            "the norm twice" => between(normed.Relu()) * normed,
            _ => between(normed.Relu()) * y,
        };
    }

    [Fact]
    public void The_gradient_of_batch_norm_and_relu_reads_its_maps_in_two_passes_and_writes_one()
    {
        BatchNorm2d norm = new(4);
        Tensor x = Tensor.Normal([2, 4, 16, 16]).Evaluate(), up = Tensor.Normal([2, 4, 16, 16]).Evaluate();
        Tensor y = norm.Forward(x).Relu().Evaluate(), slope = Gradient.Of(y, up, [x])[0];
        string[] large = [.. slope.Plan().Order.Where(s => s.Traffic > x.Shape.Elements * sizeof(float)).Select(s => s.Operator)];
        Assert.Equal(2, large.Count(name => name.StartsWith("rectifiergate", StringComparison.Ordinal)));
        Assert.Equal(1, large.Count(name => name == "moments"));
        Assert.Equal(3, large.Length);
    }

    [Fact]
    public void Equal_operators_of_equal_inputs_are_one()
    {
        Tensor x = Tensor.Normal([64]).Evaluate();
        Assert.Equal(1, (x.Softmax(0) * x.Softmax(0)).Plan().Order.Count(s => s.Operator == "softmax"));
    }

    [Fact]
    public void A_convolution_reads_crops_and_parts_of_joined_maps_where_they_lie()
    {
        Tensor x = Tensor.Normal([2, 6, 12, 12]).Evaluate(), w = Tensor.Normal([4, 3, 3, 3]).Evaluate();
        Window window = new(new WindowAxis(3), new WindowAxis(3));
        Tensor part = x.Slice(1, 3, 3).Slice(2, 1, 10).Slice(3, 2, 9), y = part.Convolve(w, null, window);
        Assert.Equal(["convolution"], Steps(y.Plan()));
        Assert.Equal(part.Evaluate().Convolve(w, null, window).ToArray(), y.ToArray());
    }

    [Fact]
    public void A_convolution_that_two_passes_read_through_the_same_maps_is_written()
    {
        Tensor x = Tensor.Normal([2, 3, 8, 8]).Evaluate(), w = Tensor.Normal([4, 3, 3, 3]).Evaluate();
        Tensor[] Values(Func<Tensor, Tensor> made)
        {
            Tensor convolved = made(x.Convolve(w, null, new Window(new WindowAxis(3), new WindowAxis(3)))), shared = (-convolved).Tanh();
            return [shared + convolved, shared * 2];
        }
        Tensor[] planned = Values(y => y), expected = Values(y => y.Evaluate());
        Tensor.Evaluate(planned);
        Assert.Equal(expected[0].ToArray(), planned[0].ToArray());
        Assert.Equal(expected[1].ToArray(), planned[1].ToArray());
    }

    [Fact]
    public void Reductions_that_wait_for_each_other_do_not_share_a_pass()
    {
        Tensor x = Tensor.Normal([3, 5]).Evaluate(), mean = x.Sum([0]), y = ((x - mean) * x).Sum([0]);
        Assert.Equal(2, y.Plan().Order.Count(s => s.Operator.Contains("sum", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Adam")]
    [InlineData("SGD")]
    [InlineData("Nesterov")]
    [InlineData("RMSprop")]
    public void What_an_optimizer_remembers_is_written_in_the_pass_that_moves_the_weight(string name)
    {
        Linear layer = new(5, 3);
        IReadOnlyList<Parameter> weights = layer.Parameters();
        Optimizer optimizer = name switch
        {
            "Adam" => new Adam(weights),
            "SGD" => new SGD(weights, 0.1, 0.9),
            "Nesterov" => new SGD(weights, 0.1, 0.9, nesterov: true),
            _ => new RMSprop(weights),
        };
        Tensor[] gradients = [.. weights.Select(w => Tensor.Normal(w.Shape).Evaluate())];
        optimizer.Step(gradients);
        optimizer.Step(gradients);
        Assert.Equal(weights.Count, optimizer.LastPlan!.Steps);
        Assert.Equal(0, optimizer.LastPlan.ArenaBytes);
    }

    [Fact]
    public void Of_a_large_weight_what_is_remembered_does_not_wait_for_the_weight()
    {
        Linear layer = new(600, 200);
        SGD optimizer = new(layer.Parameters(), 0.1, 0.9);
        optimizer.Step([.. layer.Parameters().Select(w => Tensor.Normal(w.Shape).Evaluate())]);
        Assert.Equal(["descend", "accelerate", "accelerate+descend"], Steps(optimizer.LastPlan!).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_later_map_still_reads_is_not_overwritten_by_a_further_result()
    {
        Linear layer = new(4, 2, bias: false);
        float[] before = layer.Weight.ToArray();
        Tensor gradient = Tensor.Normal(layer.Weight.Shape).Evaluate();
        Walker walker = new(layer.Parameters());
        walker.Step([gradient]);
        walker.Step([gradient]);
        float[] slope = gradient.ToArray();
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(before[i] - 2 * slope[i], layer.Weight.ToArray()[i], 1e-5f);
    }

    /// <summary>m ← m + g; w ← w − (m − its old value): the old one is read after the new one is there.</summary>
    private sealed class Walker(IEnumerable<Parameter> parameters) : Optimizer(parameters, 1)
    {
        protected override Tensor Update(Parameter parameter, Tensor gradient)
        {
            Parameter state = Remembered(parameter, "sum");
            Tensor next = state + gradient;
            Assign(state, next);
            return parameter - (next - state);
        }
    }
}
