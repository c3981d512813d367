namespace Volute.Training;

/// <summary>One tile along one axis: the network sees positions [Start, Start + Input) of the mirrored image and is asked for [Keep, Keep + Count) of the image.</summary>
/// <param name="Start">First position seen; negative ones and those beyond the end are mirrored.</param>
/// <param name="Skip">Outputs of the network before the first one kept.</param>
/// <param name="Keep">First position of the image that this tile gives.</param>
/// <param name="Count">How many it gives.</param>
public readonly record struct Tile(int Start, int Skip, int Keep, int Count)
{
    /// <summary>The weight of each of them where tiles overlap: those of all tiles sum to 1 at each position. Null: 1.</summary>
    internal float[]? Weights { get; init; }
}

/// <summary>
/// The overlapping tiles of one axis (Ronneberger et al., 2015): each gives a part of the image, and sees as much of its surroundings as the network needs;
/// beyond the border it sees the mirror image. A network whose convolutions pad sees at a border of the image what it pads with.
/// </summary>
public sealed class TileAxis
{
    private TileAxis(int input, Tile[] tiles) => (Input, Tiles) = (input, tiles);

    /// <summary>The network's input size on this axis, the same for all tiles.</summary>
    public int Input { get; }

    /// <summary>The tiles, which together give every position once.</summary>
    public IReadOnlyList<Tile> Tiles { get; }

    /// <summary>Cuts an axis.</summary>
    /// <param name="size">Positions of the image.</param>
    /// <param name="network">Input and output sizes of the network.</param>
    /// <param name="tile">The largest input wanted; the image in one tile where that suffices.</param>
    /// <param name="context">What a size-keeping network should see around what it gives; for a valid network it follows from the sizes.</param>
    /// <param name="alignment">Tiles begin at multiples of this, so that every pooling sees the same pairs as in the whole image.</param>
    /// <exception cref="InvalidArgumentException">The tile is too small to give anything.</exception>
    public static TileAxis Cut(int size, INetworkSizes network, int tile, int context, int alignment)
    {
        ArgumentNullException.ThrowIfNull(network);
        int least = network.InputSize(1), loss = least - network.OutputSize(least)!.Value, whole = network.InputSize(size);
        if (whole <= tile)
            return new TileAxis(whole, [new Tile(-loss / 2, 0, 0, size)]);
        // A valid network loses its context by itself; a size-keeping one gives outputs at a tile's borders that did not see enough.
        int skip = network.Keeps ? (context + alignment - 1) / alignment * alignment : 0, needed = network.InputSize(2 * skip + alignment);
        if (tile < needed)
            throw new InvalidArgumentException($"tiles of {tile} positions are too small: this network needs {loss / 2 + skip} on each side of what it gives; use tiles of at least {needed}");
        int input = tile;
        while (network.OutputSize(input) is null)
            input--;
        int step = (network.OutputSize(input)!.Value - 2 * skip) / alignment * alignment;
        return new TileAxis(input, network.Keeps ? Inside(size, whole, input, skip, step) : Around(size, loss / 2, step));
    }

    /// <summary>
    /// Tiles that overlap, evenly spread at most <paramref name="step"/> of a tile apart, each weighted by a Gaussian around its middle of an eighth of its
    /// length. nnU-Net's rule; here the weights of a position sum to 1 along each axis, so that nothing has to be divided in the end.
    /// </summary>
    /// <param name="size">Positions of the image; where they are fewer than a tile's it is mirrored at both ends.</param>
    /// <param name="tile">Positions that the network sees at a time, which a size-keeping network keeps.</param>
    /// <param name="step">The largest distance of neighbours, as a share of the tile: above 0, at most 1.</param>
    public static TileAxis Overlapping(int size, int tile, double step)
    {
        if (!(step is > 0 and <= 1))
            throw new InvalidArgumentException($"the step of overlapping tiles must be above 0 and at most 1, got {step}");
        if (size <= tile)
            return new TileAxis(tile, [new Tile(-((tile - size) / 2), (tile - size) / 2, 0, size)]);
        int count = (int)Math.Ceiling((size - tile) / (tile * step)) + 1;
        int[] starts = [.. Enumerable.Range(0, count).Select(i => (int)Math.Round((double)i * (size - tile) / (count - 1)))];
        double[] bell = [.. Enumerable.Range(0, tile).Select(i => Math.Exp(-32 * Math.Pow((i - (tile - 1) / 2.0) / tile, 2)))], sums = new double[size];
        foreach (int start in starts)
        {
            for (int i = 0; i < tile; i++)
                sums[start + i] += bell[i];
        }
        return new TileAxis(tile, [.. starts.Select(start => new Tile(start, 0, start, tile) { Weights = [.. bell.Select((b, i) => (float)(b / sums[start + i]))] })]);
    }

    /// <summary>The tiles of a valid network: each reaches beyond what it gives, by the same at both ends.</summary>
    private static Tile[] Around(int size, int before, int step)
        => [.. Enumerable.Range(0, (size + step - 1) / step).Select(i => new Tile(i * step - before, 0, i * step, Math.Min(step, size - i * step)))];

    /// <summary>
    /// The tiles of a size-keeping network. None reaches beyond the image, so that what the network makes of a border is what it makes of it in
    /// the whole image; the last one is moved back.
    /// </summary>
    private static Tile[] Inside(int size, int whole, int input, int skip, int step)
    {
        List<Tile> tiles = [];
        for (int start = 0, keep = 0; keep < size; start = Math.Min(start + step, whole - input))
        {
            int end = start + input >= whole ? size : start + input - skip;
            tiles.Add(new Tile(start, keep - start, keep, end - keep));
            keep = end;
        }
        return [.. tiles];
    }

    /// <summary>The first position of an axis of <paramref name="size"/> that a tile sees, and how many there are to the last.</summary>
    internal (int First, int Count) SeenBy(Tile tile, int size)
    {
        int first = int.MaxValue, last = 0;
        for (int i = 0; i < Input; i++)
        {
            int place = Mirror(tile.Start + i, size);
            (first, last) = (Math.Min(first, place), Math.Max(last, place));
        }
        return (first, last - first + 1);
    }

    /// <summary>The position inside 0..size − 1 that mirroring at the borders (which are not repeated) leads to.</summary>
    public static int Mirror(int position, int size)
    {
        if ((uint)position < (uint)size)
            return position;
        if (size == 1)
            return 0;
        long period = 2L * (size - 1), place = ((position % period) + period) % period;
        return (int)(place < size ? place : period - place);
    }
}

/// <summary>How large an output a network gives for an input, along one axis.</summary>
public interface INetworkSizes
{
    /// <summary>Whether outputs are as large as inputs.</summary>
    bool Keeps { get; }

    /// <summary>The product of its strides: tiles begin at multiples.</summary>
    int Alignment { get; }

    /// <summary>The output's size, or null where this input does not fit.</summary>
    int? OutputSize(int input);

    /// <summary>The smallest input that gives at least this many outputs.</summary>
    int InputSize(int output);
}
