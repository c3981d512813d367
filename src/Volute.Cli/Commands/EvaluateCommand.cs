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
        Argument<string> data = new("DATA") { Description = "Labelled data; of the run's own only what it was not trained on, else the test samples where there are some" };
        Option<bool> all = new("--all") { Description = "All samples, also those it was trained on" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> pixels = new("--pixels-only") { Description = "Only what counting pixels gives: no surfaces, objects, partitions or calibration, which take longer" };
        Command command = new("evaluate", "Score a run on labelled data") { run, data, all, pixels, json };
        command.SetAction(parsed => Evaluate(parsed.GetRequiredValue(run), parsed.GetRequiredValue(data), parsed.GetValue(all),
            parsed.GetValue(pixels) ? SegmentationMeasures.None : SegmentationMeasures.All, parsed.GetValue(json)));
        return command;
    }

    private static int Evaluate(string run, string path, bool all, SegmentationMeasures measures, bool json)
    {
        Predictor predictor = Predictor.Open(run);
        Recipe recipe = predictor.Recipe;
        Dataset data = Dataset.Open(path, new DatasetOptions { Classes = recipe.Classes, Labels = recipe.Labels is { } text ? LabelMap.FromJson(text) : null });
        // On its own training data a run is judged by what it was not trained on; on other data, by the test samples or by all.
        bool own = Path.GetFullPath(path) == Path.GetFullPath(recipe.Data);
        Evaluation evaluation;
        if (own && !all && CrossValidation.IsOf(recipe))
        {
            evaluation = CrossValidation.Evaluate(RunFolder.OpenToRead(run), recipe, data, measures);
        }
        else
        {
            (Dataset scored, int[] indices) = own && !all ? Judged(data, recipe) : All(all ? data : data.Test ?? data);
            evaluation = Scoring.Score(predictor, scored, indices, examples: 0, measures: measures).Evaluation;
        }
        if (json)
        {
            Console.WriteLine(evaluation.ToJson());
            return 0;
        }
        Console.WriteLine($"{evaluation.Cases} cases of {path}");
        foreach (var (name, value) in evaluation.Metrics)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22} {value:F4}  {evaluation.Definitions.GetValueOrDefault(name)}"));
        return 0;
    }

    private static (Dataset, int[]) Judged(Dataset data, Recipe recipe)
    {
        TrainingData split = TrainingData.Split(data, recipe);
        return (split.Judge, split.Judged);
    }

    private static (Dataset, int[]) All(Dataset data) => (data, [.. Enumerable.Range(0, data.Count)]);
}
