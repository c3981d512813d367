namespace Volute.Training;

/// <summary>
/// Pixels of a picture of borders and cells that can change sides without a cell or a border being split, joined, made or lost: simple points
/// (Rosenfeld 1970; Kong and Rosenfeld 1989). Borders are connected over 8 neighbours, cells over 4.
/// </summary>
internal static class SimplePoints
{
    // Around a pixel, clockwise from the top: bit k of a neighbourhood says whether neighbour k is border. The even ones share a side with it.
    private static readonly (int Y, int X)[] ring = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)];

    private static readonly bool[] simple = [.. Enumerable.Range(0, 256).Select(IsSimple)];

    /// <summary>Whether pixel <paramref name="i"/> of rows of <paramref name="width"/> pixels, all of whose neighbours are inside, is simple.</summary>
    public static bool At(ReadOnlySpan<bool> border, int i, int width)
    {
        int neighbours = 0;
        for (int k = 0; k < 8; k++)
            if (border[i + ring[k].Y * width + ring[k].X])
                neighbours |= 1 << k;
        return simple[neighbours];
    }

    /// <summary>One border component among the neighbours, and one cell component that shares a side with the pixel.</summary>
    private static bool IsSimple(int neighbours)
        => Components(neighbours, border: true) == 1 && Components(neighbours, border: false) == 1;

    private static int Components(int neighbours, bool border)
    {
        bool[] member = [.. Enumerable.Range(0, 8).Select(k => (neighbours >> k & 1) == (border ? 1 : 0))];
        int count = 0;
        for (int k = 0; k < 8; k++)
        {
            // A cell counts where it touches the pixel's side; what it holds is cleared, so that it counts once.
            if (!member[k] || !border && k % 2 == 1)
                continue;
            count++;
            Clear(member, k, border);
        }
        return count;
    }

    private static void Clear(bool[] member, int k, bool diagonal)
    {
        member[k] = false;
        for (int other = 0; other < 8; other++)
        {
            int dy = Math.Abs(ring[k].Y - ring[other].Y), dx = Math.Abs(ring[k].X - ring[other].X);
            if (member[other] && (diagonal ? Math.Max(dy, dx) == 1 : dy + dx == 1))
                Clear(member, other, diagonal);
        }
    }
}
