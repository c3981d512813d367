namespace Volute.Training;

/// <summary>How a <see cref="Loader"/> makes batches of samples.</summary>
public sealed record LoaderOptions
{
    /// <summary>Samples of a batch.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>
    /// Decides the order, the crops and the augmentation: the same seed gives the same batches on any machine and with any number of threads.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own; else the samples come in the order of the indices.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether the last batch is left out where it is not full.</summary>
    public bool DropLast { get; init; }

    /// <summary>The samples to take, as a split names them; null for all. An index may be there several times: each time it is varied anew.</summary>
    public IReadOnlyList<int>? Indices { get; init; }

    /// <summary>
    /// The size [H, W] or [D, H, W] of random patches; where an image is smaller it is mirrored at its borders. [H, W] of volumes: patches of their slices, as
    /// pictures. Null for whole images.
    /// </summary>
    public IReadOnlyList<int>? Crop { get; init; }

    /// <summary>Patches that are taken of each sample in an epoch.</summary>
    public int CropsPerSample { get; init; } = 1;

    /// <summary>
    /// The probability that a patch is centred on a pixel of a class other than 0, each class of the sample as likely as the other: without it,
    /// small organs are hardly ever seen. nnU-Net takes 1/3.
    /// </summary>
    public double Foreground { get; init; }

    /// <summary>How samples are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Whether each channel is standardized: (x − mean) / deviation, as the dataset's training samples measured them.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Other values to standardize by, those of a trained network for instance; null takes the dataset's.</summary>
    public Standardization? Standardization { get; init; }

    /// <summary>
    /// Pixels along height and width by which images lie further on than their masks: what the mask says of pixel p is seen at p + offset, and is brought to p.
    /// Null for none.
    /// </summary>
    public IReadOnlyList<double>? MaskOffset { get; init; }

    /// <summary>Batches that are made ahead of their use, at least 1.</summary>
    public int Prefetch { get; init; } = 2;

    internal void Check(Dataset data)
    {
        if (BatchSize < 1)
            throw new InvalidArgumentException($"the batch size must be >= 1, got {BatchSize}");
        if (Prefetch < 1)
            throw new InvalidArgumentException($"at least 1 batch must be prefetched, got {Prefetch}");
        if (CropsPerSample < 1)
            throw new InvalidArgumentException($"at least 1 patch of each sample must be taken, got {CropsPerSample}");
        if (Crop == null && CropsPerSample > 1)
            throw new InvalidArgumentException($"{CropsPerSample} patches of each sample need the size of a patch: set {nameof(Crop)}");
        if (Crop != null && (Crop.Count is < 2 or > 3 || Crop.Any(n => n < 1)))
            throw new InvalidArgumentException($"a patch has a size [H, W] or [D, H, W], each >= 1, got [{string.Join(", ", Crop)}]");
        if (MaskOffset is { } offset && (offset.Count != 2 || !offset.All(double.IsFinite)))
            throw new InvalidArgumentException($"an offset of masks is pixels along height and width, got [{string.Join(", ", offset)}]");
        if (!(Foreground is >= 0 and <= 1))
            throw new InvalidArgumentException($"the probability of a foreground patch must be 0 to 1, got {Foreground}");
        if (Standardization is { } s && s.Mean.Length != data.Channels)
            throw new InvalidArgumentException($"the standardization is of {s.Mean.Length} channels, the dataset has {data.Channels}");
        foreach (int index in Indices ?? [])
            if ((uint)index >= (uint)data.Count)
                throw new InvalidArgumentException($"sample {index} is outside of 0..{data.Count - 1}");
        Augmentation.Check();
    }
}
