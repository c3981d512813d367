namespace Volute.Tests;

public class ShuffleNetTests
{
    [Theory]
    [InlineData(1, 144, 1_531_936, 143.1)]
    [InlineData(2, 200, 1_733_848, 140.8)]
    [InlineData(3, 240, 1_865_728, 137.5)]
    [InlineData(4, 272, 1_968_344, 134.3)]
    [InlineData(8, 384, 2_434_768, 138.4)]
    public void Every_number_of_groups_has_its_parameters_and_multiplications(int groups, int width, long parameters, double millions)
    {
        Summary summary = Summary.Of(new ShuffleNet(groups: groups).Eval(), [1, 3, 224, 224]);
        long expected = 112 * 112 * 24 * 27, from = 24, size = 56;
        foreach (int units in new[] { 4, 8, 4 })
        {
            for (int i = 0; i < units; i++)
            {
                long narrow = width / 4, made = i == 0 ? width - from : width;
                expected += size * size * from * narrow / (from == 24 ? 1 : groups);
                size /= i == 0 ? 2 : 1;
                expected += size * size * narrow * (9 + made / groups);
                from = width;
            }
            width *= 2;
        }
        expected += from * 1000;
        Assert.Equal(millions, Math.Round(expected / 1e6, 1));
        Assert.Equal((parameters, expected), (summary.Parameters, summary.Multiplies));
    }

    [Fact]
    public void Other_numbers_of_groups_are_refused()
        => Assert.Equal("ShuffleNet: groups must be 1, 2, 3, 4 or 8, got 5", Assert.Throws<InvalidArgumentException>(() => new ShuffleNet(groups: 5)).Message);
}
