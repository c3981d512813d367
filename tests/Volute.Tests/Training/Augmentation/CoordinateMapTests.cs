using Volute.Training;

namespace Volute.Tests.Training;

public class CoordinateMapTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("segmentation")]
    [InlineData("nnunet")]
    public void The_part_that_is_seen_holds_every_position_and_its_neighbours_and_is_not_much_more(string name)
    {
        int[] box = [1, 24, 32], size = [1, 70, 41];
        AugmentationOptions options = AugmentationOptions.Named(name, box[1..]);
        long seen = 0, needed = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            SeededRandom random = new(seed);
            int[] start = [0, random.Below(120) - 40, random.Below(90) - 40];
            CoordinateMap map = CoordinateMap.Draw(options, box, start, ref random);
            Box part = map.Seen(size);
            int[] least = [.. size], most = [0, 0, 0];
            double[][] positions = [new double[32], new double[32], new double[32]];
            for (int h = 0; h < 24; h++)
            {
                map.Row(0, h, positions[0], positions[1], positions[2]);
                for (int axis = 0; axis < 3; axis++)
                    foreach (double position in positions[axis])
                    {
                        // Mirrored step by step, as often as it takes.
                        double p = position;
                        while (p < 0 || p > size[axis] - 1)
                            p = size[axis] == 1 ? 0 : p < 0 ? -p : 2 * (size[axis] - 1) - p;
                        least[axis] = Math.Min(least[axis], (int)p);
                        most[axis] = Math.Max(most[axis], Math.Min((int)p + 1, size[axis] - 1));
                    }
            }
            for (int axis = 0; axis < 3; axis++)
            {
                Assert.InRange(part.Start[axis], 0, least[axis]);
                Assert.InRange(part.Start[axis] + part.Size[axis], most[axis] + 1, size[axis]);
            }
            seen += part.Pixels;
            needed += (long)(most[1] - least[1] + 1) * (most[2] - least[2] + 1);
        }
        Assert.InRange(seen, needed, 2 * needed);
    }
}
