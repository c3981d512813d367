namespace Volute.Kernels;

/// <summary>What a block of positions to come reads of a map, for tiles to bring into the second cache on their way: a line of each position at a time.</summary>
internal readonly unsafe struct WeightFetch(float* start, nint depth, nint height, nint width, int lines, bool dense)
{
    /// <summary>Lines of a position.</summary>
    public int Lines => lines;

    /// <summary>Lets a tile bring line <paramref name="line"/>, if there is such a one.</summary>
    public bool Take(ref Tile tile, int line)
    {
        if (line < 0 || line >= lines)
            return false;
        if (dense)
        {
            // Lines side by side come faster than lines apart.
            tile.Fetch = start + (nint)line * Tile.Line * tile.Depth * tile.Height * tile.Run;
            (tile.FetchDepth, tile.FetchHeight, tile.FetchStep) = (tile.Height * tile.Run * Tile.Line, tile.Run * Tile.Line, Tile.Line);
            return true;
        }
        tile.Fetch = start + line * Tile.Line;
        (tile.FetchDepth, tile.FetchHeight, tile.FetchStep) = (depth, height, width);
        return true;
    }
}
