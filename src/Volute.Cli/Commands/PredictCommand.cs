using System.CommandLine;
using System.Globalization;
using Volute.Formats;
using Volute.Training;

namespace Volute.Cli;

/// <summary>volute predict RUN INPUT...: masks or classes for images of any size.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "The run folder" };
        Argument<string[]> inputs = new("INPUT") { Description = "Image or volume files, folders of them, or clips: folders of frames", Arity = ArgumentArity.OneOrMore };
        Option<string> folder = new("--out", "-o") { Description = "Where masks go", DefaultValueFactory = _ => "predictions" };
        Option<string?> probabilities = new("--probabilities") { Description = "Of rasters (.tif, .jp2) and volumes, also write each class's probability: float32, or uint8" };
        probabilities.AcceptOnlyFromAmong("float32", "uint8");
        Option<bool> polygons = new("--polygons") { Description = "Of rasters, also write the outlines of all regions with their areas: GeoJSON" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("predict", "Predict masks or classes") { run, inputs, folder, probabilities, polygons, json };
        command.SetAction(parsed => Predict(parsed.GetRequiredValue(run), parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(folder), parsed.GetValue(json), new PredictionOutputs
        {
            Probabilities = parsed.GetValue(probabilities) switch { null => null, "uint8" => ProbabilityNumbers.UInt8, _ => ProbabilityNumbers.Float32 },
            Polygons = parsed.GetValue(polygons),
        }));
        return command;
    }

    public static int Predict(string run, string[] inputs, string folder, bool asJson, PredictionOutputs? outputs = null)
    {
        Predictor predictor = Predictor.Open(run);
        string[] files = [.. inputs.SelectMany(input => Files(input, predictor))];
        List<FilePrediction> found = [];
        foreach (InputCase input in predictor.CheckOutputs(files, folder, outputs))
        {
            string file = input.Files[0];
            FilePrediction prediction = predictor.Predict(input, folder, outputs, asJson ? null : Output.ShowPercent);
            found.Add(prediction);
            if (!asJson)
                Console.WriteLine(prediction.Output is { } mask ? $"{file} -> {mask}" : string.Create(CultureInfo.InvariantCulture, $"{file}: {prediction.Class} ({prediction.Probability:P1})"));
        }
        if (!asJson)
            return 0;
        Output.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("outputs");
            foreach (FilePrediction prediction in found)
            {
                json.WriteStartObject();
                json.WriteString("input", prediction.Input);
                if (prediction.Output is { } mask)
                {
                    json.WriteString("output", mask);
                    if (prediction.Probabilities is { } probabilities)
                        json.WriteString("probabilities", probabilities);
                    if (prediction.Polygons is { } polygons)
                        json.WriteString("polygons", polygons);
                }
                else
                {
                    json.WriteString("class", prediction.Class);
                    json.WriteMetric("probability", prediction.Probability);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return 0;
    }

    private static IEnumerable<string> Files(string input, Predictor predictor) => File.Exists(input) ? [input]
        : Directory.Exists(input) ? predictor.InputsIn(input)
        : throw new InvalidArgumentException($"there is no file or folder '{input}'");
}
