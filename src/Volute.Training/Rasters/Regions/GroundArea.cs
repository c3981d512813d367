using Volute.Formats;

namespace Volute.Training;

/// <summary>How large regions are on the ground.</summary>
/// <remarks>
/// Square units of the coordinate system: pixels · |t1·t5 − t2·t4|. Square metres: those times the unit's metres squared; where places are longitudes λ
/// and latitudes φ, |Σ (λᵢ₊₁ − λᵢ) (Q(φᵢ) + Q(φᵢ₊₁)) / 2| over the corners of all rings, with Q(φ) = b²/2 · (sin φ / (1 − e² sin² φ) +
/// ln((1 + e sin φ) / (1 − e sin φ)) / 2e), the ellipsoid's area between the equator and φ for each radian of longitude (Snyder 1987, 3-12):
/// exact where pixels' sides are meridians and parallels.
/// </remarks>
internal sealed class GroundArea
{
    private const double SquareMetresOfHectare = 10_000;

    private readonly RasterPlace place;
    private readonly CoordinateText? system;
    private readonly double[] transform;

    public GroundArea(RasterPlace place)
    {
        this.place = place;
        transform = [.. place.Transform ?? [0, 1, 0, 0, 0, 1]];
        system = CoordinateText.Parse(place.CoordinateSystem);
    }

    /// <summary>The number of the coordinate system in EPSG's list, where the raster lies somewhere in one that has a number.</summary>
    public int? Epsg => place.Transform == null ? null : system?.Epsg;

    /// <summary>Where a corner lies; in pixels where the raster lies nowhere.</summary>
    public (double X, double Y) At(int column, int row)
        => (transform[0] + column * transform[1] + row * transform[2], transform[3] + column * transform[4] + row * transform[5]);

    /// <summary>Whether rows run so that what is clockwise on the raster is clockwise on the map.</summary>
    public bool IsTurned => transform[1] * transform[5] - transform[2] * transform[4] < 0;

    /// <summary>In square units of the coordinate system.</summary>
    public double SquareUnits(Outline region) => region.Pixels * Math.Abs(transform[1] * transform[5] - transform[2] * transform[4]);

    /// <summary>In square metres; null where the file does not say what its units are.</summary>
    public double? SquareMetres(Outline region)
    {
        if (place.Transform == null || system?.Unit is not { } unit)
            return null;
        if (!system.IsGeographic)
            return SquareUnits(region) * unit * unit;
        if (system.Ellipsoid is not { } ellipsoid)
            return null;
        double sum = 0;
        foreach (int[] ring in region.Rings)
        {
            for (int i = 0; i < ring.Length; i += 2)
            {
                var (longitude, latitude) = At(ring[i], ring[i + 1]);
                var (nextLongitude, nextLatitude) = At(ring[(i + 2) % ring.Length], ring[(i + 3) % ring.Length]);
                sum += (nextLongitude - longitude) * unit * (FromEquator(latitude * unit, ellipsoid) + FromEquator(nextLatitude * unit, ellipsoid)) / 2;
            }
        }
        return Math.Abs(sum);
    }

    /// <summary>The unit of areas: ha (10,000 m²); "square units" of a system that does not say how long its units are; px where the raster lies nowhere, or its pixels have no area.</summary>
    public string Unit => place.Transform == null || !(SquareUnits(Outline.Of(0, 0, 1, 1)) is > 0 and < double.PositiveInfinity) ? "px"
        : SquareMetres(Outline.Of(0, 0, 1, 1)) == null ? "square units" : "ha";

    /// <summary>In <see cref="Unit"/>.</summary>
    public double In(string unit, Outline region) => unit switch
    {
        "px" => region.Pixels,
        "ha" => SquareMetres(region)!.Value / SquareMetresOfHectare,
        _ => SquareUnits(region),
    };

    /// <summary>Q(φ).</summary>
    private static double FromEquator(double latitude, (double Radius, double InverseFlattening) ellipsoid)
    {
        double flattening = ellipsoid.InverseFlattening > 0 ? 1 / ellipsoid.InverseFlattening : 0, sine = Math.Sin(latitude);
        double polar = ellipsoid.Radius * (1 - flattening), e = Math.Sqrt(flattening * (2 - flattening));
        if (e == 0)
            return polar * polar * sine;
        return polar * polar / 2 * (sine / (1 - e * e * sine * sine) + Math.Log((1 + e * sine) / (1 - e * sine)) / (2 * e));
    }
}
