using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;
using Volute.Training;

namespace Volute.Tests.Gdal;

/// <summary>Scores of whole rasters against counts over the raster in memory.</summary>
[Collection(Volute.Tests.Kernels.TeamSize.Name)]
public sealed class RasterScoringTests : IDisposable
{
    private const int Width = 190, Height = 140, Block = 64, Classes = 3;

    private readonly TemporaryFolder folder = new();
    private readonly byte[] image = new byte[Width * Height], mask = new byte[Width * Height];
    private readonly RasterPlace place = new() { Transform = [500_000, 20, 0, 5_000_000, 0, -20], CoordinateSystem = RasterPredictionTests.System };

    public RasterScoringTests()
    {
        _ = InstalledGdal.Driver;
        Random random = new(8);
        random.NextBytes(image);
        // 255 is not labelled; 9 in the image holds nothing.
        for (int i = 0; i < mask.Length; i++)
            mask[i] = (byte)(random.Next(20) == 0 ? 255 : 1 + random.Next(Classes));
    }

    public void Dispose() => folder.Dispose();

    private void Write(string scene, string given, RasterPlace where)
    {
        InstalledGdal.Write(folder.At(scene), new(Width, Height, [new(NumberType.UInt8) { NoData = 9 }]) { Place = where }, image);
        InstalledGdal.Write(folder.At(given), new(Width, Height, [new(NumberType.UInt8) { NoData = 255 }]) { Place = where }, mask);
    }

    private static Predictor Predictor() => RasterPredictionTests.Predictor(1, new(LabelKind.Value, [1, 2, 3], ignored: 255));

