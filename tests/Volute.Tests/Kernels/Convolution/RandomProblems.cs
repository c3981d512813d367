using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Convolutions of every kind, small enough to compute from the definition; the same ones at every run.</summary>
internal static class RandomProblems
{
    /// <summary>VOLUTE_CASES thins them: 1 is all, 0.1 a tenth.</summary>
    private static readonly double Share = double.Parse(
        Environment.GetEnvironmentVariable("VOLUTE_CASES") ?? "1", System.Globalization.CultureInfo.InvariantCulture);

    public static IEnumerable<ConvolutionProblem> Take(int count, ElementType type, int seed, long mostWork = 400_000, long leastWork = 0)
    {
        Random random = new(seed);
        int wanted = Math.Max(1, (int)(count * Share));
        while (wanted > 0)
        {
            var problem = Next(random, type);
            if (problem.Multiplies > mostWork || problem.Multiplies < leastWork)
                continue;
            wanted--;
            yield return problem;
        }
    }

    private static ConvolutionProblem Next(Random random, ElementType type)
    {
        int rank = random.Next(1, 4);
        var axes = new WindowAxis[rank];
        int[] inputs = [1, 1, 1], outputs = [1, 1, 1];
        // Many networks are of threes, fives or sevens: these have algorithms of their own.
        bool pointwise = random.Next(6) == 0, odd = !pointwise && random.Next(3) == 0;
        int taps = 3 + 2 * random.Next(3);
        for (int axis = 0; axis < rank; axis++)
        {
            bool width = axis == rank - 1;
            while (true)
            {
                int kernel = pointwise ? 1 : odd ? (random.Next(6) == 0 ? 1 : taps) : random.Next(1, random.Next(8) == 0 ? 8 : 5);
                int stride = pointwise || odd ? 1 : random.Next(1, 4), dilation = odd && random.Next(8) != 0 ? 1 : random.Next(1, 4);
                int most = pointwise ? 0 : kernel * dilation;
                int begin = random.Next(3) == 0 ? random.Next(most + 1) : most / 2, end = random.Next(3) == 0 ? random.Next(most + 1) : most / 2;
                int output = random.Next(1, width ? random.Next(2) == 0 ? 40 : 8 : 6);
                WindowAxis candidate = new(kernel, stride, dilation, begin, end);
                long input = (output - 1) * stride + candidate.Reach - begin - end + random.Next(stride);
                if (input < 1)
                    continue;
                (axes[axis], inputs[3 - rank + axis], outputs[3 - rank + axis]) = (candidate, (int)input, output);
                break;
            }
        }
        int lanes = Isa.Lanes;
        int Channels() => random.Next(4) switch { 0 => random.Next(1, 5), 1 => lanes * random.Next(1, 3), 2 => lanes * random.Next(1, 3) + random.Next(-1, 2), _ => random.Next(1, 2 * lanes + 2) };
        var (groups, groupInputs, groupOutputs) = random.Next(5) switch
        {
            0 => (Channels(), 1, 1),
            1 => (random.Next(2, random.Next(2) == 0 ? 5 : 20), random.Next(1, 6), random.Next(1, 6)),
            2 => (random.Next(2, 4), Channels(), Channels()),
            _ => (1, Channels(), Channels()),
        };
        groupInputs = Math.Max(1, groupInputs);
        groupOutputs = Math.Max(1, groupOutputs);
        groups = Math.Max(1, groups);
        Extent input3 = new(inputs[0], inputs[1], inputs[2]), output3 = new(outputs[0], outputs[1], outputs[2]);
        int batch = random.Next(20) == 0 ? 0 : random.Next(1, 4);
        ConvolutionProblem problem = new(type, batch, groups * groupInputs, groups * groupOutputs, groups, new Window(axes), input3, output3);
        return random.Next(3) != 0 ? problem : problem with
        {
            InputStrides = Strides(random, input3, problem.InputChannels),
            OutputStrides = Strides(random, output3, problem.OutputChannels),
        };
    }

    private static MapStrides Strides(Random random, Extent extent, int channels)
    {
        long width = channels + random.Next(3), height = width * extent.Width + random.Next(3);
        long depth = height * extent.Height + random.Next(3), batch = depth * extent.Depth + random.Next(3);
        return new(batch, depth, height, width);
    }
}
