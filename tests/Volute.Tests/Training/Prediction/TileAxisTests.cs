using Volute.Training;

namespace Volute.Tests.Training.Prediction;

public class TileAxisTests
{
    private static UNetSizes Sizes(bool padded, int levels) => new(new UNet(new UNetOptions(BaseWidth: 1, Levels: levels, Rank: 1, Padded: padded)));

    [Theory]
    [InlineData(false, 2)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void Every_position_is_given_once_and_tiles_begin_where_the_poolings_do(bool padded, int levels)
    {
        UNetSizes sizes = Sizes(padded, levels);
        int context = padded ? 5 : 0, least = sizes.InputSize(sizes.Alignment + 2 * (context + sizes.Alignment - 1) / sizes.Alignment * sizes.Alignment);
        for (int size = 1; size < 150; size++)
        {
            for (int tile = least + 8; tile < least + 40; tile += 7)
            {
                TileAxis axis = TileAxis.Cut(size, sizes, tile, context, sizes.Alignment);
                int next = 0;
                foreach (Tile part in axis.Tiles)
                {
                    Assert.Equal(next, part.Keep);
                    Assert.True(part.Count > 0);
                    Assert.True(part.Skip + part.Count <= sizes.OutputSize(axis.Input));
                    Assert.Equal(0, (part.Start - axis.Tiles[0].Start) % sizes.Alignment);
                    next += part.Count;
                }
                Assert.Equal(size, next);
                Assert.True(axis.Input <= tile);
            }
        }
    }

    [Fact]
    public void A_size_keeping_network_sees_its_context_around_every_tile_except_at_the_borders_of_the_image()
    {
        TileAxis axis = TileAxis.Cut(100, Sizes(true, 3), 40, 6, 4);
        Assert.Equal([new Tile(0, 0, 0, 32), new Tile(24, 8, 32, 24), new Tile(48, 8, 56, 24), new Tile(60, 20, 80, 20)], axis.Tiles);
        Assert.Equal(40, axis.Input);
    }

    [Fact]
    public void A_valid_network_sees_beyond_the_borders_of_the_image()
    {
        TileAxis axis = TileAxis.Cut(10, Sizes(false, 3), 45, 0, 4);
        Assert.Equal([new Tile(-20, 0, 0, 4), new Tile(-16, 0, 4, 4), new Tile(-12, 0, 8, 2)], axis.Tiles);
        Assert.Equal(44, axis.Input);
    }

    [Fact]
    public void An_image_that_fits_is_one_tile()
    {
        Assert.Equal([new Tile(-20, 0, 0, 10)], TileAxis.Cut(10, Sizes(false, 3), 52, 0, 4).Tiles);
        Assert.Equal([new Tile(0, 0, 0, 10)], TileAxis.Cut(10, Sizes(true, 3), 12, 64, 4).Tiles);
    }

    [Theory]
    [InlineData(false, 43, 0, "tiles of 43 positions are too small: this network needs 20 on each side of what it gives; use tiles of at least 44")]
    [InlineData(true, 19, 6, "tiles of 19 positions are too small: this network needs 8 on each side of what it gives; use tiles of at least 20")]
    [InlineData(true, 0, 0, "tiles of 0 positions are too small: this network needs 0 on each side of what it gives; use tiles of at least 4")]
    public void Tiles_that_could_give_nothing_are_refused_with_the_least_size(bool padded, int tile, int context, string message)
    {
        Assert.Equal(message, Assert.Throws<InvalidArgumentException>(() => TileAxis.Cut(100, Sizes(padded, 3), tile, context, 4)).Message);
        string least = message[(message.LastIndexOf(' ') + 1)..];
        Assert.Equal(25, TileAxis.Cut(100, Sizes(padded, 3), int.Parse(least), context, 4).Tiles.Sum(t => t.Count) / 4);
    }

    [Fact]
    public void Mirroring_does_not_repeat_the_border()
    {
        Assert.Equal([2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1], Enumerable.Range(-4, 12).Select(p => TileAxis.Mirror(p, 4)));
        Assert.Equal([1, 0, 1, 0, 1], Enumerable.Range(-1, 5).Select(p => TileAxis.Mirror(p, 2)));
        Assert.Equal([0, 0, 0], Enumerable.Range(-1, 3).Select(p => TileAxis.Mirror(p, 1)));
    }

    [Theory]
    [InlineData(110, 64, 0.5, new[] { 0, 23, 46 })] // nnU-Net's own example
    [InlineData(64, 64, 0.5, new[] { 0 })]
    [InlineData(65, 64, 0.5, new[] { 0, 1 })]
    [InlineData(100, 40, 0.75, new[] { 0, 30, 60 })]
    public void Overlapping_tiles_are_spread_evenly_and_their_weights_sum_to_one(int size, int tile, double step, int[] starts)
    {
        TileAxis axis = TileAxis.Overlapping(size, tile, step);
        Assert.Equal(starts, axis.Tiles.Select(t => t.Start));
        double[] sums = new double[size];
        foreach (Tile part in axis.Tiles)
        {
            for (int i = 0; i < part.Count; i++)
                sums[part.Keep + i] += part.Weights?[i] ?? 1;
        }
        Assert.All(sums, sum => Assert.Equal(1, sum, 5));
    }

    [Fact]
    public void An_image_smaller_than_an_overlapping_tile_lies_in_its_middle()
        => Assert.Equal([new Tile(-3, 3, 0, 9)], TileAxis.Overlapping(9, 16, 0.5).Tiles);

    [Fact]
    public void Weights_are_those_of_a_bell_with_an_eighth_of_the_tile_for_its_deviation()
    {
        float[] weights = TileAxis.Overlapping(9, 8, 1).Tiles[0].Weights!;
        // Two tiles, at 0 and 1; position 4 is number 4 of the one, 3 of the other, as far from both middles.
        Assert.Equal(0.5f, weights[4], 5);
        double near = Math.Exp(-0.5 * 0.5 * 0.5), far = Math.Exp(-0.5 * 1.5 * 1.5);
        Assert.Equal(near / (near + far), weights[3], 5);
    }

    [Fact]
    public void A_step_of_nothing_is_refused()
        => Assert.Equal("the step of overlapping tiles must be above 0 and at most 1, got 0", Assert.Throws<InvalidArgumentException>(() => TileAxis.Overlapping(9, 4, 0)).Message);
}
