using Volute.Kernels;

namespace Volute.Tests.Kernels.Resampling;

public class AxisTapsTests
{
    [Fact]
    public void Average_pooling_divides_as_PyTorch_does()
    {
        for (int input = 1; input <= 9; input++)
            for (int kernel = 1; kernel <= 4; kernel++)
                for (int stride = 1; stride <= 3; stride++)
                    for (int pad = 0; pad <= kernel / 2; pad++)
                        foreach (bool ceil in (bool[])[false, true])
                            foreach (bool include in (bool[])[false, true])
                            {
                                double room = input + 2 * pad - kernel;
                                int outputs = (int)(ceil ? Math.Ceiling(room / stride) : Math.Floor(room / stride)) + 1;
                                if (ceil && (outputs - 1) * stride >= input + pad)
                                    outputs--;
                                if (outputs < 1)
                                    continue;
                                double[,] expected = new double[outputs, input];
                                for (int o = 0; o < outputs; o++)
                                {
                                    int start = o * stride - pad, end = Math.Min(start + kernel, input + pad), size = end - start;
                                    (start, end) = (Math.Max(start, 0), Math.Min(end, input));
                                    for (int i = start; i < end; i++)
                                        expected[o, i] = 1.0 / (include ? size : end - start);
                                }
                                AssertMatrix(expected, AxisTaps.AveragePool(new(kernel, stride, 1, pad, pad), input, ceil, include));
                            }
    }

    [Fact]
    public void Dilated_average_pooling_counts_the_taps_up_to_the_end_of_the_padding()
    {
        // Taps at −1, 1, 3 | 1, 3, 5 on inputs 0..3, padded by one at both ends; position 5 lies beyond the padding.
        AssertMatrix(new double[,] { { 0, 1 / 3.0, 0, 1 / 3.0 }, { 0, 0.5, 0, 0.5 } }, AxisTaps.AveragePool(new(3, 2, 2, 1, 1), 4, ceilMode: true));
    }

    [Fact]
    public void Adaptive_averages_cover_from_the_floor_to_the_ceiling()
    {
        AssertMatrix(new double[,] { { 0.5, 0.5, 0, 0, 0 }, { 0, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0 }, { 0, 0, 0, 0.5, 0.5 } }, AxisTaps.AdaptiveAverage(5, 3));
        AssertMatrix(new double[,] { { 1, 0 }, { 0.5, 0.5 }, { 0, 1 } }, AxisTaps.AdaptiveAverage(2, 3));
        Assert.Equal(AxisTaps.Area(7, 3), AxisTaps.AdaptiveAverage(7, 3));
    }

    [Fact]
    public void Nearest_takes_the_input_below_and_nearest_exact_the_one_whose_centre_is_nearest()
    {
        Assert.Equal([0, 0, 1, 1, 2], AxisTaps.Nearest(3, 5).Positions.ToArray());
        Assert.Equal([0, 1, 3], AxisTaps.Nearest(5, 3).Positions.ToArray());
        Assert.Equal([0, 0, 1, 2, 2], AxisTaps.NearestExact(3, 5).Positions.ToArray());
        Assert.Equal([0, 2, 4], AxisTaps.NearestExact(5, 3).Positions.ToArray());
    }

    [Fact]
    public void A_given_scale_enters_the_formula_in_place_of_the_ratio_of_sizes()
    {
        Assert.Equal(7, AxisTaps.ScaledSize(5, 1.5));
        Assert.Equal([0, 0, 1, 2, 2, 3, 4], AxisTaps.Nearest(5, 7, 1.5).Positions.ToArray());
        Assert.Equal([0, 0, 1, 2, 2, 3, 4], AxisTaps.Nearest(5, 7).Positions.ToArray());
        Assert.NotEqual(AxisTaps.Linear(5, 7, false, 1.5), AxisTaps.Linear(5, 7));
        Assert.Equal(AxisTaps.Linear(5, 7, true, 1.5), AxisTaps.Linear(5, 7, true));
        double[,] expected = { { 1, 0, 0 }, { 0.5, 0.5, 0 }, { 0, 5 / 6.0, 1 / 6.0 }, { 0, 1 / 6.0, 5 / 6.0 } };
        AssertMatrix(expected, AxisTaps.Linear(3, 4, false, 1.5, ElementType.Float64));
    }

