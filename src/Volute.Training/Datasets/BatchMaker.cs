using System.Collections.Concurrent;

namespace Volute.Training;

/// <summary>Reads, crops, varies and standardizes the samples of a batch; no more of a sample is read than its patch shows. One thread at a time.</summary>
internal sealed class BatchMaker(Dataset data, LoaderOptions options, ConcurrentBag<Batch> returned)
{
    // What random numbers are for, so that no two uses share a stream.
    private const ulong OrderStream = 1, SampleStream = 2;

    private readonly Resampler resampler = new() { ImageOffset = options.MaskOffset is [var y, var x] ? [0, y, x] : null };

    /// <summary>The samples of an epoch in their order: an index and which of its patches.</summary>
    public int[] Order(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, checked((options.Indices?.Count ?? data.Count) * options.CropsPerSample))];
        if (options.Shuffle)
            new SeededRandom(options.Seed, OrderStream, (ulong)epoch).Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>Batch number <paramref name="number"/> of the epoch.</summary>
    public Batch Make(int epoch, int[] order, int number, CancellationToken cancellation)
    {
        int first = number * options.BatchSize, count = Math.Min(options.BatchSize, order.Length - first);
        Batch? batch = null;
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int place = order[first + i], source = place / options.CropsPerSample;
            WindowedSample sample = data.Look(options.Indices?[source] ?? source);
            int[] box = PatchSize(sample);
            batch ??= Reserve(count, sample, box);
            CheckSize(batch, i, sample, box);
            // The place in the list, not in the batch: the sample is the same in whatever batch it comes.
            SeededRandom random = new(options.Seed, SampleStream, (ulong)epoch, (ulong)place);
            Fill(batch, i, sample, box, ref random);
        }
        return batch!;
    }

    private void Fill(Batch batch, int i, WindowedSample sample, int[] box, ref SeededRandom random)
    {
        int channels = sample.Channels, pixels = box[0] * box[1] * box[2];
        int[] start = PatchPlace.Draw(sample, box, options.Crop == null ? 0 : options.Foreground, ref random);
        CoordinateMap map = CoordinateMap.Draw(options.Augmentation, box, start, ref random);
        SampleWindow window = sample.Read(map.Seen(sample.Size, resampler.ImageOffset));
        Span<float> image = batch.Images.AsSpan(i * channels * pixels, channels * pixels);
        bool hasMask = sample.LabelShape.Length != 0;
        if (!hasMask)
            batch.Labels[i] = window.Labels[0];
        resampler.Apply(map, sample.Size, window, channels, image, hasMask ? batch.Labels.AsSpan(i * pixels, pixels) : []);
        if (options.Standardize)
            Standardization.Apply(image, channels);
        float[] units = new float[channels];
        for (int c = 0; c < channels; c++)
            units[c] = options.Standardize ? 1 : (float)Standardization.Deviation[c];
        Intensity.Change(options.Augmentation, image, box, units, ref random);
        batch.Names[i] = sample.Name;
    }

    private Standardization Standardization => options.Standardization ?? data.Standardization;

    /// <summary>D, H, W of the patch.</summary>
    private int[] PatchSize(WindowedSample sample)
    {
        if (options.Crop is not { } crop)
            return sample.Size;
        if (crop.Count > sample.ImageShape.Length - 1)
            throw new ShapeException($"a patch of [{string.Join(", ", crop)}] cannot be cut from {sample.Name}, "
                + $"which is [{string.Join(", ", sample.ImageShape[1..])}]; give one size for each axis");
        return crop.Count == 3 ? [.. crop] : [1, .. crop];
    }

    private void CheckSize(Batch batch, int i, WindowedSample sample, int[] box)
    {
        ReadOnlySpan<int> expected = batch.ImageShape.AsSpan(2), got = box.AsSpan(box.Length - expected.Length);
        if (!expected.SequenceEqual(got) || (options.Crop?.Count ?? sample.ImageShape.Length - 1) != batch.ImageShape.Length - 2)
            throw new ShapeException($"{batch.Names[i - 1]} is [{string.Join(", ", batch.ImageShape[2..])}], "
                + $"{sample.Name} is [{string.Join(", ", sample.ImageShape[1..])}]: "
                + $"images of one batch must have the same size; set {nameof(LoaderOptions)}.{nameof(LoaderOptions.Crop)} or a batch size of 1");
        if (sample.ImageShape[0] != batch.ImageShape[1])
            throw new ShapeException($"{sample.Name} has {sample.ImageShape[0]} channels, {batch.Names[i - 1]} has {batch.ImageShape[1]}");
    }

    /// <summary>Arrays for a batch, used ones where some of the right length were given back.</summary>
    private Batch Reserve(int count, WindowedSample sample, int[] box)
    {
        bool volume = sample.ImageShape.Length == 4 && options.Crop?.Count != 2, mask = sample.LabelShape.Length != 0;
        int[] imageShape = volume ? [count, sample.ImageShape[0], .. box] : [count, sample.ImageShape[0], box[1], box[2]];
        int[] labelShape = !mask ? [count] : volume ? [count, .. box] : [count, box[1], box[2]];
        int images = (int)Kernels.Sizes.Product(imageShape, "a batch"), labels = (int)Kernels.Sizes.Product(labelShape, "a batch");
        if (returned.TryTake(out Batch? used) && used.Images.Length == images && used.Labels.Length == labels)
            return new(used.Images, imageShape, used.Labels, labelShape, new string[count], returned.Add);
        return new(new float[images], imageShape, new int[labels], labelShape, new string[count], returned.Add);
    }
}
