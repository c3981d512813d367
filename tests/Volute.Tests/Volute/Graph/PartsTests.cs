using System.Runtime.InteropServices;
using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

/// <summary>Joined maps whose parts are computed where they belong; alone, because limits and checks are the process's.</summary>
[Collection(TeamSize.Name)]
public class PartsTests
{
    private static readonly Window s_same = new(new WindowAxis(3, 1, 1, 1, 1), new WindowAxis(3, 1, 1, 1, 1));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Convolutions_write_straight_into_the_map_that_joins_them(int axis)
    {
        Tensor x = Tensor.Normal([2, 5, 12, 13]).Evaluate(), w = Tensor.Normal([5, 5, 3, 3]).Evaluate(), bias = Tensor.Normal([5]).Evaluate();
        Tensor Joined(Func<Tensor, Tensor> made)
            => Tensor.Concat([made(x.Convolve(w, bias, s_same)), x, made(x.Convolve(w, null, s_same).Relu()), made(x.ConvolveTransposed(w, bias, s_same))], axis);
        Tensor joined = Joined(part => part);
        Step[] steps = [.. joined.Plan().Order];
        Assert.Equal(["concat", "convolution", "convolution input", "convolution+relu"], steps.Select(s => s.Operator).Order(StringComparer.Ordinal));
        Assert.Equal(2 * x.Shape.Elements * sizeof(float), steps.Single(s => s.Operator == "concat").Traffic);
        AssertSameBits(Joined(part => part.Evaluate()), joined);
    }

    [Fact]
    public void A_part_that_is_read_elsewhere_or_joined_twice_is_copied()
    {
        Tensor x = Tensor.Normal([1, 4, 9, 9]).Evaluate(), w = Tensor.Normal([4, 4, 3, 3]).Evaluate();
        Tensor[] Values(Func<Tensor, Tensor> made)
        {
            Tensor twice = made(x.Convolve(w, null, s_same)), shared = made((x * 2).Convolve(w, null, s_same));
            return [Tensor.Concat([twice, twice], 1), Tensor.Concat([x, shared], 1), Tensor.Concat([shared, x], 1)];
        }
        Tensor[] planned = Values(part => part), expected = Values(part => part.Evaluate());
        Assert.Equal(3, Execution.PlanFor([.. planned.Select(t => t.Node)], []).Order.Count(s => s.Operator == "concat" && s.Traffic == 4 * x.Shape.Elements * sizeof(float)));
        Tensor.Evaluate(planned);
        for (int i = 0; i < planned.Length; i++)
            AssertSameBits(expected[i], planned[i]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_unet_copies_nothing_that_its_transposed_convolutions_made(bool padded)
    {
        UNet network = new(new UNetOptions(BaseWidth: 4, Levels: 3, Padded: padded));
        Tensor x = Tensor.Normal([1, 1, padded ? 48 : 60, padded ? 48 : 60]).Evaluate();
        Step[] steps = [.. network.Forward(x).Plan().Order];
        Step[] copies = [.. steps.Where(s => s.Operator == "concat")], made = [.. steps.Where(s => s.Operator == "convolution input")];
        Assert.Equal(2, copies.Length);
        // Beside each, the skip connection: as large as what the transposed convolution made, which is already there.
        Assert.Equal(made.Select(s => s.Output.Shape), copies.Select(s => s.Output.Shape));
        Assert.All(made.Zip(copies), pair => Assert.Equal(pair.First.Operands[0].Buffer, pair.Second.Operands[0].Buffer));
        Assert.All(steps, s => Assert.NotEqual("copy", s.Operator));
    }

    [Fact]
    public void A_step_of_training_has_the_same_bits_with_parts_in_place_computed_again_and_copied()
    {
        var (whole, expected) = Train(null, checks: false);
        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(Train(null, checks: true).Parameters)), "copied parts gave other bits");
        foreach (double share in new[] { 0.9, 0.8, 0.75 })
        {
            var (limited, parameters) = Train((long)(share * whole.PeakBytes), checks: false);
            Assert.InRange(limited.PeakBytes, 1, (long)(share * whole.PeakBytes));
            Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(parameters)), $"{share} of the memory gave other bits");
        }
    }

    [Fact]
    public void A_part_that_is_not_a_number_is_found_at_its_convolution()
    {
        Tensor x = Tensor.Full([1, 2, 4, 4], 1).Evaluate(), w = Tensor.Full([2, 2, 3, 3], double.NaN).Evaluate();
        Settings.CheckNumerics = true;
        try
        {
            Tensor joined = Tensor.Concat([x.Convolve(w, null, s_same), x], 1);
            Assert.StartsWith("convolution at ", Assert.Throws<VoluteException>(() => joined.Evaluate()).Message, StringComparison.Ordinal);
        }
        finally
        {
            Settings.CheckNumerics = false;
        }
    }

    private static (Plan Plan, float[] Parameters) Train(long? limit, bool checks)
    {
        Settings.Seed = 5;
        UNet network = new(new UNetOptions(BaseWidth: 8, Levels: 3, Padded: true, Normalization: Normalization.Batch));
        Tensor x = Tensor.Normal([2, 1, 64, 64]).Evaluate(), labels = Tensor.FromArray([.. Enumerable.Range(0, 2 * 64 * 64).Select(i => i / 7 % 2)], [2, 64, 64]);
        Adam optimizer = new(network.Parameters(), 1e-2);
        (Settings.MemoryLimit, Settings.CheckNumerics) = (limit, checks);
        try
        {
            optimizer.Step(Loss.CrossEntropy(network.Forward(x), labels));
            return (optimizer.LastPlan!, [.. network.Parameters().SelectMany(p => p.ToArray())]);
        }
        finally
        {
            (Settings.MemoryLimit, Settings.CheckNumerics) = (null, false);
        }
    }

    private static void AssertSameBits(Tensor expected, Tensor actual)
        => Assert.True(MemoryMarshal.AsBytes<float>(expected.ToArray()).SequenceEqual(MemoryMarshal.AsBytes<float>(actual.ToArray())));
}
