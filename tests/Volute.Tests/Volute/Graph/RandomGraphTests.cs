using System.Runtime.InteropServices;
using Volute.Kernels;

namespace Volute.Tests.Graph;

/// <summary>Many small random graphs: what a plan computes with shared and overwritten memory has the bits of node by node evaluation.</summary>
public class RandomGraphTests
{
    [Fact]
    public void Planned_results_and_gradients_have_the_bits_of_node_by_node_evaluation()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            Tensor[] planned = Build(seed, nodeByNode: false), alone = Build(seed, nodeByNode: true);
            Tensor.Evaluate(planned);
            Assert.Equal(alone.Length, planned.Length);
            for (int i = 0; i < planned.Length; i++)
                AssertSameBits($"graph {seed}, result {i}", alone[i], planned[i]);
        }
    }

    [Fact]
    public void Values_in_memory_at_the_same_time_never_overlap_and_the_arena_is_as_large_as_they_need()
    {
        int shared = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            Tensor[] wanted = Build(seed, nodeByNode: false);
            Plan plan = Execution.PlanFor([.. wanted.Select(t => t.Node)], []);
            Buffer[] buffers = [.. plan.Buffers];
            (int First, int Last)[] lives = [.. buffers.Select(_ => (int.MaxValue, -1))];
            for (int s = 0; s < plan.Order.Count; s++)
            {
                Step step = plan.Order[s];
                foreach (int b in step.Operands.Select(o => o.Buffer).Concat(step.Further).Append(step.Workspace).Where(b => b >= 0))
                    lives[b] = (Math.Min(lives[b].First, s), Math.Max(lives[b].Last, s));
                foreach (var (b, offset) in step.Operands)
                    Assert.InRange(offset, 0, Math.Max(0, buffers[b].Bytes - 4));
            }
            long end = 0;
            int[] arena = [.. Enumerable.Range(0, buffers.Length).Where(b => buffers[b].Place == Place.Arena && lives[b].Last >= 0)];
            foreach (int a in arena)
            {
                end = Math.Max(end, buffers[a].Position + buffers[a].Bytes);
                Assert.Equal(0, buffers[a].Position % 64);
                foreach (int b in arena.Where(b => b < a && buffers[a].Bytes > 0 && buffers[b].Bytes > 0))
                {
                    bool together = lives[a].First <= lives[b].Last && lives[b].First <= lives[a].Last;
                    bool overlap = buffers[a].Position < buffers[b].Position + buffers[b].Bytes && buffers[b].Position < buffers[a].Position + buffers[a].Bytes;
                    Assert.False(together && overlap, $"graph {seed}: buffers {a} and {b} are in use at once and overlap");
                    shared += overlap ? 1 : 0;
                }
            }
            Assert.InRange(plan.ArenaBytes, end, end + 63);
        }
        Assert.True(shared > 200, "no memory was shared, so nothing was shown");
    }

    [Fact]
    public void Updates_in_place_and_as_early_as_can_be_leave_what_separate_ones_would()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            (Parameter[] planned, Tensor loss) = Network(seed);
            (Parameter[] alone, Tensor same) = Network(seed);
            Tensor[] gradients = Gradient.Of(same, alone);
            foreach (Tensor gradient in gradients)
                gradient.Evaluate();
            float[][] expected = [.. alone.Select((p, i) => Tensor.Apply(new Ternary<Descend>(new Descend(0)), p, gradients[i], Tensor.Scalar(0.1)).ToArray())];
            new SGD(planned, 0.1).Step(loss);
            for (int i = 0; i < planned.Length; i++)
                Assert.True(MemoryMarshal.AsBytes<float>(expected[i]).SequenceEqual(MemoryMarshal.AsBytes<float>(planned[i].ToArray())), $"network {seed}, parameter {i}");
        }
    }

    /// <summary>A graph of about twenty operators over three leaves; some of its values, and the gradients of their sum.</summary>
    private static Tensor[] Build(int seed, bool nodeByNode)
    {
        Random random = new(seed);
        Tensor[] leaves = [.. Enumerable.Range(0, 3).Select(i => Leaf(random, [random.Next(1, 3), random.Next(1, 5), random.Next(1, 6), random.Next(1, 6)]))];
        List<Tensor> values = Grow(random, leaves, random.Next(5, 25), nodeByNode);
        Tensor[] wanted = [.. values.Skip(leaves.Length).Where(_ => random.Next(4) == 0), values[^1]];
        Tensor sum = wanted.Select(w => w.Mean()).Aggregate((a, b) => a + b);
        Tensor[] all = [.. wanted, .. Gradient.Of(sum, leaves)];
        return [.. all.Distinct().Select(t => nodeByNode ? t.Evaluate() : t)];
    }

    private static (Parameter[] Parameters, Tensor Loss) Network(int seed)
    {
        Random random = new(seed);
        Parameter[] parameters = [.. Enumerable.Range(0, 3).Select(i =>
        {
            int[] shape = [random.Next(1, 3), random.Next(1, 5), random.Next(1, 6), random.Next(1, 6)];
            Parameter parameter = new(shape);
            parameter.Assign(Leaf(random, shape));
            return parameter;
        })];
        List<Tensor> values = Grow(random, parameters, random.Next(3, 15), nodeByNode: false);
        return (parameters, values.Select(v => v.Mean()).Aggregate((a, b) => a + b));
    }

    private static Tensor Leaf(Random random, int[] shape)
        => Tensor.FromArray([.. Enumerable.Range(0, shape.Aggregate(1, (a, n) => a * n)).Select(_ => (float)(random.NextDouble() * 2 - 1))], shape);

    private static List<Tensor> Grow(Random random, Tensor[] leaves, int operators, bool nodeByNode)
    {
        List<Tensor> values = [.. leaves];
        while (values.Count < leaves.Length + operators)
        {
            // Late values are chosen more often: chains grow long, and their memory is free to be taken.
            Tensor x = values[random.Next(3) == 0 ? random.Next(values.Count) : Math.Max(0, values.Count - 1 - random.Next(3))];
            Tensor? y = Next(random, x, values);
            if (y is null || y.Shape.Elements > 4096)
                continue;
            values.Add(nodeByNode ? y.Evaluate() : y);
        }
        return values;
    }

    private static Tensor? Next(Random random, Tensor x, List<Tensor> values)
    {
        int axis = random.Next(4), size = x.Shape[axis];
        switch (random.Next(21))
        {
            case 0: return x.Tanh();
            case 1: return x.Relu();
            case 2: return x * 0.5 + 0.25;
            case 3: return -x;
            case 4: return x + x.Flip(axis);
            case 5: return x.Softmax(axis);
            case 6: return x.Permute([.. new[] { 0, 1, 2, 3 }.OrderBy(_ => random.Next())]);
            case 7: return x.Reshape([x.Shape[3], x.Shape[2], x.Shape[1], x.Shape[0]]);
            case 8: return x.Slice(axis, size - 1, (size + 1) / 2, -2 + (size == 1 ? 1 : 0));
            case 9: return x.Mean([axis], keepAxes: true);
            case 10: return x.Max([axis], keepAxes: true);
            case 11: return x - x.Mean([axis], keepAxes: true);
            case 12: return x.Pad(axis, random.Next(-size / 2, 2), random.Next(2));
            case 13: return Tensor.Concat([x, x], axis);
            case 18:
                // Parts that are computed in their places, beside some that are not.
                Tensor same = Leaf(random, [x.Shape[1], x.Shape[1], 3, 1]);
                Tensor part = x.Convolve(same, null, new Window(new WindowAxis(3, 1, 1, 1, 1), new WindowAxis(1)));
                return Tensor.Concat([.. new[] { x, part, part.Tanh(), (x * 0.5).Convolve(same, null, new Window(new WindowAxis(3, 1, 1, 1, 1), new WindowAxis(1))) }.OrderBy(_ => random.Next()).Take(3)], axis);
            case 14: return size == 1 ? x.BroadcastTo(x.Shape.With(axis, 3)) : null;
            case 15: return x.AveragePool(new Window(new WindowAxis(2, 1, 1, 1, 0), new WindowAxis(1)));
            case 16: return x.Shape[2] > 1 ? x.MaxPool(new Window(new WindowAxis(2, 2), new WindowAxis(1))) : null;
            case 17:
                Tensor weight = Leaf(random, [random.Next(1, 5), x.Shape[1], 2, 3]);
                return x.Convolve(weight, random.Next(2) == 0 ? null : Leaf(random, [weight.Shape[0]]), new Window(new WindowAxis(2, 1, 1, 1, 0), new WindowAxis(3, 1, 1, 1, 1)));
            default:
                // Two values of fitting shapes, of which one may be the other's transpose.
                Tensor[] fitting = [.. values.Where(v => Fits(v.Shape, x.Shape))];
                Tensor other = fitting[random.Next(fitting.Length)];
                return random.Next(2) == 0 ? x + other : other * x;
        }
    }

    private static bool Fits(Shape a, Shape b) => a.Zip(b).All(p => p.First == p.Second || p.First == 1 || p.Second == 1);

    private static void AssertSameBits(string what, Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        float[] e = expected.ToArray(), a = actual.ToArray();
        for (int i = 0; i < e.Length; i++)
            Assert.True(BitConverter.SingleToInt32Bits(e[i]) == BitConverter.SingleToInt32Bits(a[i]), $"{what}, element {i} is {a[i]:R}, node by node {e[i]:R}");
    }
}
