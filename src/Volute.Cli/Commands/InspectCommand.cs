using System.CommandLine;
using System.Globalization;
using Volute.Training;

namespace Volute.Cli;

/// <summary>volute inspect RUN|NAME|IMAGE|VOLUME: layers, shapes, parameters, multiplications, memory; or what an image or a volume holds.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Argument<string> what = new("WHAT") { Description = $"A network's name ({NamedNetwork.Names}), a run folder, a picture or a volume (.nii, .hdr, .img, with .gz or not)" };
        Option<string?> input = new("--input") { Description = "The input's shape, for example 1,1,572,572" };
        Option<string?> slice = new("--slice") { Description = "A volume's plane to draw: axial, coronal or sagittal, with an index as in axial:40; the middle one without" };
        Option<string?> window = new("--window") { Description = "The slice's gray values as level,width, for example 40,400; 99 % of the volume's values if not given" };
        Option<string?> to = new("--out", "-o") { Description = "The slice's picture to write: .png or .pgm" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("inspect", "Show a network's layers, or the numbers of an image or a volume") { what, input, slice, window, to, json };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(what);
            if (File.Exists(name) && parsed.GetValue(input) is not null)
                throw new InvalidArgumentException($"--input is the shape that a network is given; '{name}' is an image and has its own");
            if (File.Exists(name) && Formats.Nifti.IsNamed(name))
                return VolumeInspection.Run(name, parsed.GetValue(json), parsed.GetValue(slice), parsed.GetValue(window), parsed.GetValue(to));
            if ((parsed.GetValue(slice) ?? parsed.GetValue(window) ?? parsed.GetValue(to)) is not null)
                throw new InvalidArgumentException($"--slice, --window and --out draw a slice of a volume (.nii, .hdr, .img), '{name}' is none");
            return File.Exists(name) ? Image(name, parsed.GetValue(json)) : Network(name, parsed.GetValue(input), parsed.GetValue(json));
        });
        return command;
    }

    private static int Network(string name, string? input, bool json)
    {
        (Module network, Shape shape) = Find(name);
        if (input is not null)
            shape = ShapeOption.Parse(input);
        Summary summary = Summary.Of(network.Eval(), shape);
        if (json)
        {
            Output.Json(w =>
            {
                w.WriteStartObject();
                w.WriteString("kind", network.Kind);
                w.WriteNumber("parameters", summary.Parameters);
                w.WriteNumber("multiplies", summary.Multiplies);
                w.WriteNumber("usefulMultiplies", summary.UsefulMultiplies);
                w.WriteArray("input", shape);
                w.WriteArray("output", summary.Output);
                w.WriteNumber("peakBytes", summary.PeakBytes);
                w.WriteStartArray("layers");
                foreach (LayerSummary layer in summary.Layers)
                {
                    w.WriteStartObject();
                    w.WriteString("name", layer.Name);
                    w.WriteString("kind", layer.Kind);
                    w.WriteArray("output", layer.Output);
                    w.WriteNumber("parameters", layer.Parameters);
                    w.WriteNumber("multiplies", layer.Multiplies);
                    w.WriteNumber("usefulMultiplies", layer.UsefulMultiplies);
                    w.WriteEndObject();
                }
                w.WriteEndArray();
                w.WriteEndObject();
            });
            return 0;
        }
        Console.WriteLine($"{network.Kind}, input {shape}");
        Console.WriteLine(summary);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory of a prediction {summary.PeakBytes:N0} bytes; multiplies count every tap of every output (of every input for transposed convolutions), no biases, no norms"));
        return 0;
    }

    private static (Module, Shape) Find(string name) => NamedNetwork.Find(name) is { } known ? (known.Create(), known.Input) : FromRun(name);

    private static (Module, Shape) FromRun(string path)
    {
        if (!Directory.Exists(path))
            throw new InvalidArgumentException($"'{path}' is no network's name ({NamedNetwork.Names}), no run folder and no file");
        Recipe recipe = Runs.Recipe(RunFolder.OpenToRead(path));
        return (recipe.CreateNetwork(), Shape.Create([1, recipe.Channels, .. recipe.InputSize]));
    }

    private static int Image(string path, bool json)
    {
        Formats.Picture picture = Formats.ImageFile.Read(path);
        float[] values = picture.ToFloats();
        int[] shape = [picture.Channels, picture.Height, picture.Width];
        double min = values.Min() * picture.MaxValue, max = values.Max() * picture.MaxValue, mean = values.Average(v => (double)v) * picture.MaxValue;
        string type = picture.MaxValue > 255 ? "uint16" : "uint8";
        if (!json)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: picture [{string.Join(", ", shape)}] of {type}, {min:G6} to {max:G6}, mean {mean:G6}"));
            return 0;
        }
        Output.Json(w =>
        {
            w.WriteStartObject();
            w.WriteString("kind", "picture");
            w.WriteArray("shape", shape);
            w.WriteString("dtype", type);
            w.WriteNull("spacing");
            w.WriteNull("affine");
            w.WriteMetric("min", min);
            w.WriteMetric("max", max);
            w.WriteMetric("mean", mean);
            w.WriteEndObject();
        });
        return 0;
    }
}
