using System.Globalization;

namespace Volute.Training;

/// <summary>What images are brought to before a network sees them, and what they look like then.</summary>
/// <param name="Spacing">Along each axis; ones for pictures.</param>
/// <param name="Median">The median image.</param>
/// <param name="Voxels">Of all images together.</param>
/// <param name="Preprocessing">How volumes are turned, cut and resampled; null for pictures.</param>
/// <param name="Standardization">How values are scaled.</param>
/// <param name="Choices">What was chosen and why.</param>
internal sealed record ImagePlan(double[] Spacing, int[] Median, double Voxels, Preprocessing? Preprocessing, Standardization Standardization, IReadOnlyList<PlanChoice> Choices)
{
    // Prepared volumes are only looked at once.
    private const long NoCache = 0;

    // A patch that shows less of the median volume asks for coarser voxels, up to so much coarser.
    private const double Quarter = 0.25, Coarser = 1.03, Coarsest = 2;

    // Content that fills less of its image is scaled by itself.
    private const double MostlyContent = 0.75;

    /// <summary>By nnU-Net's rules; on a processor also coarser voxels where a patch would see too little.</summary>
    /// <param name="data">Pictures or volumes with masks.</param>
    /// <param name="seed">Decides which voxels are looked at.</param>
    /// <param name="patchVoxels">Voxels of a patch.</param>
    /// <param name="mayCoarsen">Whether voxels may become coarser than the data's.</param>
    public static ImagePlan Of(Dataset data, long seed, double patchVoxels, bool mayCoarsen)
    {
        if (data.ShapeOf(0).Length == 3)
        {
            Fingerprint pictures = Fingerprint.Of(data, seed);
            return new([1, 1], pictures.MedianShape(), VoxelsOf(pictures.Cases.Select(c => c.Cropped)), null, data.Standardization, []);
        }
        string? codes = Enumerable.Range(0, data.Count).All(i => data.Borrow(i).AxisCodes is not null) ? "SAR" : null;
        Fingerprint found = Fingerprint.Of(codes is null ? data : new PreparedDataset(data, new Preprocessing { Axes = codes }, NoCache), seed);
        double[][] spacings = found.Spacings();
        double[] target = TargetSpacing.Of(spacings, [.. found.Cases.Select(c => c.Cropped)]);
        int[] order = codes is null ? [0, 1, 2] : TargetSpacing.AxisOrder(target);
        double[] spacing = [.. order.Select(axis => target[axis])];
        int[][] Shapes(double[] to) => [.. found.Cases.Select((c, i) => TargetSpacing.Resampled([.. order.Select(axis => c.Cropped[axis])], [.. order.Select(axis => spacings[i][axis])], to))];
        int[] full = MedianOf(Shapes(spacing)), median = full;
        double[] chosen = spacing;
        while (mayCoarsen && found.Cases.All(c => c.Spacing is not null) && patchVoxels < Quarter * VoxelsOf([median]) && chosen[0] * Coarser <= Coarsest * spacing[0])
        {
            chosen = [.. chosen.Select(s => s * Coarser)];
            median = MedianOf(Shapes(chosen));
        }
        bool spaced = found.Cases.All(c => c.Spacing is not null), isCt = data.ChannelNames is { } names && names.All(name => name.Equals("CT", StringComparison.OrdinalIgnoreCase));
        double content = Bootstrap.Percentile([.. found.Cases.Select(c => c.RelativeSize).Order()], 0.5);
        bool byForeground = isCt && found.Intensities.Count > 0;
        ZScore score = byForeground ? ZScore.None : content < MostlyContent ? ZScore.Content : ZScore.Image;
        List<PlanChoice> choices =
        [
            new("Axes", codes is null ? "as stored" : AxisCodes.Ordered(codes, order), codes is null ? "the files do not all tell where their axes point" : "one orientation for all, the coarsest axis first", "nnU-Net; Volute"),
            new("Spacing", spaced ? $"{Text(chosen)} mm" : "as stored", !spaced ? "the files do not all tell theirs"
                : ReferenceEquals(chosen, spacing) ? $"the median of the data; their median volume is then {string.Join(" x ", median)}"
                : $"the median is {Text(spacing)} mm, where a patch would see less than a quarter of {string.Join(" x ", full)} voxels; now the median volume is {string.Join(" x ", median)}", spaced ? ReferenceEquals(chosen, spacing) ? "nnU-Net" : "nnU-Net; Volute" : null),
            new("Values", byForeground ? "clipped to the foreground's percentiles 0.5 and 99.5, then by its mean and deviation" : score == ZScore.Content ? "each volume by its own values that are not 0" : "each volume by its own mean and deviation",
                byForeground ? "the channel is CT: its numbers mean the same everywhere" : isCt ? "CT, but no foreground to measure it in" : score == ZScore.Content ? $"what is not 0 fills {content:P0} of the median volume" : "numbers of different scanners cannot be compared", "nnU-Net"),
        ];
        return new(chosen, median, VoxelsOf(Shapes(chosen)), new Preprocessing { Axes = codes is null ? null : AxisCodes.Ordered(codes, order), Spacing = spaced ? chosen : null, Crop = true, ZScore = score },
            byForeground ? OfForeground(found.Intensities) : new Standardization([.. new double[data.Channels]], [.. Enumerable.Repeat(1.0, data.Channels)]), choices);
    }

    private static Standardization OfForeground(IReadOnlyList<ChannelIntensities> channels)
        => new([.. channels.Select(c => c.Mean)], [.. channels.Select(c => c.Deviation > 0 ? c.Deviation : 1)]) { Low = [.. channels.Select(c => c.Low)], High = [.. channels.Select(c => c.High)] };

    private static int[] MedianOf(int[][] shapes)
        => [.. Enumerable.Range(0, 3).Select(axis => (int)Math.Round(Bootstrap.Percentile([.. shapes.Select(s => (double)s[axis]).Order()], 0.5)))];

    private static double VoxelsOf(IEnumerable<int[]> shapes) => shapes.Sum(shape => shape.Aggregate(1.0, (product, n) => product * n));

    private static string Text(double[] spacing) => string.Join(" x ", spacing.Select(s => s.ToString("0.##", CultureInfo.InvariantCulture)));
}
