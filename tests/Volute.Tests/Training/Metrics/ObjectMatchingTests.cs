using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class ObjectMatchingTests
{
    private static ObjectCounts Of(string prediction, string reference)
        => ObjectMatching.Of(MaskPair.Of([.. prediction.Select(c => c - '0')], [.. reference.Select(c => c - '0')], null, new PixelGrid([prediction.Length]), new LabelSet(1)));

    [Fact]
    public void An_intersection_of_half_the_union_is_a_match_and_less_is_not()
    {
        Assert.Equal(new ClassCounts(1, 0, 0), Of("0110", "1111").Total);
        Assert.Equal(new ClassCounts(0, 1, 1), Of("01100", "11111").Total);
    }

    [Fact]
    public void Two_halves_of_an_object_match_it_once()
        => Assert.Equal(new ClassCounts(1, 1, 0), Of("111011100", "111111000").Total);

    [Fact]
    public void Equal_masks_match_whole_and_empty_ones_have_nothing()
    {
        Assert.Equal(new ClassCounts(3, 0, 0), Of("1011001", "1011001").Total);
        Assert.Equal(new ClassCounts(0, 2, 0), Of("1011", "0000").Total);
        Assert.Equal(new ClassCounts(0, 0, 2), Of("0000", "1011").Total);
        Assert.True(ObjectMatching.Of(null).Total.Absent);
    }

    [Fact]
    public void Objects_are_counted_by_the_decade_of_their_own_size()
    {
        string nine = new('1', 9), ten = new('1', 10), many = new('1', 10_000), none = new('0', 20);
        ObjectCounts counts = Of($"{nine}0{none}{many}0{ten}0{none}", $"{nine}0{none}{many}0{new string('0', 10)}0{new string('1', 20)}");
        Assert.Equal([(1, 10), (10, 100), (100, 1000), (1000, 10_000), (10_000, (int?)null)], counts.Bins.Select(b => (b.From, b.To)));
        Assert.Equal([1L, 1, 0, 0, 1], counts.Bins.Select(b => b.Reference));
        Assert.Equal([1L, 0, 0, 0, 1], counts.Bins.Select(b => b.Found));
        Assert.Equal([0L, 1, 0, 0, 0], counts.Bins.Select(b => b.FalseAlarms));
    }
}
