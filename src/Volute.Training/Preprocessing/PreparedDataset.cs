namespace Volute.Training;

/// <summary>A dataset as the network sees it: each sample prepared when it is first asked for, and kept while there is room.</summary>
internal sealed class PreparedDataset(Dataset source, Preprocessing preprocessing, long? cacheBytes = null) : Dataset
{
    private readonly SampleCache _cache = new(cacheBytes ?? source.CacheBytes);

    /// <summary>The samples as they are.</summary>
    public Dataset Source => source;

    public override DatasetTask Task => source.Task;

    public override int Count => source.Count;

    public override IReadOnlyList<string> Classes => source.Classes;

    public override int Channels => source.Channels;

    public override LabelMap? Labels => source.Labels;

    public override IReadOnlyList<string>? Groups => source.Groups;

    public override IReadOnlyList<string>? ChannelNames => source.ChannelNames;

    public override string NameOf(int index) => source.NameOf(index);

    public override string Describe() => source.Describe();

    internal override Sample Borrow(int index) => _cache.Get($"{Checked(index)}", () => Prepare(index), Bytes);

    private protected override Sample Read(int index)
    {
        Sample kept = Borrow(index);
        return kept with { Image = [.. kept.Image], Labels = [.. kept.Labels] };
    }

    private protected override Standardization Measure() => source.Standardization;

    private Sample Prepare(int index)
    {
        Sample sample = preprocessing.Apply(source[index]);
        return sample with { Places = ClassPlaces.Of(sample.Labels, (ulong)index) };
    }

    private static long Bytes(Sample sample) => sizeof(float) * (sample.Image.LongLength + sample.Labels.LongLength);
}
