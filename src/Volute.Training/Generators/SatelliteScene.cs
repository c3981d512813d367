using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// A drawn landscape as a satellite sees it: meadows (class 0), fields (1), houses (2) and water (3). Each pixel is a function of its place and the
/// seed alone, so that scenes of any size are drawn row by row, and a part of a larger scene is the same.
/// </summary>
internal sealed class SatelliteScene(uint seed)
{
    /// <summary>Metres of a pixel's side.</summary>
    public const double PixelSize = 0.5;

    // WGS 84 / UTM zone 33N, EPSG:32633.
    private const string CoordinateSystem = """
        PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","32633"]]
        """;

    private const int FieldSize = 96, HouseSpacing = 40;

    /// <summary>Where the scene lies whose first pixel is (<paramref name="column"/>, 0) of the landscape.</summary>
    public static RasterPlace Place(long column) => new()
    {
        Transform = [400_000 + column * PixelSize, PixelSize, 0, 5_500_000, 0, -PixelSize],
        CoordinateSystem = CoordinateSystem,
        AreaOrPoint = "Area",
    };

    /// <summary>Draws rows.</summary>
    /// <param name="column">The landscape's column of the first pixel.</param>
    /// <param name="first">The first row.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="image">[red, green, blue; rows; width].</param>
    /// <param name="mask">[rows, width].</param>
    public void Draw(int column, int first, int width, byte[] image, byte[] mask)
    {
        int plane = mask.Length;
        Parallel.For(0, plane / width, row =>
        {
            for (int i = 0; i < width; i++)
            {
                int at = row * width + i;
                mask[at] = Pixel((uint)(column + i), (uint)(first + row), out var color);
                (image[at], image[plane + at], image[2 * plane + at]) = color;
            }
        });
    }

    private byte Pixel(uint x, uint y, out (byte, byte, byte) color)
    {
        int grain = (int)(Hash(x, y, 1) & 15) - 8;
        double heights = 0.7 * Noise(x, y, 400, 2) + 0.3 * Noise(x, y, 130, 3);
        if (heights < 0.26 || Math.Abs(Noise(x, y, 700, 4) - 0.5) < 0.012)
        {
            color = Shade(40, 66, 92, grain / 2);
            return 3;
        }
        // Borders of fields wind a little.
        uint u = (uint)(x + 18 * Noise(x, y, 60, 5)), v = (uint)(y + 18 * Noise(x, y, 60, 6)), cell = Hash(u / FieldSize, v / FieldSize, 7);
        if (cell % 3 != 0)
        {
            int stripe = ((cell >> 8 & 1) == 0 ? x + 2 * y : 2 * x - y) % 12 < 6 ? 9 : -9;
            color = Shade(130 + (int)(cell >> 12 & 63), 118 + (int)(cell >> 18 & 31), 70 + (int)(cell >> 24 & 15), grain + stripe);
            return 1;
        }
        uint house = Hash(x / HouseSpacing, y / HouseSpacing, 8);
        int dx = (int)(x % HouseSpacing) - 14 - (int)(house >> 4 & 7), dy = (int)(y % HouseSpacing) - 14 - (int)(house >> 8 & 7);
        if ((house & 3) == 0 && Math.Abs(dx) < 5 + (house >> 12 & 5) && Math.Abs(dy) < 5 + (house >> 16 & 5))
        {
            // The ridge of the roof parts light from shade.
            color = Shade(150, 80, 66, grain + (dy < 0 ? 28 : -12));
            return 2;
        }
        color = Shade(78, 112, 58, grain + (int)(30 * Noise(x, y, 14, 9)));
        return 0;
    }

    private static (byte, byte, byte) Shade(int red, int green, int blue, int light)
        => ((byte)Math.Clamp(red + light, 1, 255), (byte)Math.Clamp(green + light, 1, 255), (byte)Math.Clamp(blue + light, 1, 255));

    /// <summary>0 to 1, smooth, with structures of <paramref name="scale"/> pixels.</summary>
    private double Noise(uint x, uint y, uint scale, uint stream)
    {
        uint left = x / scale, top = y / scale;
        double fx = Ease((double)(x % scale) / scale), fy = Ease((double)(y % scale) / scale);
        double At(uint column, uint row) => Hash(column, row, stream) * (1.0 / uint.MaxValue);
        double above = At(left, top) + (At(left + 1, top) - At(left, top)) * fx, below = At(left, top + 1) + (At(left + 1, top + 1) - At(left, top + 1)) * fx;
        return above + (below - above) * fy;
    }

    private static double Ease(double t) => t * t * (3 - 2 * t);

    /// <summary>Any bits for a place: two rounds of multiplying and mixing.</summary>
    private uint Hash(uint x, uint y, uint stream)
    {
        uint h = x * 0x9E3779B1 ^ y * 0x85EBCA77 ^ (seed + stream) * 0xC2B2AE3D;
        h = (h ^ h >> 15) * 0x2C1B3C6D;
        h = (h ^ h >> 12) * 0x297A2D39;
        return h ^ h >> 15;
    }
}
