using System.CommandLine;
using System.Globalization;
using Volute.Training;

namespace Volute.Cli;

/// <summary>volute evaluate RUN DATA: every metric, with its definition.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "The run folder" };
        Argument<string> data = new("DATA") { Description = "Labelled data; of the run's own only what it was not trained on, else the test samples where there are some. Or one raster (.tif, .jp2) of any size" };
        Option<bool> all = new("--all") { Description = "All samples, also those it was trained on" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> pixels = new("--pixels-only") { Description = "Only what counting pixels gives: no surfaces, objects, partitions or calibration, which take longer" };
        Option<string?> mask = new("--mask") { Description = "The mask of one raster; else x-mask.tif or x_mask.tif beside x.tif" };
        Option<int> block = new("--block") { Description = "Pixels along the side of the blocks of one raster", DefaultValueFactory = _ => Scoring.RasterBlock };
        Command command = new("evaluate", "Score a run on labelled data") { run, data, all, pixels, mask, block, json };
        command.SetAction(parsed =>
        {
            Predictor predictor = Predictor.Open(parsed.GetRequiredValue(run));
            string path = parsed.GetRequiredValue(data);
            Evaluation evaluation = File.Exists(path) && Predictor.IsRaster(path)
                ? predictor.ScoreRaster(path, parsed.GetValue(mask) ?? MaskBeside(path), parsed.GetValue(block), parsed.GetValue(json) ? null : Output.ShowPercent)
                : Score(parsed.GetRequiredValue(run), predictor, path, parsed.GetValue(all), parsed.GetValue(pixels) ? SegmentationMeasures.None : SegmentationMeasures.All);
            Print(evaluation, path, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Evaluation Score(string run, Predictor predictor, string path, bool all, SegmentationMeasures measures)
    {
        Recipe recipe = predictor.Recipe;
        Dataset data = Dataset.Open(path, new DatasetOptions { Classes = recipe.Classes, Labels = recipe.Labels is { } text ? LabelMap.FromJson(text) : null });
        // On its own training data a run is judged by what it was not trained on; on other data, by the test samples or by all.
        bool own = Path.GetFullPath(path) == Path.GetFullPath(recipe.Data);
        if (own && !all && CrossValidation.IsOf(recipe))
            return CrossValidation.Evaluate(RunFolder.OpenToRead(run), recipe, data, measures);
        (Dataset scored, int[] indices) = own && !all ? Judged(data, recipe) : All(all ? data : data.Test ?? data);
        return Scoring.Score(predictor, scored, indices, examples: 0, measures: measures).Evaluation;
    }

    private static void Print(Evaluation evaluation, string path, bool json)
    {
        if (json)
        {
            Console.WriteLine(evaluation.ToJson());
            return;
        }
        Console.WriteLine($"{evaluation.Cases} {(File.Exists(path) && Predictor.IsRaster(path) ? "blocks" : "cases")} of {path}");
        foreach (var (name, value) in evaluation.Metrics)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22} {value:F4}  {evaluation.Definitions.GetValueOrDefault(name)}"));
        if (evaluation.Areas is { } areas)
            Console.Write(areas.ToText(evaluation.Labels ?? [.. evaluation.PerClass.Select(score => score.Name)]));
    }

    private static string MaskBeside(string path)
    {
        string stem = Path.ChangeExtension(path, null);
        return ((string[])[$"{stem}-mask.tif", $"{stem}_mask.tif"]).FirstOrDefault(File.Exists)
            ?? throw new InvalidArgumentException($"there is no mask of '{path}' beside it ({Path.GetFileName(stem)}-mask.tif); name it: --mask FILE");
    }

    private static (Dataset, int[]) Judged(Dataset data, Recipe recipe)
    {
        TrainingData split = TrainingData.Split(data, recipe);
        return (split.Judge, split.Judged);
    }

    private static (Dataset, int[]) All(Dataset data) => (data, [.. Enumerable.Range(0, data.Count)]);
}
