namespace Volute.Training;

/// <summary>
/// Outlines the connected regions of a raster row by row. At each corner between four pixels, the borders that meet there are linked, for each side
/// of a border on its own; a region is given away when a row no longer has pixels of it. What is held is the outlines of unfinished regions
/// and two rows.
/// </summary>
/// <param name="width">Pixels of a row.</param>
/// <param name="done">Takes each region when it is finished.</param>
/// <param name="allowed">The most bytes of outlines that are held; null: as many as there are.</param>
internal sealed class RegionTracer(int width, Action<Outline> done, long? allowed = null)
{
    /// <summary>What two rows hold for each pixel: its class and its region, and the borders beside it.</summary>
    public const int RowBytes = 2 * (sizeof(byte) + 2 * sizeof(long));

    // As objects.
    private const int CornerBytes = 32, RegionBytes = 128;

    private const byte Nothing = ClassRaster.Nothing;

    private readonly byte[] blank = [.. Enumerable.Repeat(Nothing, width)];
    private byte[] above = [.. Enumerable.Repeat(Nothing, width)];
    private Region?[] regionsAbove = new Region?[width], regions = new Region?[width];

    // For the upright border left of pixel x of the row above: the chain of the pixel on its west, which runs down, and on its east, which runs up.
    private readonly ChainEnd?[] west = new ChainEnd?[width + 1], east = new ChainEnd?[width + 1];
    private int row;
    private long held;

    /// <summary>Adds the next row of classes; <see cref="ClassRaster.Nothing"/> belongs to no region.</summary>
    /// <exception cref="LimitException">The regions that are not finished take too much memory.</exception>
    public void Add(ReadOnlySpan<byte> classes)
    {
        Join(classes);
        Trace(classes);
        foreach (Region? region in regionsAbove)
            if (region?.Root is { IsDone: false } root && root.LastRow < row)
                Finish(root);
        if (held > allowed)
            throw new LimitException($"holding the outlines of regions that are not finished at row {row}", $"about {held}", $"{allowed}", "bytes; raise --memory, or leave out the polygons");
        classes.CopyTo(above);
        (regionsAbove, regions) = (regions, regionsAbove);
        row++;
    }

    /// <summary>There are no more rows.</summary>
    public void Finish() => Add(blank);

    private void Finish(Region region)
    {
        region.IsDone = true;
        held -= region.Bytes;
        done(new Outline(region.Label, region.Pixels, region.Rings));
    }

    /// <summary>Gives each pixel its region: that of its left or upper neighbour of the same class, which become one.</summary>
    private void Join(ReadOnlySpan<byte> classes)
    {
        for (int x = 0; x < width; x++)
        {
            byte label = classes[x];
            Region? left = x > 0 && classes[x - 1] == label ? regions[x - 1] : null, up = above[x] == label ? regionsAbove[x] : null;
            Region? region = label == Nothing ? null
                : left != null && up != null && left != up ? Region.Join(left, up)
                : (left ?? up)?.Root ?? Begin(label);
            regions[x] = region;
            if (region == null)
                continue;
            region.Pixels++;
            region.LastRow = row;
        }
    }

    private Region Begin(byte label)
    {
        held += RegionBytes;
        return new Region(label) { Bytes = RegionBytes };
    }

    /// <summary>Links the borders at all corners between this row and the one above.</summary>
    private void Trace(ReadOnlySpan<byte> classes)
    {
        // The border between the pixels left of the corner: the chain of the upper pixel, which runs west, and of the lower one, which runs east.
        ChainEnd? upper = null, lower = null;
        Span<byte> around = stackalloc byte[4];
        Span<bool> border = stackalloc bool[4];
        ChainEnd?[] coming = new ChainEnd?[4], going = new ChainEnd?[4];
        for (int x = 0; x <= width; x++)
        {
            // Pixels around the corner, each behind a border that a chain comes in along and before one that it goes out along:
            // north-west behind the upper border, south-west behind the left one, south-east behind the lower, north-east behind the right.
            around[0] = x > 0 ? above[x - 1] : Nothing;
            around[1] = x > 0 ? classes[x - 1] : Nothing;
            around[2] = x < width ? classes[x] : Nothing;
            around[3] = x < width ? above[x] : Nothing;
            for (int i = 0; i < 4; i++)
                border[i] = around[i] != around[(i + 3) % 4];
            if (!border[0] && !border[1] && !border[2] && !border[3])
                continue;
            (coming[0], going[0], coming[1], going[1]) = (west[x], east[x], lower, upper);
            (coming[2], going[2], coming[3], going[3]) = (null, null, null, null);
            for (int i = 0; i < 4; i++)
            {
                if (!border[i] || around[i] == Nothing)
                    continue;
                int pixels = 1;
                while (!border[(i + pixels) % 4])
                    pixels++;
                int end = (i + pixels) % 4;
                Region region = (i switch { 0 => regionsAbove[x - 1], 1 => regions[x - 1], 2 => regions[x], _ => regionsAbove[x] })!;
                if (Link(ref coming[i], ref going[end], turns: pixels != 2, x, row, region))
                {
                    held += CornerBytes;
                    region.Root.Bytes += CornerBytes;
                }
            }
            (west[x], east[x]) = (going[2], coming[2]);
            (upper, lower) = (coming[3], going[3]);
        }
    }

    /// <summary>
    /// Leads the chain that comes in along one border out along another. An end that is null belongs to a border that begins here: it is given the
    /// chain's.
    /// </summary>
    /// <returns>Whether there is a corner more.</returns>
    private static bool Link(ref ChainEnd? coming, ref ChainEnd? going, bool turns, int x, int y, Region region)
    {
        if (coming == null && going == null)
        {
            Chain chain = new(x, y);
            (coming, going) = (chain.Head, chain.Tail);
            return true;
        }
        if (going == null)
        {
            if (turns)
                coming!.Chain.Append(x, y);
            going = coming;
            return turns;
        }
        if (coming == null)
        {
            if (turns)
                going.Chain.Prepend(x, y);
            coming = going;
            return turns;
        }
        Chain joined = coming.Chain;
        joined.Append(x, y);
        if (joined == going.Chain)
            region.Root.AddRing(joined.Corners());
        else
            joined.Join(going.Chain);
        return true;
    }
}
