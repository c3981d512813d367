using Volute.Training;

namespace Volute.Tests.Training.Morphology;

public class PixelGridTests
{
    [Fact]
    public void Volume_and_diagonal_follow_the_spacing()
    {
        PixelGrid grid = new([2, 3, 4], [5, 1, 0.5]);
        Assert.Equal((24, 2.5), (grid.Pixels, grid.PixelVolume));
        Assert.Equal(Math.Sqrt(100 + 9 + 4), grid.Diagonal, 12);
        Assert.Equal(Math.Sqrt(25 + 4 + 2.25), grid.Distance(0, 23), 12);
        Assert.Equal([1.0, 1.0], new PixelGrid([4, 4]).Spacing.ToArray());
    }

    [Theory]
    [InlineData(new int[0], new double[0], "a grid of pixels has 1 to 3 axes of at least one pixel, got []")]
    [InlineData(new[] { 1, 2, 3, 4 }, new double[0], "a grid of pixels has 1 to 3 axes of at least one pixel, got [1, 2, 3, 4]")]
    [InlineData(new[] { 3, 0 }, new double[0], "a grid of pixels has 1 to 3 axes of at least one pixel, got [3, 0]")]
    [InlineData(new[] { 3, 2 }, new[] { 1.0 }, "spacing needs a positive number for each of the 2 axes, got [1]")]
    [InlineData(new[] { 3, 2 }, new[] { 1.0, 0 }, "spacing needs a positive number for each of the 2 axes, got [1, 0]")]
    [InlineData(new[] { 3, 2 }, new[] { 1.0, double.NaN }, "spacing needs a positive number for each of the 2 axes, got [1, NaN]")]
    public void Wrong_sizes_and_spacings_are_named(int[] sizes, double[] spacing, string message)
        => Assert.Equal(message, Assert.Throws<InvalidArgumentException>(() => new PixelGrid(sizes, spacing)).Message);

    [Fact]
    public void More_pixels_than_an_array_holds_are_refused()
        => Assert.Throws<LimitException>(() => new PixelGrid([2000, 2000, 2000]));
}
