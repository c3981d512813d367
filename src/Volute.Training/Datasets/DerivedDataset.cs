namespace Volute.Training;

/// <summary>A dataset made of another one's samples: what they are of stays.</summary>
internal abstract class DerivedDataset(Dataset source) : Dataset
{
    /// <summary>The samples as they are.</summary>
    public Dataset Source => source;

    public override DatasetTask Task => source.Task;

    public override IReadOnlyList<string> Classes => source.Classes;

    public override int Channels => source.Channels;

    public override LabelMap? Labels => source.Labels;

    public override IReadOnlyList<string>? ChannelNames => source.ChannelNames;

    internal override long CacheBytes => source.CacheBytes;

    private protected override Standardization Measure() => source.Standardization;
}
