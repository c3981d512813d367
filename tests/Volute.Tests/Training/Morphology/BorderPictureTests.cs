using Volute.Training;

namespace Volute.Tests.Training.Morphology;

public class BorderPictureTests
{
    private static bool[] Cells(params string[] rows) => [.. string.Concat(rows).Select(c => c == '.')];

    private static string[] Rows(bool[] cells, int width) => [.. cells.Chunk(width).Select(row => string.Concat(row.Select(c => c ? '.' : '#')))];

    private static string[] Thinned(params string[] rows)
    {
        BorderPicture picture = BorderPicture.OfCells(Cells(rows), rows.Length, rows[0].Length);
        picture.Thin();
        return Rows(picture.Cells(), rows[0].Length);
    }

    [Fact]
    public void A_thick_border_that_leaves_the_picture_becomes_one_pixel_wide_and_still_leaves_it()
        => Assert.Equal(["..#.", "..#.", "..#."], Thinned(".##.", ".##.", ".##."));

    [Fact]
    public void An_end_that_parts_nothing_shrinks_away_and_an_island_to_a_pixel()
    {
        Assert.Equal([".....", ".....", ".....", "....."], Thinned(".....", "###..", "###..", "....."));
        Assert.Equal(1, string.Concat(Thinned(".....", ".##..", ".##..", ".....")).Count(c => c == '#'));
    }

    [Fact]
    public void A_picture_without_cells_stays_as_it_is()
        => Assert.Equal(["###", "###"], Thinned("###", "###"));

    [Fact]
    public void Thinning_keeps_the_cells_apart_and_no_border_pixel_is_left_that_could_go()
    {
        Random random = new(3);
        for (int round = 0; round < 60; round++)
        {
            PixelGrid grid = new([12 + round % 5, 15]);
            bool[] cells = [.. Enumerable.Range(0, grid.Pixels).Select(_ => random.Next(100) < 40 + round % 4 * 12)];
            BorderPicture picture = BorderPicture.OfCells(cells, grid.Height, grid.Width);
            picture.Thin();
            bool[] thin = picture.Cells();
            Assert.Equal(ConnectedComponents.Of(cells, grid, Connectivity.Faces).Count, ConnectedComponents.Of(thin, grid, Connectivity.Faces).Count);
            for (int i = 0; i < thin.Length; i++)
                Assert.True(thin[i] || !cells[i], "a cell pixel became border");
            // Every cell is still one: old pixels of two cells are never in one new cell.
            var (before, _) = ConnectedComponents.Of(cells, grid, Connectivity.Faces);
            var (after, _) = ConnectedComponents.Of(thin, grid, Connectivity.Faces);
            Assert.All(Enumerable.Range(0, grid.Pixels).Where(i => cells[i]).GroupBy(i => after[i]), cell => Assert.Single(cell.Select(i => before[i]).Distinct()));
            BorderPicture again = BorderPicture.OfCells(thin, grid.Height, grid.Width);
            again.Thin();
            Assert.Equal(thin, again.Cells());
        }
    }

    [Fact]
    public void A_moved_border_costs_nothing_a_gap_one_pixel_and_a_lost_cell_one()
    {
        bool[] all = [.. Enumerable.Repeat(true, 5 * 7)];
        int Left(bool[] reference, bool[] prediction)
            => BorderPicture.OfCells(reference, 5, 7).WarpTo(BorderPicture.OfCells(prediction, 5, 7), all);
        bool[] wall = Cells("..#....", "..#....", "..#....", "..#....", "..#....");
        Assert.Equal(0, Left(wall, wall));
        Assert.Equal(0, Left(wall, Cells("...#...", "...#...", "..#....", "..##...", "...#...")));
        Assert.Equal(1, Left(wall, Cells("..#....", "..#....", ".......", "..#....", "..#....")));
        Assert.Equal(1, Left(wall, Cells("..#....", "..#.#..", "..#....", "..#....", "..#....")));
    }

    [Fact]
    public void Pixels_that_do_not_count_neither_change_nor_cost()
    {
        bool[] counts = [true, true, false, true];
        Assert.Equal(0, BorderPicture.OfCells([true, true, false, true], 1, 4).WarpTo(BorderPicture.OfCells([true, true, true, true], 1, 4), counts));
    }
}
