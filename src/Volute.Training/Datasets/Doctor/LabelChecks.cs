using System.Globalization;

namespace Volute.Training;

/// <summary>Whether masks hold what classes can be learned from.</summary>
internal static class LabelChecks
{
    private const double RareShare = 1e-3;
    private const int RareCases = 3;

    // Labels that are counted are small numbers; larger ones are gray levels such as 128 and 255.
    private const int Counted = 32;

    public static void Run(Dataset data, DatasetProblems problems)
    {
        foreach (Dataset part in ImageChecks.Parts(data))
            CheckSingleValues(data, part, problems);
        if (data.Masks?.Map is not { } map)
            return;
        long[][] masks = [.. Pixels(data).Select(mask => mask.Pixels)];
        CheckGaps(map, problems);
        CheckShares(data, map, masks, problems);
    }

    /// <summary>The masks that could be counted.</summary>
    private static IEnumerable<(string Name, long[] Pixels)> Pixels(Dataset part)
        => Enumerable.Range(0, part.Count).Select(i => (part.NameOf(i), part.Masks!.PixelsOf(i))).Where(mask => mask.Item2 != null)!;

    private static void CheckSingleValues(Dataset data, Dataset part, DatasetProblems problems)
    {
        List<string> empty = [], filled = [], ignored = [];
        foreach ((string name, long[] pixels) in Pixels(part))
        {
            int[] present = [.. Enumerable.Range(0, pixels.Length - 1).Where(c => pixels[c] > 0)];
            if (present.Length < 2)
                (present is [] ? ignored : present is [0] ? empty : filled).Add(name);
        }
        foreach ((List<string> masks, string what) in ((List<string>, string)[])[(empty, "only background"), (filled, "one class only, and no background"), (ignored, "only pixels that are ignored")])
            if (masks.Count > 0)
                problems.Warn(FindingKind.SingleValueMask, $"{DatasetException.Count(masks.Count, "mask")}{ImageChecks.Of(data, part)} with {what}: {DatasetException.List(masks)}",
                    "look at the images: annotate what was forgotten, and leave the masks that are right as they are", masks);
    }

    private static void CheckGaps(LabelMap map, DatasetProblems problems)
    {
        if (map.Kind != LabelKind.Value || map.Values.Max() >= Counted || map.Values.Min() < 0)
            return;
        int[] absent = [.. Enumerable.Range(map.Values.Min(), map.Values.Max() - map.Values.Min()).Except(map.Values).Where(v => v != map.IgnoredValue)];
        if (absent.Length > 0 && !problems.Findings.Any(f => f.Kind == FindingKind.LabelGap))
            problems.Warn(FindingKind.LabelGap, $"mask values {string.Join(", ", map.Values)} leave out {string.Join(", ", absent)}",
                "see whether a class is missing; the values that are there become classes without gaps, and predictions get them back");
    }

    private static void CheckShares(Dataset data, LabelMap map, long[][] masks, DatasetProblems problems)
    {
        double all = masks.Sum(pixels => pixels[..map.Count].Sum());
        for (int c = 0; c < map.Count && masks.Length > 0; c++)
        {
            long pixels = masks.Sum(mask => mask[c]);
            int cases = masks.Count(mask => mask[c] > 0);
            string name = c < data.Classes.Count ? data.Classes[c] : map.NameOf(map.Values[c]);
            string label = name == map.NameOf(map.Values[c]) ? name : $"{name} (value {map.NameOf(map.Values[c])})";
            if (cases == 0)
                problems.Warn(FindingKind.RareClass, $"class {label} is in none of the {DatasetException.Count(masks.Length, "mask")}",
                    "bring masks that show it, or take it out of the list of classes", name);
            else if (pixels < RareShare * all || cases < Math.Min(RareCases, masks.Length))
                problems.Warn(FindingKind.RareClass, string.Create(CultureInfo.InvariantCulture, $"class {label} has {pixels / all:0.####%} of the pixels, in {cases} of {DatasetException.Count(masks.Length, "mask")}"),
                    "bring more of it: hardly anything is learned from so little, and a validation may have none of it", name);
        }
    }
}
