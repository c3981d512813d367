using Volute.Training;

namespace Volute.Tests.Training.Rasters;

/// <summary>Outlines against flood fills and against filling them again, by loops of the tests' own.</summary>
public sealed class RegionTracerTests
{
    private const byte Nothing = 255;

    private static List<Outline> Trace(byte[] classes, int width)
    {
        List<Outline> found = [];
        RegionTracer tracer = new(width, found.Add);
        for (int row = 0; row < classes.Length / width; row++)
            tracer.Add(classes.AsSpan(row * width, width));
        tracer.Finish();
        return found;
    }

    private static byte[] Picture(params string[] rows) => [.. string.Concat(rows).Select(c => c == '.' ? Nothing : (byte)(c - '0'))];

    private static string Describe(Outline region) => $"{region.Label}: {region.Pixels} px, {string.Join(" | ", region.Rings.Select(r => string.Join(' ', r)))}";

    [Fact]
    public void A_pixel_is_a_square_that_runs_clockwise()
        => Assert.Equal(["3: 1 px, 1 1 2 1 2 2 1 2"], Trace(Picture("...", ".3.", "..."), 3).Select(Canonical).Select(Describe));

    [Fact]
    public void A_ring_around_another_class_has_a_hole_that_runs_the_other_way()
        => Assert.Equal(["1: 1 px, 1 1 2 1 2 2 1 2", "0: 8 px, 0 0 3 0 3 3 0 3 | 1 1 1 2 2 2 2 1"], Trace(Picture("000", "010", "000"), 3).Select(Canonical).Select(Describe));

    [Fact]
    public void Pixels_that_touch_at_a_corner_alone_are_two_regions()
        => Assert.Equal(2, Trace(Picture("1.", ".1"), 2).Count);

    [Fact]
    public void A_ring_that_would_meet_itself_at_a_corner_is_an_outer_ring_and_a_hole()
    {
        // The hole touches what lies outside at one corner.
        Outline region = Assert.Single(Trace(Picture("000.", "0.00", "0000"), 4), r => r.Pixels == 10);
        Assert.Equal(1, region.Rings.Count(ring => Area(ring) > 0));
        Assert.All(region.Rings, ring => Assert.Equal(ring.Length / 2, ring.Chunk(2).Select(c => (c[0], c[1])).Distinct().Count()));
        region = Assert.Single(Trace(Picture("0000", "01.0", "0.10", "0000"), 4), r => r.Label == 0);
        Assert.All(region.Rings, ring => Assert.Equal(ring.Length / 2, ring.Chunk(2).Select(c => (c[0], c[1])).Distinct().Count()));
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(1, 9, 2)]
    [InlineData(9, 1, 3)]
    [InlineData(12, 10, 2)]
    [InlineData(31, 23, 2)]
    [InlineData(31, 23, 4)]
    public void Random_rasters_come_back_when_their_outlines_are_filled(int width, int height, int classes)
    {
        Random random = new(width + classes);
        for (int round = 0; round < 30; round++)
        {
            byte[] picture = [.. Enumerable.Range(0, width * height).Select(_ => (byte)random.Next(classes))];
            if (round % 3 == 0)
                picture = [.. picture.Select(p => p == 0 ? Nothing : p)];
            List<Outline> found = Trace(picture, width);
            int[] regions = Flood(picture, width, out int count);
            Assert.Equal(count, found.Count);
            byte[] filled = [.. Enumerable.Repeat(Nothing, picture.Length)];
            foreach (Outline region in found)
            {
                Assert.Equal(region.Pixels, region.Rings.Sum(Area));
                Assert.True(Area(region.Rings[0]) > 0);
                Assert.All(region.Rings.Skip(1), hole => Assert.True(Area(hole) < 0));
                int[] inside = [.. Enumerable.Range(0, picture.Length).Where(i => IsInside(region, i % width, i / width))];
                Assert.Equal(region.Pixels, inside.Length);
                Assert.Single(inside.Select(i => regions[i]).Distinct());
                foreach (int i in inside)
                {
                    Assert.Equal(Nothing, filled[i]);
                    filled[i] = (byte)region.Label;
                }
            }
            Assert.Equal(picture, filled);
        }
    }

    private static long Area(int[] ring)
    {
        long doubled = 0;
        for (int i = 0; i < ring.Length; i += 2)
            doubled += (long)ring[i] * ring[(i + 3) % ring.Length] - (long)ring[(i + 2) % ring.Length] * ring[i + 1];
        return doubled / 2;
    }

    /// <summary>Whether a ray from a pixel's centre to the left meets an odd number of upright sides.</summary>
    private static bool IsInside(Outline region, int x, int y)
    {
        int crossings = 0;
        foreach (int[] ring in region.Rings)
            for (int i = 0; i < ring.Length; i += 2)
            {
                int toX = ring[(i + 2) % ring.Length], toY = ring[(i + 3) % ring.Length];
                if (ring[i] == toX && toX <= x && Math.Min(ring[i + 1], toY) <= y && y < Math.Max(ring[i + 1], toY))
                    crossings++;
            }
        return crossings % 2 == 1;
    }

    private static int[] Flood(byte[] picture, int width, out int count)
    {
        int[] regions = new int[picture.Length];
        count = 0;
        for (int i = 0; i < picture.Length; i++)
        {
            if (regions[i] != 0 || picture[i] == Nothing)
                continue;
            count++;
            Stack<int> open = new([i]);
            regions[i] = count;
            while (open.TryPop(out int at))
                foreach (int next in (int[])[at % width > 0 ? at - 1 : -1, at % width < width - 1 ? at + 1 : -1, at - width, at + width])
                    if (next >= 0 && next < picture.Length && regions[next] == 0 && picture[next] == picture[at])
                    {
                        regions[next] = count;
                        open.Push(next);
                    }
        }
        return regions;
    }

    /// <summary>The same region, each ring from its smallest corner on.</summary>
    private static Outline Canonical(Outline region)
        => region with
        {
            Rings = [.. region.Rings.Select(ring =>
        {
            int[][] corners = [.. ring.Chunk(2)];
            int first = Enumerable.Range(0, corners.Length).MinBy(i => (corners[i][1], corners[i][0]));
            return (int[])[.. corners.Skip(first).Concat(corners.Take(first)).SelectMany(c => c)];
        })]
        };

    [Fact]
    public void Outlines_of_unfinished_regions_take_no_more_memory_than_is_allowed()
    {
        // A comb: one region of 200 teeth, each with four corners of its own; every row begins others that end in the next.
        byte[] teeth = [.. Enumerable.Range(0, 400).Select(x => (byte)(x % 2))], flat = new byte[400];
        int regions = 0;
        RegionTracer enough = new(400, _ => regions++, 200_000), little = new(400, _ => { }, 10_000);
        for (int row = 0; row < 500; row++)
        {
            enough.Add(flat);
            enough.Add([.. flat.Select(_ => (byte)2)]);
        }
        Assert.Equal(999, regions);
        little.Add(flat);
        Assert.Matches("^holding the outlines of regions that are not finished at row 1 needs about [0-9]+ bytes; raise --memory, or leave out the polygons, but at most 10000 ",
            Assert.Throws<LimitException>(() => little.Add(teeth)).Message);
    }
}
