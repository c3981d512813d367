namespace Volute.Kernels;

/// <summary>
/// How one axis of a map is cut in tiles for F(m, r) at dilation d: positions that leave the same remainder modulo d are a dense axis of their own, so the
/// m positions of a tile lie d apart. d such tiles interleave to m·d neighbouring positions.
/// </summary>
/// <param name="length">Positions of the axis.</param>
/// <param name="outputs">m, positions of a tile.</param>
/// <param name="step">d, from one position of a tile to the next, and from one entry of its patch to the next.</param>
internal readonly struct WinogradTiles(int length, int outputs, int step)
{
    /// <summary>Positions of a tile, m.</summary>
    public readonly int Outputs = outputs;

    /// <summary>Positions between neighbours of a tile, d.</summary>
    public readonly int Step = step;

    /// <summary>Positions of the axis.</summary>
    public readonly int Length = length;

    /// <summary>Tiles of the axis: d for each m·d positions; behind the last of these, one for each remainder that is left.</summary>
    public int Count
    {
        get
        {
            var (groups, rest) = Math.DivRem(Length, (long)Outputs * Step);
            return (int)(groups * Step + Math.Min(Step, rest));
        }
    }

    /// <summary>The first position of a tile.</summary>
    public int First(int tile) => Step == 1 ? tile * Outputs : tile / Step * (Outputs * Step) + tile % Step;

    /// <summary>How many positions of a tile that begins at <paramref name="first"/> lie on the axis.</summary>
    public int Inside(int first) => Math.Min(Outputs, (Length - first - 1) / Step + 1);

    /// <summary>The longest runs of positions side by side that tiles from <paramref name="tile"/> up to <paramref name="end"/> fill.</summary>
    /// <returns>
    /// How many tiles they are, and the runs: the first position, the length of each and how many, <see cref="Step"/> apart. Runs may reach beyond the axis.
    /// </returns>
    public (int Tiles, int First, int Length, int Runs) Runs(int tile, int end)
    {
        int within = tile % Step, tiles = end - tile, groups = (end == Count ? tiles + Step - 1 : tiles) / Step;
        if (within == 0 && groups > 0)
            return (Math.Min(tiles, groups * Step), First(tile), groups * Step * Outputs, 1);
        tiles = Math.Min(tiles, Step - within);
        return (tiles, First(tile), tiles, Outputs);
    }
}
