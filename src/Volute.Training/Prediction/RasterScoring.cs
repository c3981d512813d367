using Volute.Formats;

namespace Volute.Training;

/// <summary>Scores the prediction of a raster of any size against its mask, window by window, within <see cref="Settings.MemoryLimit"/>. Each block is a case.</summary>
internal sealed class RasterScoring(Recipe recipe, TiledPrediction tiles)
{
    /// <summary>Compares.</summary>
    /// <param name="path">The raster.</param>
    /// <param name="maskPath">The given classes, on the same pixels.</param>
    /// <param name="labels">The meaning of its values.</param>
    /// <param name="block">Pixels along a block's side.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    public Evaluation Run(string path, string maskPath, LabelMap labels, int block, Action<int, int>? progress)
    {
        using IRaster raster = RasterFiles.Open(path), mask = RasterFiles.Open(maskPath);
        RasterTruth truth = new(mask, raster, labels);
        string unit = new GroundArea(raster.Layout.Place).Unit;
        AreaCount areas = new(recipe.Classes.Count, block, unit);
        Count(Path.GetFileNameWithoutExtension(path), raster, truth.Read, areas, progress);
        SegmentationEvaluator evaluator = new(SegmentationSettings.Of(recipe), unit, SegmentationMeasures.None);
        foreach (AreaCount.Counted counted in areas.Counts)
            evaluator.Add(counted.Name, counted.Counts, areas.PixelArea, group: null);
        return WithAreas(evaluator.Evaluate(), areas);
    }

    /// <summary>Areas are compared label by label, as pixels are: not where these are not.</summary>
    internal static Evaluation WithAreas(Evaluation evaluation, AreaCount? areas) => evaluation.Confusion.Length == 0 ? evaluation : evaluation with { Areas = areas?.Score() };

    /// <summary>Adds the pixels of one raster.</summary>
    /// <param name="name">What its blocks are called by.</param>
    /// <param name="raster">The raster.</param>
    /// <param name="truth">The given classes of a window.</param>
    /// <param name="areas">Counts them.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    public void Count(string name, IRaster raster, Func<RasterWindow, int[]> truth, AreaCount areas, Action<int, int>? progress)
    {
        RasterLayout layout = raster.Layout;
        RasterTiles over = new(raster, recipe, tiles);
        areas.Begin(name, layout.Place, layout.Width, layout.Height);
        using RasterMemory memory = new(raster.Name, layout, over, recipe.Outputs, probabilities: 0);
        over.Run(found => Compare(found, truth, areas), progress);
    }

    private static void Compare(FoundTile found, Func<RasterWindow, int[]> truth, AreaCount areas)
    {
        int[] reference = truth(new(found.Column, found.Row, found.Columns, found.Rows)), predicted = new int[found.Columns];
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
