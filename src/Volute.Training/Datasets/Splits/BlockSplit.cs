namespace Volute.Training;

/// <summary>
/// How a single picture is both trained on and validated with: neighbouring pixels are alike, so that whole blocks are held out, spread like the fields
/// of a board, and a margin lies between them and what is trained on.
/// </summary>
internal static class BlockSplit
{
    public const int Folds = 5;

    private const int MostPerSide = 8, Least = 4;

    // The share of a patch that held-out blocks lose where they meet others.
    private const int MarginShare = 8;

    /// <summary>
    /// The blocks, those of fold <paramref name="fold"/> held out; null for volumes, for a classification and for a picture that has no room for four
    /// blocks of a patch.
    /// </summary>
    /// <exception cref="InvalidArgumentException">No block belongs to that fold.</exception>
    public static (Dataset Blocks, DatasetSplit Split)? Of(Dataset data, IReadOnlyList<int> patch, int fold)
    {
        if (data.Task != DatasetTask.Segmentation || patch.Count != 2 || data[0].ImageShape is not [_, int height, int width])
            return null;
        int rows = Math.Min(MostPerSide, height / patch[0]), columns = Math.Min(MostPerSide, width / patch[1]);
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
                blocks.Add(new($"{data.NameOf(0)} block {row},{column}", top, left, bottom - top, right - left));
            }
        if (held.Count == 0)
            throw new InvalidArgumentException($"fold {fold} has none of the {rows} x {columns} blocks of the single picture; take a lower one, or smaller patches");
        return (new BlockDataset(data, blocks) { Warnings = data.Warnings }, new([.. Enumerable.Range(0, blocks.Count).Except(held)], [.. held]));
    }

    /// <summary>From where to where a block reaches, less the margin where it meets another.</summary>
    private static (int Start, int End) Side(int number, int count, int size, int margin)
        => ((int)((long)number * size / count) + (number == 0 ? 0 : margin), (int)((number + 1L) * size / count) - (number == count - 1 ? 0 : margin));
}
