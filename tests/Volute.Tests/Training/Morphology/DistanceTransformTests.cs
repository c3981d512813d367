using Volute.Training;

namespace Volute.Tests.Training.Morphology;

public class DistanceTransformTests
{
    [Theory]
    [InlineData(new[] { 17 }, new[] { 0.3 }, 1)]
    [InlineData(new[] { 9, 14 }, new[] { 1.0, 1.0 }, 2)]
    [InlineData(new[] { 11, 8 }, new[] { 2.5, 0.7 }, 3)]
    [InlineData(new[] { 6, 7, 5 }, new[] { 1.0, 1.0, 1.0 }, 4)]
    [InlineData(new[] { 5, 6, 9 }, new[] { 3.0, 0.5, 0.8 }, 5)]
    [InlineData(new[] { 1, 6, 1 }, new[] { 3.0, 0.5, 0.8 }, 6)]
    public void Nearest_features_are_those_found_by_trying_all(int[] sizes, double[] spacing, int seed)
    {
        PixelGrid grid = new(sizes, spacing);
        Random random = new(seed);
        for (int round = 0; round < 20; round++)
        {
            bool[] features = [.. Enumerable.Range(0, grid.Pixels).Select(_ => random.Next(1 + grid.Pixels / 6) == 0)];
            int[] nearest = new int[grid.Pixels];
            DistanceTransform.Nearest(features, grid, nearest);
            for (int p = 0; p < grid.Pixels; p++)
            {
                double least = double.PositiveInfinity;
                for (int q = 0; q < grid.Pixels; q++)
                    if (features[q])
                        least = Math.Min(least, Between(p, q, sizes, spacing));
                Assert.Equal(double.IsInfinity(least), nearest[p] == -1);
                if (nearest[p] >= 0)
                {
                    Assert.True(features[nearest[p]]);
                    Assert.Equal(least, Between(p, nearest[p], sizes, spacing), 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Chunks_of_lines_join_without_a_seam()
    {
        // Some 200,000 pixels are several chunks on each axis; one feature makes every distance known.
        PixelGrid grid = new([40, 70, 75], [2, 1, 0.5]);
        bool[] features = new bool[grid.Pixels];
        features[(17 * 70 + 31) * 75 + 40] = true;
        double[] distances = DistanceTransform.Distances(features, grid);
        for (int p = 0; p < grid.Pixels; p++)
            Assert.Equal(Between(p, (17 * 70 + 31) * 75 + 40, [40, 70, 75], [2, 1, 0.5]), distances[p], 1e-12);
    }

    private static double Between(int p, int q, int[] sizes, double[] spacing)
    {
        double sum = 0;
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            double apart = (p % sizes[axis] - q % sizes[axis]) * spacing[axis];
            sum += apart * apart;
            p /= sizes[axis];
            q /= sizes[axis];
        }
        return Math.Sqrt(sum);
    }
}
