using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Dilated windows by F(m, r): tiles whose positions lie apart.</summary>
[Collection(TeamSize.Name)]
public class WinogradDilationTests
{
    public static MatrixTheoryData<string, int, int> Dilations => new(["winograd4", "winograd2", "winograd2x5", "winograd3x4", "winograd4x2"], [2, 3, 5], [0, 1, 2, 5]);

    /// <summary>Dilation 0 stands for an axis of one tap. Odd sizes, uneven padding, two groups, maps with gaps, an epilogue.</summary>
    [Theory]
    [MemberData(nameof(Dilations))]
    public void Every_pass_is_exact_with_any_number_of_threads(string name, int height, int width)
    {
        int taps = AlgorithmTests.TapsOf(name);
        WindowAxis high = new(taps, 1, height, taps / 2 * height, taps / 2 * height), wide = width == 0 ? new(1) : new(taps, 1, width, taps / 2 * width + 1, taps / 2 * width);
        Check(name, new(new(1), high, wide), new(1, 23, 17), groups: 1, inputs: 17, outputs: 21, gap: 3);
        Check(name, new(new(1), wide, high), new(2, 9, 41), groups: 2, inputs: 20, outputs: 18, gap: 0);
        Check(name, new(new(2, 1, 2, 1, 1), high, wide), new(4, 11, 13), groups: 1, inputs: 16, outputs: 5, gap: 1);
    }

    /// <summary>Every tile then has one position at most, and most taps lie in the padding.</summary>
    [Theory]
    [InlineData("winograd4", 7)]
    [InlineData("winograd2", 40)]
    [InlineData("winograd4", 1 << 20)]
    [InlineData("winograd2x5", 9)]
    public void A_dilation_larger_than_the_map_is_no_special_case(string name, int dilation)
    {
        int taps = AlgorithmTests.TapsOf(name), pad = taps / 2 * dilation;
        WindowAxis axis = new(taps, 1, dilation, pad, pad);
        Check(name, new(axis, axis), new(1, 6, 7), groups: 1, inputs: 16, outputs: 16, gap: 0);
    }

    /// <summary>Large enough that blocks of tiles end within a run of interleaved ones, and weights are taken to nodes just before they are used.</summary>
    [Theory]
    [InlineData("winograd4", 3, 50, 61, 64, 48)]
    [InlineData("winograd2", 5, 47, 53, 64, 64)]
    [InlineData("winograd4", 2, 9, 11, 352, 340)]
    [InlineData("winograd2x5", 2, 31, 43, 48, 48)]
    public void Blocks_may_end_anywhere(string name, int dilation, int height, int width, int inputs, int outputs)
    {
        int taps = AlgorithmTests.TapsOf(name), pad = taps / 2 * dilation;
        WindowAxis axis = new(taps, 1, dilation, pad, pad);
        Check(name, new(axis, axis), new(1, height, width), groups: 1, inputs, outputs, gap: 0);
    }

    [Fact]
    public void Each_position_lies_in_one_tile_and_in_one_run_of_its_part()
    {
        Random random = new(3);
        for (int i = 0; i < 2000; i++)
        {
            int length = random.Next(1, 60), outputs = random.Next(1, 5), step = random.Next(1, 9);
            WinogradTiles tiles = new(length, outputs, step);
            int[] owner = new int[length], met = new int[length];
            for (int tile = 0; tile < tiles.Count; tile++)
            {
                int first = tiles.First(tile);
                Assert.True(first < length, $"tile {tile} of {length} by {outputs}, {step} apart, has no position");
                Assert.Equal(Enumerable.Range(0, outputs).Count(i => first + i * step < length), tiles.Inside(first));
                for (int position = first; position < Math.Min(length, first + outputs * step); position += step)
                    owner[position] += 1 + 1000 * tile;
            }
            Assert.All(owner, o => Assert.Equal(1, o % 1000));
            int cut = random.Next(tiles.Count + 1);
            foreach (var (begin, end) in new[] { (0, cut), (cut, tiles.Count) })
                for (int tile = begin; tile < end;)
                {
                    var (count, first, run, runs) = tiles.Runs(tile, end);
                    for (int r = 0; r < runs; r++)
                        for (int position = first + r * step; position < Math.Min(length, first + r * step + run); position++)
                        {
                            met[position]++;
                            Assert.InRange(owner[position] / 1000, tile, tile + count - 1);
                        }
                    tile += count;
                }
            Assert.All(met, m => Assert.Equal(1, m));
        }
    }

    /// <summary>Every pass of two images, or as many as said, of whole numbers, with an epilogue and any number of threads, against the reference.</summary>
    internal static void Check(string name, Window window, Extent input, int groups, int inputs, int outputs, int gap, int batch = 2)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        Extent output = new(
            (int)window.Depth.Outputs(input.Depth), (int)window.Height.Outputs(input.Height), (int)window.Width.Outputs(input.Width));
        ConvolutionProblem problem = new(ElementType.Float32, batch, groups * inputs, groups * outputs, groups, window, input, output);
        problem = problem with { InputStrides = Strides(input, groups * inputs, gap), OutputStrides = Strides(output, groups * outputs, 2 * gap) };
        ConvolutionCase numbers = new(problem, new Random(7), whole: true, weightFactor: AlgorithmTests.WholeFactor(name)) { After = After.Shift };
        foreach (var pass in Enum.GetValues<Pass>())
        {
            Assert.True(algorithm.Supports(problem, pass), $"{name} does not take {window}");
            double[] expected = numbers.Run(ConvolutionRegistry.All[^1], pass), actual = TeamSize.SameBits(() => numbers.Run(algorithm, pass, packBefore: gap > 0));
            double allowed = AlgorithmTests.Allowed(name, pass) * expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                if (!(Math.Abs(expected[i] - actual[i]) <= allowed))
                    Assert.Fail($"{name}, {pass} pass of {numbers}: element {i} is {actual[i]}, not {expected[i]} ± {allowed}");
        }
    }

    private static MapStrides Strides(Extent extent, int channels, int gap)
    {
        long width = channels + gap, height = width * extent.Width + gap, depth = height * extent.Height + gap;
        return new(depth * extent.Depth + gap, depth, height, width);
    }
}
