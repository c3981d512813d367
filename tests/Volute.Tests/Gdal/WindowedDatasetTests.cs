using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;
using Volute.Training;

namespace Volute.Tests.Gdal;

/// <summary>Rasters that are read by windows are the same data as rasters that are read as a whole.</summary>
public sealed class WindowedDatasetTests : IDisposable
{
    // So little memory that any raster is read by windows.
    private static readonly DatasetOptions Little = new() { CacheBytes = 1 << 10 };

    private readonly TemporaryFolder folder = new();

    public WindowedDatasetTests() => _ = InstalledGdal.Driver;

    public void Dispose() => folder.Dispose();

    private (Dataset Windows, Dataset Whole) Scenes(int count, int size)
    {
        SampleMaker.Scenes(folder["scenes"], count, size, seed: 5);
        Dataset windows = Dataset.Open(folder["scenes"], Little), whole = Dataset.Open(folder["scenes"]);
        Assert.True(windows.IsLarge(0));
        Assert.False(whole.IsLarge(0));
        return (windows, whole);
    }

    /// <summary>A raster of two bands with holes and its mask.</summary>
    private void Write(int height, int width, Func<int, float> first, Func<int, float> second, Func<int, byte> mask)
    {
        int[] pixels = [.. Enumerable.Range(0, height * width)];
        RasterBand band = new(NumberType.Float32) { NoData = -1 };
        InstalledGdal.Write(folder.At("images/a.tif"), new(width, height, [band, band]), (float[])[.. pixels.Select(first), .. pixels.Select(second)]);
        InstalledGdal.Write(folder.At("masks/a.tif"), new(width, height, [new(NumberType.UInt8)]), (byte[])[.. pixels.Select(mask)]);
    }

    private static void AssertSameBatches(Dataset one, Dataset other, LoaderOptions options)
    {
        Batch[] got = [.. new Loader(one, options).Epoch(3)], expected = [.. new Loader(other, options).Epoch(3)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, got.Length);
        foreach ((Batch a, Batch b) in got.Zip(expected))
        {
            Assert.Equal(b.Names, a.Names);
            Assert.Equal(b.Images, a.Images);
            Assert.Equal(b.Labels, a.Labels);
        }
    }

    private static LoaderOptions Patches(int side, string augmentation, Standardization standardization) => new()
    {
        Crop = [side, side],
        CropsPerSample = 8,
        BatchSize = 4,
        Seed = 11,
        Shuffle = true,
        Augmentation = AugmentationOptions.Named(augmentation, [side, side]),
        Standardization = standardization,
    };

    [Theory]
    [InlineData(48, "none")]
    [InlineData(48, "segmentation")]
    [InlineData(128, "segmentation")]
    [InlineData(150, "none")]
    [InlineData(48, "nnunet")]
    public void Patches_read_by_windows_are_those_of_the_raster_read_as_a_whole(int side, string augmentation)
    {
        var (windows, whole) = Scenes(3, 128);
        AssertSameBatches(windows, whole, Patches(side, augmentation, whole.Standardization));
    }

    [Fact]
    public void Pixels_that_hold_nothing_are_the_same_in_patches_of_windows()
    {
        Write(70, 90, p => p % 7 < 3 ? -1 : p % 91, p => p % 7 < 2 ? -1 : p % 53, p => (byte)(p % 3));
        Dataset windows = Dataset.Open(folder.Root, Little), whole = Dataset.Open(folder.Root);
        AssertSameBatches(windows, whole, Patches(32, "segmentation", whole.Standardization));
        Assert.Equal(whole[0].Image, windows[0].Image);
        Assert.Equal(whole[0].Labels, windows[0].Labels);
        Assert.Contains(LabelMap.Ignored, windows[0].Labels);
        Assert.Equal(whole.ContentOf(0), windows.ContentOf(0));
    }

    [Fact]
    public void Blocks_of_a_raster_read_by_windows_are_those_of_it_read_as_a_whole()
    {
        SampleMaker.Scenes(folder["scenes"], 1, 160, seed: 2);
        Dataset Blocks(DatasetOptions? options) => BlockSplit.Of(Dataset.Open(folder["scenes"], options), [32, 32], fold: 1)!.Value.Blocks;
        Dataset windows = Blocks(Little), whole = Blocks(null);
        Assert.Equal(25, windows.Count);
        for (int i = 0; i < windows.Count; i++)
        {
            Assert.Equal(whole[i].Image, windows[i].Image);
            Assert.Equal(whole[i].Labels, windows[i].Labels);
        }
        // Larger than a block: mirrored at its borders, which nothing beyond may be seen of.
        AssertSameBatches(windows, whole, Patches(40, "segmentation", whole.Standardization));
    }

