using Volute.Formats;

namespace Volute.Training;

/// <summary>Which raw values one mask holds, each with the number of its pixels, without that of pixels which hold nothing (<paramref name="NoData"/>).</summary>
internal sealed record MaskValues(string Name, LabelKind Kind, SortedDictionary<int, long> Counts, IReadOnlyList<PaletteColor>? Palette, int? NoData = null)
{
    public IReadOnlyCollection<int> Values => Counts.Keys;

    /// <summary>The pixels of each class, and last those that are ignored; null where the map does not know a value.</summary>
    public long[]? PerClass(LabelMap map)
    {
        long[] pixels = new long[map.Count + 1];
        foreach (var (value, count) in Counts)
        {
            if (StoredMask.Translate(value, Kind, Palette, map) is not { } raw || !map.TryGetClass(raw, out int label))
                return null;
            pixels[label == LabelMap.Ignored ? map.Count : label] += count;
        }
        return pixels;
    }

    /// <summary>Whether a map knows one of the values.</summary>
    public bool IsIn(LabelMap map, int value) => StoredMask.Translate(value, Kind, Palette, map) is { } raw && map.TryGetClass(raw, out _);

    /// <summary>
    /// The map of all masks together: rising values are classes 0, 1, 2, …; palettes that disagree, or masks of different kinds, are told apart by
    /// their colours. 255 beside 0, 1, … without gaps is what many datasets write where nobody could tell: it is ignored.
    /// </summary>
    public static LabelMap? Join(IReadOnlyList<MaskValues> masks, DatasetProblems problems)
    {
        LabelKind kind = masks.Select(m => m.Kind).Distinct().Count() > 1 ? LabelKind.Color : masks[0].Kind;
        IReadOnlyList<PaletteColor>? palette = null;
        if (kind == LabelKind.Palette)
        {
            palette = masks.MaxBy(m => m.Palette!.Count)!.Palette!;
            if (masks.Any(m => m.Values.Any(v => StoredMask.Rgb(m.Palette![v]) != StoredMask.Rgb(palette[v]))))
                (kind, palette) = (LabelKind.Color, null);
        }
        SortedSet<int> values = [];
        foreach (MaskValues mask in masks)
        {
            foreach (int value in mask.Values)
            {
                if (kind == mask.Kind)
                    values.Add(value);
                else if (StoredMask.ToColor(value, mask.Kind, mask.Palette) is { } color)
                    values.Add(color);
                else
                    problems.Add(FindingKind.NoClasses, $"mask {mask.Name} is gray with value {value}, other masks are coloured", "give all masks the same kind", mask.Name);
            }
        }
        // What every mask calls nothing stays that in what is predicted; where masks disagree, each is read by its own word.
        int? ignored = masks.Select(m => m.NoData).OfType<int>().Distinct().ToArray() is [var nothing and >= 0] && !values.Contains(nothing)
            && nothing < kind switch { LabelKind.Value => 1 << 16, LabelKind.Palette => palette!.Count, _ => 0 } ? nothing : null;
        if (ignored == null && kind != LabelKind.Color && values.Count >= 3 && values.Min == 0 && values.Max == 255
            && values.ElementAt(values.Count - 2) == values.Count - 2)
        {
            ignored = 255;
            values.Remove(255);
        }
        if (values.Count > LabelMap.MaxClasses)
            problems.Add(FindingKind.NoClasses, $"the masks hold {values.Count} different {(kind == LabelKind.Color ? "colours" : "values")}, "
                + $"at most {LabelMap.MaxClasses} classes are possible",
                "a mask has one flat value for each class (numbered objects and resampled masks must be reduced to classes first)");
        else if (values.Count == 1)
            problems.Add(FindingKind.SingleValueMask, $"all masks hold one value only ({new LabelMap(kind, [values.Min], null, palette).NameOf(values.Min)})",
                "there is nothing to tell apart: give masks of two classes at least");
        return values.Count is 0 or > LabelMap.MaxClasses ? null : new LabelMap(kind, [.. values], ignored, palette);
    }
}
