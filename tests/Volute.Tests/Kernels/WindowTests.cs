using Volute.Kernels;

namespace Volute.Tests.Kernels;

public class WindowTests
{
    [Fact]
    public void Every_size_formula_agrees_with_counting_the_placements()
    {
        for (int input = 1; input <= 9; input++)
            for (int kernel = 1; kernel <= 4; kernel++)
                for (int stride = 1; stride <= 3; stride++)
                    for (int dilation = 1; dilation <= 2; dilation++)
                        for (int begin = 0; begin <= 2; begin++)
                            for (int end = 0; end <= 2; end++)
                            {
                                WindowAxis axis = new(kernel, stride, dilation, begin, end);
                                long placements = 0;
                                for (long start = -begin; start + axis.Reach <= input + end; start += stride)
                                    placements++;
                                Assert.Equal(placements, axis.Outputs(input));
                            }
    }

    [Fact]
    public void Inside_ranges_agree_with_testing_each_position()
    {
        for (int input = 1; input <= 6; input++)
            for (int kernel = 1; kernel <= 4; kernel++)
                for (int stride = 1; stride <= 3; stride++)
                    for (int dilation = 1; dilation <= 2; dilation++)
                        for (int pad = 0; pad <= 5; pad++)
                        {
                            WindowAxis axis = new(kernel, stride, dilation, pad, pad);
                            int outputs = (int)axis.Outputs(input);
                            for (int tap = 0; tap < kernel; tap++)
                            {
                                var (first, end) = axis.OutputsInside(tap, input, outputs);
                                for (int o = 0; o < outputs; o++)
                                    Assert.Equal(axis.Position(o, tap) is >= 0 and var p && p < input, o >= first && o < end);
                            }
                            for (int o = 0; o < outputs; o++)
                            {
                                var (first, end) = axis.TapsInside(o, input);
                                for (int tap = 0; tap < kernel; tap++)
                                    Assert.Equal(axis.Position(o, tap) is >= 0 and var p && p < input, tap >= first && tap < end);
                                var (firstRead, endRead) = axis.InputsRead(o, outputs, input);
                                long[] read = [.. from output in Enumerable.Range(o, outputs - o)
                                                  from tap in Enumerable.Range(0, kernel)
                                                  select axis.Position(output, tap) into position
                                                  where position >= 0 && position < input
                                                  select position];
                                Assert.All(read, position => Assert.InRange(position, firstRead, endRead - 1));
                                Assert.InRange(endRead - firstRead, 0, input);
                                // Steps may leave inputs out at the ends too; without them the range is as tight as can be.
                                if (dilation == 1 && stride <= kernel && read.Length > 0)
                                    Assert.Equal((read.Min(), read.Max() + 1), (firstRead, endRead));
                            }
                        }
    }

    [Theory]
    [InlineData(0, 1, 1, 0, "kernel size must be >= 1, got 0")]
    [InlineData(3, 0, 1, 0, "stride must be >= 1, got 0")]
    [InlineData(3, int.MinValue, 1, 0, "stride must be >= 1, got -2147483648")]
    [InlineData(3, 1, -1, 0, "dilation must be >= 1, got -1")]
    [InlineData(3, 1, 1, -1, "padding must be >= 0, got -1")]
    public void A_wrong_value_is_named(int kernel, int stride, int dilation, int padding, string message)
    {
        var error = Assert.Throws<InvalidArgumentException>(() => new Window(new WindowAxis(kernel, stride, dilation, padding)));
        Assert.Equal(message, error.Message);
    }
}
