using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class PairingTests
{
    private static string Problem(TemporaryFolder folder) => Assert.ThrowsAny<VoluteException>(() => Dataset.Open(folder.Root)).Message[(folder.Root.Length + 2)..];

    [Fact]
    public void Names_are_compared_whole_so_that_1_is_not_10_and_slices_come_in_the_order_of_their_numbers()
    {
        using TemporaryFolder folder = new();
        foreach (int i in (int[])[1, 2, 10, 11])
        {
            folder.Gray($"images/{i}.png", 2, 1, (byte)i, (byte)(100 + i));
            folder.Gray($"masks/{i}.png", 2, 1, (byte)(i % 2), 1);
        }
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["1", "2", "10", "11"], Enumerable.Range(0, 4).Select(data.NameOf));
        Assert.Equal([10 / 255f, 110 / 255f], data[2].Image);
        Assert.Equal([0, 1], data[2].Labels);
        Assert.Equal([1, 1], data[3].Labels);
    }

    [Fact]
    public void Dots_belong_to_the_name_and_the_two_sides_may_have_different_formats()
    {
        using TemporaryFolder folder = new();
        folder.Gray("images/scan.v1.2.png", 2, 1, 1, 2);
        folder.Gray("images/scan.v1.3.png", 2, 1, 3, 4);
        Netpbm.Write(folder.At("masks/scan.v1.2.pgm"), Picture.FromBytes([0, 255], 2, 1, 1));
        Netpbm.Write(folder.At("masks/scan.v1.3.pgm"), Picture.FromBytes([255, 255], 2, 1, 1));
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["scan.v1.2", "scan.v1.3"], [data.NameOf(0), data.NameOf(1)]);
        Assert.Equal([0, 1], data[0].Labels);
        Assert.Equal([1, 1], data[1].Labels);
    }

    [Fact]
    public void Subfolders_are_part_of_the_name()
    {
        using TemporaryFolder folder = new();
        foreach (string patient in (string[])["a", "b"])
        {
            folder.Gray($"images/{patient}/1.png", 2, 1, 1, 2);
            folder.Gray($"masks/{patient}/1.png", 2, 1, 0, (byte)(patient == "a" ? 1 : 0));
        }
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["a/1", "b/1"], [data.NameOf(0), data.NameOf(1)]);
        Assert.Equal([0, 1], data[0].Labels);
    }

    [Fact]
    public void Files_without_a_partner_are_listed_from_both_sides_in_one_error()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["1", "2", "10", "a.b"])
            folder.Gray($"images/{name}.png", 2, 1, 1, 2);
        foreach (string name in (string[])["1", "a", "100"])
            folder.Gray($"masks/{name}.png", 2, 1, 0, 1);
        Assert.Equal("3 images in images/ without a mask: 2, 10, a.b, and 2 masks in masks/ without an image: 100, a "
            + "(an image and its mask have the same name without extension; 1 pair fits); rename the files, bring their partners, or move them elsewhere", Problem(folder));
    }

    [Fact]
    public void Long_lists_are_cut_and_counted()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/0.png", 2, 1, 0, 1);
        for (int i = 0; i < 9; i++)
            folder.Gray($"images/{i}.png", 2, 1, 1, 2);
        Assert.Equal("8 images in images/ without a mask: 1, 2, 3, 4, 5 and 3 more (an image and its mask have the same name without extension; 1 pair fits); rename the files, bring their partners, or move them elsewhere", Problem(folder));
    }

    [Fact]
    public void Two_files_of_one_name_are_refused()
    {
        using TemporaryFolder folder = new();
        folder.Gray("images/a.png", 2, 1, 1, 2);
        Netpbm.Write(folder.At("images/a.pgm"), Picture.FromBytes([1, 2], 2, 1, 1));
        folder.Gray("masks/a.png", 2, 1, 0, 1);
        Assert.Equal("images/ holds both a.pgm and a.png; which one is meant? Remove one", Problem(folder));
    }

    [Fact]
    public void Jpeg_masks_are_refused_with_the_reason()
    {
        using TemporaryFolder folder = new();
        folder.Gray("images/a.png", 2, 1, 1, 2);
        folder.Text("masks/a.JPG", "");
        Assert.Equal("1 mask is JPEG (a.JPG): JPEG changes values near edges, so that classes cannot be told apart; save masks as PNG", Problem(folder));
    }

    [Fact]
    public void Files_that_file_managers_leave_do_not_count()
    {
        using TemporaryFolder folder = new();
        folder.Gray("images/a.png", 2, 1, 1, 2);
        folder.Gray("masks/a.png", 2, 1, 0, 1);
        folder.Text("images/.DS_Store", "x");
        folder.Text("images/._a.png", "x");
        folder.Text("images/Thumbs.db", "x");
        Assert.Equal(1, Dataset.Open(folder.Root).Count);
    }

    [Fact]
    public void Nnu_nets_channels_are_files_of_their_own_and_dataset_json_names_the_classes()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["case_1", "case_2"])
        {
            folder.Gray($"imagesTr/{name}_0000.png", 2, 1, 0, 255);
            folder.Gray($"imagesTr/{name}_0001.png", 2, 1, 255, 0);
            folder.Gray($"labelsTr/{name}.png", 2, 1, 0, 2);
        }
        folder.Text("dataset.json", """{"channel_names":{"0":"a","1":"b"},"labels":{"background":0,"edge":1,"core":2},"numTraining":2,"file_ending":".png"}""");
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["background", "edge", "core"], data.Classes);
        Assert.Equal(["case_1", "case_2"], [data.NameOf(0), data.NameOf(1)]);
        Assert.Equal([2, 1, 2], data[1].ImageShape);
        Assert.Equal([0, 1, 1, 0], data[1].Image);
        Assert.Equal([0, 2], data[1].Labels);
        Assert.Equal("imagesTr/ with labelsTr/: 2 images with masks, 2 channels, 1 x 2 (a, b); masks 0 -> 0, 1 -> 1, 2 -> 2; no test samples", data.Describe());
    }

    [Fact]
    public void Numbered_names_are_not_taken_for_channels()
    {
        using TemporaryFolder folder = new();
        foreach (int i in (int[])[0, 1])
        {
            folder.Gray($"images/slice_{i:d4}.png", 2, 1, 1, 2);
            folder.Gray($"masks/slice_{i:d4}.png", 2, 1, 0, 1);
        }
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(2, data.Count);
        Assert.Equal(1, data.Channels);
    }

    [Fact]
    public void A_case_without_one_of_its_channels_is_named()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["a_0000", "a_0001", "b_0000", "c_0001", "c_0000"])
            folder.Gray($"imagesTr/{name}.png", 2, 1, 1, 2);
        foreach (string name in (string[])["a", "b", "c"])
            folder.Gray($"labelsTr/{name}.png", 2, 1, 0, 1);
        folder.Text("dataset.json", "{}");
        Assert.StartsWith("1 case in imagesTr/ without all of the channels 0000 to 0001: b", Problem(folder)["2 problems: (1) ".Length..]);
    }

    [Fact]
    public void Masks_beside_their_images_are_found_by_their_ending()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["cell.1", "cell.10"])
        {
            folder.Gray($"{name}.png", 2, 1, 1, 2);
            folder.Gray($"{name}_mask.png", 2, 1, 0, 255);
        }
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["cell.1", "cell.10"], [data.NameOf(0), data.NameOf(1)]);
        Assert.Equal([0, 1], data[0].Labels);
        folder.Gray("cell.2.png", 2, 1, 1, 2);
        Assert.StartsWith("1 image in ./ without a mask: cell.2 (", Problem(folder));
    }

    [Theory]
    [InlineData("imgs", "labels")]
    [InlineData("image", "mask")]
    [InlineData("imagesTr", "gt")]
    public void The_folders_may_have_other_usual_names(string images, string masks)
    {
        using TemporaryFolder folder = new();
        folder.Gray($"{images}/a.png", 2, 1, 1, 2);
        folder.Gray($"{masks}/a.png", 2, 1, 0, 1);
        Assert.Equal(DatasetTask.Segmentation, Dataset.Open(folder.Root).Task);
    }

    [Fact]
    public void Test_images_and_masks_are_set_apart_and_numbered_as_the_training_masks_are()
    {
        using TemporaryFolder folder = new();
        folder.Gray("images/a.png", 2, 1, 0, 255);
        folder.Gray("masks/a.png", 2, 1, 7, 200);
        folder.Gray("test/images/t.png", 2, 1, 255, 255);
        folder.Gray("test/masks/t.png", 2, 1, 200, 200);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(1, data.Count);
        Assert.Equal([1, 1], data.Test![0].Labels);
        Assert.Equal(data.Standardization, data.Test.Standardization);
        Assert.EndsWith("1 test sample", data.Describe());
    }

    [Fact]
    public void Train_and_test_may_each_hold_images_and_masks()
    {
        using TemporaryFolder folder = new();
        foreach (string part in (string[])["train", "test"])
        {
            folder.Gray($"{part}/images/{part}.png", 2, 1, 1, 2);
            folder.Gray($"{part}/masks/{part}.png", 2, 1, 0, 1);
        }
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(("train", "test"), (data.NameOf(0), data.Test!.NameOf(0)));
        Assert.StartsWith("train/images/ with train/masks/: 1 image with masks", data.Describe());
    }

    [Theory]
    [InlineData("2", "10", -1)]
    [InlineData("a2b", "a10b", -1)]
    [InlineData("02", "2", -1)]
    [InlineData("a", "a1", -1)]
    [InlineData("img9", "imh1", -1)]
    [InlineData("99999999999999999999", "100000000000000000000", -1)]
    [InlineData("x", "x", 0)]
    public void Numbers_in_names_are_ordered_as_numbers(string left, string right, int order)
    {
        Assert.Equal(order, Math.Sign(NaturalOrder.Instance.Compare(left, right)));
        Assert.Equal(-order, Math.Sign(NaturalOrder.Instance.Compare(right, left)));
    }

    [Theory]
    [InlineData("a.png", "a", ".png")]
    [InlineData("a.b.nii.gz", "a.b", ".nii.gz")]
    [InlineData("a.tar.gz", "a.tar", ".gz")]
    [InlineData("s/x.OME.TIF", "s/x", ".ome.tif")]
    [InlineData("none", "none", "")]
    public void Stems_lose_known_double_extensions_first(string file, string stem, string extension)
    {
        Assert.Equal(stem, FileKinds.Stem(file));
        Assert.Equal(extension, FileKinds.Extension(file));
    }
}
