using Volute.Formats;

namespace Volute.Tests.Formats.NiftiFiles;

public class NiftiLabelsTests
{
    private static NiftiVolume Of<T>(T[] values, double slope = 1, double intercept = 0) where T : unmanaged
        => new(NumberArray.From(values, 1, values.Length / 2, 2), new double[,] { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } }, slope, intercept);

    [Fact]
    public void Integers_of_every_type_are_labels_as_they_are()
    {
        Assert.Equal([0, 255], Of<byte>([0, 255]).ToLabels());
        Assert.Equal([-1, 127], Of<sbyte>([-1, 127]).ToLabels());
        Assert.Equal([-5, 300], Of<short>([-5, 300]).ToLabels());
        Assert.Equal([0, 65535], Of<ushort>([0, 65535]).ToLabels());
        Assert.Equal([int.MinValue, int.MaxValue], Of([int.MinValue, int.MaxValue]).ToLabels());
        Assert.Equal([1, 2_000_000_000], Of<uint>([1, 2_000_000_000]).ToLabels());
        Assert.Equal([-1, 7], Of<long>([-1, 7]).ToLabels());
        Assert.Equal([0, 7], Of<ulong>([0, 7]).ToLabels());
    }

    [Fact]
    public void Numbers_that_are_almost_integers_are_rounded_and_never_cut_off()
    {
        Assert.Equal([1, 2, 0, -3], Of([0.9991f, 2.0009f, -0.0004f, -2.9995f]).ToLabels());
        Assert.Equal([1, 2], Of([0.9991, 2.0009]).ToLabels());
        // A third of three thirds.
        Assert.Equal([1, 4], Of<byte>([3, 12], 1f / 3).ToLabels());
        Assert.Equal([-1, 1], Of<byte>([0, 2], 1, -1).ToLabels());
    }

    [Fact]
    public void A_value_that_is_no_label_is_named_with_its_voxel()
    {
        static string Refusal(NiftiVolume volume) => Assert.Throws<FileFormatException>(volume.ToLabels).Message;
        Assert.Equal("the volume: voxel (1, 2, 0) is 2.5, which is no label: labels are integers of 32 bits; resample masks by nearest neighbour", Refusal(Of([0f, 1, 2, 3, 4, 2.5f])));
        Assert.Contains("voxel (0, 0, 0) is 0.998", Refusal(Of([0.998, 1])));
        Assert.Contains("voxel (1, 0, 0) is NaN", Refusal(Of([0, float.NaN])));
        Assert.Contains("voxel (1, 0, 0) is 4294967295", Refusal(Of<uint>([0, uint.MaxValue])));
        Assert.Contains("voxel (0, 0, 0) is 0.5", Refusal(Of<byte>([1, 2], 0.5)));
    }

    [Fact]
    public void Labels_are_stored_in_the_smallest_type_that_holds_them()
    {
        NiftiVolume place = Of(new float[4], 2, 1);
        foreach (var (labels, type) in ((int[], NumberType)[])[([0, 1, 2, 255], NumberType.UInt8), ([0, 0, 0, 256], NumberType.UInt16), ([1, 2, 3, 65_535], NumberType.UInt16),
            ([0, 0, 0, 65_536], NumberType.Int32), ([-1, 0, 1, 2], NumberType.Int32)])
        {
            NiftiVolume volume = place.WithLabels(labels);
            Assert.Equal((type, 1.0, 0.0), (volume.Voxels.Type, volume.Slope, volume.Intercept));
            Assert.Equal(labels, volume.ToLabels());
        }
        Assert.Throws<InvalidArgumentException>(() => place.WithLabels([1, 2, 3]));
    }
}
