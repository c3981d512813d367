namespace Volute.Training;

/// <summary>
/// How a single image is both trained on and validated with: neighbouring pixels are alike, so that whole blocks are held out, of a picture spread like the
/// fields of a board, of a volume a fifth of its slices; a margin lies between them and what is trained on.
/// </summary>
internal static class BlockSplit
{
    public const int Folds = 5;

    private const int MostPerSide = 8, Least = 4;

    // Of a block, 16 MB as floats; a raster that would have larger ones has more of them.
    private const long MostValues = 1 << 22;

    // The share of a patch that held-out blocks lose where they meet others.
    private const int MarginShare = 8;

    /// <summary>
    /// The blocks, those of fold <paramref name="fold"/> held out, of a volume the last ones first; null for a classification, for a picture that has no room
    /// for four blocks of a patch, and for a volume of few slices.
    /// </summary>
    /// <exception cref="InvalidArgumentException">No block belongs to that fold.</exception>
    public static (Dataset Blocks, DatasetSplit Split)? Of(Dataset data, IReadOnlyList<int> patch, int fold)
    {
        if (data.Task != DatasetTask.Segmentation)
            return null;
        int[] shape = data.ShapeOf(0);
        if (shape is [_, int depth, int rows3, int columns3])
            return OfVolume(data, [depth, rows3, columns3], fold);
        if (patch.Count != 2 || shape is not [int channels, int height, int width])
            return null;
        // A block is judged as a whole.
        int largest = (int)Math.Sqrt((double)MostValues / channels);
        int rows = PerSide(height, patch[0], largest), columns = PerSide(width, patch[1], largest);
        if (rows * columns < Least)
            return null;
        List<Block> blocks = [];
        List<int> held = [];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                // A knight's moves: held-out blocks touch at no side, and every row and column of five has one.
                bool isHeld = (2 * row + column) % Folds == fold;
                (int top, int bottom) = Side(row, rows, height, isHeld ? patch[0] / MarginShare : 0);
                (int left, int right) = Side(column, columns, width, isHeld ? patch[1] / MarginShare : 0);
                if (isHeld)
                    held.Add(blocks.Count);
                blocks.Add(new($"{data.NameOf(0)} block {row},{column}", new([0, top, left], [1, bottom - top, right - left])));
            }
        if (held.Count == 0)
            throw new InvalidArgumentException($"fold {fold} has none of the {rows} x {columns} blocks of the single picture; take a lower one, or smaller patches");
        return (new BlockDataset(data, blocks) { Warnings = data.Warnings }, new([.. Enumerable.Range(0, blocks.Count).Except(held)], [.. held]));
    }

    private static int PerSide(int size, int patch, int largest) => Math.Min(Math.Max(MostPerSide, (size + largest - 1) / largest), size / patch);

    /// <summary>A fifth of the slices, of which a tenth at each end that meets others is left out.</summary>
    private static (Dataset Blocks, DatasetSplit Split)? OfVolume(Dataset data, int[] size, int fold)
    {
        DatasetSplit.CheckFold(fold, Folds);
        int axis = Array.IndexOf(size, size.Max());
        if (size[axis] < Folds * Least)
            return null;
        (int start, int end) = Side(Folds - 1 - fold, Folds, size[axis], size[axis] / Folds / 10 + 1);
        int from = (int)((long)(Folds - 1 - fold) * size[axis] / Folds), to = (int)((Folds - fold) * (long)size[axis] / Folds);
        List<Block> blocks = [Slab(start, end)];
        if (from > 0)
            blocks.Add(Slab(0, from));
        if (to < size[axis])
            blocks.Add(Slab(to, size[axis]));
        return (new BlockDataset(data, blocks) { Warnings = data.Warnings }, new([.. Enumerable.Range(1, blocks.Count - 1)], [0]));

        Block Slab(int first, int last) => new($"{data.NameOf(0)} from {first} to {last - 1}", new([.. size.Select((_, a) => a == axis ? first : 0)], [.. size.Select((n, a) => a == axis ? last - first : n)]));
    }

    /// <summary>From where to where a block reaches, less the margin where it meets another.</summary>
    private static (int Start, int End) Side(int number, int count, int size, int margin)
        => ((int)((long)number * size / count) + (number == 0 ? 0 : margin), (int)((number + 1L) * size / count) - (number == count - 1 ? 0 : margin));
}
