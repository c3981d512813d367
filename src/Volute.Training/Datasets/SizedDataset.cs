using Volute.Kernels;

namespace Volute.Training;

/// <summary>Classified images brought to one size: each when it is first asked for, and kept while there is room. Those of that size are left as they are.</summary>
internal sealed class SizedDataset(Dataset source, IReadOnlyList<int> size) : DerivedDataset(source)
{
    private readonly SampleCache _cache = new(source.CacheBytes);

    public override int Count => Source.Count;

    public override IReadOnlyList<string>? Groups => Source.Groups;

    public override string NameOf(int index) => Source.NameOf(index);

    public override int ClassOf(int index) => Source.ClassOf(index);

    public override string Describe() => Source.Describe();

    /// <summary>Whether all images have a size already.</summary>
    public static bool Have(Dataset data, IReadOnlyList<int> size) => Enumerable.Range(0, data.Count).All(i => Has(data.ShapeOf(i), size));

    /// <summary>An image at another size: means of areas along axes that shrink, linearly along those that grow.</summary>
    /// <param name="image">[C, …].</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="size">The sizes behind the channels that are wanted.</param>
    public static float[] Brought(float[] image, int[] shape, IReadOnlyList<int> size)
        => Has(shape, size) ? image : Tensor.FromArray(image, [1, .. shape]).Resample([.. size.Select((wanted, axis) => Taps(shape[axis + 1], wanted))]).ToArray();

    internal override int[] ShapeOf(int index) => [Channels, .. size];

    internal override Sample Borrow(int index)
        => Has(Source.ShapeOf(Checked(index)), size) ? Source.Borrow(index) : _cache.Get($"{index}", () => Bring(Source.Borrow(index)), sample => sizeof(float) * sample.Image.LongLength);

    private protected override Sample Read(int index)
    {
        Sample kept = Borrow(index);
        return kept with { Image = [.. kept.Image], Labels = [.. kept.Labels] };
    }

    private static bool Has(int[] shape, IReadOnlyList<int> size) => shape.Skip(1).SequenceEqual(size);

    private static AxisTaps Taps(int given, int wanted)
        => wanted < given ? AxisTaps.Area(given, wanted) : AxisTaps.Linear(given, wanted, false, null, ElementType.Float32);

    private Sample Bring(Sample sample) => sample with { Image = Brought(sample.Image, sample.ImageShape, size), ImageShape = [Channels, .. size] };
}
