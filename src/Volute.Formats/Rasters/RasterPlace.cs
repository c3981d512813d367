namespace Volute.Formats;

/// <summary>
/// Where a raster lies on the ground, as its file says it. Nothing here is computed with: what is written for a raster takes it over as it is.
/// </summary>
public sealed record RasterPlace
{
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
