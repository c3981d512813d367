using System.Text.Encodings.Web;
using System.Text.Json;
using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// The connected regions of a raster as GeoJSON polygons with class, pixels and areas, written while rows come. Places are in the raster's own
/// coordinate system, named as GDAL and QGIS read it ("crs": GeoJSON 2008): a region's corners are the pixels' corners to the last bit.
/// </summary>
internal sealed class RegionFile : IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly string path;
    private readonly AtomicFile.PendingFile file;
    private readonly FileStream stream;
    private readonly Utf8JsonWriter json;
    private readonly RegionTracer tracer;
    private readonly GroundArea ground;
    private readonly string[] names;
    private readonly LabelMap labels;

    /// <param name="path">The file.</param>
    /// <param name="layout">The raster's size and place.</param>
    /// <param name="names">The name of each class.</param>
    /// <param name="labels">Its raw value.</param>
    /// <param name="allowed">The most bytes of outlines that are held; null: as many as there are.</param>
    public RegionFile(string path, RasterLayout layout, string[] names, LabelMap labels, long? allowed = null)
    {
        (this.path, this.names, this.labels) = (path, names, labels);
        ground = new GroundArea(layout.Place);
        tracer = new RegionTracer(layout.Width, Write, allowed);
        file = AtomicFile.Begin(path);
        stream = Guarded(file.Create);
        json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        if (ground.Epsg is { } number)
        {
            json.WriteStartObject("crs");
            json.WriteString("type", "name");
            json.WriteStartObject("properties");
            json.WriteString("name", $"urn:ogc:def:crs:EPSG::{number}");
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteStartArray("features");
    }

    /// <summary>Adds the next row of classes.</summary>
    public void Add(ReadOnlySpan<byte> classes) => tracer.Add(classes);

    public void Commit() => Guarded(() =>
    {
        tracer.Finish();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
        stream.Dispose();
        file.Commit();
        return true;
    });

    public void Dispose()
    {
        stream.Dispose();
        file.Dispose();
    }

    private void Write(Outline region)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("properties");
        json.WriteString("class", names[region.Label]);
        json.WriteNumber("value", labels.ToRaw(region.Label));
        json.WriteNumber("pixels", region.Pixels);
        json.WriteNumber("area", ground.SquareUnits(region));
        if (ground.SquareMetres(region) is { } metres)
            json.WriteNumber("squareMetres", metres);
        json.WriteEndObject();
        json.WriteStartObject("geometry");
        json.WriteString("type", "Polygon");
        json.WriteStartArray("coordinates");
        foreach (int[] ring in region.Rings)
            Write(ring);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        if (json.BytesPending > FlushAt)
            Guarded(() =>
            {
                json.Flush();
                return true;
            });
    }

    /// <summary>Counter-clockwise on the map where it is an outer ring (RFC 7946, 3.1.6), and closed.</summary>
    private void Write(int[] ring)
    {
        int corners = ring.Length / 2;
        json.WriteStartArray();
        for (int i = 0; i <= corners; i++)
        {
            int corner = ground.IsTurned ? (corners - i) % corners : i % corners;
            var (x, y) = ground.At(ring[2 * corner], ring[2 * corner + 1]);
            json.WriteStartArray();
            json.WriteNumberValue(x);
            json.WriteNumberValue(y);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private T Guarded<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot write '{path}': {e.Message}", e);
        }
    }
}
