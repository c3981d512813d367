using System.Globalization;

namespace Volute.Training;

/// <summary>What a coordinate system in well-known text (OGC 01-009, ISO 19162) says of its units, its ellipsoid and its number.</summary>
internal sealed class CoordinateText
{
    private const int Deepest = 64;

    private readonly List<object> items = [];

    private CoordinateText(string keyword) => Keyword = keyword;

    /// <summary>PROJCS, GEOGCS, UNIT, ...</summary>
    public string Keyword { get; }

    /// <summary>The system of places on the ground; null where the text is empty or not understood.</summary>
    public static CoordinateText? Parse(string text)
    {
        int at = 0;
        CoordinateText? root = Read(text, ref at, 0);
        while (root is { Keyword: "COMPD_CS" or "COMPOUNDCRS" or "BOUNDCRS" or "SOURCECRS" })
            root = root.Children.FirstOrDefault(c => c.IsGeographic || c.Keyword is "PROJCS" or "PROJCRS" or "SOURCECRS");
        return root;
    }

    /// <summary>Whether places are angles.</summary>
    public bool IsGeographic => Keyword is "GEOGCS" or "GEOGCRS" or "GEODCRS";

    /// <summary>EPSG:n, null where it has no number.</summary>
    public int? Epsg => Children.LastOrDefault(c => c.Keyword is "AUTHORITY" or "ID") is { } id && id.Text(0) == "EPSG" && id.Number(1) is { } n ? (int)n : null;

    /// <summary>Metres, or radians, of a unit.</summary>
    public double? Unit => (Children.LastOrDefault(c => c.Keyword is "UNIT" or "LENGTHUNIT" or "ANGLEUNIT")
        ?? Children.LastOrDefault(c => c.Keyword == "AXIS")?.Children.LastOrDefault(c => c.Keyword is "LENGTHUNIT" or "ANGLEUNIT"))?.Number(1);

    /// <summary>The ellipsoid's equatorial radius in metres and 1 / its flattening, 0 for a sphere.</summary>
    public (double Radius, double InverseFlattening)? Ellipsoid
        => Find("SPHEROID") is { } found && found.Number(1) is { } a && found.Number(2) is { } f ? (a, f) : null;

    private IEnumerable<CoordinateText> Children => items.OfType<CoordinateText>();

    private string? Text(int index) => index < items.Count ? items[index] as string : null;

    private double? Number(int index) => double.TryParse(Text(index), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private CoordinateText? Find(string keyword)
        => Keyword == keyword || keyword == "SPHEROID" && Keyword == "ELLIPSOID" ? this : Children.Select(c => c.Find(keyword)).FirstOrDefault(c => c != null);

    /// <summary>KEYWORD[item, item, …], where items are texts in quotes, numbers, words or further ones.</summary>
    private static CoordinateText? Read(string text, ref int at, int depth)
    {
        int open = text.IndexOf('[', at);
        if (open < 0 || depth > Deepest)
            return null;
        CoordinateText node = new(text[at..open].Trim().ToUpperInvariant());
        for (at = open + 1; at < text.Length && text[at] != ']';)
        {
            if (text[at] == ',' || char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at] == '"')
            {
                int end = text.IndexOf('"', at + 1);
                if (end < 0)
                    return null;
                node.items.Add(text[(at + 1)..end]);
                at = end + 1;
            }
            else
            {
                int end = text.AsSpan(at).IndexOfAny(",[]");
                if (end < 0)
                    return null;
                if (text[at + end] != '[')
                {
                    node.items.Add(text.Substring(at, end).Trim());
                    at += end;
                }
                else if (Read(text, ref at, depth + 1) is { } child)
                {
                    node.items.Add(child);
                }
                else
                {
                    return null;
                }
            }
        }
        at++;
        return node;
    }
}
