namespace Volute.Training;

/// <summary>
/// Scores rasters that are too large to be in memory, and others beside them, by counting pixels: each block is a case, and those of one raster are drawn
/// together. Surfaces, objects and probabilities are not measured: they would need the whole.
/// </summary>
internal sealed class StreamedScoring(Recipe recipe, IReadOnlyList<JudgedSample> samples)
{
    // Of each case the sample and its part, for pictures.
    private readonly List<(JudgedSample Sample, Box Part)> cases = [];

    /// <summary>Whether samples must be scored here.</summary>
    public static bool Takes(IReadOnlyList<JudgedSample> samples) => samples.Any(sample => sample.IsLarge);

    /// <summary>Predicts and compares.</summary>
    /// <param name="examples">How many pictures of the median, and some times as many of the worst.</param>
    /// <param name="progress">Called with samples done and in all.</param>
    public Scored Run(int examples, Action<int, int>? progress)
    {
        string[] units = [.. samples.Select(sample => new GroundArea(sample.Place ?? Formats.RasterPlace.None).Unit).Distinct()];
        string unit = units is [var one] ? one : "px";
        AreaCount areas = new(recipe.Classes.Count, Scoring.RasterBlock, unit);
        SegmentationEvaluator evaluator = new(SegmentationSettings.Of(recipe), unit, SegmentationMeasures.None);
        for (int i = 0; i < samples.Count; i++)
        {
            Count(samples[i], areas);
            foreach (AreaCount.Counted block in areas.Counts.Skip(cases.Count).ToArray())
            {
                evaluator.Add(block.Name, block.Counts, areas.PixelArea, samples[i].Group ?? samples[i].Name);
                cases.Add((samples[i], block.Part));
            }
            progress?.Invoke(i + 1, samples.Count);
        }
        Evaluation evaluation = RasterScoring.WithAreas(evaluator.Evaluate(), areas);
        IReadOnlyList<int> worst = evaluation.Worst(Scoring.WorstShare * examples);
        return new Scored(evaluation, [.. worst.Select(Show)], []) { Median = [.. evaluation.Median(examples).Except(worst).Select(Show)] };
    }

    /// <summary>The pixels of one sample by reference and predicted class, block by block.</summary>
    public static void Count(JudgedSample judged, AreaCount areas)
    {
        if (judged.Windows is RasterSample raster)
        {
            judged.Predictor.Compare(raster, areas);
            return;
        }
        Sample sample = judged.Sample;
        areas.Add(sample, judged.Place ?? Formats.RasterPlace.None, judged.Segment(sample, probabilities: false).Classes);
    }

    private SegmentationExample Show(int number)
    {
        (JudgedSample sample, Box part) = cases[number];
        return Scoring.Show(sample, sample.Windows.Cut(part), RegionLabels.Of(recipe));
    }
}
