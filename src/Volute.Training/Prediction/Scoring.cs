using Volute.Formats;

namespace Volute.Training;

/// <summary>How good a network is on labelled samples, and the pictures that show it.</summary>
/// <param name="Evaluation">The numbers.</param>
/// <param name="Worst">The worst predictions, worst first.</param>
/// <param name="Best">The best predictions of a classification, best first.</param>
public sealed record Scored(Evaluation Evaluation, IReadOnlyList<ReportExample> Worst, IReadOnlyList<ReportExample> Best)
{
    /// <summary>Predictions of middling quality, of a segmentation: what is to be expected of a new case.</summary>
    public IReadOnlyList<ReportExample> Median { get; init; } = [];
}

/// <summary>Scores a predictor on samples that it was not trained on.</summary>
public static class Scoring
{
    /// <summary>How many worst predictions are shown for each of the others.</summary>
    internal const int WorstShare = 3;

    private const int ManyCases = 2000;

    /// <summary>Pixels along the side of a block by which rasters are scored, unless said otherwise.</summary>
    public const int RasterBlock = 1024;

    /// <summary>Predicts the samples of <paramref name="indices"/> and compares with their labels.</summary>
    /// <param name="predictor">The network.</param>
    /// <param name="data">Labelled samples with the recipe's classes.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="examples">How many pictures of the median (or of the best), and three times as many of the worst.</param>
    /// <param name="progress">Called with samples done and in all.</param>
    /// <param name="measures">What to measure of segmentations beyond counting pixels.</param>
    /// <exception cref="InvalidArgumentException">The data are of another task, or have other channels or classes.</exception>
    public static Scored Score(Predictor predictor, Dataset data, IReadOnlyList<int> indices, int examples = 4, Action<int, int>? progress = null,
        SegmentationMeasures measures = SegmentationMeasures.All)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(indices);
        Check(predictor.Recipe, data);
        return Score(predictor.Recipe, [.. indices.Select(i => new JudgedSample(predictor, data, i))], examples, progress, measures);
    }

    /// <summary>Scores each sample by its own network; all networks are made by one recipe.</summary>
    internal static Scored Score(Recipe recipe, IReadOnlyList<JudgedSample> samples, int examples = 4, Action<int, int>? progress = null,
        SegmentationMeasures measures = SegmentationMeasures.All)
        => recipe.Task != DatasetTask.Segmentation ? Classified(recipe, samples, examples, progress)
            : StreamedScoring.Takes(samples) ? new StreamedScoring(recipe, samples).Run(examples, progress) : Segmented(recipe, samples, examples, progress, measures);

    /// <summary>The whole images of <paramref name="indices"/> by the classes of their pixels alone, without intervals or examples: for what is asked often.</summary>
    internal static Evaluation PixelsAlone(Predictor predictor, Dataset data, IReadOnlyList<int> indices)
    {
        SegmentationEvaluator evaluator = new(SegmentationSettings.Of(predictor.Recipe), measures: SegmentationMeasures.None);
        foreach (int index in indices)
        {
            if (data.IsLarge(index))
            {
                AreaCount counted = new(predictor.Recipe.Classes.Count, RasterBlock, "px");
                StreamedScoring.Count(new(predictor, data, index), counted);
                evaluator.Add(data.NameOf(index), counted.Total, 1, group: null);
                continue;
            }
            Sample sample = data[index];
            evaluator.Add(sample.Name, predictor.Segment(sample, probabilities: false).Classes, sample.Labels);
        }
        return evaluator.Evaluate(rounds: 0);
    }

    private static void Check(Recipe recipe, Dataset data)
    {
        if (data.Task != recipe.Task)
            throw new InvalidArgumentException($"the network is for {recipe.Task.ToString().ToLowerInvariant()}, but the data are a {data.Task.ToString().ToLowerInvariant()}: {data.Describe()}");
        if (data.Channels != recipe.Channels)
            throw new InvalidArgumentException($"the network was trained on {DatasetException.Count(recipe.Channels, "channel")}, but the data have {data.Channels}: {data.Describe()}");
        if (data.Classes.Count != recipe.Classes.Count)
            throw new InvalidArgumentException($"the network knows {recipe.Classes.Count} classes ({string.Join(", ", recipe.Classes)}), the data have {data.Classes.Count} ({string.Join(", ", data.Classes)})");
    }

    private static Scored Segmented(Recipe recipe, IReadOnlyList<JudgedSample> samples, int examples, Action<int, int>? progress, SegmentationMeasures measures)
    {
        // Files of one dataset are alike: where the first has a spacing, all are measured in millimetres.
        double[]? spacing = samples.Count > 0 ? samples[0].Windows.Spacing : null;
        bool spaced = spacing != null;
        // Rasters that are measured alike are measured on the ground.
        string[] units = [.. samples.Select(sample => new GroundArea(sample.Place ?? RasterPlace.None).Unit).Distinct()];
        AreaCount? areas = units is [var ground and not "px"] ? new AreaCount(recipe.Classes.Count, RasterBlock, ground) : null;
        string unit = areas != null ? units[0] : spacing?.Length switch { null => "px", 3 => "mm³", 2 => "mm²", _ => "mm" };
        RegionLabels? regions = RegionLabels.Of(recipe);
        bool probabilities = recipe.Classes.Count > 1 && regions is null;
        SegmentationEvaluator evaluator = new(SegmentationSettings.Of(recipe, spaced ? "mm" : "px"), unit, measures);
        for (int i = 0; i < samples.Count; i++)
        {
            Sample sample = samples[i].Sample;
            SegmentedImage found = samples[i].Segment(sample, probabilities);
            if (spaced && sample.Spacing == null)
                throw new InvalidArgumentException($"{sample.Name} has no spacing, but {samples[0].Data.NameOf(samples[0].Index)} has: keep volumes with a spacing and files without in datasets of their own");
            PixelGrid grid = new(sample.LabelShape, spaced ? sample.Spacing : []);
            if (areas != null)
                areas.Add(sample, samples[i].Place!, found.Classes);
            evaluator.Add(sample.Name, found.Classes, sample.Labels, probabilities ? found.Probabilities : default, pixelVolume: areas?.PixelArea, group: samples[i].Group, grid: grid);
            progress?.Invoke(i + 1, samples.Count);
        }
        Evaluation evaluation = RasterScoring.WithAreas(evaluator.Evaluate(), areas);
        IReadOnlyList<int> worst = evaluation.Worst(WorstShare * examples);
        ReportExample Show(int number) => Scoring.Show(samples[number], samples[number].Sample, regions);
        return new Scored(evaluation, [.. worst.Select(Show)], []) { Median = [.. evaluation.Median(examples).Except(worst).Select(Show)] };
    }

    /// <summary>A sample, or a part of it, as it is predicted by itself. Labels that regions do not tell apart are no errors.</summary>
    internal static SegmentationExample Show(JudgedSample judged, Sample sample, RegionLabels? regions)
        => CasePicture.Of(regions is null ? sample : sample with { Labels = Array.ConvertAll(sample.Labels, regions.WrittenFor) }, judged.Segment(sample, probabilities: false).Classes);

    private static Scored Classified(Recipe recipe, IReadOnlyList<JudgedSample> samples, int examples, Action<int, int>? progress)
    {
        ClassificationEvaluator evaluator = new(recipe.Classes);
        int classes = recipe.Classes.Count, done = 0;
        // Neighbours of one network are predicted together.
        for (int first = 0; first < samples.Count; first = done)
        {
            Predictor predictor = samples[first].Predictor;
            JudgedSample[] batch = [.. samples.Skip(first).Take(TaskHead.PredictedAtOnce(recipe)).TakeWhile(s => s.Predictor == predictor)];
            Sample[] read = [.. batch.Select(s => s.Sample)];
            float[] probabilities = predictor.Classify(read);
            for (int i = 0; i < read.Length; i++)
            {
                ReadOnlySpan<float> row = probabilities.AsSpan(i * classes, classes);
                evaluator.Add(read[i].Name, Largest(row), read[i].Labels[0], row, batch[i].Group);
            }
            done += read.Length;
            progress?.Invoke(done, samples.Count);
        }
        Evaluation evaluation = evaluator.Evaluate(rounds: samples.Count > ManyCases ? 200 : 1000);
        ReportExample Show(int number)
        {
            CaseScore score = evaluation.PerCase[number];
            return new ClassificationExample(score.Name, CasePicture.OfMiddle(samples[number].Sample), score.Reference!, score.Predicted!, score.Probability);
        }
        return new Scored(evaluation, [.. evaluation.Worst(WorstShare * examples).Select(Show)], [.. evaluation.Best(examples).Select(Show)]);
    }

    internal static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }
}
