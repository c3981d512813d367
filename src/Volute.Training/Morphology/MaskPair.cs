namespace Volute.Training;

/// <summary>
/// Where prediction and reference have one class or region, cut to the box around both. Outside of the box there is nothing of either, and what lies
/// outside of the picture counts as empty too: so surfaces, the distances between them and components are those of the whole picture.
/// </summary>
internal sealed record MaskPair(bool[] Prediction, bool[] Reference, PixelGrid Grid)
{
    /// <summary>The two masks of the labels in <paramref name="set"/>; null where neither has one of them. Pixels that are not labelled belong to neither.</summary>
    public static MaskPair? Of(ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels, int? ignore, PixelGrid grid, LabelSet set)
    {
        if (Box(predictions, labels, ignore, grid, set) is not var (first, sizes))
            return null;
        // A volume of one slice is a picture: its pixels have no faces above and below.
        Index own = ^(grid.IsPicture ? 2 : grid.Sizes.Length);
        double[] spacing = [grid.SpacingOf(0), grid.SpacingOf(1), grid.SpacingOf(2)];
        PixelGrid box = new(sizes[own..], spacing[own..]);
        MaskPair pair = new(new bool[box.Pixels], new bool[box.Pixels], box);
        for (int z = 0, i = 0; z < box.Depth; z++)
            for (int y = 0; y < box.Height; y++)
            {
                int from = ((first[0] + z) * grid.Height + first[1] + y) * grid.Width + first[2];
                for (int x = 0; x < box.Width; x++, i++)
                {
                    bool counts = labels[from + x] != ignore;
                    pair.Prediction[i] = counts && set.Holds(predictions[from + x]);
                    pair.Reference[i] = counts && set.Holds(labels[from + x]);
                }
            }
        return pair;
    }

    private static (int[] First, int[] Sizes)? Box(ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels, int? ignore, PixelGrid grid, LabelSet set)
    {
        int[] low = [int.MaxValue, int.MaxValue, int.MaxValue], high = [-1, -1, -1];
        for (int row = 0; row < grid.Depth * grid.Height; row++)
        {
            int z = row / grid.Height, y = row % grid.Height;
            for (int x = 0, i = row * grid.Width; x < grid.Width; x++, i++)
            {
                if ((!set.Holds(predictions[i]) && !set.Holds(labels[i])) || labels[i] == ignore)
                    continue;
                (low[0], low[1], low[2]) = (Math.Min(low[0], z), Math.Min(low[1], y), Math.Min(low[2], x));
                (high[0], high[1], high[2]) = (Math.Max(high[0], z), Math.Max(high[1], y), Math.Max(high[2], x));
            }
        }
        return high[0] < 0 ? null : (low, [.. low.Zip(high, (l, h) => h - l + 1)]);
    }
}
