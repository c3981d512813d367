namespace Volute.Tests;

public class LeNet5OriginalTests
{
    [Fact]
    public void It_has_the_paper_s_parameters_and_multiplications()
    {
        LeNet5Original network = new();
        Summary summary = Summary.Of(network.Eval(), [1, 1, 32, 32]);
        Assert.Equal(60_000, summary.Parameters);
        long Of(string layer) => network.Parameters().Where(p => p.Name.StartsWith(layer, StringComparison.Ordinal)).Sum(p => p.Shape.Elements);
        Assert.Equal([156, 12, 1_516, 32, 48_120, 10_164, 0], new[] { "c1.", "s2.", "c3.", "s4.", "c5.", "f6.", "output." }.Select(Of));
        // 60 kernels in C3, one for each connection of the table.
        Assert.Equal(28 * 28 * 6 * 25 + 10 * 10 * 60 * 25 + 16 * 120 * 25 + 120 * 84, summary.Multiplies);
        Assert.Equal([1, 10], new LeNet5Original(padding: 2).Forward(Tensor.Full([1, 1, 28, 28], 0)).Shape);
    }

    [Fact]
    public void Maps_of_C3_see_the_inputs_of_the_table()
    {
        // Table I of the paper, a row an input map, an X where it is seen.
        string[] table = ["X   XXX  XXXX XX", "XX   XXX  XXXX X", "XXX   XXX  X XXX", " XXX  XXXX  X XX", "  XXX  XXXX XX X", "   XXX  XXXX XXX"];
        Module c3 = new LeNet5Original().Children.Single(c => c.Name == "c3").Child;
        foreach (Parameter bias in c3.Parameters().Where(p => p.Shape.Rank == 1))
            bias.Assign(new double[bias.Shape.Elements]);
        for (int map = 0; map < 6; map++)
        {
            float[] x = new float[6 * 25];
            x.AsSpan(map * 25, 25).Fill(1);
            float[] y = c3.Forward(Tensor.FromArray(x, [1, 6, 5, 5])).ToArray();
            Assert.Equal(table[map], string.Concat(y.Select(v => v != 0 ? 'X' : ' ')));
        }
    }

    [Fact]
    public void Scores_are_negated_distances_to_the_drawings()
    {
        LeNet5Original network = new();
        Parameter drawings = network.State().Single(p => p.Name == "output.weight");
        Assert.False(drawings.IsTrainable);
        float[] codes = drawings.ToArray();
        Assert.All(codes, v => Assert.Equal(1, Math.Abs(v)));
        // A drawing itself has distance 0, and any other digit's differs in at least five pixels, each worth 4.
        float[] scores = network.Children.Single(c => c.Name == "output").Child.Forward(Tensor.FromArray(codes, [10, 84])).ToArray();
        for (int i = 0; i < 100; i++)
            Assert.True(i % 11 == 0 ? scores[i] == 0 : scores[i] <= -20, $"{i}: {scores[i]}");
        string seven = string.Concat(codes[(7 * 84)..(8 * 84)].Select(v => v > 0 ? '#' : '.'));
        Assert.StartsWith("#######......#......#.....#.", seven, StringComparison.Ordinal);
    }

    [Fact]
    public void Sub_sampling_sums_four_and_scales()
    {
        Module s2 = new LeNet5Original().Children.Single(c => c.Name == "s2").Child;
        s2.Parameters()[0].Assign([1, 2, 3, 4, 5, 6]);
        s2.Parameters()[1].Assign([0, 0, 0, 0, 0, 0.5]);
        Assert.Equal([10, 20, 30, 40, 50, 60.5f], s2.Forward(Tensor.FromArray(Enumerable.Range(0, 24).Select(i => i % 4 + 1f).ToArray(), [1, 6, 2, 2])).ToArray());
    }

    [Fact]
    public void More_classes_than_digits_are_refused()
        => Assert.Equal("LeNet5Original: its outputs are drawings of the ten digits, so that it has 1 to 10 classes, got 11; LeNet5 has any number",
            Assert.Throws<InvalidArgumentException>(() => new LeNet5Original(classes: 11)).Message);
}
