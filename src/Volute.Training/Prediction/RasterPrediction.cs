using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// Predicts a raster of any size window by window, within <see cref="Settings.MemoryLimit"/>. Where tiles lie depends on the raster's size and the
/// network alone, and each sees what it would see of the whole raster in memory: the classes are the same to the bit. Pixels that hold nothing
/// are seen as the mean, and hold nothing in what is written.
/// </summary>
internal sealed class RasterPrediction(Recipe recipe, TiledPrediction tiles, LabelMap labels)
{
    private readonly int classes = recipe.Classes.Count;

    /// <summary>Whether a file is predicted here: it may be large, and lies somewhere on the ground. Photographs are pictures.</summary>
    public static bool Takes(string path) => RasterFiles.Reads(path) && FileKinds.Extension(path) is ".tif" or ".tiff" or ".jp2" or ".j2k";

    /// <summary>Writes what was predicted of a raster.</summary>
    /// <param name="path">The raster.</param>
    /// <param name="output">The mask.</param>
    /// <param name="outputs">What is written beside it.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    public FilePrediction Run(string path, string output, PredictionOutputs outputs, Action<int, int>? progress)
    {
        using IRaster raster = RasterFiles.Open(path);
        RasterChannels channels = new(raster);
        if (channels.Count != recipe.Channels)
            throw new InvalidArgumentException($"{path}: the network was trained on {DatasetException.Count(recipe.Channels, "channel")}, the raster has {channels.Count}");
        RasterLayout layout = raster.Layout;
        TileAxis[] axes = tiles.Axes([layout.Height, layout.Width]);
        string? probabilityPath = outputs.ProbabilitiesBeside(output), polygonPath = outputs.PolygonsBeside(output);
        float[] seen = TiledPrediction.Seen(channels.Count, axes);
        using RasterMemory memory = new(path, layout, channels, axes, tiles.Scores(seen, channels.Count, axes, 2).Plan().PeakBytes, classes, outputs);
        int most = axes[1].Tiles.Max(tile => tile.Count);
        using ClassRaster mask = new(output, layout, labels);
        using ProbabilityRaster? probabilities = probabilityPath == null ? null : ProbabilityRaster.Create(probabilityPath, layout, classes, most, outputs.Probabilities!.Value);
        using RegionFile? polygons = polygonPath == null ? null : new RegionFile(polygonPath, layout, [.. recipe.Classes], labels);
        RasterRows<byte> rows = new(layout.Width, layout.Height, 1, most, mask.BlockHeight, (held, row, count) =>
        {
            mask.Write(row, count, held.Rows(0, row, count));
            for (int i = 0; i < count; i++)
                polygons?.Add(held.Rows(0, row + i, 1));
        });
        int done = 0, all = axes[1].Tiles.Count * axes[2].Tiles.Count;
        foreach (Tile y in axes[1].Tiles)
        {
            foreach (Tile x in axes[2].Tiles)
            {
                Predict(raster, channels, axes, y, x, seen, rows, probabilities);
                progress?.Invoke(++done, all);
            }
            rows.Complete(y.Keep + y.Count);
            probabilities?.Complete(y.Keep + y.Count);
        }
        mask.Commit();
        probabilities?.Commit();
        polygons?.Commit();
        return new FilePrediction(path, output, null, null) { Probabilities = probabilityPath, Polygons = polygonPath };
    }

    private void Predict(IRaster raster, RasterChannels channels, TileAxis[] axes, Tile y, Tile x, float[] seen, RasterRows<byte> rows, ProbabilityRaster? probabilities)
    {
        int[] size = [1, raster.Layout.Height, raster.Layout.Width];
        var (top, height) = axes[1].SeenBy(y, size[1]);
        var (left, width) = axes[2].SeenBy(x, size[2]);
        RasterWindow window = new(left, top, width, height);
        float[] values = new float[channels.Count * height * width];
        channels.Read(window, values);
        bool[] missing = new bool[y.Count * x.Count];
        if (channels.HasMissing)
            for (int i = 0; i < missing.Length; i++)
                missing[i] = RasterChannels.IsMissing(values, height * width, (y.Keep + i / x.Count - top) * width + x.Keep + i % x.Count - left);
        float[] scores = [];
        int scoreWidth = 0, pixels = 0;
        if (!missing.All(m => m))
        {
            recipe.Standardization.Apply(values, channels.Count);
            TiledPrediction.Cut(values, [0, top, left], [1, height, width], size, seen, axes, axes[0].Tiles[0], y, x);
            Tensor output = tiles.Scores(seen, channels.Count, axes, 2);
            scores = output.ToArray();
            (scoreWidth, pixels) = (output.Shape[3], output.Shape[2] * output.Shape[3]);
        }
        for (int h = 0; h < y.Count; h++)
        {
            Span<byte> row = rows.Rows(0, y.Keep + h, 1)[x.Keep..];
            for (int w = 0; w < x.Count; w++)
            {
                if (missing[h * x.Count + w])
                {
                    row[w] = ClassRaster.Nothing;
                    probabilities?.Set(y.Keep + h, x.Keep + w, [], 0, 0);
                    continue;
                }
                int pixel = (y.Skip + h) * scoreWidth + x.Skip + w, best = PixelScores.Best(scores, pixel, pixels, classes);
                row[w] = (byte)best;
                if (probabilities == null)
                    continue;
                PixelScores.Soften(scores, pixel, pixels, classes, best);
                probabilities.Set(y.Keep + h, x.Keep + w, scores, pixel, pixels);
            }
        }
    }
}
