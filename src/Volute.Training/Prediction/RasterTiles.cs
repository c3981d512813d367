using Volute.Formats;
using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// Leads a network over a raster, tile by tile. Where tiles lie depends on the raster's size and the network alone, and each sees what it would see of
/// the whole raster in memory. While one is computed the next is read and the last is taken: the network waits for no file and no compression.
/// </summary>
internal sealed class RasterTiles
{
    private readonly IRaster raster;
    private readonly Recipe recipe;
    private readonly TiledPrediction tiles;
    private readonly PixelScores meaning;
    private readonly float[] seen;
    private float[] values = [];

    /// <exception cref="InvalidArgumentException">The raster has other channels than the network was trained on.</exception>
    public RasterTiles(IRaster raster, Recipe recipe, TiledPrediction tiles)
    {
        (this.raster, this.recipe, this.tiles, meaning) = (raster, recipe, tiles, PixelScores.Of(recipe));
        Channels = new RasterChannels(raster);
        if (Channels.Count != recipe.Channels)
            throw new InvalidArgumentException($"{raster.Name}: the network was trained on {DatasetException.Count(recipe.Channels, "channel")}, the raster has {Channels.Count}");
        Axes = tiles.Axes([raster.Layout.Height, raster.Layout.Width]);
        Count = (int)Sizes.Product([Axes[1].Tiles.Count, Axes[2].Tiles.Count], $"{raster.Name}: its tiles");
        seen = TiledPrediction.Seen(Channels.Count, Axes);
    }

    /// <summary>What the network sees of the raster.</summary>
    public RasterChannels Channels { get; }

    /// <summary>The tiles of depth, which is 1, height and width.</summary>
    public TileAxis[] Axes { get; }

    /// <summary>How many tiles there are.</summary>
    public int Count { get; }

    /// <summary>The most rows that one tile gives.</summary>
    public int MostRows => Axes[1].Tiles.Max(tile => tile.Count);

    /// <summary>What the network takes for a tile.</summary>
    public long PlanBytes => tiles.Scores(Input()).Plan().PeakBytes;

    /// <summary>Goes over all tiles, row by row of tiles.</summary>
    /// <param name="take">Given each tile in order, on another thread, one at a time.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    public void Run(Action<FoundTile> take, Action<int, int>? progress)
    {
        Task<SeenTile> reading = Task.Run(() => Read(0));
        Task taking = Task.CompletedTask;
        try
        {
            for (int i = 0; i < Count; i++)
            {
                SeenTile tile = reading.GetAwaiter().GetResult();
                int next = i + 1;
                if (next < Count)
                    reading = Task.Run(() => Read(next));
                FoundTile found = Find(tile);
                taking.GetAwaiter().GetResult();
                taking = Task.Run(() => take(found));
                progress?.Invoke(next, Count);
            }
            taking.GetAwaiter().GetResult();
        }
        finally
        {
            // Where one of the three failed, the others still have the files.
            Task.WhenAny(Task.WhenAll(reading, taking)).GetAwaiter().GetResult();
        }
    }

    /// <summary>One tile as the network sees it; no tensor where the raster holds nothing there.</summary>
    private readonly record struct SeenTile(Tile Y, Tile X, bool EndsRows, bool[] Missing, Tensor? Image);

    private SeenTile Read(int number)
    {
        Tile y = Axes[1].Tiles[number / Axes[2].Tiles.Count], x = Axes[2].Tiles[number % Axes[2].Tiles.Count];
        bool endsRows = (number + 1) % Axes[2].Tiles.Count == 0;
        int[] size = [1, raster.Layout.Height, raster.Layout.Width];
        var (top, height) = Axes[1].SeenBy(y, size[1]);
        var (left, width) = Axes[2].SeenBy(x, size[2]);
        int length = Channels.Count * height * width;
        if (values.Length < length)
            values = new float[length];
        Span<float> part = values.AsSpan(0, length);
        Channels.Read(new(left, top, width, height), part);
        if (Channels.HasFloats)
        {
            part.Replace(float.PositiveInfinity, float.NaN);
            part.Replace(float.NegativeInfinity, float.NaN);
        }
        bool[] missing = [];
        if (Channels.HasMissing)
        {
            missing = new bool[y.Count * x.Count];
            for (int i = 0; i < missing.Length; i++)
                missing[i] = RasterChannels.IsMissing(part, height * width, (y.Keep + i / x.Count - top) * width + x.Keep + i % x.Count - left);
            if (!missing.Contains(false))
                return new SeenTile(y, x, endsRows, missing, null);
            if (!missing.Contains(true))
                missing = [];
        }
        recipe.Standardization.Apply(part, Channels.Count);
        TiledPrediction.Cut(part, [0, top, left], [1, height, width], size, seen, Axes, Axes[0].Tiles[0], y, x);
        return new SeenTile(y, x, endsRows, missing, Input());
    }

    private FoundTile Find(SeenTile tile)
    {
        if (tile.Image == null)
            return new FoundTile(tile.Y, tile.X, tile.EndsRows, tile.Missing, [], default, meaning);
        Tensor scores = tiles.Scores(tile.Image);
        return new FoundTile(tile.Y, tile.X, tile.EndsRows, tile.Missing, scores.ToArray(), (scores.Shape[2], scores.Shape[3]), meaning);
    }

    private Tensor Input() => TiledPrediction.Input(seen, Channels.Count, Axes, rank: 2);
}
