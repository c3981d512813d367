namespace Volute.Training;

/// <summary>What is measured of segmentations beyond counting pixels. Each needs the place of the pixels, <see cref="PixelGrid"/>, but calibration, which needs probabilities.</summary>
[Flags]
public enum SegmentationMeasures
{
    /// <summary>Only what counting pixels gives.</summary>
    None = 0,

    /// <summary>HD95, HD, ASSD and NSD.</summary>
    Surfaces = 1,

    /// <summary>F1, precision and recall of objects.</summary>
    Objects = 2,

    /// <summary>V_Rand, V_Info, Rand and warping error of pictures of two classes.</summary>
    Partitions = 4,

    /// <summary>Expected calibration error and temperature.</summary>
    Calibration = 8,

    /// <summary>Everything.</summary>
    All = Surfaces | Objects | Partitions | Calibration,
}

/// <summary>What all measurements of an evaluation share.</summary>
/// <param name="Classes">The names of the classes, or of the regions that are judged in their place, each against all else.</param>
/// <param name="Sets">The labels of each of them: a class's own, or several; regions may overlap.</param>
/// <param name="Labels">The names of the labels: of the classes, or of what regions consist of.</param>
/// <param name="Foreground">The classes that means are over.</param>
/// <param name="Background">The class that is left out, or null.</param>
/// <param name="Ignore">The label of pixels that are not labelled, or null.</param>
/// <param name="Positive">The class that probabilities are of.</param>
/// <param name="DistanceUnit">What spacing is measured in.</param>
internal sealed record SegmentationSettings(string[] Classes, LabelSet[] Sets, string[] Labels, int[] Foreground, int? Background, int? Ignore, int Positive,
    string DistanceUnit)
{
    /// <summary>Whether regions are judged.</summary>
    public bool AreRegions { get; private init; }

    /// <summary>Whether labels may be compared one by one: not where masks of regions do not tell all of them apart.</summary>
    public bool ComparesLabels { get; private init; } = true;

    /// <summary>The τ of NSD: 2 px, or 1 of another unit.</summary>
    public double Tolerance => DistanceUnit == "px" ? 2 : 1;

    /// <summary>Of classes, of which each pixel has one.</summary>
    public static SegmentationSettings OfClasses(IReadOnlyList<string> names, int? background, int? ignore, int positive, string distanceUnit)
    {
        ArgumentNullException.ThrowIfNull(names);
        int[] all = [.. Enumerable.Range(0, names.Count)];
        return new([.. names], [.. all.Select(c => new LabelSet(c))], [.. names], [.. all.Where(c => c != background)], background, ignore, positive, distanceUnit);
    }

    /// <summary>Of what a recipe segments: its regions, or its classes without the first.</summary>
    public static SegmentationSettings Of(Recipe recipe, string distanceUnit = "px")
        => RegionLabels.Of(recipe) is not { } regions ? OfClasses(recipe.Classes, 0, LabelMap.Ignored, 1, distanceUnit)
            : new(regions.Names, regions.Sets, [.. recipe.Classes], [.. Enumerable.Range(0, regions.Count)], null, LabelMap.Ignored, 0, distanceUnit)
            {
                AreRegions = true,
                ComparesLabels = regions.TellApart,
            };
}
