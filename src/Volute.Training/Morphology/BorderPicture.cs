namespace Volute.Training;

/// <summary>
/// Cells and the borders between them, with a frame of border one pixel wide around the picture that never changes: a border that leaves the
/// picture goes on into the frame, and the cells on its sides stay apart.
/// </summary>
internal sealed class BorderPicture
{
    private readonly bool[] border;
    private readonly int stride;

    private BorderPicture(int height, int width)
    {
        (Height, Width, stride) = (height, width, width + 2);
        border = new bool[(height + 2) * stride];
        Array.Fill(border, true);
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The picture whose pixels are cell where <paramref name="cell"/> is set.</summary>
    public static BorderPicture OfCells(ReadOnlySpan<bool> cell, int height, int width)
    {
        BorderPicture picture = new(height, width);
        for (int i = 0; i < cell.Length; i++)
            picture.border[picture.Framed(i)] = !cell[i];
        return picture;
    }

    /// <summary>Where cells are.</summary>
    public bool[] Cells()
    {
        bool[] cells = new bool[Height * Width];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = !border[Framed(i)];
        return cells;
    }

    /// <summary>
    /// Makes borders one pixel wide: layer after layer, from the north, the south, the west and the east in turn, border pixels become cell where
    /// they are simple points, until none is. So no cell is joined, split, made or lost. Ends of borders that part nothing shrink away, and a
    /// piece of border within one cell shrinks to a pixel, for that is its topology.
    /// </summary>
    public void Thin()
    {
        List<int> left = [.. Enumerable.Range(0, Height * Width).Select(Framed).Where(i => border[i])];
        int[] sides = [-stride, stride, -1, 1];
        List<int> layer = [];
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int side in sides)
            {
                layer.Clear();
                foreach (int i in left)
                    if (!border[i + side])
                        layer.Add(i);
                foreach (int i in layer)
                    if (SimplePoints.At(border, i, stride))
                    {
                        border[i] = false;
                        changed = true;
                    }
            }
            left.RemoveAll(i => !border[i]);
        }
    }

    /// <summary>
    /// Moves borders towards those of <paramref name="target"/> without changing what they part: pixels that differ change sides where they are
    /// simple points, first in row-major order, then whenever a neighbour's change made one simple. Which pixels are left depends on that order,
    /// so their number is an upper bound of the least possible one.
    /// </summary>
    /// <param name="target">A picture of the same size.</param>
    /// <param name="counts">Pixels that are looked at; the others never change and are not counted.</param>
    /// <returns>How many pixels still differ.</returns>
    public int WarpTo(BorderPicture target, ReadOnlySpan<bool> counts)
    {
        bool[] differs = new bool[border.Length], waits = new bool[border.Length];
        Queue<int> queue = new();
        int left = 0;
        for (int p = 0; p < counts.Length; p++)
        {
            int i = Framed(p);
            if (!counts[p] || border[i] == target.border[i])
                continue;
            left++;
            differs[i] = waits[i] = true;
            queue.Enqueue(i);
        }
        while (queue.TryDequeue(out int i))
        {
            waits[i] = false;
            if (!SimplePoints.At(border, i, stride))
                continue;
            border[i] = !border[i];
            differs[i] = false;
            left--;
            for (int dy = -stride; dy <= stride; dy += stride)
                for (int j = i + dy - 1; j <= i + dy + 1; j++)
                    if (differs[j] && !waits[j])
                    {
                        waits[j] = true;
                        queue.Enqueue(j);
                    }
        }
        return left;
    }

    private int Framed(int i) => (i / Width + 1) * stride + i % Width + 1;
}
