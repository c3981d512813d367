using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class SampleMakerTests
{
    public static TheoryData<string, Action<string, ulong>> Makers => new()
    {
        { "cells", (folder, seed) => SampleMaker.Cells(folder, 2, 64, seed) },
        { "digits", (folder, seed) => SampleMaker.Digits(folder, 20, 16, seed) },
        { "clips", (folder, seed) => SampleMaker.Clips(folder, 4, 16, seed) },
        { "phantom", (folder, seed) => SampleMaker.Phantom(folder, 1, 32, seed) },
    };

    private static Dictionary<string, string> Contents(string folder)
        => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToBase64String(File.ReadAllBytes(file)));

    [Theory]
    [MemberData(nameof(Makers))]
    public void The_seed_decides_every_file(string name, Action<string, ulong> make)
    {
        using TemporaryFolder folder = new();
        make(folder[name], 5);
        make(folder["again"], 5);
        make(folder["other"], 6);
        Dictionary<string, string> first = Contents(folder[name]), other = Contents(folder["other"]);
        Assert.Equal(first, Contents(folder["again"]));
        Assert.Equal(first.Keys.Order(), other.Keys.Order());
        Assert.All(first.Keys.Where(file => file != "dataset.json"), file => Assert.NotEqual(first[file], other[file]));
        // Nor are two samples of one set alike.
        Assert.Equal(first.Count, first.Values.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public void A_folder_that_holds_something_is_left_alone(string name, Action<string, ulong> make)
    {
        using TemporaryFolder folder = new();
        folder.Text($"{name}/mine.txt", "x");
        Assert.Equal($"{folder[name]}: the folder is not empty; name a new one, so that old and new samples do not mix",
            Assert.Throws<InvalidArgumentException>(() => make(folder[name], 1)).Message);
        Assert.Single(Contents(folder[name]));
    }

    [Fact]
    public void Wrong_sizes_and_numbers_are_named()
    {
        using TemporaryFolder folder = new();
        Assert.Equal("at least 1 picture must be made, got 0", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Cells(folder["a"], 0, 64, 1)).Message);
        Assert.Equal("the size must be 64 to 8192 pixels, got 63", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Cells(folder["a"], 1, 63, 1)).Message);
        Assert.Equal("ten digits need at least 10 pictures, got 9", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Digits(folder["a"], 9, 28, 1)).Message);
        Assert.Equal("the folder of a sample set must not be empty", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Phantom("", 1, 32, 1)).Message);
        Assert.False(Directory.Exists(folder["a"]));
    }

    [Fact]
    public void Cells_are_pictures_with_black_and_white_masks_and_a_test_set()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Cells(folder["cells"], 4, 96, 3);
        Dataset data = Dataset.Open(folder["cells"]);
        Assert.Equal("images/ with masks/: 4 images with masks, 1 channel, 96 x 96; masks 0 -> 0, 255 -> 1; 1 test sample", data.Describe());
        Assert.All(Enumerable.Range(0, 4), i => Assert.InRange(data[i].Labels.Average(), 0.15, 0.65));
        // The picture uses its range, without being cut off at either end.
        Assert.All(Enumerable.Range(0, 4), i => Assert.InRange(data[i].Image.Count(v => v is 0 or 1), 0, 50));
        Assert.All(Enumerable.Range(0, 4), i => Assert.True(data[i].Image.Max() - data[i].Image.Min() > 0.35));
    }

    [Fact]
    public void No_threshold_finds_the_cells()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Cells(folder["cells"], 3, 128, 7);
        Dataset data = Dataset.Open(folder["cells"]);
        for (int i = 0; i < data.Count; i++)
        {
            Sample sample = data[i];
            double best = 0, cells = sample.Labels.Sum();
            for (int threshold = 0; threshold <= 255; threshold++)
                foreach (bool above in (bool[])[true, false])
                {
                    int found = 0, right = 0;
                    for (int p = 0; p < sample.Image.Length; p++)
                        if (sample.Image[p] >= threshold / 255f == above)
                            (found, right) = (found + 1, right + sample.Labels[p]);
                    best = Math.Max(best, 2 * right / (found + cells));
                }
            Assert.InRange(best, 0.3, 0.8);
        }
    }

    [Fact]
    public void Touching_cells_are_separate_in_the_mask_and_dark_where_they_touch()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Cells(folder["cells"], 2, 192, 1);
        Dataset data = Dataset.Open(folder["cells"]);
        for (int s = 0; s < 2; s++)
        {
            Sample sample = data[s];
            double border = 0, inside = 0;
            int borders = 0, insides = 0;
            for (int p = 2 * 192 + 2; p < sample.Labels.Length - 2 * 192 - 2; p++)
            {
                // A background pixel with cell on both sides, two pixels away, lies on the line between two cells.
                bool line = sample.Labels[p] == 0 && (sample.Labels[p - 2] + sample.Labels[p + 2] == 2 || sample.Labels[p - 384] + sample.Labels[p + 384] == 2);
                (border, borders) = line ? (border + sample.Image[p], borders + 1) : (border, borders);
                (inside, insides) = sample.Labels[p] == 1 ? (inside + sample.Image[p], insides + 1) : (inside, insides);
            }
            Assert.True(borders > 30, $"only {borders} pixels between touching cells");
            Assert.True(border / borders < inside / insides - 0.05, $"borders {border / borders:f3}, cells {inside / insides:f3}");
        }
    }

    [Fact]
    public void Digits_lie_in_a_folder_for_each_class_and_can_be_told_apart_though_not_trivially()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Digits(folder["digits"], 400, 28, 4);
        Dataset data = Dataset.Open(folder["digits"]), test = data.Test!;
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], data.Classes);
        Assert.Equal((400, 100), (data.Count, test.Count));
        Assert.All(Enumerable.Range(0, 10), c => Assert.Equal(40, Enumerable.Range(0, 400).Count(i => data.ClassOf(i) == c)));
        // By the nearest mean picture, a classifier without any learning: far better than 10 %, far from perfect.
        double[][] means = [.. Enumerable.Range(0, 10).Select(_ => new double[784])];
        for (int i = 0; i < data.Count; i++)
            for (int p = 0; p < 784; p++)
                means[data.ClassOf(i)][p] += data[i].Image[p] / 40;
        int right = 0;
        for (int i = 0; i < test.Count; i++)
        {
            float[] image = test[i].Image;
            int nearest = Enumerable.Range(0, 10).MinBy(c => image.Zip(means[c], (a, b) => (a - b) * (a - b)).Sum());
            right += nearest == test.ClassOf(i) ? 1 : 0;
        }
        Assert.InRange(right, 50, 98);
    }

    [Fact]
    public void A_phantom_is_a_ct_volume_in_nnu_nets_layout()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Phantom(folder["ct"], 2, 48, 2);
        NiftiVolume volume = Nifti.Read(folder["ct/imagesTr/case_001_0000.nii.gz"]), labels = Nifti.Read(folder["ct/labelsTr/case_001.nii.gz"]);
        Assert.Equal(NumberType.Int16, volume.Voxels.Type);
        Assert.Equal([18, 48, 48], volume.Voxels.Shape.ToArray());
        Assert.Equal(volume.Affine, labels.Affine);
        Assert.True(volume.Spacing[2] > 1.5 * volume.Spacing[0]);
        Dataset data = Dataset.Open(folder["ct"]);
        Assert.Equal(SampleMaker.PhantomClasses, data.Classes);
        Assert.Equal((2, 1), (data.Count, data.Test!.Count));
        Assert.Equal("case_002", data.Test.NameOf(0));
        Sample sample = data[0];
        // The Hounsfield values of lungs, liver and bone; every organ is there.
        double Mean(int label) => sample.Image.Where((_, i) => sample.Labels[i] == label).Average();
        Assert.InRange(Mean(4), -880, -650);
        Assert.InRange(Mean(1), 50, 130);
        Assert.InRange(Mean(2), 60, 200);
        Assert.InRange(Mean(3), 150, 400);
        Assert.InRange(sample.Image.Min(), -1024, -980);
        // The liver lies on the patient's right: at small columns, whose x in millimetres is positive towards the right.
        double column = sample.Labels.Select((label, i) => (label, i % 48)).Where(v => v.label == 1).Average(v => v.Item2);
        Assert.True(column < 23 && volume.Affine[0, 0] < 0);
    }
}
