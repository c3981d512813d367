using System.Globalization;
using Volute.Formats;

namespace Volute.Training;

/// <summary>Classes named beside the images: by nnU-Net's dataset.json, or by classes.csv.</summary>
/// <param name="Map">The raw values.</param>
/// <param name="Names">The name of each class.</param>
internal sealed record NamedLabels(LabelMap Map, string[] Names)
{
    /// <summary>Regions of several labels, which may lie within each other; null where each class has a label of its own.</summary>
    public IReadOnlyList<LabelRegion>? Regions { get; init; }

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
