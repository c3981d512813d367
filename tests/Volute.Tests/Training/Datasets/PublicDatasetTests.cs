using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class PublicDatasetTests
{
    [Fact]
    public void Mnist_is_recognized_with_its_test_set_and_its_well_known_mean_and_deviation()
    {
        Dataset data = Dataset.Open(SharedData.Path("mnist"));
        Assert.Equal((60_000, 10_000), (data.Count, data.Test!.Count));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], data.Classes);
        Assert.Equal([5, 0, 4, 1, 9], Enumerable.Range(0, 5).Select(data.ClassOf));
        Assert.Equal([7, 2, 1, 0, 4], Enumerable.Range(0, 5).Select(data.Test.ClassOf));
        Assert.Equal(0.1307, data.Standardization.Mean[0], 1e-4);
        Assert.Equal(0.3081, data.Standardization.Deviation[0], 1e-4);
        Assert.Equal("IDX files: 60000 images of 10 classes (0, 1, 2, 3, 4 and 5 more), 1 channel, 28 x 28; 10000 test samples", data.Describe());
    }

    [Fact]
    public void Cifar_files_are_recognized_alone_and_in_their_folder()
    {
        string file = SharedData.Path("cifar10", "data_batch_1_first1000.bin");
        Dataset data = Dataset.Open(file), folder = Dataset.Open(Path.GetDirectoryName(file)!);
        Assert.Equal((1000, 1000), (data.Count, folder.Count));
        Assert.Equal([3, 32, 32], data[0].ImageShape);
        Assert.Equal("frog", data.Classes[data[0].Labels[0]]);
        Assert.Equal("truck", data.Classes[data[1].Labels[0]]);
        Assert.Equal(59 / 255f, data[0].Image[0]); // the first red of the first frog
        Assert.All(data.Standardization.Mean, mean => Assert.InRange(mean, 0.43, 0.51));
    }

    [Fact]
    public void Membranes_come_in_the_order_of_their_slices_and_the_last_ones_are_held_out()
    {
        Dataset data = Dataset.Open(SharedData.Path("membranes"));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i.ToString()), Enumerable.Range(0, 20).Select(data.NameOf));
        Assert.Equal([15, 16, 17, 18, 19], data.SplitContiguous(0.25).Validation);
        Assert.Equal("images/ with masks/: 20 images with masks, 1 channel, 512 x 512; masks 0 -> 0, 255 -> 1; no test samples", data.Describe());
        Sample sample = data[3];
        Assert.InRange(sample.Labels.Average(), 0.7, 0.85); // cells cover about 78 %
    }

    [Fact]
    public void A_ct_volume_with_labels_that_have_gaps_gives_patches_around_its_organs()
    {
        using TemporaryFolder folder = new();
        File.Copy(SharedData.Path("nifti", "ct", "example_ct_sm.nii.gz"), folder.At("imagesTr/lung_0000.nii.gz"));
        File.Copy(SharedData.Path("nifti", "ct", "example_seg.nii.gz"), folder.At("labelsTr/lung.nii.gz"));
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal("lung", data.NameOf(0));
        Assert.Equal([1, 30, 101, 122], data[0].ImageShape);
        Assert.InRange(data[0].Image.Min(), -1100, -900); // air, in Hounsfield units
        Assert.Equal(0, data.Labels!.Values[0]);
        Assert.True(data.Labels.Values[^1] >= data.Classes.Count, "the values of this file have gaps");
        Batch batch = new Loader(data, new() { BatchSize = 4, Crop = [16, 32, 32], CropsPerSample = 4, Foreground = 1, Augmentation = AugmentationOptions.Segmentation with { Rotation = new(1, -20, 20) } }).Epoch(0).Single();
        Assert.Equal([4, 1, 16, 32, 32], batch.ImageShape);
        Assert.Equal([4, 16, 32, 32], batch.LabelShape);
        Assert.All(batch.Labels.Chunk(16 * 32 * 32), patch => Assert.Contains(patch, label => label > 0));
        Assert.All(batch.Images, value => Assert.InRange(value, -10, 20));
    }
}
