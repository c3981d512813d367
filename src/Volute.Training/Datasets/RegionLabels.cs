namespace Volute.Training;

/// <summary>A recipe's regions by the numbers of its classes, which are the single labels that regions consist of; class 0 is the background.</summary>
internal sealed class RegionLabels
{
    private readonly int[] _written;

    public RegionLabels(IReadOnlyList<LabelRegion> regions, LabelMap map)
    {
        Names = [.. regions.Select(region => region.Name)];
        Sets = [.. regions.Select(region => new LabelSet([.. region.Values.Select(value => ClassOf(map, region, value))]))];
        _written = [.. regions.Select(region => ClassOf(map, region, region.Written))];
        TellApart = Enumerable.Range(0, map.Count).All(label => WrittenFor(label) == label);
    }

    /// <summary>The names of the regions.</summary>
    public string[] Names { get; }

    /// <summary>The classes that make up each region.</summary>
    public LabelSet[] Sets { get; }

    /// <summary>How many regions there are.</summary>
    public int Count => Sets.Length;

    /// <summary>Whether a mask of regions tells all single labels apart: what is written for the regions of each label is that label.</summary>
    public bool TellApart { get; }

    /// <summary>The regions of a recipe; null where it tells classes apart.</summary>
    /// <exception cref="VoluteException">The recipe has no labels, or a region has a value that is none of them.</exception>
    public static RegionLabels? Of(Recipe recipe) => recipe.Regions is not { } regions ? null
        : new RegionLabels(regions, LabelMap.FromJson(recipe.Labels ?? throw new VoluteException("the recipe has regions, but no labels that they consist of")));

    /// <summary>The class written for a pixel of some regions: that of the last one, later regions being written over earlier ones; 0 for a pixel of none.</summary>
    /// <param name="scores">[regions, pixels]: above 0 where a pixel belongs to a region, for its sigmoid is then above ½.</param>
    /// <param name="pixel">Which of the pixels.</param>
    /// <param name="pixels">How many there are.</param>
    public int Written(ReadOnlySpan<float> scores, int pixel, int pixels)
    {
        for (int r = Count - 1; r >= 0; r--)
        {
            if (scores[r * pixels + pixel] > 0)
                return _written[r];
        }
        return 0;
    }

    /// <summary>The class written for the regions of a label; what is not labelled stays so.</summary>
    public int WrittenFor(int label)
    {
        int last = Array.FindLastIndex(Sets, set => set.Holds(label));
        return label < 0 ? label : last < 0 ? 0 : _written[last];
    }

    private static int ClassOf(LabelMap map, LabelRegion region, int value)
        => map.TryGetClass(value, out int label) && label >= 0 ? label
            : throw new VoluteException($"region '{region.Name}' has value {value}, which is none of the labels: {map}");
}
