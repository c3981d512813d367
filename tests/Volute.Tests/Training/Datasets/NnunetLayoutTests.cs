using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class NnunetLayoutTests
{
    private static string[] Warnings(TemporaryFolder folder) => [.. Dataset.Open(folder.Root).Warnings.Select(w => w.Message)];

    private static Recipe RecipeOf(string path, int? fold = null) => new()
    {
        Model = "unet",
        Task = DatasetTask.Segmentation,
        Data = path,
        Classes = [],
        Channels = 1,
        Standardization = new([0], [1]),
        InputSize = [16, 16],
        BatchSize = 1,
        LearningRate = 1,
        Augmentation = "none",
        Seed = 3,
        Fold = fold,
    };

    [Fact]
    public void Channel_names_are_kept_and_described()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["CT"], data.ChannelNames!);
        Assert.Empty(data.Warnings);
        Assert.Contains("1 channel, 4 x 16 x 16 (CT); masks", data.Describe());
        folder.Text("dataset.json", """{"modality":{"1":"T2","0":"T1"},"labels":{"0":"background","1":"liver"}}""");
        Assert.Equal(["dataset.json names 2 channels (T1, T2), the images have 1; name each channel in channel_names, or bring the missing files case_0001, …"],
            Assert.Throws<DatasetException>(() => Dataset.Open(folder.Root)).Problems);
    }

    [Fact]
    public void Numbers_and_endings_that_do_not_fit_are_warnings()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Text("dataset.json", """{"labels":{"background":0,"liver":1,"stone":4,"ignore":3},"numTraining":7,"file_ending":".png"}""");
        Assert.Equal(
        [
            "dataset.json says numTraining 7, there are 5 cases with image and label",
            "dataset.json says file_ending .png, 5 cases have another: v0, v1, v2, v3, v4",
            "the labels of dataset.json are 0, 1, 4, not 0 to 2",
            "the ignore label of dataset.json is 3, not the highest (4 is higher)",
        ], Warnings(folder));
    }

    [Fact]
    public void The_ignore_label_is_no_class()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Text("dataset.json", """{"labels":{"background":0,"ignore":1}}""");
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["background"], data.Classes);
        Assert.Equal([LabelMap.Ignored, 0], [data[0].Labels[0], data[0].Labels[15]]);
    }

    [Fact]
    public void Images_to_predict_need_no_labels()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Volume("imagesTs/w_0000.nii.gz", HealthyData.Noise(40, 4 * 256));
        Assert.Null(Dataset.Open(folder.Root).Test);
        folder.Volume("labelsTs/w.nii.gz", [.. Enumerable.Repeat(HealthyData.HalfMask(), 4).SelectMany(m => m)]);
        Assert.Equal("w", Dataset.Open(folder.Root).Test!.NameOf(0));
    }

    [Fact]
    public void Pairs_of_header_and_voxels_are_one_image_each()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        Directory.Delete(folder["labelsTr"], recursive: true);
        for (int i = 0; i < 5; i++)
        {
            folder.Volume($"labelsTr/v{i}.{(i < 3 ? "hdr" : "img.gz")}", [.. Enumerable.Repeat(HealthyData.HalfMask(), 4).SelectMany(m => m)]);
            File.Delete(folder[$"imagesTr/v{i}_0000.nii.gz"]);
            folder.Volume($"imagesTr/v{i}_0000.{(i < 2 ? "nii" : "img")}", HealthyData.Noise(i, 4 * 256));
        }
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal((5, 1), (data.Count, data.Channels));
        Assert.Equal([.. HealthyData.Noise(3, 4 * 256).Select(v => (float)v)], data[3].Image);
        Assert.Equal([1, 0], [data[4].Labels[0], data[4].Labels[8]]);
        Assert.Equal([3.0, 1, 1], data[2].Spacing!);
        File.Delete(folder["labelsTr/v0.img"]);
        Assert.Contains("the other half is missing", Assert.ThrowsAny<VoluteException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void Regions_are_read_and_described()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 5; i++)
        {
            folder.Gray($"imagesTr/c{i}_0000.png", 16, 16, HealthyData.Noise(i));
            folder.Gray($"labelsTr/c{i}.png", 16, 16, [.. Enumerable.Range(0, 256).Select(p => (byte)(p / 64))]);
        }
        folder.Text("dataset.json", """{"labels":{"background":0,"whole":[1,2,3],"core":[3,2],"active":3},"regions_class_order":[1,2,3]}""");
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["whole = 1 2 3", "core = 2 3", "active = 3"], data.Regions!.Select(r => r.ToString()));
        Assert.Equal([1, 2, 3], data.Regions!.Select(r => r.Written));
        Assert.Equal(["background", "label 1", "label 2", "active"], data.Classes);
        Assert.Equal([0, 1, 2, 3], [.. Enumerable.Range(0, 4).Select(quarter => data[0].Labels[quarter * 64])]);
        Assert.Contains("; regions whole = 1 2 3, core = 2 3, active = 3;", data.Describe());
        folder.Text("classes.csv", "0,background\n1,edema\n2,core\n3,active\n");
        Assert.Null(Dataset.Open(folder.Root).Regions);
        File.Delete(folder["classes.csv"]);
        folder.Text("dataset.json", """{"labels":{"background":0,"whole":[1,2,3],"core":[3,2]},"regions_class_order":[1]}""");
        Assert.Equal($"{folder["dataset.json"]}: 2 regions (whole, core) need as many values in regions_class_order, got 1",
            Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
        folder.Text("dataset.json", """{"labels":{"background":0,"whole":[1,2,3],"core":[3,2]},"regions_class_order":[2,1]}""");
        Assert.Equal($"{folder["dataset.json"]}: regions_class_order writes 1 for region 'core', which is none of its labels (2 3)",
            Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
        folder.Text("dataset.json", """{"labels":{"background":0,"whole":[1,2,3],"rest":[0,2]},"regions_class_order":[1,2]}""");
        Assert.Equal($"{folder["dataset.json"]}: region 'rest' has label 0, expected labels above 0, which is the background",
            Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Theory]
    [InlineData("""{"labels":{"a":1.5}}""", "label 'a' is 1.5, expected an integer, or a list of integers for a region")]
    [InlineData("""{"labels":{"a":[]}}""", "label 'a' is [], expected an integer, or a list of integers for a region")]
    [InlineData("""{"labels":{"a":1,"b":1}}""", "this is not nnU-Net's dataset.json: value 1 cannot be both class 0 and class 1")]
    [InlineData("""{"channel_names":{"first":"CT"}}""", "this is not nnU-Net's dataset.json: The input string 'first' was not in a correct format.")]
    public void A_description_that_is_none_is_named(string json, string problem)
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Text("dataset.json", json);
        Assert.Equal($"{folder["dataset.json"]}: {problem}", Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
        Assert.Equal(FindingKind.BrokenDescription, Assert.Single(Doctor.Examine(folder.Root).Findings, f => f.Severity == FindingSeverity.Fault).Kind);
    }

    [Fact]
    public void The_splits_of_the_data_are_honoured()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Text("splits_final.json", """[{"train":["v0","v1","v2","v4"],"val":["v3"]},{"train":["v3","v0"],"val":["v4","v1","v2"]}]""");
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal([3], data.Fold(0).Validation);
        Assert.Equal([0, 3], data.Fold(1).Training);
        Assert.Equal([1, 2, 4], data.Fold(1).Validation);
        Assert.Equal("fold 2 is outside of 0..1", Assert.Throws<InvalidArgumentException>(() => data.Fold(2)).Message);
        Assert.Contains("; 2 folds by splits_final.json;", data.Describe());
        Assert.Equal([3], TrainingData.Split(data, RecipeOf("here")).Validation);
        Assert.Equal([1, 2, 4], TrainingData.Split(data, RecipeOf("here", fold: 1)).Validation);
    }

    [Fact]
    public void Splits_that_do_not_fit_the_cases_are_named()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Text("splits_final.json", """[{"train":["v0","v1","gone"],"val":["v1","v2"]},{"train":["v0"],"val":[]}]""");
        Assert.Equal(
        [
            (FindingSeverity.Fault, "splits_final.json names 1 case without image and label: gone"),
            (FindingSeverity.Fault, "splits_final.json, fold 0: 1 case to train on and to validate with: v1"),
            (FindingSeverity.Fault, "splits_final.json, fold 1: 1 cases to train on, 0 to validate with"),
            (FindingSeverity.Warning, "splits_final.json leaves out 2 cases: v3, v4"),
        ], Doctor.Examine(folder.Root).Findings.Select(f => (f.Severity, f.Message)));
        Assert.Equal(3, Assert.Throws<DatasetException>(() => Dataset.Open(folder.Root)).Problems.Count);
        folder.Text("splits_final.json", "{}");
        Assert.StartsWith($"{folder["splits_final.json"]}: this is not nnU-Net's splits_final.json", Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void Splits_that_separate_copies_or_groups_are_faults()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Volume("imagesTr/v4_0000.nii.gz", HealthyData.Noise(0, 4 * 256));
        folder.Text("groups.csv", "v0,a\nv1,b\nv2,b\nv3,c\nv4,a\n");
        folder.Text("splits_final.json", """[{"train":["v0","v1"],"val":["v2","v3","v4"]}]""");
        Assert.Equal(["splits_final.json, fold 0: 1 picture both to train on and to validate with: v0 = v4",
            "splits_final.json, fold 0: training and validation have samples of 2 groups of groups.csv both: a, b"],
            Doctor.Examine(folder.Root).Findings.Where(f => f.Severity == FindingSeverity.Fault).Select(f => f.Message));
    }
}
