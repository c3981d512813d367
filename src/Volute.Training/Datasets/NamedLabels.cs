using System.Globalization;
using System.Text.Json;
using Volute.Formats;

namespace Volute.Training;

/// <summary>Classes named beside the images: by nnU-Net's dataset.json, or by classes.csv.</summary>
/// <param name="Map">The raw values.</param>
/// <param name="Names">The name of each class.</param>
internal sealed record NamedLabels(LabelMap Map, string[] Names)
{
    /// <summary>Reads "labels": {"background": 0, "liver": 1, …, "ignore": 3} of dataset.json; the older {"0": "background", …} too.</summary>
    /// <exception cref="FileFormatException">No JSON, or no such labels.</exception>
    public static NamedLabels? FromDatasetJson(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!document.RootElement.TryGetProperty("labels", out JsonElement labels))
                return null;
            List<(int Value, string Name)> found = [];
            int? ignored = null;
            foreach (JsonProperty label in labels.EnumerateObject())
            {
                (string name, string text) = label.Value.ValueKind == JsonValueKind.String ? (label.Value.GetString()!, label.Name)
                    : (label.Name, label.Value.GetRawText());
                if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
                    throw new FileFormatException(file, -1,
                        $"label '{label.Name}' is {label.Value.GetRawText()}, expected one integer (regions of several labels are not supported)");
                if (name == "ignore")
                    ignored = value;
                else
                    found.Add((value, name));
            }
            found.Sort();
            return new(new LabelMap(LabelKind.Value, [.. found.Select(l => l.Value)], ignored), [.. found.Select(l => l.Name)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or InvalidArgumentException)
        {
            throw new FileFormatException(file, -1, $"this is not nnU-Net's dataset.json: {e.Message}", e);
        }
    }

    /// <summary>Reads lines value,name[,color[,ignore]]; the value of coloured masks is #rrggbb. A first line "value,name…" is a heading.</summary>
    /// <exception cref="FileFormatException">A line that is not so.</exception>
    public static NamedLabels FromCsv(string file)
    {
        List<(int Value, string Name)> found = [];
        int? ignored = null;
        LabelKind kind = LabelKind.Value;
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string[] cells = [.. line.Split(',').Select(cell => cell.Trim())];
            if (line.Trim().Length == 0 || number == 1 && cells[0].Equals("value", StringComparison.OrdinalIgnoreCase))
                continue;
            int value = 0;
            bool color = cells[0].StartsWith('#'), parsed = color
                ? cells[0].Length == 7 && int.TryParse(cells[0].AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
                : int.TryParse(cells[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
            if (!parsed || cells.Length < 2 || cells[1].Length == 0)
                throw new FileFormatException(file, -1, $"line {number} is '{line}', expected value,name with a number or #rrggbb as value");
            kind = color ? LabelKind.Color : kind;
            if (cells.Length > 3 && cells[3].ToLowerInvariant() is "1" or "true" or "yes" or "ignore")
                ignored = value;
            else
                found.Add((value, cells[1]));
        }
        found.Sort();
        try
        {
            return new(new LabelMap(kind, [.. found.Select(l => l.Value)], ignored), [.. found.Select(l => l.Name)]);
        }
        catch (InvalidArgumentException e)
        {
            throw new FileFormatException(file, -1, e.Message, e);
        }
    }
}
