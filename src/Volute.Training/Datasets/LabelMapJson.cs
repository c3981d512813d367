using System.Globalization;
using System.Text;
using System.Text.Json;
using Volute.Formats;

namespace Volute.Training;

public sealed partial class LabelMap
{
    /// <summary>
    /// The map as JSON, to be stored beside what was trained with it: {"kind":"palette","values":[0,3],"ignored":255,"palette":["#000000ff", …]}.
    /// </summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind.ToString().ToLowerInvariant());
            json.WriteStartArray("values");
            foreach (int value in Values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
            if (IgnoredValue is { } ignored)
                json.WriteNumber("ignored", ignored);
            if (Palette != null)
            {
                json.WriteStartArray("palette");
                foreach (PaletteColor color in Palette)
                    json.WriteStringValue($"#{StoredMask.Rgb(color):x6}{color.Alpha:x2}");
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FileFormatException">It is not such a text.</exception>
    public static LabelMap FromJson(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            LabelKind kind = root.GetProperty("kind").GetString() switch
            {
                "value" => LabelKind.Value,
                "palette" => LabelKind.Palette,
                "color" => LabelKind.Color,
                var other => throw new FormatException($"kind '{other}' is unknown, expected value, palette or color"),
            };
            int[] values = [.. root.GetProperty("values").EnumerateArray().Select(v => v.GetInt32())];
            int? ignored = root.TryGetProperty("ignored", out JsonElement i) ? i.GetInt32() : null;
            PaletteColor[]? palette = root.TryGetProperty("palette", out JsonElement p)
                ? [.. p.EnumerateArray().Select(c => ParseColor(c.GetString()))] : null;
            return new LabelMap(kind, values, ignored, palette);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidArgumentException)
        {
            throw new FileFormatException("label map", -1, $"this is not the JSON of a label map: {e.Message}", e);
        }
    }

    private static PaletteColor ParseColor(string? text)
        => text is ['#', .. { Length: 8 } digits] && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint c)
            ? new PaletteColor((byte)(c >> 24), (byte)(c >> 16), (byte)(c >> 8), (byte)c)
            : throw new FormatException($"'{text}' is no colour, expected #rrggbbaa");
}
