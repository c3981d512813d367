using Volute.Training;

namespace Volute.Tests.Training;

public class LoaderTests
{
    /// <summary>Pictures of one value each, the sample's number, with the class number % 3.</summary>
    private static Dataset Numbered(int count, int height = 2, int width = 2)
        => Dataset.Of([.. Enumerable.Range(0, count).Select(i => new Sample(i.ToString(), [.. Enumerable.Repeat((float)i, height * width)], [1, height, width], [i % 3], []))], ["a", "b", "c"]);

    /// <summary>Pictures whose mask is the picture.</summary>
    private static Dataset Masked(params (int Height, int Width)[] sizes)
        => Dataset.Of([.. sizes.Select((s, i) =>
        {
            int[] mask = [.. Enumerable.Range(0, s.Height * s.Width).Select(p => p % 7)];
            return new Sample($"m{i}", [.. mask.Select(v => (float)v)], [1, s.Height, s.Width], mask, [s.Height, s.Width]);
        })], ["0", "1", "2", "3", "4", "5", "6"]);

    private static readonly LoaderOptions Plain = new() { Standardize = false };

    /// <summary>A dataset that waits, fails or counts when it is read.</summary>
    private sealed class Watched(int count, Action<int> read) : Dataset
    {
        public override DatasetTask Task => DatasetTask.Classification;
        public override int Count => count;
        public override IReadOnlyList<string> Classes => ["a"];
        public override int Channels => 1;
        public override string Describe() => "";
        public override string NameOf(int index) => index.ToString();

        private protected override Sample Read(int index)
        {
            read(index);
            return new Sample(NameOf(index), [index], [1, 1, 1], [0], []);
        }

        private protected override Standardization Measure() => new([0], [1]);
    }

    [Fact]
    public void Batches_hold_samples_in_order_and_the_last_one_what_is_left()
    {
        Batch[] batches = [.. new Loader(Numbered(5), Plain with { BatchSize = 2 }).Epoch(0)];
        Assert.Equal(3, batches.Length);
        Assert.Equal([2, 1, 2, 2], batches[0].ImageShape);
        Assert.Equal([2], batches[0].LabelShape);
        Assert.Equal([2, 2, 2, 2, 3, 3, 3, 3], batches[1].Images);
        Assert.Equal([2, 0], batches[1].Labels);
        Assert.Equal(["2", "3"], batches[1].Names);
        Assert.Equal([1, 1, 2, 2], batches[2].ImageShape);
        Assert.Equal(2, new Loader(Numbered(5), Plain with { BatchSize = 2, DropLast = true }).Epoch(0).Count());
    }

    [Fact]
    public void A_batch_is_taken_apart_into_its_tensors()
    {
        var (images, labels) = new Loader(Numbered(5), Plain with { BatchSize = 2 }).Epoch(0).ElementAt(1);
        Assert.Equal([2, 1, 2, 2], images.Shape);
        Assert.Equal([2, 2, 2, 2, 3, 3, 3, 3], images.ToArray());
        Assert.Equal("int32 [2] { 2, 0 }", labels.ToString());
    }

    [Fact]
    public void Test_samples_in_memory_are_standardized_as_the_others_and_checked_like_them()
    {
        Sample Of(string name, params float[] values) => new(name, values, [1, 1, values.Length], [0], []);
        Dataset data = Dataset.Of([Of("a", 0, 1)], ["zero", "one"], [Of("t", 2, 3, 4)]);
        Assert.Equal("1 samples in memory, 1 channels, 2 classes; 1 test sample", data.Describe());
        Assert.Equal([3, 5, 7], new Loader(data.Test!, new()).Epoch(0).Single().Images);
        Assert.Equal("t has 2 channels, a has 1; all samples must have the same", Assert.Throws<ShapeException>(
            () => Dataset.Of([Of("a", 0, 1)], ["zero", "one"], [new Sample("t", [1, 2], [2, 1, 1], [0], [])])).Message);
    }

