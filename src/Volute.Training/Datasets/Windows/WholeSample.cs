namespace Volute.Training;

/// <summary>A sample in memory: each window is all of it.</summary>
internal sealed class WholeSample : WindowedSample
{
    private readonly SampleWindow whole;

    public WholeSample(Sample sample) : base(sample.Name, sample.ImageShape, sample.LabelShape)
    {
        whole = new(sample.Image, sample.Labels, Box.Whole(Size));
        (Spacing, AxisCodes, Places) = (sample.Spacing, sample.AxisCodes, sample.Places);
    }

    public override bool IsInMemory => true;

    protected override ClassPlaces? Places { get; }

    public override SampleWindow Read(Box box, bool image = true) => whole;
}