    [Fact]
    public void Linear_weights_follow_the_distance_between_centres_or_corners()
    {
        AssertMatrix(new double[,] { { 1, 0 }, { 0.75, 0.25 }, { 0.25, 0.75 }, { 0, 1 } }, AxisTaps.Linear(2, 4));
        AssertMatrix(new double[,] { { 1, 0 }, { 2 / 3.0, 1 / 3.0 }, { 1 / 3.0, 2 / 3.0 }, { 0, 1 } }, AxisTaps.Linear(2, 4, alignCorners: true), 1e-7);
        AssertMatrix(new double[,] { { 0.5, 0.5, 0, 0 }, { 0, 0, 0.5, 0.5 } }, AxisTaps.Linear(4, 2));
        AssertMatrix(new double[,] { { 1, 0, 0 } }, AxisTaps.Linear(3, 1, alignCorners: true));
        Assert.True(AxisTaps.Linear(5, 5).IsIdentity);
    }

    [Fact]
    public void Cubic_weights_are_those_of_A_minus_three_quarters_with_the_border_repeated()
    {
        // Half-way: (−3/32, 19/32, 19/32, −3/32) from Keys' formula at distances 1.5 and 0.5.
        AssertMatrix(new double[,] { { -3 / 32.0 + 19 / 32.0, 19 / 32.0, -3 / 32.0, 0 }, { 0, -3 / 32.0, 19 / 32.0, 19 / 32.0 - 3 / 32.0 } }, AxisTaps.Cubic(4, 2));
        foreach (var (input, output, align) in ((int, int, bool)[])[(5, 13, false), (7, 3, true), (4, 9, true)])
        {
            AxisTaps taps = AxisTaps.Cubic(input, output, align);
            for (int o = 0; o < output; o++)
                Assert.Equal(1, taps.Weights[taps.Starts[o]..taps.Starts[o + 1]].ToArray().Sum(), 1e-6);
        }
    }

    [Fact]
    public void Antialiasing_widens_the_filter_by_the_step()
    {
        // Two outputs of four inputs: triangles of half-width 2 about 1 and 3.
        AssertMatrix(new double[,] { { 3 / 7.0, 3 / 7.0, 1 / 7.0, 0 }, { 0, 1 / 7.0, 3 / 7.0, 3 / 7.0 } }, AxisTaps.Antialiased(4, 2, cubic: false));
        AssertMatrix(Dense(AxisTaps.Linear(3, 6)), AxisTaps.Antialiased(3, 6, cubic: false));
    }

    [Fact]
    public void Padding_repeats_mirrors_or_closes_the_axis()
    {
        Assert.Equal([2, 1, 0, 1, 2, 3, 2], AxisTaps.Reflect(4, 2, 1).Positions.ToArray());
        Assert.Equal([0, 0, 0, 1, 2, 3, 3], AxisTaps.Replicate(4, 2, 1).Positions.ToArray());
        Assert.Equal([2, 3, 0, 1, 2, 3, 0], AxisTaps.Circular(4, 2, 1).Positions.ToArray());
        Assert.Equal([1, 2, 3, 3], AxisTaps.Replicate(4, -1, 1).Positions.ToArray());
        AssertMatrix(new double[,] { { 0, 0 }, { 1, 0 }, { 0, 1 } }, AxisTaps.Zeros(2, 1, 0));
        AssertMatrix(new double[,] { { 0, 1, 0 } }, AxisTaps.Zeros(3, -1, -1));
    }

    [Fact]
    public void Transposing_exchanges_rows_and_columns_and_twice_gives_the_same_map()
    {
        foreach (AxisTaps taps in (AxisTaps[])[AxisTaps.Cubic(5, 9), AxisTaps.Zeros(4, 2, -1), AxisTaps.Circular(5, 3, 2), AxisTaps.AveragePool(new(3, 2), 9)])
        {
            double[,] matrix = Dense(taps), transposed = new double[taps.Inputs, taps.Outputs];
            for (int o = 0; o < taps.Outputs; o++)
                for (int i = 0; i < taps.Inputs; i++)
                    transposed[i, o] = matrix[o, i];
            AssertMatrix(transposed, taps.Transpose(), 0);
            Assert.Equal(taps, taps.Transpose().Transpose());
            Assert.Equal(taps.GetHashCode(), taps.Transpose().Transpose().GetHashCode());
        }
    }

