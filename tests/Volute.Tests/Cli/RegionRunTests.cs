using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training.Runs;

namespace Volute.Tests.Cli;

/// <summary>A dataset with regions from the folder to the scores, as a user does it.</summary>
[Collection(TheProgram.Name)]
public class RegionRunTests
{
    [Fact]
    public async Task Regions_are_trained_predicted_and_evaluated()
    {
        using TemporaryFolder data = RegionData.Volumes(4, 16), folder = new();
        Ended trained = await VoluteProgram.Run("train", data.Root, "--out", folder["run"], "--epochs", "1", "--base-width", "4", "--patch", "16");
        Assert.Equal(("", 0), (trained.Error, trained.Code));
        Assert.Contains("3 regions: whole = 1 2 3, core = 2 3, enhancing = 3", trained.Output);
        JsonElement found = (await VoluteProgram.Run("predict", folder["run"], data["imagesTr"], "--out", folder["out"], "--probabilities", "uint8", "--json")).Json().GetProperty("outputs")[0];
        Assert.Empty(Nifti.Read(found.GetProperty("output").GetString()!).ToLabels().Except([0, 1, 2, 3]));
        Assert.Equal([3, 16, 16, 16], Nifti.Read(found.GetProperty("probabilities").GetString()!).Voxels.Shape.ToArray());
        JsonElement scores = (await VoluteProgram.Run("evaluate", folder["run"], data.Root, "--json")).Json();
        Assert.Equal(["whole", "core", "enhancing"], scores.GetProperty("perClass").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(4, scores.GetProperty("labels").GetArrayLength());
        Assert.Equal(4, scores.GetProperty("confusion").GetArrayLength());
    }

    [Fact]
    public async Task The_classic_network_refuses_regions()
    {
        using TemporaryFolder data = RegionData.Pictures(5, 32), folder = new();
        Ended refused = await VoluteProgram.Run("train", data.Root, "--model", "unet", "--out", folder["run"], "--epochs", "1");
        Assert.Equal(2, refused.Code);
        Assert.Contains("model 'unet' gives each pixel one class", refused.Error);
        Assert.Contains("asks for regions, of which a pixel may have several (whole = 1 2 3, core = 2 3, enhancing = 3); staged-unet learns them", refused.Error);
    }
}
