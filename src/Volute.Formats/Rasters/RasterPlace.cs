using System.Globalization;

namespace Volute.Formats;

/// <summary>Where a raster lies on the ground, as its file says it. What is written for a raster takes it over as it is.</summary>
public sealed record RasterPlace
{
    private const double PixelTolerance = 0.01, SizeTolerance = 1e-6;

    /// <summary>A raster that lies nowhere: a photograph.</summary>
    public static RasterPlace None { get; } = new();

    /// <summary>
    /// Six numbers t, in GDAL's order: the corner of pixel (column, row) lies at x = t0 + column·t1 + row·t2, y = t3 + column·t4 + row·t5, in
    /// units of the coordinate system. Null where the file tells none.
    /// </summary>
    public IReadOnlyList<double>? Transform { get; init; }

    /// <summary>The coordinate system as well-known text (OGC 01-009), "" where the file tells none.</summary>
    public string CoordinateSystem { get; init; } = "";

    /// <summary>Pixels whose place is known one by one, where there is no <see cref="Transform"/>.</summary>
    public IReadOnlyList<GroundPoint> Points { get; init; } = [];

    /// <summary>The coordinate system of <see cref="Points"/> as well-known text.</summary>
    public string PointsCoordinateSystem { get; init; } = "";

    /// <summary>The rational functions that satellites come with, as NAME=VALUE (RPC00B); empty where there are none.</summary>
    public IReadOnlyList<string> RationalFunctions { get; init; } = [];

    /// <summary>
    /// How another raster of the same size lies elsewhere, "corner (500000, 5000000) and (500002, 5000000)"; null where both lie on the same pixels, to a hundredth of one, or
    /// one of the two lies nowhere. Coordinate systems are not compared: one system has many texts.
    /// </summary>
    public string? Difference(RasterPlace other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Transform is not { Count: 6 } a || other.Transform is not { Count: 6 } b)
            return null;
        double pixel = Math.Sqrt(Math.Abs(a[1] * a[5] - a[2] * a[4]));
        bool Differ(int number, double tolerance) => Math.Abs(a[number] - b[number]) > tolerance * pixel;
        if (Differ(0, PixelTolerance) || Differ(3, PixelTolerance))
            return string.Create(CultureInfo.InvariantCulture, $"corner ({a[0]}, {a[3]}) and ({b[0]}, {b[3]})");
        if (Differ(1, SizeTolerance) || Differ(2, SizeTolerance) || Differ(4, SizeTolerance) || Differ(5, SizeTolerance))
            return string.Create(CultureInfo.InvariantCulture, $"pixels ({a[1]}, {a[2]}; {a[4]}, {a[5]}) and ({b[1]}, {b[2]}; {b[4]}, {b[5]})");
        return null;
    }

    /// <summary>Where the part of the raster lies that begins at a pixel.</summary>
    public RasterPlace Part(int column, int row) => this with
    {
        Transform = Transform is not { Count: 6 } t ? null : [t[0] + column * t[1] + row * t[2], t[1], t[2], t[3] + column * t[4] + row * t[5], t[4], t[5]],
        Points = [.. Points.Select(point => point with { Column = point.Column - column, Row = point.Row - row })],
        RationalFunctions = [],
    };

    /// <summary>"Area" or "Point", whether a value stands for its pixel or for the pixel's centre; null where the file says nothing.</summary>
    public string? AreaOrPoint { get; init; }
}

/// <summary>A place whose pixel is known.</summary>
/// <param name="Id">Its name, or "".</param>
/// <param name="Column">Along the row, in pixels.</param>
/// <param name="Row">Downwards, in pixels.</param>
/// <param name="X">Its place, in units of the coordinate system.</param>
/// <param name="Y">Its place, in units of the coordinate system.</param>
/// <param name="Z">Its height.</param>
public readonly record struct GroundPoint(string Id, double Column, double Row, double X, double Y, double Z);
