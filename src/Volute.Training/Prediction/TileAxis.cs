namespace Volute.Training;

/// <summary>One tile along one axis: the network sees positions [Start, Start + Input) of the mirrored image and is asked for [Keep, Keep + Count) of the image.</summary>
/// <param name="Start">First position seen; negative ones and those beyond the end are mirrored.</param>
/// <param name="Skip">Outputs of the network before the first one kept.</param>
/// <param name="Keep">First position of the image that this tile gives.</param>
/// <param name="Count">How many it gives.</param>
public readonly record struct Tile(int Start, int Skip, int Keep, int Count);

/// <summary>
/// The overlapping tiles of one axis (Ronneberger et al., 2015): each gives a part of the image, and sees as much of its surroundings as the network needs;
/// beyond the border it sees the mirror image.
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
        int whole = network.InputSize(size), input = Largest(network, tile), before = network.Keeps ? 0 : (network.InputSize(1) - network.OutputSize(network.InputSize(1))!.Value) / 2;
        if (whole <= input)
            return new TileAxis(whole, [new Tile(-before, 0, 0, size)]);
        // A valid network loses its context by itself; a size-keeping one gives outputs at its borders that did not see enough.
        int skip = network.Keeps ? (context + alignment - 1) / alignment * alignment : 0;
        int useful = network.OutputSize(input)!.Value - skip - (network.Keeps ? context : 0), step = useful / alignment * alignment;
        before += skip;
        if (step < 1)
            throw new InvalidArgumentException($"tiles of {tile} positions are too small: the network needs {2 * before} around what it gives; use larger tiles");
        List<Tile> tiles = [];
        for (int start = 0; start < size; start += step)
            tiles.Add(new Tile(start - before, skip, start, Math.Min(step, size - start)));
        return new TileAxis(input, [.. tiles]);
    }

    /// <summary>The position inside 0..size − 1 that mirroring at the borders (which are not repeated) leads to.</summary>
    public static int Mirror(int position, int size)
    {
        if (size == 1)
            return 0;
        int period = 2 * (size - 1), place = ((position % period) + period) % period;
        return place < size ? place : period - place;
    }

    private static int Largest(INetworkSizes network, int tile)
    {
        int input = tile;
        while (input > 0 && network.OutputSize(input) is null)
            input--;
        return input > 0 ? input : network.InputSize(1);
    }
}

/// <summary>How large an output a network gives for an input, along one axis.</summary>
public interface INetworkSizes
{
    /// <summary>Whether outputs are as large as inputs.</summary>
    bool Keeps { get; }

    /// <summary>The output's size, or null where this input does not fit.</summary>
    int? OutputSize(int input);

    /// <summary>The smallest input that gives at least this many outputs.</summary>
    int InputSize(int output);
}
