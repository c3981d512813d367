using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;

namespace Volute.Tests.Cli;

/// <summary>volute inspect and dataset.</summary>
[Collection(TheProgram.Name)]
public class InspectTests(TrainedRuns runs)
{
    private static int[] Sizes(JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetInt32())];

    [Fact]
    public async Task The_paper_s_network_has_its_parameters_and_its_output()
    {
        JsonElement json = (await VoluteProgram.Run("inspect", "unet", "--input", "1,1,572,572", "--json")).Json();
        Assert.Equal(31_030_658, json.GetProperty("parameters").GetInt64());
        Assert.Equal([1, 2, 388, 388], Sizes(json.GetProperty("output")));
        Assert.True(json.GetProperty("peakBytes").GetInt64() > 64L * 568 * 568 * 4);
        JsonElement[] layers = [.. json.GetProperty("layers").EnumerateArray()];
        Assert.Equal(json.GetProperty("parameters").GetInt64(), layers.Sum(l => l.GetProperty("parameters").GetInt64()));
        Assert.Equal(json.GetProperty("multiplies").GetInt64(), layers.Sum(l => l.GetProperty("multiplies").GetInt64()));
        Assert.Equal("down0.0", layers[0].GetProperty("name").GetString());
        Assert.Equal([1, 64, 570, 570], Sizes(layers[0].GetProperty("output")));
        Assert.Equal(570L * 570 * 64 * 9, layers[0].GetProperty("multiplies").GetInt64());
        Assert.Equal(layers[0].GetProperty("multiplies").GetInt64(), layers[0].GetProperty("usefulMultiplies").GetInt64());
    }

    [Fact]
    public async Task A_run_is_shown_with_the_size_it_was_trained_on()
    {
        JsonElement json = (await VoluteProgram.Run("inspect", runs.CellsRun, "--json")).Json();
        Assert.Equal([1, 1, 32, 32], Sizes(json.GetProperty("input")));
        Assert.Equal([1, 2, 32, 32], Sizes(json.GetProperty("output")));
    }

    [Fact]
    public async Task A_table_for_people_ends_with_the_sums()
    {
        Ended ended = await VoluteProgram.Run("inspect", "lenet");
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("\noutput [1, 10], 61,706 parameters, 385,320 multiplies\n", ended.Output);
    }

    [Fact]
    public async Task A_picture_is_described_by_its_numbers()
    {
        using TemporaryFolder folder = new();
        folder.Gray("a.png", 3, 2, 0, 10, 20, 30, 40, 200);
        JsonElement json = (await VoluteProgram.Run("inspect", folder["a.png"], "--json")).Json();
        Assert.Equal(["kind", "shape", "dtype", "spacing", "affine", "min", "max", "mean"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal([1, 2, 3], Sizes(json.GetProperty("shape")));
        Assert.Equal("uint8", json.GetProperty("dtype").GetString());
        Assert.Equal(0, json.GetProperty("min").GetDouble(), 1e-4);
        Assert.Equal(200, json.GetProperty("max").GetDouble(), 1e-4);
        Assert.Equal(50, json.GetProperty("mean").GetDouble(), 1e-4);
        Ended plain = await VoluteProgram.Run("inspect", folder["a.png"]);
        Assert.Equal($"{folder["a.png"]}: picture [1, 2, 3] of uint8, 0 to 200, mean 50\n", plain.Output);
    }

    [Fact]
    public async Task A_volume_is_described_whatever_its_kind_and_drawn()
    {
        using TemporaryFolder folder = new();
        NumberArray voxels = NumberArray.From([.. Enumerable.Range(0, 24).Select(i => (short)i)], 2, 3, 4);
        double[,] affine = { { 0, -2, 0, 10 }, { 1.5, 0, 0, -20 }, { 0, 0, 3, 30.5 }, { 0, 0, 0, 1 } };
        Nifti.Write(folder["a.nii.gz"], new NiftiVolume(voxels, affine, 2, 1));
        Nifti.Write(folder["b.nii"], new NiftiVolume(voxels, affine, 2, 1) { Version = 2 });
        Nifti.Write(folder["c.hdr"], new NiftiVolume(voxels, affine, 2, 1));
        foreach (string name in (string[])["a.nii.gz", "b.nii", "c.img"])
        {
            JsonElement json = (await VoluteProgram.Run("inspect", folder[name], "--json")).Json();
            Assert.Equal(["kind", "shape", "dtype", "spacing", "affine", "min", "max", "mean"], json.EnumerateObject().Select(p => p.Name));
            Assert.Equal(("volume", "int16"), (json.GetProperty("kind").GetString(), json.GetProperty("dtype").GetString()));
            Assert.Equal([4, 3, 2], Sizes(json.GetProperty("shape")));
            Assert.Equal([1.5, 2, 3], json.GetProperty("spacing").EnumerateArray().Select(e => e.GetDouble()));
            Assert.Equal(affine.Cast<double>(), json.GetProperty("affine").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(e => e.GetDouble()));
            Assert.Equal((1, 47, 24), (json.GetProperty("min").GetDouble(), json.GetProperty("max").GetDouble(), json.GetProperty("mean").GetDouble()));
        }
        Ended drawn = await VoluteProgram.Run("inspect", folder["a.nii.gz"], "--slice", "axial:1", "--window", "24,46", "--out", folder["s.png"]);
        Assert.Equal((0, $"{folder["a.nii.gz"]}: volume 4 x 3 x 2 (x first) of int16, spacing 1.5 x 2 x 3 mm, axes ALS, 1 to 47, mean 24\naxial:1 -> {folder["s.png"]}\n", ""),
            (drawn.Code, drawn.Output, drawn.Error));
        Assert.Equal(Nifti.Read(folder["a.nii.gz"]).Slice(SlicePlane.Axial, 1, new(24, 46)).ToBytes(), Png.Read(folder["s.png"]).ToBytes());
    }

    [Fact]
    public async Task A_slice_that_cannot_be_drawn_is_one_line()
    {
        using TemporaryFolder folder = new();
        folder.Gray("a.png", 1, 1, 0);
        Nifti.Write(folder["a.nii"], NiftiVolume.FromSpacing(NumberArray.From<byte>([1, 2], 2, 1, 1), 1, 1, 1));
        foreach (var (arguments, error) in ((string[], string)[])[
            (["a.nii", "--slice", "axial:1"], "a slice needs both --slice and --out: --slice axial:40 --out slice.png"),
            (["a.nii", "--slice", "top", "--out", "s.png"], "--slice needs axial, coronal or sagittal, with or without an index behind a colon (axial:40); got 'top'"),
            (["a.nii", "--slice", "axial", "--window", "40", "--out", "s.png"], "--window needs a level and a width separated by a comma, such as 40,400 for the soft parts of a CT; got '40'"),
            (["a.nii", "--slice", "axial:2", "--out", "s.png"], "a.nii has axial slices 0 to 1, got 2"),
            (["a.png", "--slice", "axial", "--out", "s.png"], "--slice, --window and --out draw a slice of a volume (.nii, .hdr, .img),")])
        {
            Ended ended = await VoluteProgram.Run(["inspect", folder[arguments[0]], .. arguments[1..].Select(a => a == "s.png" ? folder[a] : a)]);
            Assert.Equal((2, ""), (ended.Code, ended.Output));
            Assert.Contains(error, ended.Error);
            Assert.Equal(1, ended.Error.Count(c => c == '\n'));
        }
    }

    [Theory]
    [InlineData("cells", "64", "3", "images/002.png", "test/masks/000.png", "images/ with masks/: 3 images with masks, 1 channel, 64 x 64; masks 0 -> 0, 255 -> 1; 1 test sample")]
    [InlineData("digits", "16", "10", "train/9/00000.png", "test/2/00000.png", null)]
    [InlineData("phantom", "32", "1", "imagesTr/case_000_0000.nii.gz", "labelsTs/case_001.nii.gz", null)]
    public async Task Samples_are_made_and_recognized(string kind, string size, string count, string one, string other, string? description)
    {
        using TemporaryFolder folder = new();
        Ended made = await VoluteProgram.Run("dataset", "make", kind, "--out", folder["data"], "--size", size, "--count", count, "--seed", "5");
        Assert.Equal((0, folder["data"] + "\n", ""), (made.Code, made.Output, made.Error));
        Assert.True(File.Exists(folder[$"data/{one}"]) && File.Exists(folder[$"data/{other}"]));
        Ended info = await VoluteProgram.Run("dataset", "info", folder["data"]);
        Assert.Equal((0, ""), (info.Code, info.Error));
        if (description is not null)
            Assert.Equal(description, info.Output.Split('\n')[0]);
    }
}
