using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// Predicts a raster of any size window by window, within <see cref="Settings.MemoryLimit"/>: the classes are those of the whole raster in memory, to
/// the bit. Pixels that hold nothing are seen as the mean, and hold nothing in what is written.
/// </summary>
internal sealed class RasterPrediction(Recipe recipe, TiledPrediction tiles, LabelMap labels)
{
    private readonly int outputs = recipe.Outputs;

    /// <summary>Whether a file is predicted here: it may be large, and lies somewhere on the ground. Photographs are pictures.</summary>
    public static bool Takes(string path) => RasterFiles.Reads(path) && FileKinds.Extension(path) is ".tif" or ".tiff" or ".jp2" or ".j2k";

    /// <summary>Writes what was predicted of a raster.</summary>
    /// <param name="path">The raster.</param>
    /// <param name="output">The mask.</param>
    /// <param name="wanted">What is written beside it.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    public FilePrediction Run(string path, string output, PredictionOutputs wanted, Action<int, int>? progress)
    {
        using IRaster raster = RasterFiles.Open(path);
        RasterLayout layout = raster.Layout;
        RasterTiles over = new(raster, recipe, tiles);
        string? probabilityPath = wanted.ProbabilitiesBeside(output), polygonPath = wanted.PolygonsBeside(output);
        using RasterMemory memory = new(path, layout, over, outputs, wanted.Probabilities is { } numbers ? outputs * ProbabilityRaster.Bytes(numbers) : 0, polygonPath != null);
        using ClassRaster mask = new(output, layout, labels);
        using ProbabilityRaster? probabilities = probabilityPath == null ? null : ProbabilityRaster.Create(probabilityPath, layout, outputs, over.MostRows, wanted.Probabilities!.Value);
        using RegionFile? polygons = polygonPath == null ? null : new RegionFile(polygonPath, layout, [.. recipe.Classes], labels, memory.PolygonBytes);
        RasterRows<byte> rows = new(layout.Width, layout.Height, 1, over.MostRows, mask.BlockHeight, (held, row, count) =>
        {
            mask.Write(row, count, held.Rows(0, row, count));
            for (int i = 0; i < count; i++)
                polygons?.Add(held.Rows(0, row + i, 1));
        });
        over.Run(found =>
        {
            Lay(found, rows, probabilities);
            if (!found.EndsRows)
                return;
            rows.Complete(found.Row + found.Rows);
            probabilities?.Complete(found.Row + found.Rows);
        }, progress);
        mask.Commit();
        probabilities?.Commit();
        polygons?.Commit();
        return new FilePrediction(path, output, null, null) { Probabilities = probabilityPath, Polygons = polygonPath };
    }

    private static void Lay(FoundTile found, RasterRows<byte> rows, ProbabilityRaster? probabilities)
    {
        for (int h = 0; h < found.Rows; h++)
        {
            found.ReadClasses(h, rows.Rows(0, found.Row + h, 1).Slice(found.Column, found.Columns));
            for (int w = 0; probabilities != null && w < found.Columns; w++)
            {
                ReadOnlySpan<float> soft = found.Soften(h, w, out int first, out int stride);
                probabilities.Set(found.Row + h, found.Column + w, soft, first, stride);
            }
        }
    }
}
