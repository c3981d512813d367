using Volute.Formats;

namespace Volute.Training;

/// <summary>Scores the prediction of a raster of any size against its mask, window by window, within <see cref="Settings.MemoryLimit"/>. Each block is a case.</summary>
internal sealed class RasterScoring(Recipe recipe, TiledPrediction tiles, LabelMap labels)
{
    /// <summary>Compares.</summary>
    /// <param name="path">The raster.</param>
    /// <param name="maskPath">The given classes, on the same pixels.</param>
    /// <param name="block">Pixels along a block's side.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    public Evaluation Run(string path, string maskPath, int block, Action<int, int>? progress)
    {
        using IRaster raster = RasterFiles.Open(path), mask = RasterFiles.Open(maskPath);
        RasterLayout layout = raster.Layout;
        RasterTruth truth = new(mask, raster, labels);
        RasterTiles over = new(raster, recipe, tiles);
        string unit = new GroundArea(layout.Place).Unit;
        AreaCount areas = new(recipe.Classes.Count, block, unit);
        areas.Begin(Path.GetFileNameWithoutExtension(path), layout.Place, layout.Width, layout.Height);
        using RasterMemory memory = new(path, layout, over, recipe.Outputs, probabilities: 0);
        over.Run(found => Compare(found, truth, areas), progress);
        SegmentationEvaluator evaluator = new(SegmentationSettings.Of(recipe), unit, SegmentationMeasures.None);
        foreach (var (name, counts) in areas.Counts)
            evaluator.Add(name, counts, areas.PixelArea, group: null);
        return WithAreas(evaluator.Evaluate(), areas);
    }

    /// <summary>Areas are compared label by label, as pixels are: not where these are not.</summary>
    internal static Evaluation WithAreas(Evaluation evaluation, AreaCount? areas) => evaluation.Confusion.Length == 0 ? evaluation : evaluation with { Areas = areas?.Score() };

    private static void Compare(FoundTile found, RasterTruth truth, AreaCount areas)
    {
        int[] reference = truth.Read(new(found.Column, found.Row, found.Columns, found.Rows)), predicted = new int[found.Columns];
        byte[] classes = new byte[found.Columns];
        for (int h = 0; h < found.Rows; h++)
        {
            Span<int> row = reference.AsSpan(h * found.Columns, found.Columns);
            found.ReadClasses(h, classes);
            for (int i = 0; i < classes.Length; i++)
            {
                predicted[i] = classes[i];
                if (classes[i] == ClassRaster.Nothing)
                    row[i] = LabelMap.Ignored;
            }
            areas.Add(found.Row + h, found.Column, predicted, row);
        }
    }
}
