using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class DatasetLayoutTests
{
    private const string Expected = "expected images/ with masks/, one subfolder for each class, x beside x_mask, IDX files (train-images-idx3-ubyte …) or CIFAR binaries (data_batch_1.bin …)";

    private static string Problem(string path) => Assert.Throws<DatasetException>(() => Dataset.Open(path)).Message;

    private static void Idx(TemporaryFolder folder, string name, byte[] values, params int[] shape)
        => Volute.Formats.Idx.Write(folder[name], NumberArray.From(values, shape));

    [Fact]
    public void A_missing_folder_is_named_with_what_is_expected()
    {
        using TemporaryFolder folder = new();
        Assert.Equal($"{folder["none"]}: there is no such folder or file; {Expected}", Problem(folder["none"]));
    }

    [Fact]
    public void An_empty_folder_is_named_with_what_is_expected()
    {
        using TemporaryFolder folder = new();
        Assert.Equal($"{folder.Root}: the folder is empty; {Expected}", Problem(folder.Root));
    }

    [Fact]
    public void An_empty_path_is_refused()
        => Assert.Equal("the path of a dataset must not be empty", Assert.Throws<InvalidArgumentException>(() => Dataset.Open(" ")).Message);

    [Fact]
    public void Images_without_masks_or_classes_are_no_dataset()
    {
        using TemporaryFolder folder = new();
        folder.Gray("a.png", 2, 1, 1, 2);
        folder.Gray("b.png", 2, 1, 1, 2);
        Assert.Equal($"{folder.Root}: no known layout, only 2 images without masks or classes; {Expected}", Problem(folder.Root));
    }

    [Fact]
    public void Other_files_are_no_dataset()
    {
        using TemporaryFolder folder = new();
        folder.Text("notes.txt", "x");
        folder.Text("more/x.txt", "x");
        Assert.Equal($"{folder.Root}: no known layout, only 1 file (notes.txt) and 1 folder (more); {Expected}", Problem(folder.Root));
    }

    [Fact]
    public void Another_single_file_is_no_dataset()
    {
        using TemporaryFolder folder = new();
        folder.Text("x.bin", "1234");
        Assert.Equal($"{folder["x.bin"]}: a single file must be a CIFAR binary, with records of 3073 or 3074 bytes; its length is 4. Other datasets are folders", Problem(folder["x.bin"]));
    }

    [Fact]
    public void Images_without_a_folder_of_masks_say_what_is_missing()
    {
        using TemporaryFolder folder = new();
        folder.Gray("imgs/a.png", 2, 1, 1, 2);
        Assert.Equal($"{folder.Root}: imgs/ is there, but no folder of masks beside it; expected one of masks/, labels/, mask/, labelsTr/, gt/", Problem(folder.Root));
    }

    [Fact]
    public void Empty_image_and_mask_folders_are_named()
    {
        using TemporaryFolder folder = new();
        folder.Text("images/x.txt", "");
        folder.Text("masks/x.txt", "");
        Assert.Equal($"{folder.Root}: images/ and masks/ hold no images ({FileKinds.ReadableList}); put images and their masks there", Problem(folder.Root));
    }

    [Fact]
    public void An_unreadable_image_is_named_with_what_is_expected()
    {
        using TemporaryFolder folder = new();
        folder.Text("images/a.png", "this is text");
        folder.Gray("masks/a.png", 2, 1, 0, 1);
        Assert.Equal($"{folder["images/a.png"]}: this is no picture that is known here; readable are PNG and Netpbm (PBM, PGM, PPM, PAM) (at byte 0)",
            Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void A_jpeg_image_under_another_name_says_how_it_is_read()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.At("a/x.png"), [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0]);
        folder.Gray("b/y.png", 2, 1, 1, 2);
        Assert.Contains("JPEG is read through GDAL alone (Volute.Gdal), under an ending of its own; or convert it to PNG", Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void All_problems_come_in_one_error()
    {
        using TemporaryFolder folder = new();
        folder.Gray("images/a.png", 2, 1, 1, 2);
        folder.Gray("images/b.png", 2, 1, 1, 2);
        folder.Rgb("images/c.png", 2, 1);
        folder.Gray("images/d.png", 2, 1, 1, 2);
        folder.Gray("masks/a.png", 2, 1, 0, 1);
        folder.Gray("masks/b.png", 3, 2, 0);
        folder.Gray("masks/c.png", 2, 1, 0, 1);
        folder.Text("masks/d.png", "broken");
        DatasetException error = Assert.Throws<DatasetException>(() => Dataset.Open(folder.Root));
        Assert.Equal(
        [
            "3 images have 1 channel, 1 has 3 channels: c; convert them to the same number of channels",
            $"{folder["masks/d.png"]}: this is no picture that is known here; readable are PNG and Netpbm (PBM, PGM, PPM, PAM) (at byte 0)",
            "1 mask has not the image's size: b (image 1 x 2, mask 2 x 3); export the mask on the image's own grid",
        ], error.Problems);
        Assert.StartsWith($"{folder.Root}: 3 problems: (1) 3 images have 1 channel", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Pictures_and_volumes_do_not_mix()
    {
        using TemporaryFolder folder = new();
        folder.Gray("images/a.png", 2, 1, 1, 2);
        folder.Gray("masks/a.png", 2, 1, 0, 1);
        Nifti.Write(folder.At("images/b.nii.gz"), NiftiVolume.FromSpacing(NumberArray.From(new short[8], 2, 2, 2), 1, 1, 1));
        Nifti.Write(folder.At("masks/b.nii.gz"), NiftiVolume.FromSpacing(NumberArray.From(new byte[8], 2, 2, 2), 1, 1, 1));
        Assert.Equal($"{folder.Root}: 1 image has 2 axes (a picture), 1 has 3 axes (a volume): b; keep pictures and volumes in datasets of their own", Problem(folder.Root));
    }

    [Fact]
    public void Class_folders_are_classes_in_natural_order()
    {
        using TemporaryFolder folder = new();
        folder.Gray("10/a.png", 2, 1, 1, 2);
        folder.Gray("2/b.png", 2, 1, 3, 4);
        folder.Gray("2/c.png", 2, 1, 5, 6);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(DatasetTask.Classification, data.Task);
        Assert.Equal(["2", "10"], data.Classes);
        Assert.Equal(["2/b", "2/c", "10/a"], Enumerable.Range(0, 3).Select(data.NameOf));
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(data.ClassOf));
        Sample sample = data[2];
        Assert.Equal([1, 1, 2], sample.ImageShape);
        Assert.Equal([], sample.LabelShape);
        Assert.Equal([1], sample.Labels);
        Assert.Equal([1 / 255f, 2 / 255f], sample.Image);
        Assert.Equal("one folder for each class: 3 images of 2 classes (2 2, 10 1), 1 channel, 1 x 2; no test samples", data.Describe());
    }

    [Fact]
    public void Train_and_test_folders_hold_the_classes()
    {
        using TemporaryFolder folder = new();
        folder.Gray("train/cat/a.png", 2, 1, 1, 2);
        folder.Gray("train/dog/a.png", 2, 1, 1, 2);
        folder.Gray("test/dog/z.png", 2, 1, 1, 2);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(2, data.Count);
        Assert.Equal(1, data.Test!.Count);
        Assert.Equal([1], data.Test[0].Labels);
        folder.Gray("test/cow/z.png", 2, 1, 1, 2);
        Assert.Equal($"{folder.Root}: test/cow/ is not among the classes cat, dog; name each folder after its class", Problem(folder.Root));
    }

    [Fact]
    public void Class_folders_without_images_or_alone_are_named()
    {
        using TemporaryFolder folder = new();
        folder.Gray("cat/a.png", 2, 1, 1, 2);
        Assert.Equal($"{folder.Root}: there is one class folder only (cat/); a classification needs at least two", Problem(folder.Root));
        Directory.CreateDirectory(folder["dog"]);
        Assert.Equal($"{folder.Root}: 1 class folder without an image ({FileKinds.ReadableList}): dog; remove the folder, or put the images of its class there", Problem(folder.Root));
    }

    [Fact]
    public void Classes_of_a_trained_network_fix_the_order()
    {
        using TemporaryFolder folder = new();
        folder.Gray("cat/a.png", 2, 1, 1, 2);
        folder.Gray("dog/a.png", 2, 1, 1, 2);
        Assert.Equal([2, 0], Enumerable.Range(0, 2).Select(Dataset.Open(folder.Root, new() { Classes = ["dog", "cow", "cat"] }).ClassOf));
    }

    [Fact]
    public void Opacity_is_left_out_and_said()
    {
        using TemporaryFolder folder = new();
        Png.Write(folder.At("a/x.png"), Picture.FromBytes([51, 102, 153, 255], 1, 1, 4));
        folder.Rgb("b/x.png", 1, 1, 1, 2, 3);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(3, data.Channels);
        Assert.Equal([0.2f, 0.4f, 0.6f], data[0].Image);
        Assert.Contains("3 channels (opacity left out), 1 x 1", data.Describe());
    }

    [Fact]
    public void Images_of_16_bits_are_divided_by_65535()
    {
        using TemporaryFolder folder = new();
        Png.Write(folder.At("a/x.png"), Picture.FromUInt16([0, 65535, 13107], 3, 1, 1));
        folder.Gray("b/x.png", 3, 1, 0, 255, 51);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal([0, 1, 0.2f], data[0].Image);
        Assert.Equal([0, 1, 0.2f], data[1].Image);
    }

    [Fact]
    public void Mean_and_deviation_are_those_of_all_pixels()
    {
        using TemporaryFolder folder = new();
        folder.Rgb("a/x.png", 2, 1, 0, 255, 10, 51, 255, 10);
        folder.Rgb("b/x.png", 1, 1, 102, 255, 40);
        Standardization s = Dataset.Open(folder.Root).Standardization;
        Assert.Equal(0.2, s.Mean[0], 1e-7);
        Assert.Equal(Math.Sqrt(0.08 / 3), s.Deviation[0], 1e-7);
        Assert.Equal((1.0, 1.0), (s.Mean[1], s.Deviation[1])); // a constant channel is not divided by 0
        Assert.Equal(20 / 255.0, s.Mean[2], 1e-7);
        Assert.Equal(Math.Sqrt(200) / 255, s.Deviation[2], 1e-7);
        float[] image = [0, 0.2f, 1, 1, 20 / 255f, 20 / 255f];
        s.Apply(image, 3);
        Assert.Equal(-0.2 / Math.Sqrt(0.08 / 3), image[0], 1e-5);
        Assert.Equal([0, 0, 0, 0, 0], image[1..].Select(v => (float)Math.Round(v, 5)));
    }

    [Fact]
    public void Volumes_keep_their_values_and_their_masks()
    {
        using TemporaryFolder folder = new();
        short[] voxels = [.. Enumerable.Range(0, 24).Select(i => (short)(i * 100 - 1000))];
        Nifti.Write(folder.At("imagesTr/ct.1_0000.nii.gz"), NiftiVolume.FromSpacing(NumberArray.From(voxels, 2, 3, 4), 1, 1, 2));
        Nifti.Write(folder.At("labelsTr/ct.1.nii.gz"), NiftiVolume.FromSpacing(NumberArray.From([.. voxels.Select(v => (byte)(v > 0 ? 3 : 0))], 2, 3, 4), 1, 1, 2));
        folder.Text("dataset.json", """{"labels":{"background":0,"stone":3},"channel_names":{"0":"CT"},"numTraining":1,"file_ending":".nii.gz"}""");
        Dataset data = Dataset.Open(folder.Root);
        Sample sample = data[0];
        Assert.Equal("ct.1", sample.Name);
        Assert.Equal([1, 2, 3, 4], sample.ImageShape);
        Assert.Equal([2, 3, 4], sample.LabelShape);
        Assert.Equal([2.0, 1, 1], sample.Spacing!);
        Assert.Equal([.. voxels.Select(v => (float)v)], sample.Image);
        Assert.Equal([.. voxels.Select(v => v > 0 ? 1 : 0)], sample.Labels);
        Assert.Equal(["background", "stone"], data.Classes);
    }

    [Fact]
    public void Label_volumes_that_went_through_floating_point_are_rounded_but_not_interpolated_ones()
    {
        using TemporaryFolder folder = new();
        Nifti.Write(folder.At("images/a.nii"), NiftiVolume.FromSpacing(NumberArray.From(new float[4], 1, 2, 2), 1, 1, 1));
        Nifti.Write(folder.At("masks/a.nii"), NiftiVolume.FromSpacing(NumberArray.From([0f, 0.999f, 2.001f, 1f], 1, 2, 2), 1, 1, 1));
        Assert.Equal([0, 1, 2, 1], Dataset.Open(folder.Root)[0].Labels);
        Nifti.Write(folder["masks/a.nii"], NiftiVolume.FromSpacing(NumberArray.From([0f, 0.5f, 2f, 1f], 1, 2, 2), 1, 1, 1));
        Assert.Equal($"{folder["masks/a.nii"]}: voxel (1, 0, 0) is 0.5, which is no label: labels are integers of 32 bits; resample masks by nearest neighbour",
            Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void Arrays_are_images_and_masks()
    {
        using TemporaryFolder folder = new();
        Npy.Write(folder.At("images/a.npy"), NumberArray.From([0f, 0.5f, 1f, -2f], 2, 1, 2));
        Npy.Write(folder.At("masks/a.npy"), NumberArray.From([0L, 4L], 1, 2));
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal([2, 1, 2], data[0].ImageShape);
        Assert.Equal([0, 0.5f, 1, -2], data[0].Image);
        Assert.Equal([0, 1], data[0].Labels);
    }

    [Fact]
    public void Idx_files_give_images_labels_and_their_test_set()
    {
        using TemporaryFolder folder = new();
        Idx(folder, "train-images-idx3-ubyte.gz", [0, 255, 51, 102, 1, 2, 3, 4], 2, 2, 2);
        Idx(folder, "train-labels-idx1-ubyte.gz", [5, 3], 2);
        Idx(folder, "t10k-images-idx3-ubyte", [9, 9, 9, 9], 1, 2, 2);
        Idx(folder, "t10k-labels-idx1-ubyte", [5], 1);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(["3", "5"], data.Classes);
        Assert.Equal([1, 2, 2], data[0].ImageShape);
        Assert.Equal([0, 1, 0.2f, 0.4f], data[0].Image);
        Assert.Equal([1], data[0].Labels);
        Assert.Equal([1], data.Test![0].Labels);
        Assert.Equal(data.Standardization, data.Test.Standardization);
        Assert.Equal("IDX files: 2 images of 2 classes (3, 5), 1 channel, 2 x 2; 1 test samples", data.Describe());
    }

    [Fact]
    public void Idx_files_that_do_not_fit_are_named()
    {
        using TemporaryFolder folder = new();
        Idx(folder, "train-images-idx3-ubyte", new byte[8], 2, 2, 2);
        Assert.Equal($"{folder.Root}: train-images-idx3-ubyte is there, but not its labels; expected train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz", Problem(folder.Root));
        Idx(folder, "train-labels-idx1-ubyte", new byte[3], 3);
        Assert.Equal($"{folder.Root}: train-images-idx3-ubyte holds 2 images, train-labels-idx1-ubyte labels of shape [3]; expected one label for each image", Problem(folder.Root));
        Idx(folder, "train-labels-idx1-ubyte", [0, 1], 2);
        Idx(folder, "t10k-images-idx3-ubyte", new byte[4], 1, 2, 2);
        Idx(folder, "t10k-labels-idx1-ubyte", [2], 1);
        Assert.Equal($"{folder.Root}: t10k-images-idx3-ubyte: image 0 has label 2, which is not among the classes 0, 1", Problem(folder.Root));
    }

    [Fact]
    public void Cifar_batches_are_joined_and_the_test_batch_set_apart()
    {
        using TemporaryFolder folder = new();
        byte[] Record(byte label, byte value) => [label, .. Enumerable.Repeat(value, 3072)];
        File.WriteAllBytes(folder["data_batch_1.bin"], [.. Record(3, 10), .. Record(9, 20)]);
        File.WriteAllBytes(folder["data_batch_2.bin"], Record(0, 30));
        File.WriteAllBytes(folder["test_batch.bin"], Record(1, 40));
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(3, data.Count);
        Assert.Equal([3, 9, 0], Enumerable.Range(0, 3).Select(data.ClassOf));
        Assert.Equal([3, 32, 32], data[2].ImageShape);
        Assert.Equal(30 / 255f, data[2].Image[3071]);
        Assert.Equal("cat", data.Classes[3]);
        Assert.Equal(1, data.Test!.ClassOf(0));
        Assert.Equal(40 / 255f, data.Test[0].Image[0]);
        File.WriteAllText(folder["batches.meta.txt"], string.Join('\n', "abcdefghij".ToCharArray()) + "\n\n");
        Assert.Equal("d", Dataset.Open(folder.Root).Classes[3]);
    }

    [Fact]
    public void A_sample_outside_is_refused()
    {
        using TemporaryFolder folder = new();
        folder.Gray("a/x.png", 2, 1, 1, 2);
        folder.Gray("b/x.png", 2, 1, 1, 2);
        Assert.Equal("sample 2 is outside of 0..1", Assert.Throws<InvalidArgumentException>(() => Dataset.Open(folder.Root)[2]).Message);
    }

    [Fact]
    public void Samples_are_the_callers_own_and_come_from_the_cache_once_read()
    {
        using TemporaryFolder folder = new();
        folder.Gray("a/x.png", 2, 1, 1, 2);
        folder.Gray("b/x.png", 2, 1, 1, 2);
        Dataset data = Dataset.Open(folder.Root);
        data[0].Image[0] = 100;
        File.Delete(folder["a/x.png"]);
        Assert.Equal(1 / 255f, data[0].Image[0]);
        folder.Gray("a/x.png", 2, 1, 1, 2);
        Dataset uncached = Dataset.Open(folder.Root, new() { CacheBytes = 0 });
        File.Delete(folder["a/x.png"]);
        Assert.Equal($"file not found: {Path.Combine(folder.Root, "a", "x.png")}", Assert.Throws<VoluteException>(() => uncached[0]).Message);
    }

    [Fact]
    public void The_cache_keeps_what_fits_and_reads_the_rest_again()
    {
        SampleCache cache = new(100);
        int reads = 0;
        string Get(string key) => cache.Get(key, () => { reads++; return key; }, _ => 60);
        Assert.Equal(["a", "b", "a", "b"], [Get("a"), Get("b"), Get("a"), Get("b")]);
        Assert.Equal(3, reads);
        Assert.Equal(60, cache.Used);
    }

    [Fact]
    public void Samples_in_memory_are_checked()
    {
        Sample good = new("a", new float[4], [1, 2, 2], [1], []);
        Assert.Equal([1], Dataset.Of([good], ["x", "y"])[0].Labels);
        Assert.Equal("a has label 1, but there are 1 classes", Assert.Throws<InvalidArgumentException>(() => Dataset.Of([good], ["x"])).Message);
        Assert.Equal("b has 2 channels, a has 1; all samples must have the same",
            Assert.Throws<ShapeException>(() => Dataset.Of([good, new("b", new float[8], [2, 2, 2], [0], [])], ["x", "y"])).Message);
        Assert.Equal("a dataset needs at least one sample, got none", Assert.Throws<InvalidArgumentException>(() => Dataset.Of([], ["x"])).Message);
    }
}