    [Fact]
    public void Every_epoch_has_an_order_of_its_own_that_the_seed_decides()
    {
        string[] Names(ulong seed, int epoch) => [.. new Loader(Numbered(40), Plain with { BatchSize = 7, Seed = seed, Shuffle = true }).Epoch(epoch).SelectMany(b => b.Names)];
        Assert.Equal(Names(1, 0), Names(1, 0));
        Assert.NotEqual(Names(1, 0), Names(1, 1));
        Assert.NotEqual(Names(1, 0), Names(2, 0));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i.ToString()).Order(), Names(1, 3).Order());
    }

    [Fact]
    public void An_epoch_taken_up_in_its_middle_goes_on_with_the_same_batches()
    {
        LoaderOptions options = new() { BatchSize = 3, Seed = 5, Shuffle = true, Crop = [4, 6], CropsPerSample = 2, Foreground = 0.5, Augmentation = AugmentationOptions.Segmentation };
        Loader loader = new(Masked((8, 9), (5, 7), (12, 6), (3, 9)), options);
        Batch[] whole = [.. loader.Epoch(2)], rest = [.. loader.Epoch(2, firstBatch: 1)];
        Assert.Equal(3, whole.Length);
        Assert.Equal(2, rest.Length);
        for (int i = 0; i < rest.Length; i++)
        {
            Assert.Equal(whole[i + 1].Images, rest[i].Images);
            Assert.Equal(whole[i + 1].Labels, rest[i].Labels);
            Assert.Equal(whole[i + 1].Names, rest[i].Names);
        }
        Assert.Empty(loader.Epoch(2, firstBatch: 3));
    }

    [Fact]
    public void A_sample_is_varied_alike_whatever_batch_it_is_in()
    {
        LoaderOptions options = new() { Seed = 5, Augmentation = AugmentationOptions.Segmentation };
        Dataset data = Masked((8, 8), (8, 8), (8, 8), (8, 8));
        float[] singly = [.. new Loader(data, options).Epoch(1).SelectMany(b => b.Images)];
        Assert.Equal(singly, new Loader(data, options with { BatchSize = 3 }).Epoch(1).SelectMany(b => b.Images));
        Assert.NotEqual(singly, new Loader(data, options).Epoch(2).SelectMany(b => b.Images));
    }

    [Fact]
    public void Only_the_given_indices_are_read()
        => Assert.Equal(["4", "0", "4"], new Loader(Numbered(5), Plain with { Indices = [4, 0, 4] }).Epoch(0).SelectMany(b => b.Names));

    [Fact]
    public void Values_are_standardized_by_the_dataset_or_by_those_given()
    {
        Dataset data = Numbered(2, 1, 1); // values 0 and 1: mean 0.5, deviation 0.5
        Assert.Equal([-1, 1], new Loader(data, new() { BatchSize = 2 }).Epoch(0).Single().Images);
        Assert.Equal([-2.5f, -2], new Loader(data, new() { BatchSize = 2, Standardization = new([5], [2]) }).Epoch(0).Single().Images);
    }

    [Fact]
    public void Crops_are_parts_of_the_image_with_their_masks_and_every_place_is_drawn()
    {
        int[] mask = [.. Enumerable.Range(0, 30)];
        Dataset data = Dataset.Of([new("numbered pixels", [.. mask.Select(v => (float)v)], [1, 5, 6], mask, [5, 6])], [.. mask.Select(v => v.ToString())]);
        HashSet<int> starts = [];
        foreach (Batch batch in new Loader(data, Plain with { Crop = [3, 4], CropsPerSample = 300 }).Epoch(0))
        {
            Assert.Equal([1, 1, 3, 4], batch.ImageShape);
            Assert.Equal([1, 3, 4], batch.LabelShape);
            Assert.Equal(batch.Labels.Select(v => (float)v), batch.Images);
            Assert.Equal([0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14, 15], batch.Labels.Select(v => v - batch.Labels[0]));
            starts.Add(batch.Labels[0]);
        }
        Assert.Equal(9, starts.Count);
    }

    [Fact]
    public void A_crop_larger_than_the_image_is_mirrored_around_it()
    {
        Batch batch = new Loader(Masked((1, 3)), Plain with { Crop = [2, 7] }).Epoch(0).Single();
        Assert.Equal([2, 1, 0, 1, 2, 1, 0, 2, 1, 0, 1, 2, 1, 0], batch.Labels);
    }

    [Fact]
    public void A_crop_of_two_axes_takes_slices_of_volumes_as_pictures()
    {
        int[] mask = [.. Enumerable.Range(0, 60)];
        Dataset data = Dataset.Of([new("v", [.. mask.Select(v => (float)v)], [1, 3, 4, 5], mask, [3, 4, 5])], [.. mask.Select(v => v.ToString())]);
        HashSet<int> starts = [];
        foreach (Batch batch in new Loader(data, Plain with { BatchSize = 2, Crop = [4, 3], CropsPerSample = 100 }).Epoch(0))
        {
            Assert.Equal([2, 1, 4, 3], batch.ImageShape);
            Assert.Equal([2, 4, 3], batch.LabelShape);
            Assert.Equal(batch.Labels.Select(v => (float)v), batch.Images);
            Assert.Equal([0, 1, 2, 5, 6, 7, 10, 11, 12, 15, 16, 17], batch.Labels[..12].Select(v => v - batch.Labels[0]));
            starts.UnionWith([batch.Labels[0], batch.Labels[12]]);
        }
        Assert.Equal([0, 1, 2, 20, 21, 22, 40, 41, 42], starts.Order());
    }

    [Fact]
    public void Volumes_are_cropped_along_three_axes()
    {
        int[] mask = [.. Enumerable.Range(0, 60)];
        Dataset data = Dataset.Of([new("v", [.. mask.Select(v => (float)v)], [1, 3, 4, 5], mask, [3, 4, 5])], [.. mask.Select(v => v.ToString())]);
        Batch batch = new Loader(data, Plain with { Crop = [2, 4, 2] }).Epoch(0).Single();
        Assert.Equal([1, 1, 2, 4, 2], batch.ImageShape);
        Assert.Equal([1, 2, 4, 2], batch.LabelShape);
        int first = batch.Labels[0];
        Assert.Equal([0, 1, 5, 6, 10, 11, 15, 16, 20, 21, 25, 26, 30, 31, 35, 36], batch.Labels.Select(v => v - first));
    }

    [Fact]
    public void Foreground_crops_hold_a_rare_class_that_others_miss()
    {
        int[] mask = new int[100 * 100];
        mask[4321] = 2;
        mask[77] = 1;
        Dataset data = Dataset.Of([new("rare", new float[10_000], [1, 100, 100], mask, [100, 100])], ["0", "1", "2"]);
        int Hits(double foreground, int label) => new Loader(data, Plain with { Crop = [8, 8], CropsPerSample = 200, Foreground = foreground }).Epoch(0).Count(b => b.Labels.Contains(label));
        Assert.InRange(Hits(0, 2), 0, 10);
        Assert.InRange(Hits(1, 2), 70, 130);
        Assert.Equal(200, Hits(1, 1) + Hits(1, 2));
    }

    [Fact]
    public void Images_of_different_sizes_do_not_make_a_batch()
        => Assert.Equal("m0 is [4, 4], m1 is [4, 5]: images of one batch must have the same size; set LoaderOptions.Crop or a batch size of 1",
            Assert.Throws<ShapeException>(() => new Loader(Masked((4, 4), (4, 5)), Plain with { BatchSize = 2 }).Epoch(0).Count()).Message);

    [Fact]
    public void A_patch_needs_as_many_sizes_as_the_image_has_axes()
        => Assert.Equal("a patch of [2, 2, 2] cannot be cut from m0, which is [4, 4]; give one size for each axis",
            Assert.Throws<ShapeException>(() => new Loader(Masked((4, 4)), Plain with { Crop = [2, 2, 2] }).Epoch(0).Count()).Message);

    [Fact]
    public void Errors_of_the_background_come_out_after_the_batches_before_them()
    {
        FileFormatException thrown = new("x.png", 7, "it is broken");
        Loader loader = new(new Watched(10, i => { if (i == 3) throw thrown; }), Plain);
        List<string> names = [];
        FileFormatException caught = Assert.Throws<FileFormatException>(() =>
        {
            foreach (Batch batch in loader.Epoch(0))
                names.Add(batch.Names[0]);
        });
        Assert.Same(thrown, caught);
        Assert.Equal(["0", "1", "2"], names);
    }

    [Fact]
    public void Leaving_an_epoch_early_ends_the_background_thread()
    {
        int read = 0;
        Loader loader = new(new Watched(1000, _ => Interlocked.Increment(ref read)), Plain with { Prefetch = 2 });
        foreach (Batch batch in loader.Epoch(0))
            if (batch.Names[0] == "4")
                break;
        int after = Volatile.Read(ref read);
        Assert.InRange(after, 5, 9); // five used, two ahead, one in the making
        Thread.Sleep(50);
        Assert.Equal(after, Volatile.Read(ref read));
    }

    [Fact]
    public void Cancelling_ends_an_epoch_that_waits_for_its_data()
    {
        using CancellationTokenSource stop = new();
        using ManualResetEventSlim reading = new(), go = new();
        Loader loader = new(new Watched(10, i => { if (i == 1) { reading.Set(); go.Wait(); } }), Plain);
        using IEnumerator<Batch> batches = loader.Epoch(0, cancellation: stop.Token).GetEnumerator();
        Assert.True(batches.MoveNext());
        reading.Wait();
        stop.CancelAfter(20);
        stop.Token.Register(go.Set);
        Assert.Throws<OperationCanceledException>(() => batches.MoveNext());
    }

    [Fact]
    public void Batches_are_made_ahead_but_not_without_bound()
    {
        int read = 0;
        Loader loader = new(new Watched(1000, _ => Interlocked.Increment(ref read)), Plain with { Prefetch = 3 });
        using IEnumerator<Batch> batches = loader.Epoch(0).GetEnumerator();
        batches.MoveNext();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref read) >= 5, 5000));
        Thread.Sleep(30);
        Assert.Equal(5, Volatile.Read(ref read)); // one used, three waiting, one in hand
    }

    [Fact]
    public void Disposed_batches_give_their_arrays_back_and_others_keep_them()
    {
        HashSet<float[]> kept = [], reused = [];
        foreach (Batch batch in new Loader(Numbered(50), Plain).Epoch(0))
            Assert.True(kept.Add(batch.Images));
        foreach (Batch batch in new Loader(Numbered(50), Plain).Epoch(0))
        {
            Assert.Equal(float.Parse(batch.Names[0]), batch.Images[0]);
            reused.Add(batch.Images);
            (batch with { Names = [] }).Dispose();
            batch.Dispose();
            batch.Dispose();
        }
        Assert.InRange(reused.Count, 1, 6);
    }

    public static TheoryData<LoaderOptions, string> BadOptions => new()
    {
        { Plain with { BatchSize = 0 }, "the batch size must be >= 1, got 0" },
        { Plain with { Prefetch = 0 }, "at least 1 batch must be prefetched, got 0" },
        { Plain with { Crop = [4] }, "a patch has a size [H, W] or [D, H, W], each >= 1, got [4]" },
        { Plain with { Crop = [4, 0] }, "a patch has a size [H, W] or [D, H, W], each >= 1, got [4, 0]" },
        { Plain with { CropsPerSample = 2 }, "2 patches of each sample need the size of a patch: set Crop" },
        { Plain with { Crop = [2, 2], CropsPerSample = 0 }, "at least 1 patch of each sample must be taken, got 0" },
        { Plain with { Foreground = 2 }, "the probability of a foreground patch must be 0 to 1, got 2" },
        { Plain with { Indices = [3] }, "sample 3 is outside of 0..2" },
        { Plain with { Standardization = new([1, 2], [1, 1]) }, "the standardization is of 2 channels, the dataset has 1" },
        { Plain with { Augmentation = new() { FlipWidth = -1 } }, "the probability of FlipWidth must be 0 to 1, got -1" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void A_wrong_option_is_named(LoaderOptions options, string message)
        => Assert.Equal(message, Assert.Throws<InvalidArgumentException>(() => new Loader(Numbered(3), options)).Message);

    [Fact]
    public void A_wrong_epoch_or_batch_is_named_at_once()
    {
        Loader loader = new(Numbered(3), Plain);
        Assert.Equal("epochs count from 0, got -1", Assert.Throws<InvalidArgumentException>(() => loader.Epoch(-1)).Message);
        Assert.Equal("the first batch must be 0 to 3, got 4", Assert.Throws<InvalidArgumentException>(() => loader.Epoch(0, 4)).Message);
    }
}
