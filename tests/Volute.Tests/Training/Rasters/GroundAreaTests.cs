using Volute.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Rasters;

public sealed class GroundAreaTests
{
    private const string Degrees = """GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]""";
    private const string Feet = """PROJCS["a",GEOGCS["b",DATUM["c",SPHEROID["d",6378137,298.257223563]],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]],PROJECTION["e"],UNIT["foot",0.3048],AUTHORITY["EPSG","2222"]]""";

    private static RasterPlace Place(string system, params double[] transform) => new() { CoordinateSystem = system, Transform = transform };

    private static Outline Square(int width, int height) => new(0, width * height, [[0, 0, width, 0, width, height, 0, height]]);

    [Fact]
    public void The_whole_earth_has_the_ellipsoids_surface()
        // 510,065,621.724 km² (NIMA TR8350.2 gives the authalic radius 6,371,007.1809 m).
        => Assert.Equal(4 * Math.PI * Math.Pow(6371007.1809, 2), new GroundArea(Place(Degrees, -180, 1, 0, 90, 0, -1)).SquareMetres(Square(360, 180))!.Value, 1e5);

    [Fact]
    public void A_part_of_the_earth_is_the_integral_of_its_parallels()
    {
        // M(φ)·N(φ)·cos φ, the radii of curvature, summed over thin strips.
        double a = 6378137, f = 1 / 298.257223563, e2 = f * (2 - f), sum = 0, step = 5 * Math.PI / 180 / 100_000;
        for (int i = 0; i < 100_000; i++)
        {
            double latitude = 45 * Math.PI / 180 + (i + 0.5) * step, w = 1 - e2 * Math.Pow(Math.Sin(latitude), 2);
            sum += a * (1 - e2) / Math.Pow(w, 1.5) * a / Math.Sqrt(w) * Math.Cos(latitude) * step;
        }
        double expected = sum * 3 * Math.PI / 180;
        Assert.Equal(expected, new GroundArea(Place(Degrees, 7, 0.1, 0, 50, 0, -0.1)).SquareMetres(Square(30, 50))!.Value, expected * 1e-9);
    }

    [Fact]
    public void Holes_are_taken_away()
    {
        GroundArea ground = new(Place(Degrees, 7, 0.1, 0, 50, 0, -0.1));
        Outline ring = new(0, 8, [[0, 0, 3, 0, 3, 3, 0, 3], [1, 1, 1, 2, 2, 2, 2, 1]]), hole = new(1, 1, [[1, 1, 2, 1, 2, 2, 1, 2]]);
        Assert.Equal(ground.SquareMetres(Square(3, 3))!.Value, ground.SquareMetres(ring)!.Value + ground.SquareMetres(hole)!.Value, 1e-3);
    }

    [Fact]
    public void Other_units_are_squared_and_named_by_their_own_number_not_their_datums()
    {
        GroundArea ground = new(Place(Feet, 0, 3, 4, 0, 4, -3));
        Assert.Equal((2222, 25.0 * 12), (ground.Epsg, ground.SquareUnits(Square(2, 6))));
        Assert.Equal(25 * 12 * 0.3048 * 0.3048, ground.SquareMetres(Square(1, 12))!.Value, 1e-9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROJCS[")]
    [InlineData("PROJCS[\"a")]
    [InlineData("LOCAL_CS[\"x\",UNIT[\"metre\"]]")]
    public void Texts_that_say_nothing_give_no_square_metres(string system)
    {
        GroundArea ground = new(Place(system, 0, 2, 0, 0, 0, -2));
        Assert.Null(ground.SquareMetres(Square(2, 2)));
        Assert.Null(ground.Epsg);
        Assert.Equal(16, ground.SquareUnits(Square(2, 2)));
    }
}
