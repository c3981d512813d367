using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Gdal;
using Volute.Training;

namespace Volute.Tests.Cli;

/// <summary>Rasters on the command line, by the run that the program has trained on cells.</summary>
[Collection(TheProgram.Name)]
public sealed class RasterCommandTests(TrainedRuns runs) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private void WriteScene()
    {
        RasterPlace place = new() { Transform = [500_000, 2, 0, 5_000_000, 0, -2], CoordinateSystem = RasterPredictionTests.System };
        byte[] image = new byte[100 * 90];
        new Random(1).NextBytes(image);
        InstalledGdal.Write(folder["scene.tif"], new(100, 90, [new(NumberType.UInt8)]) { Place = place }, image);
        InstalledGdal.Write(folder["scene-mask.tif"], new(100, 90, [new(NumberType.UInt8)]) { Place = place }, [.. image.Select(v => (byte)(v > 128 ? 255 : 0))]);
    }

    [Fact]
    public async Task A_raster_is_predicted_with_all_that_is_written_beside_it_and_evaluated()
    {
        WriteScene();
        Ended predicted = await VoluteProgram.Run("predict", runs.CellsRun, folder["scene.tif"], "--out", folder["out"], "--probabilities", "uint8", "--polygons", "--memory", "1GB", "--json");
        JsonElement output = predicted.Json().GetProperty("outputs")[0];
        Assert.Equal((folder["out/scene.tif"], folder["out/scene-probabilities.tif"], folder["out/scene.geojson"]),
            (output.GetProperty("output").GetString(), output.GetProperty("probabilities").GetString(), output.GetProperty("polygons").GetString()));
        using (IRaster mask = InstalledGdal.Driver.Open(folder["out/scene.tif"]), probabilities = InstalledGdal.Driver.Open(folder["out/scene-probabilities.tif"]))
        {
            // The likelier of two classes is what the mask holds.
            byte[] both = probabilities.ReadAll<byte>();
            Assert.Equal(2, probabilities.Layout.Bands.Count);
            Assert.All(mask.ReadAll<byte>().Select((value, i) => (value, i)), pixel => Assert.True(pixel.value == 255 ? both[9000 + pixel.i] >= both[pixel.i] : both[pixel.i] >= both[9000 + pixel.i]));
        }
        Ended scored = await VoluteProgram.Run("evaluate", runs.CellsRun, folder["scene.tif"], "--block", "50", "--json");
        JsonElement areas = scored.Json().GetProperty("areas");
        Assert.Equal(("ha", 4), (areas.GetProperty("unit").GetString(), areas.GetProperty("blocks").GetArrayLength()));
        Assert.Equal(100 * 90 * 4 / 10_000.0, areas.GetProperty("confusion").EnumerateArray().SelectMany(row => row.EnumerateArray()).Sum(area => area.GetDouble()), 1e-9);
        Ended table = await VoluteProgram.Run("evaluate", runs.CellsRun, folder["scene.tif"]);
        Assert.StartsWith($"1 blocks of {folder["scene.tif"]}\n", table.Output);
        Assert.Contains("\narea in ha: rows are the reference, columns the prediction\n", table.Output);
    }

    [Fact]
    public async Task Without_a_mask_or_without_GDAL_one_line_says_what_to_do()
    {
        WriteScene();
        File.Delete(folder["scene-mask.tif"]);
        Ended lonely = await VoluteProgram.Run("evaluate", runs.CellsRun, folder["scene.tif"]);
        Assert.Equal((2, $"volute: there is no mask of '{folder["scene.tif"]}' beside it (scene-mask.tif); name it: --mask FILE\n"), (lonely.Code, lonely.Error));
        Ended absent = await VoluteProgram.RunWithoutGdal("predict", runs.CellsRun, folder["scene.tif"], "--out", folder["out"]);
        Assert.Equal((1, $"volute: {GdalMissing}\n"), (absent.Code, absent.Error));
    }

    private static string GdalMissing => Volute.Gdal.GdalLibrary.Missing(["/nowhere/libgdal.so"]);
}
