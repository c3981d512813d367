using System.Globalization;
using System.Text;

namespace Volute.Training;

/// <summary>How much ground of each class was predicted as each class: of all rasters together, and block by block. Pixels that hold nothing, or are not labelled, count nowhere.</summary>
public sealed record AreaScores
{
    /// <summary>What areas are measured in: ha (10,000 m²); square units of a coordinate system that does not say how long its units are; px where rasters lie nowhere.</summary>
    public required string Unit { get; init; }

    /// <summary>Pixels along a side of a block; those at the right and lower border are smaller.</summary>
    public required int BlockSize { get; init; }

    /// <summary>confusion[r][p]: the area of reference class r that was predicted as class p, all rasters together.</summary>
    public required double[][] Confusion { get; init; }

    /// <summary>The blocks in which something is labelled, raster after raster, row after row.</summary>
    public required IReadOnlyList<BlockScore> Blocks { get; init; }

    /// <summary>A table that a person reads, and the blocks in one line.</summary>
    /// <param name="names">The names of the classes.</param>
    public string ToText(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        int width = Math.Max(10, names.Max(name => name.Length) + 1);
        StringBuilder text = new();
        text.Append($"area in {Unit}: rows are the reference, columns the prediction\n  {new string(' ', width)}{string.Concat(names.Select(name => name.PadLeft(width)))}\n");
        for (int r = 0; r < names.Count; r++)
            text.Append($"  {names[r].PadRight(width)}{string.Concat(Confusion[r].Select(area => Wording.Significant(area).PadLeft(width)))}\n");
        BlockScore[] rising = [.. Blocks.OrderBy(block => block.Accuracy)];
        if (rising.Length > 1)
            text.Append(CultureInfo.InvariantCulture, $"{rising.Length} blocks of {BlockSize} x {BlockSize} pixels: accuracy {rising[0].Accuracy:F4} (row {rising[0].Row}, column {rising[0].Column} of {rising[0].Case}) to {rising[^1].Accuracy:F4}, median {rising[rising.Length / 2].Accuracy:F4}\n");
        return text.ToString();
    }
}

/// <summary>One block of a raster.</summary>
/// <param name="Case">The raster.</param>
/// <param name="Row">Its first row, in pixels.</param>
/// <param name="Column">Its first column, in pixels.</param>
/// <param name="Accuracy">The area with the right class ÷ the labelled area.</param>
/// <param name="Confusion">The area of each reference class that was predicted as each class.</param>
public sealed record BlockScore(string Case, int Row, int Column, double? Accuracy, double[][] Confusion);
