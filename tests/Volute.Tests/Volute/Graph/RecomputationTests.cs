using System.Runtime.InteropServices;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

/// <summary>Plans that keep to a limit of memory: alone, because the limit is the process's.</summary>
[Collection(TeamSize.Name)]
public class RecomputationTests
{
    [Fact]
    public void A_training_step_keeps_to_a_limit_with_the_bits_of_one_without()
    {
        var (free, expected) = Train(null);
        Assert.Equal(0, free.RecomputedShare);
        long least = free.PeakBytes;
        foreach (double share in new[] { 0.9, 0.75, 0.65 })
        {
            long limit = (long)(free.PeakBytes * share);
            var (plan, parameters) = Train(limit);
            Assert.InRange(plan.PeakBytes, 1, limit);
            Assert.InRange(plan.RecomputedShare, 1e-6, 1);
            Assert.Contains("to save memory, about", plan.ToString(), StringComparison.Ordinal);
            Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(parameters)), $"{share} of the memory gave other bits");
            least = Math.Min(least, plan.PeakBytes);
        }
        Assert.True(least < 0.7 * free.PeakBytes);
    }

    [Fact]
    public void A_chain_of_equal_layers_needs_memory_that_grows_much_slower_than_its_length()
    {
        long Least(int layers)
        {
            Sequential network = new([.. Enumerable.Range(0, layers).SelectMany(_ => new Module[] { new Conv2d(4, 4, 3, padding: 1), new Tanh() })]);
            SGD optimizer = new(network.Parameters(), 0.1);
            Tensor x = Tensor.Full([1, 4, 64, 64], 0.5).Evaluate();
            Plan Plan() => optimizer.Plan(network.Forward(x).Sum());
            long limit = Plan().PeakBytes;
            for (long next = limit * 15 / 16; ; next = next * 15 / 16)
            {
                try
                {
                    limit = Limited(next, Plan).PeakBytes;
                }
                catch (LimitException)
                {
                    return limit;
                }
            }
        }
        (long few, long many) = (Least(12), Least(48));
        Assert.InRange(many, few, 2.6 * few);
    }

    [Fact]
    public void A_limit_that_nothing_can_keep_is_refused_with_what_is_needed()
    {
        Tensor x = Tensor.Full([1 << 20], 1).Evaluate(), y = x + 1;
        LimitException error = Assert.Throws<LimitException>(() => Limited(1_000_000, () => y.Plan()));
        Assert.Equal("the plan needs 8,388,612 bytes of memory, with all computed again that can be (a smaller batch or input needs less), but at most 1,000,000 are allowed", error.Message);
        Assert.Equal("MemoryLimit: must be at least 1 byte, got 0", Assert.Throws<InvalidArgumentException>(() => Settings.MemoryLimit = 0).Message);
    }

    private static (Plan Plan, float[] Parameters) Train(long? limit) => Limited(limit, () =>
    {
        Settings.Seed = 3;
        UNet network = new(new UNetOptions(BaseWidth: 4, Levels: 3, Padded: true, Normalization: Normalization.Batch));
        SGD optimizer = new(network.Parameters(), 0.1, 0.9);
        Tensor x = Tensor.Normal([2, 1, 64, 64]).Evaluate(), labels = Tensor.FromArray([.. Enumerable.Range(0, 2 * 64 * 64).Select(i => i % 2)], [2, 64, 64]);
        Plan plan = optimizer.Plan(Loss.CrossEntropy(network.Forward(x), labels));
        for (int step = 0; step < 3; step++)
            optimizer.Step(Loss.CrossEntropy(network.Forward(x), labels));
        return (plan, network.Parameters().SelectMany(p => p.ToArray()).ToArray());
    });

    private static T Limited<T>(long? limit, Func<T> compute)
    {
        Settings.MemoryLimit = limit;
        try
        {
            return compute();
        }
        finally
        {
            Settings.MemoryLimit = null;
        }
    }
}
