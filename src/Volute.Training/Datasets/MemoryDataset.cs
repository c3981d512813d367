namespace Volute.Training;

/// <summary>Samples that are already in memory.</summary>
internal sealed class MemoryDataset : Dataset
{
    private readonly IReadOnlyList<Sample> samples;
    private readonly MemoryDataset? training;

    /// <param name="samples">The samples.</param>
    /// <param name="classes">The name of each class.</param>
    /// <param name="test">Their test samples, or null.</param>
    /// <param name="training">The training samples, where these are their test samples.</param>
    public MemoryDataset(IReadOnlyList<Sample> samples, IReadOnlyList<string> classes, IReadOnlyList<Sample>? test = null, MemoryDataset? training = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(classes);
        if (samples.Count == 0)
            throw new InvalidArgumentException("a dataset needs at least one sample, got none");
        Sample first = (training?.samples ?? samples)[0];
        foreach (Sample sample in samples)
        {
            _ = Augmentation.SpatialSize(sample);
            if (sample.ImageShape[0] != first.ImageShape[0])
                throw new ShapeException($"{sample.Name} has {sample.ImageShape[0]} channels, {first.Name} has {first.ImageShape[0]}; "
                    + "all samples must have the same");
            if (sample.LabelShape.Length == 0 != (first.LabelShape.Length == 0))
                throw new ShapeException($"{sample.Name} and {first.Name}: one has a class, the other a mask; all samples must have the same");
            foreach (int label in sample.Labels)
                if (label < LabelMap.Ignored || label >= classes.Count)
                    throw new InvalidArgumentException($"{sample.Name} has label {label}, but there are {classes.Count} classes");
        }
        (this.samples, this.training) = (samples, training);
        Classes = classes;
        Test = test is null ? null : new MemoryDataset(test, classes, training: this);
    }

    public override DatasetTask Task => samples[0].LabelShape.Length == 0 ? DatasetTask.Classification : DatasetTask.Segmentation;

    public override int Count => samples.Count;

    public override IReadOnlyList<string> Classes { get; }

    public override int Channels => samples[0].ImageShape[0];

    public override string NameOf(int index) => samples[Checked(index)].Name;

    public override int ClassOf(int index) => Task == DatasetTask.Classification ? samples[Checked(index)].Labels[0] : -1;

    public override string Describe() => $"{Count} samples in memory, {Channels} channels, {Classes.Count} classes" + (Test is null ? "" : $"; {DatasetException.Count(Test.Count, "test sample")}");

    internal override Sample Borrow(int index) => samples[Checked(index)];

    private protected override Sample Read(int index)
        => samples[index] with { Image = [.. samples[index].Image], Labels = [.. samples[index].Labels] };

    private protected override Standardization Measure()
    {
        if (training is not null)
            return training.Standardization;
        Moments[] channels = new Moments[Channels];
        foreach (Sample sample in samples)
            for (int c = 0, n = sample.Image.Length / Channels; c < channels.Length; c++)
                channels[c] += Moments.Of(sample.Image.AsSpan(c * n, n));
        return Moments.Standardize(channels);
    }
}
