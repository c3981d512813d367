namespace Volute.Training;

/// <summary>A block of a sample as a sample of its own: windows never show what lies around it, though they may hold it.</summary>
internal sealed class BlockSample : WindowedSample
{
    private readonly WindowedSample whole;
    private readonly Block block;
    private readonly Func<BlockSample, ClassPlaces> places;

    public BlockSample(WindowedSample whole, Block block, Func<BlockSample, ClassPlaces> places)
        : base(block.Name, [whole.Channels, .. block.Box.Size[(4 - whole.ImageShape.Length)..]], block.Box.Size[(4 - whole.ImageShape.Length)..])
    {
        (this.whole, this.block, this.places) = (whole, block, places);
        (Spacing, AxisCodes) = (whole.Spacing, whole.AxisCodes);
    }

    public override bool IsInMemory => whole.IsInMemory;

    protected override ClassPlaces? Places => IsInMemory ? null : places(this);

    public override SampleWindow Read(Box box, bool image = true)
    {
        int[] origin = block.Box.Start;
        SampleWindow window = whole.Read(new([.. box.Start.Zip(origin, (start, first) => start + first)], box.Size), image);
        return window with { Box = window.Box.From(origin) };
    }
}
