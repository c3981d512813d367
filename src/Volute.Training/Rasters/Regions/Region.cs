namespace Volute.Training;

/// <summary>A region that is still growing, or part of another one by now (union-find).</summary>
internal sealed class Region(int label)
{
    private Region? into;
    private List<int[]> rings = [];

    public int Label { get; } = label;

    public long Pixels { get; set; }

    /// <summary>The last row that has pixels of it.</summary>
    public int LastRow { get; set; }

    /// <summary>The bytes of its outline so far.</summary>
    public long Bytes { get; set; }

    public bool IsDone { get; set; }

    public IReadOnlyList<int[]> Rings => rings;

    /// <summary>The region that this one belongs to.</summary>
    public Region Root
    {
        get
        {
            Region root = this;
            while (root.into != null)
                root = root.into;
            for (Region? on = this; on != root;)
                (on, on!.into) = (on.into, root);
            return root;
        }
    }

    public static Region Join(Region a, Region b)
    {
        (a, b) = (a.Root, b.Root);
        if (a == b)
            return a;
        if (a.rings.Count < b.rings.Count)
            (a, b) = (b, a);
        b.into = a;
        a.Pixels += b.Pixels;
        a.Bytes += b.Bytes;
        a.LastRow = Math.Max(a.LastRow, b.LastRow);
        a.rings.AddRange(b.rings);
        b.rings = [];
        return a;
    }

    /// <summary>
    /// Adds a closed ring. Where it meets itself, at a corner between two pixels that touch by it alone, it is taken apart, so that no ring
    /// meets itself: the part inside becomes a ring of its own.
    /// </summary>
    public void AddRing(List<(int X, int Y)> corners)
    {
        Dictionary<(int, int), int> places = new(corners.Count);
        List<(int X, int Y)> open = [];
        foreach ((int X, int Y) corner in corners)
        {
            if (places.TryGetValue(corner, out int place))
            {
                Keep(open[place..]);
                foreach ((int X, int Y) left in open[place..])
                    places.Remove(left);
                open.RemoveRange(place, open.Count - place);
            }
            places[corner] = open.Count;
            open.Add(corner);
        }
        Keep(open);
    }

    /// <summary>The outer ring comes first: it is the only one that runs clockwise.</summary>
    private void Keep(List<(int X, int Y)> corners)
    {
        int[] ring = new int[2 * corners.Count];
        long doubled = 0;
        for (int i = 0; i < corners.Count; i++)
        {
            (ring[2 * i], ring[2 * i + 1]) = corners[i];
            (int X, int Y) next = corners[(i + 1) % corners.Count];
            doubled += (long)corners[i].X * next.Y - (long)next.X * corners[i].Y;
        }
        rings.Add(ring);
        if (doubled > 0)
            (rings[0], rings[^1]) = (rings[^1], rings[0]);
    }
}