    [Fact]
    public void Maps_are_equal_where_their_numbers_are()
    {
        Assert.Equal(AxisTaps.AveragePool(new(2, 2), 8), AxisTaps.AdaptiveAverage(8, 4));
        Assert.Equal(AxisTaps.AveragePool(new(2, 2), 8).GetHashCode(), AxisTaps.AdaptiveAverage(8, 4).GetHashCode());
        Assert.NotEqual(AxisTaps.AveragePool(new(2, 2), 8), AxisTaps.AveragePool(new(2, 2), 9));
        Assert.NotEqual(AxisTaps.Nearest(4, 4), AxisTaps.Reflect(4, 1, -1));
        Assert.Equal(AxisTaps.Create(3, [0, 2], [2, 0], [5, 7]), AxisTaps.Create(3, [0, 3], [0, 2, 2], [7, 2, 3]));
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Expect("average pooling gives no output: its kernel reaches over 5 positions, but input and padding have 4", () => AxisTaps.AveragePool(new(5), 4));
        Expect("the average of output 0 has nothing to average: its window of 2 starting at -3 lies wholly in the padding of an input of 4; use less padding or countIncludePad",
            () => AxisTaps.AveragePool(new(2, 1, 1, 3, 0), 4, countIncludePad: false));
        Expect("adaptive average pooling needs at least 1 output, got 0", () => AxisTaps.AdaptiveAverage(4, 0));
        Expect("interpolation needs at least 1 input, got 0", () => AxisTaps.Linear(0, 4));
        Expect("a scale factor must be above 0 and finite, got -2", () => AxisTaps.Nearest(4, 4, -2));
        Expect("scale factor 0.1 leaves nothing of 4 positions; use a larger one", () => AxisTaps.ScaledSize(4, 0.1));
        Expect("reflect padding must be smaller than the input, got 4 before and 0 after 4 positions", () => AxisTaps.Reflect(4, 4, 0));
        Expect("circular padding must not exceed the input, got 0 before and 5 after 4 positions", () => AxisTaps.Circular(4, 0, 5));
        Expect("zero padding needs at least 1 output, got -1", () => AxisTaps.Zeros(4, -3, -2));
        Expect("a tap of output 0 reads input 3, but the inputs are 0..2", () => AxisTaps.Create(3, [0, 1], [3], [1]));
        Expect("taps need as many weights as positions, got 2 weights and 1 positions", () => AxisTaps.Create(3, [0, 1], [0], [1, 1]));
        Expect("starts of taps must go from 0 to the number of taps, 1, got [0, 2]", () => AxisTaps.Create(3, [0, 2], [0], [1]));
        Expect("starts of taps must ascend, got 1 after 2", () => AxisTaps.Create(3, [0, 2, 1, 2], [0, 1], [1, 1]));
    }

    private static void Expect(string message, Func<object> make) => Assert.Equal(message, Assert.Throws<InvalidArgumentException>(make).Message);

    private static double[,] Dense(AxisTaps taps)
    {
        var matrix = new double[taps.Outputs, taps.Inputs];
        for (int o = 0; o < taps.Outputs; o++)
        {
            for (int tap = taps.Starts[o]; tap < taps.Starts[o + 1]; tap++)
            {
                Assert.True(tap == taps.Starts[o] || taps.Positions[tap] > taps.Positions[tap - 1], "the taps of an output are not in order");
                matrix[o, taps.Positions[tap]] = taps.Weights[tap];
            }
        }
        return matrix;
    }

    private static void AssertMatrix(double[,] expected, AxisTaps taps, double tolerance = 1e-12)
    {
        double[,] actual = Dense(taps);
        Assert.Equal((expected.GetLength(0), expected.GetLength(1)), (taps.Outputs, taps.Inputs));
        foreach (var (o, i) in Enumerable.Range(0, taps.Outputs).SelectMany(o => Enumerable.Range(0, taps.Inputs).Select(i => (o, i))))
            Assert.True(Math.Abs(expected[o, i] - actual[o, i]) <= tolerance, $"{taps}: the weight of input {i} in output {o} is {actual[o, i]}, expected {expected[o, i]}");
    }
}
