using System.Globalization;
using System.Text.Json;

namespace Volute.Training;

/// <summary>
/// The labels of dataset.json: {"background": 0, "liver": 1, …, "ignore": 3}, the older {"0": "background", …}, or regions,
/// {"background": 0, "whole": [1, 2, 3], "core": [2, 3]} with "regions_class_order": [1, 2].
/// </summary>
internal static class DatasetJsonLabels
{
    public static NamedLabels Read(string file, JsonElement labels, JsonElement root)
    {
        List<(string Name, int[] Values)> found = [];
        int? ignored = null;
        bool regions = false;
        foreach (JsonProperty label in labels.EnumerateObject())
        {
            (string name, int[] values) = label.Value.ValueKind switch
            {
                JsonValueKind.String when int.TryParse(label.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                    => (label.Value.GetString()!, (int[])[number]),
                JsonValueKind.Number when label.Value.TryGetInt32(out int number) => (label.Name, [number]),
                JsonValueKind.Array when label.Value.GetArrayLength() > 0 && label.Value.EnumerateArray().All(v => v.TryGetInt32(out _))
                    => (label.Name, [.. label.Value.EnumerateArray().Select(v => v.GetInt32()).Order()]),
                _ => throw new FileFormatException(file, -1, $"label '{label.Name}' is {label.Value.GetRawText()}, expected an integer, or a list of integers for a region"),
            };
            regions |= label.Value.ValueKind == JsonValueKind.Array && values.Length > 1;
            if (name == "ignore" && values.Length == 1)
                ignored = values[0];
            else
                found.Add((name, values));
        }
        if (regions)
            return Regions(file, found, ignored, root);
        found.Sort((a, b) => a.Values[0].CompareTo(b.Values[0]));
        return new(new LabelMap(LabelKind.Value, [.. found.Select(l => l.Values[0])], ignored), [.. found.Select(l => l.Name)]);
    }

    /// <summary>Each label that occurs in a region is a class of its own, so that nothing of the masks is lost.</summary>
    private static NamedLabels Regions(string file, List<(string Name, int[] Values)> found, int? ignored, JsonElement root)
    {
        (string Name, int[] Values)[] regions = [.. found.Where(l => l.Values is not [0])];
        int[] order = root.TryGetProperty("regions_class_order", out JsonElement list) ? [.. list.EnumerateArray().Select(v => v.GetInt32())] : [];
        if (order.Length != regions.Length)
            throw new FileFormatException(file, -1, $"{DatasetException.Count(regions.Length, "region")} ({DatasetException.List([.. regions.Select(r => r.Name)])}) "
                + $"need as many values in regions_class_order, got {order.Length}");
        int[] values = [.. found.SelectMany(l => l.Values).Append(0).Distinct().Order()];
        for (int i = 0; i < regions.Length; i++)
        {
            if (regions[i].Values[0] <= 0)
                throw new FileFormatException(file, -1, $"region '{regions[i].Name}' has label {regions[i].Values[0]}, expected labels above 0, which is the background");
            if (!regions[i].Values.Contains(order[i]))
                throw new FileFormatException(file, -1, $"regions_class_order writes {order[i]} for region '{regions[i].Name}', which is none of its labels ({string.Join(" ", regions[i].Values)})");
        }
        return new(new LabelMap(LabelKind.Value, values, ignored), [.. values.Select(value => NameOf(value, found))])
        {
            Regions = [.. regions.Select((region, i) => new LabelRegion(region.Name, region.Values, order[i]))],
        };
    }

    /// <summary>A label is called by what it alone makes up, else by its number.</summary>
    private static string NameOf(int value, List<(string Name, int[] Values)> found)
        => found.Where(l => l.Values is [var only] && only == value).Select(l => l.Name).FirstOrDefault()
            ?? (value == 0 ? "background" : $"label {value.ToString(CultureInfo.InvariantCulture)}");
}
