using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Formats.NiftiFiles;
using Volute.Training;

namespace Volute.Tests.Cli;

/// <summary>Volumes from the folder to the predicted labels, as a user does it.</summary>
[Collection(TheProgram.Name)]
public class VolumeRunTests
{
    [Fact]
    public async Task Volumes_grow_from_slices()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Phantom(folder["data"], 4, 32, seed: 1);
        Ended trained = await VoluteProgram.Run("train", folder["data"], "--grow", "--out", folder["run"], "--epochs", "2", "--base-width", "3", "--patch", "16");
        Assert.Equal(("", 0), (trained.Error, trained.Code));
        Assert.Contains("of the training on slices", trained.Output);
        Assert.Matches("on slices:\nepoch 1/1 [^\n]*\nin volumes:\nepoch 1/2 [^\n]*\nepoch 2/2 ", trained.Output);
        Ended predicted = await VoluteProgram.Run("predict", folder["run"], folder["data/imagesTs"], "--out", folder["out"], "--json");
        Assert.Equal(folder["out/case_004.nii.gz"], predicted.Json().GetProperty("outputs")[0].GetProperty("output").GetString());
    }

    [Fact]
    public async Task Volumes_train_and_are_predicted_in_their_own_geometry()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Phantom(folder["data"], 5, 32, seed: 1);
        Ended trained = await VoluteProgram.Run("train", folder["data"], "--out", folder["run"], "--epochs", "1", "--base-width", "4", "--patch", "16");
        Assert.Equal(("", 0), (trained.Error, trained.Code));
        Assert.Contains("Axes              SAR: one orientation for all, the coarsest axis first", trained.Output);
        Assert.Contains("by its mean and deviation: the channel is CT", trained.Output);
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(folder["run"], "report.html")));
        // The same volume as it is, and lying the other way round.
        string input = folder["data/imagesTs/case_005_0000.nii.gz"];
        NiftiVolume volume = Nifti.Read(input), turned = volume.Reorient("PIR");
        Directory.CreateDirectory(folder["turned"]);
        Nifti.Write(folder["turned/case_005_0000.nii.gz"], turned);
        Ended both = await VoluteProgram.Run("predict", folder["run"], folder["data/imagesTs"], folder["turned"], "--out", folder["out"]);
        Assert.Equal(2, both.Code);
        Assert.Contains("would both be given the mask", both.Error);
        JsonElement first = (await VoluteProgram.Run("predict", folder["run"], folder["data/imagesTs"], "--out", folder["out"], "--probabilities", "float32", "--json")).Json().GetProperty("outputs")[0];
        Assert.Equal(folder["out/case_005.nii.gz"], first.GetProperty("output").GetString());
        (await VoluteProgram.Run("predict", folder["run"], folder["turned"], "--out", folder["out2"], "--json")).Json();

        NiftiVolume labels = Nifti.Read(folder["out/case_005.nii.gz"]), again = Nifti.Read(folder["out2/case_005.nii.gz"]), probabilities = Nifti.Read(first.GetProperty("probabilities").GetString()!);
        Assert.Equal(NumberType.UInt8, labels.Voxels.Type);
        Assert.Equal(volume.Voxels.Shape.ToArray(), labels.Voxels.Shape.ToArray());
        Assert.Equal(volume.Affine, labels.Affine);
        Assert.Equal(turned.Affine, again.Affine);
        Assert.Equal(labels.ToLabels(), again.Reorient(volume.AxisCodes).ToLabels());
        Assert.Equal([5, .. volume.Voxels.Shape], probabilities.Voxels.Shape.ToArray());
        int voxels = labels.ToLabels().Length;
        float[] values = probabilities.ToFloats();
        Assert.All(Enumerable.Range(0, voxels).Where(i => i % 97 == 0), i => Assert.Equal(1, Enumerable.Range(0, 5).Sum(c => values[c * voxels + i]), 4));

        JsonElement scores = (await VoluteProgram.Run("evaluate", folder["run"], folder["data"], "--json")).Json();
        Assert.InRange(scores.GetProperty("metrics").GetProperty("dice").GetDouble(), 0, 1);
    }

    [Fact]
    public async Task The_shared_CT_trains_and_nibabel_sees_its_labels_where_it_lies()
    {
        using TemporaryFolder folder = new();
        string image = SharedData.Path("nifti", "ct", "example_ct.nii.gz"), labels = SharedData.Path("nifti", "ct", "example_ct_labels.nii.gz");
        foreach (var (place, file) in (ReadOnlySpan<(string, string)>)[("images", image), ("masks", labels)])
        {
            Directory.CreateDirectory(folder[place]);
            File.Copy(file, folder[$"{place}/ct.nii.gz"]);
        }
        Ended trained = await VoluteProgram.Run("train", folder.Root, "--out", folder["run"], "--epochs", "1", "--base-width", "4", "--patch", "32");
        Assert.Equal(("", 0), (trained.Error, trained.Code));
        Assert.Contains("the last fifth of the volume's slices", trained.Output);
        (await VoluteProgram.Run("predict", folder["run"], folder["images/ct.nii.gz"], "--out", folder["out"], "--json")).Json();
        NiftiVolume found = Nifti.Read(folder["out/ct.nii.gz"]);
        Assert.Empty(found.ToLabels().Distinct().Except(Nifti.Read(labels).ToLabels().Distinct()));
        NibabelAnswer[] answers = [.. NibabelTests.Ask(image, folder["out/ct.nii.gz"])];
        Assert.Equal(answers[0].Place, answers[1].Place);
        answers[1].Agrees(found);
    }
}
