namespace Volute.Training;

/// <summary>A dataset as the network sees it: each sample prepared when it is first asked for, and kept while there is room.</summary>
internal sealed class PreparedDataset(Dataset source, Preprocessing preprocessing, long? cacheBytes = null) : DerivedDataset(source)
{
    private readonly SampleCache _cache = new(cacheBytes ?? source.CacheBytes);

    public override int Count => Source.Count;

    public override IReadOnlyList<string>? Groups => Source.Groups;

    public override string NameOf(int index) => Source.NameOf(index);

    public override string Describe() => Source.Describe();

    internal override Sample Borrow(int index) => _cache.Get($"{Checked(index)}", () => Prepare(index), Bytes);

    private protected override Sample Read(int index)
    {
        Sample kept = Borrow(index);
        return kept with { Image = [.. kept.Image], Labels = [.. kept.Labels] };
    }

    private Sample Prepare(int index)
    {
        Sample sample = preprocessing.Apply(Source[index]);
        return sample with { Places = ClassPlaces.Of(new WholeSample(sample), (ulong)index) };
    }

    private static long Bytes(Sample sample) => sizeof(float) * (sample.Image.LongLength + sample.Labels.LongLength);
}
