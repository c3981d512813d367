using System.Text.Json;
using Volute.Training;

namespace Volute.Tests.Training.Metrics;

/// <summary>Agreement with SciPy, scikit-image and formulas written out in NumPy: see record.py.</summary>
public class GoldenMetricsTests
{
    private static IEnumerable<JsonElement> Cases(string kind)
    {
        JsonElement[] all = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Training", "Metrics", "Metrics.golden")))
            .RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("kind").GetString() == kind)];
        Assert.True(all.Length >= 3, $"{all.Length} cases of {kind}");
        return all;
    }

    private static T[] Numbers<T>(JsonElement element, Func<JsonElement, T> read) => [.. element.EnumerateArray().Select(read)];

    private static PixelGrid Grid(JsonElement c) => new(Numbers(c.GetProperty("shape"), v => v.GetInt32()),
        c.TryGetProperty("spacing", out JsonElement spacing) ? Numbers(spacing, v => v.GetDouble()) : []);

    private static bool[] Mask(JsonElement c, string name) => [.. c.GetProperty(name).GetString()!.Select(d => d == '1')];

    private static int[] Classes(JsonElement c, string name) => [.. Mask(c, name).Select(m => m ? 1 : 0)];

    private static void Near(JsonElement c, string name, double actual) => Assert.Equal(c.GetProperty(name).GetDouble(), actual, 1e-9);

    private static MaskPair Pair(JsonElement c) => MaskPair.Of(Classes(c, "prediction"), Classes(c, "reference"), null, Grid(c), new LabelSet(1))!;

    private static PartitionScores Compare(bool[] cells, bool[] reference, PixelGrid grid)
    {
        var (s, segments) = ConnectedComponents.Of(cells, grid, Connectivity.Faces);
        var (t, references) = ConnectedComponents.Of(reference, grid, Connectivity.Faces);
        return PartitionScores.Of(s, segments, t, references);
    }

    private static void NearPartition(JsonElement c, PartitionScores scores)
    {
        Near(c, "randError", scores.RandError);
        Near(c, "splitEntropy", scores.SplitEntropy);
        Near(c, "mergeEntropy", scores.MergeEntropy);
        Near(c, "randSplit", scores.RandSplit);
        Near(c, "randMerge", scores.RandMerge);
        Near(c, "vRand", scores.Rand);
        Near(c, "vInfo", scores.Info);
        Assert.Equal(2 / (1 / scores.InfoSplit + 1 / scores.InfoMerge), scores.Info, 1e-9);
    }

    [Fact]
    public void Distances_are_those_of_SciPy()
    {
        foreach (JsonElement c in Cases("distances"))
        {
            double[] expected = Numbers(c.GetProperty("distances"), v => v.GetDouble()), actual = DistanceTransform.Distances(Mask(c, "features"), Grid(c));
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-12);
        }
    }

    [Fact]
    public void Components_are_those_of_SciPy()
    {
        foreach (JsonElement c in Cases("components"))
        {
            var (labels, count) = ConnectedComponents.Of(Mask(c, "mask"), Grid(c), (Connectivity)c.GetProperty("reach").GetInt32());
            Assert.Equal(c.GetProperty("count").GetInt32(), count);
            Assert.Equal(Numbers(c.GetProperty("labels"), v => v.GetInt32()), labels);
        }
    }

    [Fact]
    public void Surface_distances_are_those_of_SciPy()
    {
        foreach (JsonElement c in Cases("surfaces"))
        {
            SurfaceScores scores = SurfaceScores.Of(Pair(c), c.GetProperty("tolerance").GetDouble(), missed: 1e6);
            Near(c, "hd95", scores.Hd95);
            Near(c, "hd", scores.Hd);
            Near(c, "assd", scores.Assd);
            Near(c, "nsd", scores.Nsd);
        }
    }

    [Fact]
    public void Objects_match_as_in_the_best_assignment()
    {
        foreach (JsonElement c in Cases("objects"))
        {
            ClassCounts counts = ObjectMatching.Of(Pair(c)).Total;
            Assert.Equal(new ClassCounts(c.GetProperty("found").GetInt64(), c.GetProperty("falseAlarms").GetInt64(), c.GetProperty("missed").GetInt64()), counts);
        }
    }

    [Fact]
    public void Partitions_compare_as_in_scikit_image()
    {
        foreach (JsonElement c in Cases("partitions"))
            NearPartition(c, Compare(Mask(c, "prediction"), Mask(c, "reference"), Grid(c)));
    }

    [Fact]
    public void Borders_are_thinned_as_by_counting_components()
    {
        foreach (JsonElement c in Cases("thinned"))
        {
            PixelGrid grid = Grid(c);
            BorderPicture picture = BorderPicture.OfCells(Mask(c, "prediction"), grid.Height, grid.Width);
            picture.Thin();
            Assert.Equal(Mask(c, "cells"), picture.Cells());
            NearPartition(c, Compare(picture.Cells(), Mask(c, "reference"), grid));
        }
    }

    [Fact]
    public void Warps_leave_the_pixels_that_counting_components_leaves()
    {
        foreach (JsonElement c in Cases("warped"))
        {
            PixelGrid grid = Grid(c);
            BorderPicture reference = BorderPicture.OfCells(Mask(c, "reference"), grid.Height, grid.Width);
            bool[] all = new bool[grid.Pixels];
            Array.Fill(all, true);
            Assert.Equal(c.GetProperty("left").GetInt32(), reference.WarpTo(BorderPicture.OfCells(Mask(c, "prediction"), grid.Height, grid.Width), all));
        }
    }

    [Fact]
    public void The_whole_evaluation_of_a_picture_is_that_of_its_parts()
    {
        foreach ((JsonElement thin, JsonElement warped) in Cases("thinned").Zip(Cases("warped")))
        {
            PixelGrid grid = Grid(thin);
            SegmentationEvaluator evaluator = new(["border", "cell"]);
            evaluator.Add("a", Classes(thin, "prediction"), Classes(thin, "reference"), grid: grid);
            Dictionary<string, double?> metrics = evaluator.Evaluate(0).Metrics;
            Near(thin, "vRand", metrics["vRand"]!.Value);
            Near(thin, "randSplit", metrics["vRandSplit"]!.Value);
            Near(thin, "randMerge", metrics["vRandMerge"]!.Value);
            Near(thin, "vInfo", metrics["vInfo"]!.Value);
            Assert.Equal(warped.GetProperty("left").GetDouble() / grid.Pixels, metrics["warpingError"]!.Value, 1e-12);
            Assert.False(metrics.ContainsKey("vRandPredicted"));
        }
    }

    [Fact]
    public void A_picture_against_itself_is_perfect_in_every_metric()
    {
        foreach (JsonElement c in Cases("thinned"))
        {
            SegmentationEvaluator evaluator = new(["border", "cell"]);
            int[] map = Classes(c, "reference");
            evaluator.Add("a", map, map, [.. map.Select(l => (float)l)], grid: Grid(c));
            foreach (var (name, value) in evaluator.Evaluate(0).Metrics)
                if (name != Metric.Temperature.Name)
                    Assert.Equal(Metric.Named(name).HigherIsBetter ? 1 : 0, value!.Value, 1e-9);
        }
    }

    [Fact]
    public void Calibration_and_temperature_are_those_of_NumPy_and_SciPy()
    {
        foreach (JsonElement c in Cases("calibration"))
        {
            int classes = c.GetProperty("classes").GetInt32();
            float[] logits = Numbers(c.GetProperty("logits"), v => v.GetSingle());
            int[] labels = Numbers(c.GetProperty("labels"), v => v.GetInt32());
            double temperature = TemperatureScaling.Fit(logits, labels, classes);
            Near(c, "temperature", temperature);
            foreach (var (name, t) in new[] { ("ece", 1.0), ("eceScaled", temperature) })
            {
                ReliabilityBins bins = new();
                double[] row = new double[classes];
                for (int i = 0; i < labels.Length; i++)
                {
                    TemperatureScaling.Apply(logits.AsSpan(i * classes, classes), t, row);
                    bins.Add(row, labels[i]);
                }
                Near(c, name, bins.Error);
            }
        }
    }
}
