namespace Volute.Training;

/// <summary>Which pixels are neighbours: those that differ by 1 along at most this many axes.</summary>
internal enum Connectivity
{
    /// <summary>4 neighbours in 2D, 6 in 3D.</summary>
    Faces = 1,

    /// <summary>8 neighbours in 2D, 18 in 3D.</summary>
    Edges = 2,

    /// <summary>8 neighbours in 2D, 26 in 3D.</summary>
    Corners = 3,
}

/// <summary>The connected parts of a mask, by union-find over the neighbours that come earlier in row-major order.</summary>
internal static class ConnectedComponents
{
    /// <summary>Numbers the components from 1 in the order of their first pixels; 0 where the mask is not set.</summary>
    /// <returns>The number of each pixel's component, and how many there are.</returns>
    public static (int[] Labels, int Count) Of(ReadOnlySpan<bool> mask, PixelGrid grid, Connectivity connectivity)
    {
        (int Z, int Y, int X, int Offset)[] before = Earlier(grid, connectivity);
        // While joining, a pixel holds its parent's index + 1; a root holds its own.
        int[] parent = new int[mask.Length];
        int depth = grid.Depth, height = grid.Height, width = grid.Width;
        for (int z = 0, i = 0; z < depth; z++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++, i++)
                {
                    if (!mask[i])
                        continue;
                    parent[i] = i + 1;
                    foreach (var (dz, dy, dx, offset) in before)
                        if (z >= -dz && (uint)(y + dy) < (uint)height && (uint)(x + dx) < (uint)width && mask[i + offset])
                            Join(parent, i, i + offset);
                }
        int count = 0;
        for (int i = 0; i < parent.Length; i++)
        {
            if (parent[i] == 0)
                continue;
            // A parent comes earlier than its children, so that it has its component's number already, stored as a negative one.
            parent[i] = parent[i] == i + 1 ? -++count : parent[parent[i] - 1];
        }
        for (int i = 0; i < parent.Length; i++)
            parent[i] = -parent[i];
        return (parent, count);
    }

    private static (int, int, int, int)[] Earlier(PixelGrid grid, Connectivity connectivity)
    {
        List<(int, int, int, int)> found = [];
        for (int z = -1; z <= 0; z++)
            for (int y = -1; y <= 1; y++)
                for (int x = -1; x <= 1; x++)
                    if ((z, y, x).CompareTo((0, 0, 0)) < 0 && Math.Abs(z) + Math.Abs(y) + Math.Abs(x) <= (int)connectivity)
                        found.Add((z, y, x, (z * grid.Height + y) * grid.Width + x));
        return [.. found];
    }

    /// <summary>The later root becomes a child of the earlier one.</summary>
    private static void Join(int[] parent, int a, int b)
    {
        int rootA = Root(parent, a), rootB = Root(parent, b);
        parent[Math.Max(rootA, rootB)] = Math.Min(rootA, rootB) + 1;
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i + 1)
        {
            int up = parent[i] - 1;
            parent[i] = parent[up];
            i = up;
        }
        return i;
    }
}