    /// <summary>counts[block row, block column][r][p] by a plain loop over the prediction in memory.</summary>
    private Dictionary<(int, int), long[,]> Counted(int block)
    {
        int[] found = Predictor().Segment([.. image.Select(v => v == 9 ? 0.5f : v / 255f)], [1, Height, Width]).Classes;
        Dictionary<(int, int), long[,]> counts = [];
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                int at = row * Width + column;
                if (mask[at] == 255 || image[at] == 9)
                    continue;
                if (!counts.TryGetValue((row / block, column / block), out long[,]? own))
                    counts.Add((row / block, column / block), own = new long[Classes, Classes]);
                own[mask[at] - 1, found[at]]++;
            }
        }
        return counts;
    }

    [Fact]
    public void Regions_of_rasters_are_predicted_as_in_memory_and_counted_by_their_labels()
    {
        Write("scene.tif", "truth.tif", place);
        Predictor predictor = RasterPredictionTests.Predictor(1, new(LabelKind.Value, [0, 1, 2, 3], ignored: 255), regions: [new("whole", [1, 2, 3], 1), new("core", [2, 3], 2), new("active", [3], 3)]);
        SegmentedImage inMemory = predictor.Segment([.. image.Select(v => v == 9 ? 0.5f : v / 255f)], [1, Height, Width]);
        int[] found = inMemory.Classes;
        Assert.Equal(4, found.Distinct().Count());
        Evaluation evaluation = predictor.ScoreRaster(folder["scene.tif"], folder["truth.tif"], Block);
        for (int r = 0; r < 3; r++)
        {
            long both = 0, either = 0;
            for (int i = 0; i < mask.Length; i++)
            {
                if (mask[i] == 255 || image[i] == 9)
                    continue;
                both += mask[i] > r && found[i] > r ? 1 : 0;
                either += (mask[i] > r ? 1 : 0) + (found[i] > r ? 1 : 0);
            }
            Assert.Equal(2.0 * both / either, evaluation.PerClass[r].DicePooled!.Value, 1e-12);
        }
        Assert.Equal(4, evaluation.Areas!.Confusion.Length);
        FilePrediction written = predictor.PredictFile(folder["scene.tif"], folder["out"], new PredictionOutputs { Probabilities = ProbabilityNumbers.Float32 });
        using IRaster probabilities = RasterFiles.Open(written.Probabilities!);
        Assert.Equal(3, probabilities.Layout.Bands.Count);
        float[] core = new float[Width * Height];
        probabilities.ReadWindow<float>(new(0, 0, Width, Height), [1], core);
        Assert.All(Enumerable.Range(0, core.Length).Where(i => image[i] != 9), i => Assert.Equal(inMemory.Probabilities[core.Length + i], core[i]));
    }

    [Fact]
    public void Ground_is_counted_in_hectares_block_by_block_without_what_holds_nothing_or_is_not_labelled()
    {
        Write("scene.tif", "truth.tif", place);
        Evaluation evaluation = Predictor().ScoreRaster(folder["scene.tif"], folder["truth.tif"], Block);
        Dictionary<(int Row, int Column), long[,]> expected = Counted(Block);
        AreaScores areas = evaluation.Areas!;
        Assert.Equal(("ha", Block, 9), (areas.Unit, areas.BlockSize, areas.Blocks.Count));
        Assert.Equal(9, evaluation.Cases);
        Assert.Equal("scene 0,1", evaluation.PerCase[1].Name);
        Assert.Equal([.. expected.Keys.Order()], areas.Blocks.Select(b => (b.Row / Block, b.Column / Block)));
        foreach (BlockScore block in areas.Blocks)
        {
            long[,] counts = expected[(block.Row / Block, block.Column / Block)];
            for (int r = 0; r < Classes; r++)
                for (int p = 0; p < Classes; p++)
                    Assert.Equal(counts[r, p] * 0.04, block.Confusion[r][p], 1e-9);
            Assert.Equal((counts[0, 0] + counts[1, 1] + counts[2, 2]) / (double)counts.Cast<long>().Sum(), block.Accuracy!.Value, 1e-12);
        }
        for (int r = 0; r < Classes; r++)
        {
            for (int p = 0; p < Classes; p++)
            {
                long sum = expected.Values.Sum(counts => counts[r, p]);
                Assert.Equal(sum, evaluation.Confusion[r][p]);
                Assert.Equal(sum * 0.04, areas.Confusion[r][p], 1e-9);
            }
        }
        Assert.Equal("ha", evaluation.VolumeUnit);
        Assert.Equal((evaluation.PerClass[1].Predicted - evaluation.PerClass[1].Reference) * 0.04 / 9, evaluation.PerClass[1].VolumeError!.Value, 1e-9);
        Assert.True(evaluation.Intervals.ContainsKey("dice"));
    }

    [Fact]
    public void Degrees_are_measured_row_by_row()
    {
        const string Degrees = """GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]""";
        RasterPlace wide = new() { Transform = [10, 0.25, 0, 70, 0, -0.25], CoordinateSystem = Degrees };
        Write("scene.tif", "scene-mask.tif", wide);
        AreaScores areas = Predictor().ScoreRaster(folder["scene.tif"], folder["scene-mask.tif"]).Areas!;
        int[] found = Predictor().Segment([.. image.Select(v => v == 9 ? 0.5f : v / 255f)], [1, Height, Width]).Classes;
        double sum = 0;
        for (int i = 0; i < mask.Length; i++)
            if (mask[i] == 2 && found[i] == 0 && image[i] != 9)
                sum += new GroundArea(wide).SquareMetres(Outline.Of(0, i / Width, 1, i / Width + 1))!.Value / 10_000;
        Assert.Equal(sum, areas.Confusion[1][0], sum * 1e-9);
        Assert.Single(areas.Blocks);
    }

    [Fact]
    public void A_folder_of_rasters_is_measured_on_the_ground_too()
    {
        Write("images/a.tif", "masks/a.tif", place);
        Predictor predictor = Predictor();
        Dataset data = Dataset.Open(folder.Root, new() { Classes = predictor.Recipe.Classes, Labels = LabelMap.FromJson(predictor.Recipe.Labels!) });
        AreaScores areas = Scoring.Score(predictor, data, [0], examples: 0, measures: SegmentationMeasures.None).Evaluation.Areas!;
        Assert.Equal(("ha", 1), (areas.Unit, areas.Blocks.Count));
        Assert.Equal(Counted(1024)[(0, 0)].Cast<long>().Select(count => Math.Round(count * 0.04, 6)), areas.Confusion.SelectMany(row => row).Select(area => Math.Round(area, 6)));
    }

    [Fact]
    public void Areas_survive_JSON_and_are_a_table_for_people()
    {
        Write("scene.tif", "scene-mask.tif", place);
        Evaluation evaluation = Predictor().ScoreRaster(folder["scene.tif"], folder["scene-mask.tif"], Block), read = Evaluation.FromJson(evaluation.ToJson());
        Assert.Equal(evaluation.Areas!.Confusion, read.Areas!.Confusion);
        Assert.Equal(evaluation.Areas.Blocks.Select(b => (b.Case, b.Row, b.Column, b.Accuracy)), read.Areas.Blocks.Select(b => (b.Case, b.Row, b.Column, b.Accuracy)));
        string[] lines = evaluation.Areas.ToText(["a", "b", "c"]).Split('\n');
        Assert.Equal("area in ha: rows are the reference, columns the prediction", lines[0]);
        Assert.Equal(3, lines[2][2..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Length);
        Assert.StartsWith("9 blocks of 64 x 64 pixels: accuracy ", lines[5]);
    }

    [Fact]
    public void A_mask_on_other_pixels_or_with_unknown_values_is_refused()
    {
        Write("scene.tif", "truth.tif", place);
        InstalledGdal.Write(folder["moved.tif"], new(Width, Height, [new(NumberType.UInt8)]) { Place = place.Part(0, 2) }, mask);
        InstalledGdal.Write(folder["small.tif"], new(2, 2, [new(NumberType.UInt8)]), (byte[])[1, 2, 3, 1]);
        InstalledGdal.Write(folder["strange.tif"], new(Width, Height, [new(NumberType.UInt8)]), [.. mask.Select(v => (byte)(v + 1))]);
        string Refused<T>(string name) where T : Exception => Assert.Throws<T>(() => Predictor().ScoreRaster(folder["scene.tif"], folder[name])).Message.Replace(folder.Root + "/", "", StringComparison.Ordinal);
        Assert.Equal("moved.tif lies elsewhere than scene.tif: corner (500000, 5000000) and (500000, 4999960); warp the mask onto the image's grid by nearest neighbour", Refused<InvalidArgumentException>("moved.tif"));
        Assert.Equal("small.tif has 2 x 2 pixels, scene.tif 190 x 140; warp the mask onto the image's grid by nearest neighbour", Refused<InvalidArgumentException>("small.tif"));
        Assert.Equal("strange.tif: value 4 is not among 1 -> 0, 2 -> 1, 3 -> 2, 255 -> ignored", Refused<VoluteException>("strange.tif"));
    }
}