    [Fact]
    public void A_patch_is_laid_around_a_pixel_of_a_class_wherever_it_lies_in_a_large_raster()
    {
        // One pixel of class 1 in one corner and two of class 2 in the other.
        Write(300, 200, p => p, p => p, p => (byte)(p == 1 ? 1 : p >= 300 * 200 - 2 ? 2 : 0));
        Dataset data = Dataset.Open(folder.Root, Little);
        Batch[] batches = [.. new Loader(data, Patches(16, "none", data.Standardization) with { Foreground = 1, CropsPerSample = 40 }).Epoch(0)];
        int[][] patches = [.. batches.SelectMany(batch => batch.Labels.Chunk(16 * 16))];
        Assert.All(patches, patch => Assert.Contains(patch, label => label > 0));
        Assert.InRange(patches.Count(patch => patch.Contains(1)), 8, 32);
    }

    [Fact]
    public void What_a_plan_is_made_from_is_the_same_by_windows_over_several_bands_of_rows()
    {
        // 2.25 million pixels of two bands are two bands of rows; nothing but 0 lies in the first 3 rows and 2 columns.
        const int Side = 1500;
        static float Value(int p) => p / Side < 3 || p % Side < 2 ? 0 : 1 + p % 251;
        Write(Side, Side, Value, p => 2 * Value(p), p => (byte)(p % 11 == 0 ? 2 : p % 5 == 0 ? 1 : 0));
        Dataset windows = Dataset.Open(folder.Root, Little), whole = Dataset.Open(folder.Root);
        Assert.Equal(2, windows.Look(0).Bands().Count());
        Fingerprint got = Fingerprint.Of(windows, seed: 3, samples: 1000), expected = Fingerprint.Of(whole, seed: 3, samples: 1000);
        Assert.Equal([Side - 3, Side - 2], got.Cases[0].Cropped);
        Assert.Equal(expected.Cases[0].Cropped, got.Cases[0].Cropped);
        Assert.Equal(expected.ClassVoxels, got.ClassVoxels);
        Assert.Equal(expected.Intensities, got.Intensities);
        double mean = Enumerable.Range(0, Side * Side).Average(p => (double)Value(p));
        Assert.Equal([mean, 2 * mean], windows.Standardization.Mean.Select(m => m), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(whole.Standardization.Deviation[1], windows.Standardization.Deviation[1], 1e-9);
        Assert.Equal(whole.Describe(), windows.Describe());
        Assert.Equal(BorderWeighting.Of(whole).ClassWeights, BorderWeighting.Of(windows).ClassWeights);
    }

    [Fact]
    public void A_large_raster_is_scored_by_windows_with_the_counts_of_it_predicted_as_a_whole()
    {
        var (windows, whole) = Scenes(2, 192);
        Recipe recipe = RecipeMaker.Make(windows, folder["scenes"], new() { Model = "unet", Patch = 32, BaseWidth = 2 }) with { Tile = 128, Context = 32 };
        Predictor predictor = new(recipe, recipe.CreateNetwork());
        Evaluation got = Scoring.Score(predictor, windows, [1, 0]).Evaluation, expected = Scoring.Score(predictor, whole, [1, 0]).Evaluation;
        Assert.Equal(expected.Confusion.SelectMany(row => row), got.Confusion.SelectMany(row => row));
        Assert.Equal(expected.Areas!.Confusion.SelectMany(row => row), got.Areas!.Confusion.SelectMany(row => row));
        Assert.Equal(["001 0,0", "000 0,0"], got.PerCase.Select(score => score.Name));
        Assert.Equal(["001", "000"], got.PerCase.Select(score => score.Group));
    }

    [Fact]
    public void A_large_raster_and_a_copy_of_it_are_found_by_the_doctor()
    {
        SampleMaker.Scenes(folder["scenes"], 6, 96, seed: 5);
        File.Copy(folder["scenes/images/001.tif"], folder["scenes/images/007.tif"]);
        File.Copy(folder["scenes/masks/002.tif"], folder["scenes/masks/007.tif"]);
        Assert.Equal(Texts(null), Texts(Little));
        Assert.Contains(Texts(Little), finding => finding.Contains("001 = 007"));

        string[] Texts(DatasetOptions? options) => [.. Doctor.Examine(folder["scenes"], options).Findings.Select(finding => finding.ToString())];
    }
}
