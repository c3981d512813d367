using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training.Runs;
using Volute.Training;

namespace Volute.Tests.Training.Prediction;

/// <summary>Masks that a trained run writes are of the kind that it was given.</summary>
[Collection(OneSequence.Name)]
public class PredictorTests(TinyData data)
{
    /// <summary>A run of one short epoch on images with these masks, 37 by 45 pixels; and one of the images.</summary>
    private static (Predictor, string Image) Train(TemporaryFolder folder, Action<string> mask)
    {
        Random random = new(4);
        for (int i = 0; i < 3; i++)
        {
            folder.Gray($"data/images/{i}a.png", 37, 45, [.. Enumerable.Range(0, 37 * 45).Select(p => (byte)(p % 37 / 13 * 100 + random.Next(50)))]);
            mask($"data/masks/{i}a.png");
        }
        Recipe recipe = RecipeMaker.Make(Dataset.Open(folder["data"]), folder["data"], new TrainingWishes { Epochs = 1, BaseWidth = 4, Patch = 32, BatchSize = 2, Model = "unet" });
        TrainingRun.Train(folder["run"], recipe with { StepsPerEpoch = 8, LearningRate = 0.02, UNet = recipe.UNet! with { Levels = 2 } });
        return (Predictor.Open(folder["run"]), folder["data/images/0a.png"]);
    }

    private static byte[] Stripes(params byte[] values) => [.. Enumerable.Range(0, 37 * 45).Select(p => values[p % 37 / 13])];

    private static Picture Predicted((Predictor Predictor, string Image) run, string folder)
    {
        FilePrediction prediction = run.Predictor.PredictFile(run.Image, folder);
        Assert.Equal(Path.Combine(folder, "0a.png"), prediction.Output);
        return Png.Read(prediction.Output!);
    }

    [Fact]
    public void Masks_of_black_and_white_are_predicted_as_black_and_white_in_the_size_of_the_image()
    {
        using TemporaryFolder folder = new();
        Picture mask = Predicted(Train(folder, name => folder.Gray(name, 37, 45, Stripes(0, 255, 0))), folder.Root);
        Assert.Equal((37, 45, 1, 255), (mask.Width, mask.Height, mask.Channels, mask.MaxValue));
        Assert.Equal<ushort>([0, 255], mask.ToStored().Distinct().Order());
    }

    [Fact]
    public void Scores_are_in_millimetres_where_samples_have_a_spacing()
    {
        using TemporaryFolder folder = new();
        (Predictor predictor, _) = Train(folder, name => folder.Gray(name, 37, 45, Stripes(0, 255, 0)));
        Dataset plain = Dataset.Open(folder["data"]);
        // The reference is moved to the right, so that the distances are not all nothing.
        Sample[] moved = [.. Enumerable.Range(0, 3).Select(i => plain[i] with { Labels = [.. plain[i].Labels.Select((_, p) => p % 37 > 25 ? 1 : 0)] })];
        Evaluation Score(Func<Sample, int, Sample> change) => Scoring.Score(predictor, Dataset.Of([.. moved.Select(change)], plain.Classes), [0, 1, 2], examples: 0).Evaluation;
        Evaluation pixels = Score((s, _) => s), spaced = Score((s, _) => s with { Spacing = [0.5, 0.5] });
        Assert.Equal(("px", "px"), (pixels.DistanceUnit, pixels.VolumeUnit));
        Assert.Equal(("mm", "mm²"), (spaced.DistanceUnit, spaced.VolumeUnit));
        Assert.True(pixels.Metrics["hd95"] > 1);
        Assert.Equal(pixels.Metrics["hd95"]!.Value / 2, spaced.Metrics["hd95"]!.Value, 1e-9);
        Assert.Equal(pixels.PerClass[1].VolumeError!.Value / 4, spaced.PerClass[1].VolumeError!.Value, 1e-9);
        Assert.Contains("tolerance 2 px", pixels.Definitions["nsd"]);
        Assert.Contains("tolerance 1 mm", spaced.Definitions["nsd"]);
        Assert.Equal("1a has no spacing, but 0a has: keep volumes with a spacing and files without in datasets of their own",
            Assert.Throws<InvalidArgumentException>(() => Score((s, i) => i == 1 ? s : s with { Spacing = [1, 1] })).Message);
    }

    [Fact]
    public void Masks_with_a_palette_are_predicted_with_the_same_palette_and_the_same_indices()
    {
        using TemporaryFolder folder = new();
        PaletteColor[] colors = [Files.Black, Files.Red, Files.Green, Files.White];
        PngImage mask = Assert.IsType<PngImage>(Predicted(Train(folder, name => folder.Palette(name, 37, 45, colors, Stripes(1, 3, 1))), folder.Root));
        Assert.Equal((37, 45), (mask.Width, mask.Height));
        Assert.Equal(colors, mask.Palette);
        Assert.Equal<byte>([1, 3], mask.Indices!.Distinct().Order());
    }

    [Fact]
    public void Masks_of_colours_are_predicted_in_the_same_colours()
    {
        using TemporaryFolder folder = new();
        byte[] rgb = [.. Stripes(0, 1, 0).SelectMany(v => v == 0 ? (byte[])[10, 20, 30] : [200, 0, 0])];
        Picture mask = Predicted(Train(folder, name => folder.Rgb(name, 37, 45, rgb)), folder.Root);
        Assert.Equal((37, 45, 3), (mask.Width, mask.Height, mask.Channels));
        Assert.Equal([(10, 20, 30), (200, 0, 0)], mask.ToBytes().Chunk(3).Select(c => ((int)c[0], (int)c[1], (int)c[2])).Distinct().Order());
    }

    [Fact]
    public void Masks_never_replace_an_image_or_one_another()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = data.Recipe(data.Cells, 1);
        Predictor predictor = new(recipe, recipe.CreateNetwork());
        string images = Path.Combine(data.Cells, "images"), image = Path.Combine(images, "000.png");
        Assert.Equal($"the mask of '{image}' would replace the image '{image}'; name another folder",
            Assert.Throws<InvalidArgumentException>(() => predictor.CheckOutputs([image], images)).Message);
        string other = folder["000.pgm"];
        Assert.Equal($"'{image}' and '{other}' would both be given the mask '{folder["out/000.png"]}'; predict them into different folders",
            Assert.Throws<InvalidArgumentException>(() => predictor.CheckOutputs([image, other], folder["out"])).Message);
        predictor.CheckOutputs([image], folder["out"]);
    }
}
