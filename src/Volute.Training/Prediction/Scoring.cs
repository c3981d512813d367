using Volute.Formats;

namespace Volute.Training;

/// <summary>How good a network is on labelled samples, and the pictures that show it.</summary>
/// <param name="Evaluation">The numbers.</param>
/// <param name="Worst">The worst predictions, worst first.</param>
/// <param name="Best">The best predictions, best first.</param>
public sealed record Scored(Evaluation Evaluation, IReadOnlyList<ReportExample> Worst, IReadOnlyList<ReportExample> Best);

/// <summary>Scores a predictor on samples that it was not trained on.</summary>
public static class Scoring
{
    private const int ClassifiedBatch = 256;

    /// <summary>Pixels along the side of a block by which rasters are scored, unless said otherwise.</summary>
    public const int RasterBlock = 1024;

    /// <summary>Predicts the samples of <paramref name="indices"/> and compares with their labels.</summary>
    /// <param name="predictor">The network.</param>
    /// <param name="data">Labelled samples with the recipe's classes.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="examples">How many pictures of the worst and of the best.</param>
    /// <param name="progress">Called with samples done and in all.</param>
    /// <param name="measures">What to measure of segmentations beyond counting pixels.</param>
    /// <exception cref="InvalidArgumentException">The data are of another task, or have other channels or classes.</exception>
    public static Scored Score(Predictor predictor, Dataset data, IReadOnlyList<int> indices, int examples = 4, Action<int, int>? progress = null,
        SegmentationMeasures measures = SegmentationMeasures.All)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(indices);
        Recipe recipe = predictor.Recipe;
        if (data.Task != recipe.Task)
            throw new InvalidArgumentException($"the network is for {recipe.Task.ToString().ToLowerInvariant()}, but the data are a {data.Task.ToString().ToLowerInvariant()}: {data.Describe()}");
        if (data.Channels != recipe.Channels)
            throw new InvalidArgumentException($"the network was trained on {DatasetException.Count(recipe.Channels, "channel")}, but the data have {data.Channels}: {data.Describe()}");
        if (data.Classes.Count != recipe.Classes.Count)
            throw new InvalidArgumentException($"the network knows {recipe.Classes.Count} classes ({string.Join(", ", recipe.Classes)}), the data have {data.Classes.Count} ({string.Join(", ", data.Classes)})");
        return data.Task == DatasetTask.Segmentation
            ? Segmented(predictor, data, indices, examples, progress, measures)
            : Classified(predictor, data, indices, examples, progress);
    }

    private static Scored Segmented(Predictor predictor, Dataset data, IReadOnlyList<int> indices, int examples, Action<int, int>? progress,
        SegmentationMeasures measures)
    {
        // Files of one dataset are alike: where the first has a spacing, all are measured in millimetres.
        double[]? spacing = indices.Count > 0 ? data[indices[0]].Spacing : null;
        bool spaced = spacing != null;
        // Rasters that are measured alike are measured on the ground.
        string[] units = [.. indices.Select(i => new GroundArea(data.PlaceOf(i) ?? RasterPlace.None).Unit).Distinct()];
        AreaCount? areas = units is [var ground and not "px"] ? new AreaCount(predictor.Recipe.Classes.Count, RasterBlock, ground) : null;
        string unit = areas != null ? units[0] : spacing?.Length switch { null => "px", 3 => "mm³", 2 => "mm²", _ => "mm" };
        SegmentationEvaluator evaluator = new(predictor.Recipe.Classes, LabelMap.Ignored, volumeUnit: unit, distanceUnit: spaced ? "mm" : "px", measures: measures);
        for (int i = 0; i < indices.Count; i++)
        {
            Sample sample = data[indices[i]];
            SegmentedImage found = predictor.Segment(sample);
            if (spaced && sample.Spacing == null)
                throw new InvalidArgumentException($"{sample.Name} has no spacing, but {data.NameOf(indices[0])} has: keep volumes with a spacing and files without in datasets of their own");
            PixelGrid grid = new(sample.LabelShape, spaced ? sample.Spacing : []);
            if (areas != null)
                AddAreas(areas, sample, data.PlaceOf(indices[i])!, found.Classes);
            evaluator.Add(sample.Name, found.Classes, sample.Labels, predictor.Recipe.Classes.Count > 1 ? found.Probabilities : default, pixelVolume: areas?.PixelArea, grid: grid);
            progress?.Invoke(i + 1, indices.Count);
        }
        Evaluation evaluation = evaluator.Evaluate() with { Areas = areas?.Score() };
        ReportExample Show(int number)
        {
            Sample sample = data[indices[number]];
            int[] found = predictor.Segment(sample, probabilities: false).Classes;
            int area = sample.ImageShape[^2] * sample.ImageShape[^1], slice = TellingSlice(sample.Labels, found, area);
            string name = sample.ImageShape.Length == 4 ? $"{sample.Name}, slice {slice}" : sample.Name;
            return new SegmentationExample(name, Picture(sample, slice), sample.Labels.AsSpan(slice * area, area).ToArray(), found.AsSpan(slice * area, area).ToArray(), LabelMap.Ignored);
        }
        return new Scored(evaluation, [.. evaluation.Worst(examples).Select(Show)], [.. evaluation.Best(examples).Select(Show)]);
    }

    private static void AddAreas(AreaCount areas, Sample sample, RasterPlace place, int[] found)
    {
        int height = sample.LabelShape[0], width = sample.LabelShape[1];
        areas.Begin(sample.Name, place, width, height);
        for (int row = 0; row < height; row++)
            areas.Add(row, 0, found.AsSpan(row * width, width), sample.Labels.AsSpan(row * width, width));
    }

    private static Scored Classified(Predictor predictor, Dataset data, IReadOnlyList<int> indices, int examples, Action<int, int>? progress)
    {
        ClassificationEvaluator evaluator = new(predictor.Recipe.Classes);
        int classes = predictor.Recipe.Classes.Count;
        for (int first = 0; first < indices.Count; first += ClassifiedBatch)
        {
            Sample[] samples = [.. indices.Skip(first).Take(ClassifiedBatch).Select(i => data[i])];
            float[] probabilities = predictor.Classify(samples);
            for (int i = 0; i < samples.Length; i++)
            {
                ReadOnlySpan<float> row = probabilities.AsSpan(i * classes, classes);
                evaluator.Add(samples[i].Name, Largest(row), samples[i].Labels[0], row);
            }
            progress?.Invoke(first + samples.Length, indices.Count);
        }
        Evaluation evaluation = evaluator.Evaluate(rounds: indices.Count > 2000 ? 200 : 1000);
        ReportExample Show(int number)
        {
            CaseScore score = evaluation.PerCase[number];
            return new ClassificationExample(score.Name, Picture(data[indices[number]], 0), score.Reference!, score.Predicted!, score.Probability);
        }
        return new Scored(evaluation, [.. evaluation.Worst(3 * examples).Select(Show)], [.. evaluation.Best(examples).Select(Show)]);
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

    /// <summary>The slice with the most errors; of those without any, the one with the most foreground.</summary>
    private static int TellingSlice(int[] labels, int[] found, int area)
    {
        (int Errors, int Foreground) best = (-1, -1);
        int telling = 0;
        for (int slice = 0; slice < labels.Length / area; slice++)
        {
            (int Errors, int Foreground) here = (0, 0);
            for (int i = slice * area; i < (slice + 1) * area; i++)
            {
                here.Errors += labels[i] != LabelMap.Ignored && labels[i] != found[i] ? 1 : 0;
                here.Foreground += labels[i] > 0 ? 1 : 0;
            }
            if (here.CompareTo(best) > 0)
                (best, telling) = (here, slice);
        }
        return telling;
    }

    /// <summary>A picture, or a slice of a volume, as a gray or colour picture, from its smallest to its largest value.</summary>
    private static Picture Picture(Sample sample, int slice)
    {
        int height = sample.ImageShape[^2], width = sample.ImageShape[^1], pixels = height * width, channels = sample.ImageShape[0] >= 3 ? 3 : 1, voxels = sample.Image.Length / sample.ImageShape[0];
        float[][] shown = [.. Enumerable.Range(0, channels).Select(c => sample.Image.AsSpan(c * voxels + slice * pixels, pixels).ToArray())];
        // Values that are missing are black.
        float[] there = [.. shown.SelectMany(values => values).Where(float.IsFinite).DefaultIfEmpty()];
        float low = there.Min(), high = there.Max(), scale = high > low ? 255 / (high - low) : 0;
        byte[] bytes = new byte[pixels * channels];
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < pixels; i++)
                bytes[i * channels + c] = (byte)((shown[c][i] - low) * scale);
        }
        return Formats.Picture.FromBytes(bytes, width, height, channels);
    }
}
